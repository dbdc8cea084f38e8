"""`vungxanh evaluate`: how many truly infected people tracing finds, at what price, against three baselines."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from vungxanh.core.minutes import day_start
from vungxanh.evaluation.network import read
from vungxanh.evaluation.plan import Plan, plan
from vungxanh.evaluation.plot import SHOWN, svg
from vungxanh.evaluation.run import Line, judged, on_network
from vungxanh.lake.files import durable

DAY0 = date(2022, 1, 3)  # the rule compared is CV 11042, so the networks are moved into its time
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--contacts", multiple=True, type=EXISTING, help="A real contact network, SocioPatterns format.")
@click.option("--rooms", multiple=True, type=EXISTING, help="Its metadata: person and room; one for each network.")
@click.option("--district", is_flag=True, help="The generator's district, too.")
@click.option("--seeds", type=click.IntRange(1, 1000), help="Fewer or more than the plan says.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the table and curves.")
def evaluate(
    contacts: tuple[Path, ...], rooms: tuple[Path, ...], seeds: int | None, out: Path | None, *, district: bool
) -> None:
    """Epidemics on real networks and in the generator's district, recorded badly, traced, and counted."""
    if not contacts and not district:
        raise click.UsageError("Give --contacts or --district. / Cần --contacts hoặc --district.")
    chosen = plan() if seeds is None else replace(plan(), seeds=seeds)
    lines = evaluated(chosen, contacts, rooms, district=district)
    if out is not None:
        write(lines, out)
    table = [line.flat() for line in lines]
    click.echo(
        json.dumps(
            {
                "success": judged(lines, chosen),
                "seeds": chosen.seeds,
                "lines": table,
            },
            ensure_ascii=False,
        )
    )


def evaluated(chosen: Plan, contacts: tuple[Path, ...], rooms: tuple[Path, ...], *, district: bool) -> list[Line]:
    def say(text: str) -> None:
        click.echo(text, err=True)

    points = [*chosen.points(), ("best", chosen.best)]
    lines: list[Line] = []
    for number, path in enumerate(contacts):
        network = read(path, rooms[number] if number < len(rooms) else None, day_start(DAY0))
        lines += on_network(path.name.split(".")[0], network, chosen, say, points)
    if district:
        from vungxanh.evaluation.district import on_district

        lines += on_district(chosen, say, points)
    return lines


def write(lines: list[Line], out: Path) -> None:
    """table.csv, and for each world curves of what was found, at what price, how early."""
    rows = [line.flat() for line in lines]
    with durable(out / "table.csv") as draft, draft.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    for world in dict.fromkeys(line.world for line in lines):
        for what in SHOWN:
            with durable(out / f"{world}-{what.replace('_', '-')}.svg") as draft:
                draft.write_text(svg(lines, world, what), "utf-8")
