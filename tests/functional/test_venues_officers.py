"""What officers see: figures counted again from raw rows, lists only for a case, warnings on telephones."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Assignment, Officer
from vungxanh.places.models import ExposedPlace, Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, add_parts, register_venue
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import ScanRecord, Tally, Venue
from vungxanh.venues.schemas import Guest, ScanIn
from vungxanh.venues.statistics import figures

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = (timezone.now() - timedelta(days=2)).astimezone(ZONE).date()


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZONE)


def venue(name: str, kind: str = "market", commune: str = "05443") -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code=commune, commune_on=date(2026, 1, 1))
    made = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    Venue.objects.filter(pk=made.pk).update(registered_at=at(0) - timedelta(days=40))
    return made


def come(place: Place, who: str, *times: datetime, way: Any = "scanner") -> None:
    guest = Guest(name=who, birth_year=1980, tail="1234")
    records = [ScanIn(id=f"{who}-{t:%H%M}", at=t, guest=guest, way=way) for t in times]
    take(records, sender=Sender(f"test:{place.pk}", place))


@pytest.fixture
def world() -> list[Venue]:
    """A market with a stall (three people, four stays, two ended), a silent market, a café next door."""
    market, silent, cafe = venue("Chợ Thái"), venue("Chợ Im"), venue("Ban Mai", "cafe", "05455")
    stall = add_parts(by=None, venue=market, kind="stall", names=["Quầy 1"])[0]
    come(market.place, "Lan", at(9), at(9, 40))
    come(market.place, "Bình", at(9, 10))
    come(stall, "Lan", at(9, 5), at(9, 15))
    come(cafe.place, "Mai", at(10), way="camera")
    Tally.objects.create(place=market.place, at=at(8), people=70)
    return [market, silent, cafe]


def officer(role: str = "cdc-officer", path: str = "/19/") -> Client:
    made = Officer.objects.create_user(f"{role}{path}", name="Cán bộ")
    Assignment.objects.create(officer=made, role=role, scope_path=path)
    client = Client()
    client.force_login(made)
    return client


def test_figures_of_a_day(world: list[Venue]) -> None:
    found = figures([v.pk for v in world], DAY)
    whole = found.whole
    assert (whole.registered, whole.active, whole.stale) == (3, 2, 1)
    assert (whole.scans, whole.people, whole.counted) == (6, 3, 70)
    assert (whole.stays, whole.left) == (4, 2)
    assert whole.ways == {"scanner": 5, "camera": 1}
    assert {row.key: (row.registered, row.scans) for row in found.communes} == {"05443": (2, 5), "05455": (1, 1)}
    assert {row.key: row.active for row in found.kinds} == {"market": 1, "cafe": 1}
    assert found.silent == []
    assert figures([world[1].pk], DAY).silent == ["05443"]


def test_figures_are_those_of_the_raw_rows(world: list[Venue]) -> None:
    whole = figures([v.pk for v in world], DAY).whole
    raw = list(ScanRecord.objects.values_list("person", "at"))
    assert whole.scans == len(raw)
    assert whole.people == len({person for person, _ in raw})


def test_page_and_csv_show_the_officers_area_only(world: list[Venue]) -> None:
    page = officer().get(f"/venues/statistics?day={DAY}").content.decode()
    assert "66,7 %" in page or "66.7 %" in page
    content = officer(path="/19/05455/").get(f"/venues/statistics.csv?day={DAY}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["commune"], row["scans"]) for row in rows] == [("05455", "1")]
    assert Client().get("/venues/statistics").status_code == 302


def window(number: int, **more: str) -> dict[str, str]:
    facts = {"place": f"VX-{number}", "start": f"{DAY}T09:12", "end": f"{DAY}T10:30", "case": "BN-12"}
    return facts | more


def test_a_list_is_opened_for_a_case_and_the_look_is_recorded(world: list[Venue]) -> None:
    market = world[0]
    page = officer().post("/venues/people", window(market.pk)).content.decode()
    assert page.count("1980") == 3  # Lan in the market and at the stall until 9:15, Bình at 9:10
    assert "L…" in page  # masked: whoever needs the name asks for it with a purpose
    assert "Lan" not in page
    event = AuditEvent.objects.filter(action="venues:list:opened").get()
    assert (event.subject, event.purpose, event.facts["people"]) == (f"place:{market.pk}", "case BN-12", 2)
    assert figures([market.pk], timezone.now().astimezone(ZONE).date()).lists_opened == 1


@pytest.mark.parametrize("wrong", [{"case": " "}, {"end": f"{DAY}T09:00"}, {"place": "VX-999999"}, {"place": "x"}])
def test_without_case_place_or_time_no_list(world: list[Venue], wrong: dict[str, str]) -> None:
    assert officer().post("/venues/people", window(world[0].pk, **wrong)).status_code == 422
    assert not AuditEvent.objects.filter(action="venues:list:opened").exists()


def test_another_province_sees_no_list(world: list[Venue]) -> None:
    assert officer(path="/01/").post("/venues/people", window(world[0].pk)).status_code == 422


def test_industry_and_trade_sees_figures_and_no_list(world: list[Venue]) -> None:
    client = officer("industry-trade-officer")
    assert client.get("/venues/statistics").status_code == 200
    assert client.get("/venues/people").status_code == 403


def test_whoever_was_there_is_warned_on_their_own_telephone(world: list[Venue]) -> None:
    market = world[0]
    there, elsewhere = Client(), Client()
    for client, place in ((there, market), (elsewhere, world[2])):
        entry = {"new": "1", "name": "Nguyễn Văn Bình", "birth_year": "1970", "key": str(place.pk)}
        client.post(f"/v/{poster_code(place.pk)}/in", entry)
    now = timezone.now().astimezone(ZONE)
    facts = window(market.pk, advice="Ở nhà và gọi trạm y tế.")
    facts |= {
        "start": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "end": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    answer = officer().post("/venues/exposed", facts, follow=True)
    assert "Ở nhà và gọi trạm y tế." in answer.content.decode()
    assert "Ở nhà và gọi trạm y tế." in there.get("/venues/now").content.decode()
    assert "trạm y tế" not in elsewhere.get("/venues/now").content.decode()


def test_a_proposal_for_the_map_warns_nobody_before_it_is_released(world: list[Venue]) -> None:
    market, there = world[0], Client()
    entry = {"new": "1", "name": "Nguyễn Văn Bình", "birth_year": "1970", "key": str(market.pk)}
    there.post(f"/v/{poster_code(market.pk)}/in", entry)
    now = timezone.now()
    proposed = ExposedPlace.objects.create(
        place_id=market.pk,
        start=now - timedelta(hours=1),
        end=now + timedelta(hours=1),
        advice="Ở nhà và gọi trạm y tế.",
        marked_by=1,
        proposed_by=1,
        proposed_at=now,
        expires_at=now + timedelta(days=14),
    )
    assert "trạm y tế" not in there.get("/venues/now").content.decode()
    ExposedPlace.objects.filter(pk=proposed.pk).update(released_by=2, released_at=now)
    assert "Ở nhà và gọi trạm y tế." in there.get("/venues/now").content.decode()
