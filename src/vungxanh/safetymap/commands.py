"""`vungxanh safetymap …`: assess a place by a criteria set, without a database."""

import json
from typing import IO, Any

import click

from vungxanh.core.errors import UserError


@click.group()
def safetymap() -> None:
    """How safe is a place, and by which rule."""


def read_json(file: IO[str]) -> Any:
    """Raises UserError `safetymap.bad-json`."""
    try:
        return json.load(file)
    except (ValueError, RecursionError) as exc:
        raise UserError("safetymap.bad-json", file=file.name, why=str(exc)[:120]) from exc


@safetymap.command()
@click.option("--set", "set_id", required=True, help="Id of the criteria set.")
@click.option("--kind", default=None, help="Kind of place, where the set treats kinds apart.")
@click.argument("answers", type=click.File("r", encoding="utf-8"))
def assess(set_id: str, kind: str | None, answers: IO[str]) -> None:
    """Judge ANSWERS (JSON: item number -> score, true or false) by one set; prints the verdict and why."""
    from vungxanh.rules.criteria import criteria_set
    from vungxanh.rules.verdict import assess as judge

    verdict = judge(criteria_set(set_id), read_json(answers), place_kind=kind)
    click.echo(json.dumps(verdict.as_json(), ensure_ascii=False))


@safetymap.command(name="sets")
def sets_() -> None:
    """List the criteria sets that ship with the project."""
    from vungxanh.rules.criteria import packaged_sets

    for one in packaged_sets().values():
        row = one.model_dump(
            mode="json", include={"id", "name", "territory", "valid_from", "place_kinds", "verified"}
        )
        click.echo(json.dumps(row | {"complete": one.complete}, ensure_ascii=False))


@safetymap.command("import-basemap")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def import_basemap(file: IO[str]) -> None:
    """Keep FILE (GeoJSON: land, water, roads) for the live map; other names at sea refuse it."""
    from vungxanh.safetymap.basemap import keep

    click.echo(json.dumps(keep(file)))
