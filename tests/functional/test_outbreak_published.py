"""Published line lists of early 2020 and border feeds go in, come out, and go in again without a change.

Cases with a day of onset, without one, ages, links: counted in the files by hand (awk), not by our readers.
"""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from tests.functional.test_outbreak_import import bring
from tests.outbreak_world import make_officer

from vungxanh.outbreak.intake import actions
from vungxanh.outbreak.models import Case, CaseChange, ImportFile, ImportRow, Link
from vungxanh.people.models import Officer, Person

LISTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "linelists"
SHARED = next((p for p in (Path("/work/shared/data/linelists"), LISTS) if p.exists()), None)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SHARED is None, reason="the published line lists are not on this machine"),
]


@pytest.fixture
def officer(db: None, client: Client) -> Officer:
    made = make_officer()
    client.force_login(made)
    return made


def raw(name: str) -> bytes:
    assert SHARED is not None
    return (SHARED / name).read_bytes()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(raw(name).decode("utf-8-sig"))))


def round_trip(officer: Officer, client: Client, name: str, sender: str) -> ImportFile:
    """In, out in its own layout, in again: nothing changes."""
    first = bring(officer, raw(name), sender=sender)
    before = list(Case.objects.order_by("pk").values())
    people = list(Person.objects.order_by("pk").values("pk", "sex", "birth_year", "nationality"))
    back = client.get(f"/cases/import/{first.pk}/list.xlsx").content
    again = bring(officer, back, sender=sender)
    assert set(again.counts) - {"links", "links_missing", "links_circular"} <= {"same", "fault"}
    assert again.counts["same"] == first.counts["new"]
    assert again.counts.get("links", 0) == 0
    assert list(Case.objects.order_by("pk").values()) == before
    assert list(Person.objects.order_by("pk").values("pk", "sex", "birth_year", "nationality")) == people
    assert not CaseChange.objects.exists()
    return first


def test_singapore(officer: Officer, client: Client) -> None:
    name = "COVID-19_Singapore_data_revised.csv"
    file = round_trip(officer, client, name, "Singapore")
    assert file.counts["new"] == len(rows(name)) == Case.objects.count()
    told = {row["CaseID"]: row for row in rows(name)}
    kept = {row.own.open(): row.case for case in Case.objects.all() for row in case.references.all()}
    assert kept.keys() == told.keys()
    for number, row in told.items():
        case = kept[number]
        onset = None if row["date_onset_symptoms"] == "NA" else date.fromisoformat(row["date_onset_symptoms"])
        assert case is not None
        assert case.onset == onset, number
    assert kept["1"] is not None
    assert kept["1"].outcome == "recovered"
    assert Link.objects.exists()


def test_tianjin_with_links_that_come_later(officer: Officer, client: Client) -> None:
    name = "Tianjin135cases_revised.csv"
    file = round_trip(officer, client, name, "Tianjin")
    assert file.counts["new"] == len(rows(name)) == 135
    first = Case.objects.get(references__own_hash=_hash("TJ1"))
    assert (first.onset, first.reported_at.date()) == (date(2020, 1, 14), date(2020, 1, 20))  # 21 January local


def _hash(own: str) -> bytes:
    from vungxanh.outbreak.intake.references import digest

    return digest(own)


def test_epicontacts_edges_of_singapore(officer: Officer, client: Client) -> None:
    bring(officer, raw("COVID-19_Singapore_data_revised.csv"), sender="Singapore")
    Link.objects.all().delete()
    file = bring(officer, raw("sing_edges_eg.csv"), sender="Singapore")
    assert file.kind == "links"
    told = [(row["from"], row["to"]) for row in rows("sing_edges_eg.csv")]
    ids = {row["CaseID"] for row in rows("COVID-19_Singapore_data_revised.csv")}
    both = {frozenset(pair) for pair in told if set(pair) <= ids and pair[0] != pair[1]}
    assert file.counts["new"] == sum(set(pair) <= ids for pair in told)
    pairs = {frozenset(link) for link in Link.objects.values_list("source__references__own_hash", "target")}
    assert len(pairs) == Link.objects.count() == len(both)


def test_border_feed_sound_and_damaged(officer: Officer) -> None:
    sound = bring(officer, raw("SDX-Format.csv"), sender="SDX")
    assert sound.kind == "people"
    assert sound.counts == {"new": 10, "fault": 1}
    faulty = ImportRow.objects.get(file=sound, verdict="fault")
    assert faulty.line == 5, "its sex is T; the last line is cut off, and its id stands for it"
    damaged = bring(officer, raw("SDX-Format-Invalid-Fields.csv"), sender="SDX damaged")
    assert damaged.counts["fault"] >= 1
    found = ImportRow.objects.filter(file=damaged, verdict="fault").count()
    assert found == damaged.counts["fault"]


def test_edges_of_tianjin_are_read_as_a_table(officer: Officer) -> None:
    file = actions.take_in(by=officer, name="e.csv", content=raw("tianjin_edges_clean.csv"), sender="Tianjin")
    assert file.total == len(rows("tianjin_edges_clean.csv"))
    assert "id" in file.mapping.values()
