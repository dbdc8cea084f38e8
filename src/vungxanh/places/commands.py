"""`vungxanh places`: look-ups that need neither Django nor the database."""

import json
from datetime import date
from typing import IO, Any

import click

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_date
from vungxanh.places.search import Match, search
from vungxanh.places.table import Unit
from vungxanh.places.units import Conversion, ancestors, convert, resolve, version_on


@click.group()
def places() -> None:
    """Administrative units by date, and places."""


@places.command("resolve")
@click.option("--code", help="Code of a province (2 digits), district (3) or commune (5).")
@click.option("--name", help="Name, in any spelling; narrow it by commas: 'Tân An, Long An'.")
@click.option(
    "--on", "on_text", metavar="DATE", help="The day on which the code or name was used; today if left out."
)
@click.option("--to", "to_text", metavar="DATE", help="Also say what it is on this day.")
def resolve_command(code: str | None, name: str | None, on_text: str | None, to_text: str | None) -> None:
    """What a code or a name meant on a day, and what has become of it."""
    if (code is None) == (name is None):
        raise click.UsageError("give either --code or --name")
    on = parse_date(on_text) if on_text else None
    to = parse_date(to_text) if to_text else None
    answer = _by_code(code, on or _today(), to) if code is not None else _by_name(name or "", on, to)
    click.echo(json.dumps(answer, ensure_ascii=False))


def _today() -> date:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from vungxanh.core.minutes import VIETNAM

    return datetime.now(ZoneInfo(VIETNAM)).date()


def _by_code(code: str, on: date, to: date | None) -> dict[str, Any]:
    answer = unit_json(resolve(code.strip(), on), on)
    if to:
        answer["to"] = conversion_json(convert(code.strip(), on, to), to)
    return answer


def _by_name(name: str, on: date | None, to: date | None) -> dict[str, Any]:
    found = search(name, on)
    if not found:
        raise UserError("places.no-such-name", field="name", value=name)
    return {"name": name, "on": on.isoformat() if on else None, "matches": [_match_json(m, on, to) for m in found]}


def _match_json(match: Match, on: date | None, to: date | None) -> dict[str, Any]:
    unit = match.unit
    day = on if on and unit.in_force(on) else unit.since or (unit.until or _today()) - date.resolution
    answer = {"how": match.how} | unit_json(unit, day)
    if match.today and on:
        answer["on_that_day"] = conversion_json(match.today, on)
    if to:
        answer["to"] = conversion_json(convert(unit.code, day, to), to)
    return answer


def unit_json(unit: Unit, on: date) -> dict[str, Any]:
    """A unit as the command prints it; `verified` is false where no official list that we hold covers the day."""
    return {
        "code": unit.code,
        "scheme": unit.scheme,
        "version": version_on(on).isoformat(),
        "on": on.isoformat(),
        "level": unit.level,
        "kind": unit.kind,
        "kind_en": unit.kind_en,
        "name": unit.name,
        "full_name": unit.full_name,
        "parents": [{"code": u.code, "full_name": u.full_name} for u in ancestors(unit, on)],
        "from": unit.since.isoformat() if unit.since else None,
        "until": unit.until.isoformat() if unit.until else None,
        "verified": unit.verified(on),
        "lat": unit.lat,
        "lon": unit.lon,
    }


def conversion_json(conversion: Conversion, to: date) -> dict[str, Any]:
    """Candidates with the share of residents that each received; more than one means `ambiguous`."""
    listed = [*conversion.candidates, *conversion.area_only]
    return {
        "on": to.isoformat(),
        "ambiguous": conversion.ambiguous,
        "candidates": [unit_json(c.unit, to) | {"share": c.share} for c in listed],
    }


@places.command("import-boundaries")
@click.option("--source", required=True, help="Whose boundaries these are; kept and shown beside the map.")
@click.option("--on", "on_text", metavar="DATE", help="The day whose codes the file uses; today if left out.")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def import_boundaries(source: str, on_text: str | None, file: IO[str]) -> None:
    """Keep the outlines of communes of FILE (GeoJSON, longitude and latitude); read as a stream, however large."""
    from vungxanh.places.boundaries import Report, read
    from vungxanh.web.django_setup import house

    on, report = parse_date(on_text) if on_text else _today(), Report()
    with house():
        from vungxanh.places.actions import put_boundaries

        put_boundaries(by=None, boundaries=read(file, on, report), on=on, source=source)
    printed = {"kept": report.kept, "repaired": report.repaired, "refused": report.refused}
    click.echo(json.dumps(printed, ensure_ascii=False))
