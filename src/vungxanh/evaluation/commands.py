"""`vungxanh evaluate`: how many truly infected people tracing finds, at what price, against three baselines."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from vungxanh.core.minutes import day_start
from vungxanh.evaluation.network import read
from vungxanh.evaluation.plan import plan
from vungxanh.evaluation.plot import svg
from vungxanh.evaluation.run import Line, judged, on_network
from vungxanh.lake.files import durable

DAY0 = date(2022, 1, 3)  # the rule compared is CV 11042, so the networks are moved into its time
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--contacts", required=True, type=EXISTING, help="A real contact network, SocioPatterns format.")
@click.option("--rooms", type=EXISTING, help="Its metadata: person and room.")
@click.option("--seeds", type=click.IntRange(1, 1000), help="Fewer or more than the plan says.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for table.csv and recall.svg."
)
def evaluate(contacts: Path, rooms: Path | None, seeds: int | None, out: Path | None) -> None:
    """Simulate epidemics on the network, record them badly, trace them, and count."""
    chosen = plan() if seeds is None else replace(plan(), seeds=seeds)
    network = read(contacts, rooms, day_start(DAY0))
    points = [*chosen.points(), ("best", chosen.best)]
    lines = on_network(contacts.name, network, chosen, lambda text: click.echo(text, err=True), points)
    if out is not None:
        write(lines, contacts.name, out)
    table = [line.flat() for line in lines]
    click.echo(
        json.dumps({"success": judged(lines, chosen), "seeds": chosen.seeds, "lines": table}, ensure_ascii=False)
    )


def write(lines: list[Line], world: str, out: Path) -> None:
    rows = [line.flat() for line in lines]
    with durable(out / "table.csv") as draft, draft.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    with durable(out / "recall.svg") as draft:
        draft.write_text(svg(lines, world), "utf-8")
