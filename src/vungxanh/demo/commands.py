"""`vungxanh demo`: make the district and fill the house with it, or write it to files."""

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import click
import numpy as np

from vungxanh.core.home import lake_dir
from vungxanh.core.minutes import VIETNAM, day_start, format_minute
from vungxanh.demo.epidemic import HOME
from vungxanh.demo.generate import District, Plan, generate
from vungxanh.demo.parameters import parameters
from vungxanh.web.django_setup import house


def say(text: str) -> None:
    """One line of progress, on stderr."""
    click.echo(text, err=True)


@click.command()
@click.option("--persons", default=50_000, show_default=True, type=click.IntRange(500, 2_000_000))
@click.option("--days", default=14, show_default=True, type=click.IntRange(2, 120))
@click.option("--seed", default=2021, show_default=True, type=click.IntRange(0, 2**31))
@click.option(
    "--start", type=click.DateTime(["%Y-%m-%d"]), help="First day; by default so that the last is yesterday."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write files here, fill nothing.")
@click.option("--answer", is_flag=True, help="Say who was exposed to the first case, and how to log in.")
def demo(persons: int, days: int, seed: int, start: datetime | None, out: Path | None, answer: bool) -> None:  # noqa: FBT001
    """A district with an epidemic running through it: nobody in it is real."""
    begun = monotonic()
    plan = planned(persons, days, seed, start.date() if start else None)
    summary = written(plan, out) if out else loaded(plan)
    click.echo(json.dumps({**summary, "seconds": round(monotonic() - begun, 2)}, ensure_ascii=False))
    if answer and not out:
        answered(summary)


def made(plan: Plan) -> District:
    return generate(plan, parameters(), lambda line: say(f"Ngày / day {line}"))


def written(plan: Plan, folder: Path) -> dict[str, Any]:
    """Into files: no database, no lake."""
    from vungxanh.demo.files import write

    district = made(plan)
    write(district, folder)
    return {**told(district), "folder": str(folder)}


def loaded(plan: Plan) -> dict[str, Any]:
    """Into the house; one that is filled already is left alone and says so."""
    with house():
        from vungxanh.demo.load import fill, filled

        there = filled()
        if there:
            return {**there, "already": True}
        district = made(plan)
        return fill(district, parameters(), told(district), say)


def planned(persons: int, days: int, seed: int, start: date | None) -> Plan:
    """The plan with its first day: by default the last day is yesterday in Viet Nam."""
    first = start or datetime.now(ZoneInfo(VIETNAM)).date() - timedelta(days=days)
    communes = len(parameters().district["communes"])
    return Plan(persons, days, seed, communes, day_start(first), first.weekday())


def answered(summary: dict[str, Any]) -> None:
    """What was asked for, on stderr: the first case traced, and the demonstration's log-ins."""
    from vungxanh.demo.first import lines

    for line in lines(summary["first_case"], lake_dir()):
        say(line)
    say(f"  → {os.environ.get('VUNGXANH_ADDRESS', '')}/cases/{summary['first_case']['case']}")
    words = set(summary["log_ins"].values())
    say(f"Đăng nhập diễn tập / demo log-ins: {', '.join(summary['log_ins'])} · {', '.join(words)}")


def told(district: District) -> dict[str, Any]:
    """Summary of a run; what only the truth knows is under `truth`."""
    truth = district.truth
    cases = truth.cases()
    return {
        "persons": district.world.size,
        "households": len(district.world.member_offset) - 1,
        "places": len(district.world.sites.kind),
        "from": format_minute(district.plan.day0),
        "to": format_minute(district.plan.until),
        "visits": len(district.visits.person),
        "forgotten_out": int((district.visits.end < 0).sum()),
        "encounters": len(district.encounters.a),
        "seats": len(district.seats.person),
        "found": len(district.found),
        "truth": {
            "infected": len(cases),
            "at_home": int(((truth.site[cases] == HOME) & (truth.infector[cases] >= 0)).sum()),
            "introduced": int((truth.infector[cases] < 0).sum()),
            "most_by_one": int(np.bincount(truth.infector[cases][truth.infector[cases] >= 0]).max(initial=0)),
        },
    }
