"""`vungxanh border`: reads documents and certificates at the desk. No database, no network."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from vungxanh.border.certificates import judge
from vungxanh.codes import mrz as zones
from vungxanh.codes import trust as trust_lists
from vungxanh.codes.commands import given
from vungxanh.core.minutes import parse_instant


@click.group()
def border() -> None:
    """Entry at the border."""


@border.command()
@click.argument("text")
@click.option("--at", "at_text", help="Day that decides the century and expiry; today if absent.")
def mrz(text: str, at_text: str | None) -> None:
    """Read a machine-readable zone: TEXT, or "-" for standard input."""
    when = parse_instant(at_text) if at_text else datetime.now(UTC)
    found = zones.parse(given(text), when.date())
    click.echo(json.dumps(zone_as_json(found), ensure_ascii=False))


def zone_as_json(found: zones.Mrz) -> dict[str, object]:
    """A zone as the command prints it."""
    return {
        "format": found.format,
        "valid": found.valid,
        "document": found.document,
        "issuer": found.issuer,
        "number": found.number,
        "nationality": found.nationality,
        "birth": found.birth.isoformat() if found.birth else None,
        "sex": found.sex,
        "expiry": found.expiry.isoformat() if found.expiry else None,
        "surname": found.surname,
        "given": found.given,
        "truncated": found.truncated,
        "optional": found.optional,
        "optional2": found.optional2,
        "personal_number": found.personal_number or None,
        "checks": dict(found.checks),
        "suggestion": found.suggestion,
        "warnings": [item.as_json() for item in found.warnings],
    }


@border.command()
@click.argument("text")
@click.option("--trust", type=click.Path(path_type=Path), help="Folder of signers' certificates.")
@click.option("--at", "at_text", help="Moment to judge at; now if absent.")
def certificate(text: str, trust: Path | None, at_text: str | None) -> None:
    """Read and verify a health certificate: TEXT, a FILE that holds it, or "-" for standard input."""
    trusted = trust_lists.load(trust) if trust else trust_lists.TrustList()
    at = parse_instant(at_text) if at_text else datetime.now(UTC)
    click.echo(json.dumps(judge(_held(text), trusted, at).as_json(), ensure_ascii=False))


def _held(text: str) -> str:
    if text != "-" and len(text) < 500 and not text.startswith(("HC1:", "{")) and Path(text).is_file():
        return Path(text).read_text("utf-8", "replace")[:100_000]
    return given(text)


@border.command()
@click.argument("language")
@click.option("--form", "key", default="vn.entry@2026.1", show_default=True, help="Form whose texts are laid out.")
def words(language: str, key: str) -> None:
    """Lay out the slots of a language (zh, ko, ja, km, lo, fr) for a person to fill: TOML, English above each."""
    from vungxanh.border import entry_forms, tongues

    if language not in tongues.NAMES:
        raise click.BadParameter(", ".join(tongues.NAMES), param_hint="LANGUAGE")
    click.echo(tongues.skeleton(entry_forms.form(key), language), nl=False)
