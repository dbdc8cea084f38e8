"""`vungxanh zoning …`: levels of areas from a rule and numbers, without a database."""

import json
from typing import IO, Any

import click

from vungxanh.core.errors import UserError


@click.group()
def zoning() -> None:
    """Which level an area has, and which places to close."""


def read_json(file: IO[str]) -> Any:
    """Raises UserError `zoning.bad-json`."""
    try:
        return json.load(file)
    except (ValueError, RecursionError) as exc:
        raise UserError("zoning.bad-json", file=file.name, why=str(exc)[:120]) from exc


@zoning.command()
@click.option("--rule", "rule_id", required=True, help="Id of the level rule, e.g. vn.covid19.level.2686.")
@click.argument("data", type=click.File("r", encoding="utf-8"))
def level(rule_id: str, data: IO[str]) -> None:
    """Levels of the areas in DATA, each with what it stands on and what is left to the official."""
    from vungxanh.rules.level_methods import judge
    from vungxanh.rules.levels import level_rule

    rule = level_rule(rule_id)
    areas = [one.as_json() for one in judge(rule, read_json(data))]
    printed = {
        "rule": rule.id,
        "name": rule.name.model_dump(),
        "basis": rule.basis.doc,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "verified": rule.verified,
        "notice_hours_to_raise": rule.notice_hours_to_raise,
        "areas": areas,
        "gaps": rule.gaps,
    }
    click.echo(json.dumps(printed, ensure_ascii=False, default=str))
