"""`vungxanh export`: what the rooms have closed goes into the lake once; what has not is in the live answer."""

import json
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from vungxanh.cli import cli
from vungxanh.lake.store import open_lake
from vungxanh.people.models import Person
from vungxanh.places.actions import create_place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.schemas import ScanIn

pytestmark = pytest.mark.django_db
LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
AN = "019090000456|091234567|Trần Văn An|02031990|Nam|Tổ 6, Phan Đình Phùng, Thái Nguyên|01052021"


def exported(lake: Path) -> dict[str, dict[str, int]]:
    done = CliRunner().invoke(cli, ["export", "--lake", str(lake)])
    assert done.exit_code == 0, done.output
    return {source["source"]: source for source in json.loads(done.stdout)}


def test_closed_visits_are_exported_once_and_open_ones_are_traced_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vungxanh.web.lake_commands.house", nullcontext)
    cafe = create_place(
        by=None,
        new=NewPlace(kind="cafe", name="Cà phê Ban Mai", commune_code="05443", commune_on=date(2026, 1, 1)),
    )
    now = timezone.now().replace(microsecond=0)
    scans = [
        ScanIn(id="a", at=now - timedelta(days=8), code=LAN),
        ScanIn(id="b", at=now - timedelta(minutes=5), code=AN),
    ]
    take(scans, sender=Sender("gate:1", cafe, gate=1))

    first, second = exported(tmp_path), exported(tmp_path)

    assert (first["venues"]["new"], second["venues"]["new"]) == (1, 0)
    assert first["places"]["new"] >= 1
    stored = open_lake(tmp_path).evidence().rows("visits")
    assert [visit.place for visit in stored] == [cafe.pk]
    live = open_lake(tmp_path, live=True, now=int(now.timestamp() // 60) + 1)
    assert {visit.person for visit in live.evidence().rows("visits")} == set(
        Person.objects.values_list("pk", flat=True)
    )
    persons = live.segment().persons
    assert {persons.one(n) for n in range(len(persons))} == set(Person.objects.values_list("pk", flat=True))
