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


@zoning.command()
@click.option("--rule", "rule_id", required=True, help="Id of the level rule to run.")
@click.argument("data", type=click.File("r", encoding="utf-8"))
def backtest(rule_id: str, data: IO[str]) -> None:
    """Run a rule over the days of DATA and compare with what was decided then."""
    from vungxanh.zoning.backtest import backtest as run

    click.echo(json.dumps(run(rule_id, read_json(data)), ensure_ascii=False))


@zoning.command("backtest-zone")
@click.option(
    "--lake", "directory", required=True, type=click.Path(exists=True, file_okay=False), help="The evidence."
)
@click.option("--on", "on_text", required=True, metavar="DATE", help="The day on which the zone is proposed.")
@click.option("--days", default=7, show_default=True, help="How many days after it are compared.")
@click.argument("cases", type=click.File("r", encoding="utf-8"))
def backtest_zone(directory: str, on_text: str, days: int, cases: IO[str]) -> None:
    """Propose a zone for a past day, and count the later cases of CASES that it would have closed in."""
    from vungxanh.core.minutes import parse_date
    from vungxanh.lake.store import open_lake
    from vungxanh.zoning.backtest import zone_backtest

    given = read_json(cases)
    rows = given.get("cases", given) if isinstance(given, dict) else given
    if not isinstance(rows, list) or not all(
        isinstance(r, dict) and {"person", "onset", "found"} <= set(r) for r in rows
    ):
        raise UserError("zoning.bad-backtest", field="cases")
    click.echo(
        json.dumps(zone_backtest(open_lake(directory), rows, parse_date(on_text), days=days), ensure_ascii=False)
    )


@zoning.command("import-counts")
@click.option("--source", required=True, help="Where the counts come from; kept with every row.")
@click.option("--by", "counted_by", type=click.Choice(["onset", "report"]), default="onset", show_default=True)
@click.argument("table", type=click.File("rb"))
def import_counts(source: str, counted_by: str, table: IO[bytes]) -> None:
    """Keep the counts of TABLE (CSV, workbook: code, disease, day, cases, linked); a later telling corrects."""
    from vungxanh.exchange.tables import read
    from vungxanh.web.django_setup import house

    sheet = read(table.read())[0]
    with house():
        from vungxanh.zoning.counts import read_table, tell

        told = read_table(sheet.head, sheet.rows)
        kept = tell(by=None, rows=told, source=source, counted_by=counted_by)
    click.echo(json.dumps({"rows": len(told), "kept": kept}))


@zoning.command("import-facts")
@click.option("--name", required=True, help="What the numbers are: population, adults_one_dose_pct, …")
@click.option("--source", required=True, help="The document they come from; kept with every number.")
@click.option("--on", "on_text", required=True, metavar="DATE", help="The day from which they hold.")
@click.argument("table", type=click.File("rb"))
def import_facts(name: str, source: str, on_text: str, table: IO[bytes]) -> None:
    """Keep what TABLE (CSV, workbook: code, value) states of communes, e.g. populations; all or nothing."""
    from vungxanh.core.minutes import parse_date
    from vungxanh.exchange.tables import read
    from vungxanh.web.django_setup import house

    sheet, on = read(table.read())[0], parse_date(on_text)
    with house():
        from vungxanh.zoning.facts import read_facts, state_all

        kept = state_all(by=None, rows=read_facts(sheet.head, sheet.rows), name=name, on=on, source=source)
    click.echo(json.dumps({"kept": kept}))


@zoning.command("draft-levels")
def draft_levels() -> None:
    """Judge every commune on today's counts now, instead of waiting for the daily run; drafts only."""
    from vungxanh.web.django_setup import house

    with house():
        from vungxanh.zoning.daily_levels import draft_all

        made = draft_all()
    click.echo(json.dumps({"drafts": made}))
