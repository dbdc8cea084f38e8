"""From a gate's list to visits: one verdict a record, nothing doubled, nobody taken for another."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from vungxanh.codes.signed import Kind, TagKey, short
from vungxanh.people.models import Person
from vungxanh.places.actions import create_place, create_places
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.evidence import VenueVisits
from vungxanh.venues.ingest import Outcome, Sender, skew_of, take
from vungxanh.venues.links import poster_code, poster_link
from vungxanh.venues.models import Badge, ScanRecord, Visit
from vungxanh.venues.refold import settle
from vungxanh.venues.schemas import Guest, ScanIn

pytestmark = pytest.mark.django_db

#: yesterday at noon: no closing time and no midnight between the scans
NOW = (timezone.localtime() - timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
AN = "019090000456|091234567|Trần Văn An|02031990|Nam|Tổ 6, Phan Đình Phùng, Thái Nguyên|01052021"


@pytest.fixture
def cafe() -> Place:
    new = NewPlace(kind="cafe", name="Cà phê Ban Mai", commune_code="05443", commune_on=date(2026, 1, 1))
    return create_place(by=None, new=new)


def sender(place: Place, name: str = "gate:1") -> Sender:
    return Sender(name, place, gate=1)


def scan(own: str, code: str = LAN, minutes_ago: int = 60, **more: object) -> ScanIn:
    return ScanIn(id=own, at=NOW - timedelta(minutes=minutes_ago), code=code, **more)  # type: ignore[arg-type]


def statuses(outcome: Outcome) -> list[tuple[str, str]]:
    return [(verdict.status, verdict.reason) for verdict in outcome.verdicts]


def test_a_card_twice_is_one_person_in_and_out(cafe: Place) -> None:
    outcome = take([scan("a"), scan("b", minutes_ago=20)], sender=sender(cafe))
    assert statuses(outcome) == [("accepted", ""), ("accepted", "")]
    assert Person.objects.count() == 1
    visit = Visit.objects.get()
    assert (visit.start, visit.end) == (NOW - timedelta(minutes=60), NOW - timedelta(minutes=20))
    assert not visit.end_assumed


def test_sending_again_is_harmless(cafe: Place) -> None:
    records = [scan("a"), scan("b", AN), scan("g", "", guest=Guest(name="Lý A Sử", birth_year=1970))]
    take(records, sender=sender(cafe))
    again = take(records, sender=sender(cafe))
    assert [status for status, _ in statuses(again)] == ["duplicate"] * 3
    assert (ScanRecord.objects.count(), Person.objects.count(), Visit.objects.count()) == (3, 3, 3)


def test_one_id_for_two_records_is_named(cafe: Place) -> None:
    assert statuses(take([scan("a"), scan("a", AN)], sender=sender(cafe))) == [
        ("accepted", ""),
        ("refused", "core.id-reused"),
    ]
    assert statuses(take([scan("a", AN)], sender=sender(cafe))) == [("refused", "core.id-reused")]
    assert ScanRecord.objects.count() == 1


def test_the_same_id_from_two_gates_is_two_records(cafe: Place) -> None:
    take([scan("a")], sender=sender(cafe))
    assert statuses(take([scan("a", AN)], sender=sender(cafe, "gate:2"))) == [("accepted", "")]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (scan("x", "019190000123||Nguyễn Th"), "venues.read-again"),
        (scan("x", "WIFI:S:cho;T:WPA;P:12345678;;"), "venues.not-a-person"),
        (scan("x", "0912345678"), "venues.declare-first"),
        (scan("x", "019190000999"), "venues.declare-first"),
        (scan("x", short(Kind.CARD, 5, TagKey(1, b"not ours"))), "venues.forged-code"),
        (scan("x", ""), "venues.nothing-scanned"),
        (scan("x", minutes_ago=-2 * 1440), "venues.from-the-future"),
        (scan("x", minutes_ago=61 * 1440), "venues.too-old"),
        (scan("x", place=1), "venues.other-place"),
    ],
)
def test_what_is_refused_says_why_and_the_others_are_written(cafe: Place, record: ScanIn, reason: str) -> None:
    outcome = take([scan("ok", AN), record], sender=sender(cafe))
    assert statuses(outcome) == [("accepted", ""), ("refused", reason)]
    assert outcome.verdicts[1].as_json()["thong_bao"]
    assert ScanRecord.objects.count() == 1


def test_a_poster_is_nobody(cafe: Place) -> None:
    for text in (poster_code(cafe.pk), poster_link(cafe.pk)):
        assert statuses(take([scan("p", text)], sender=sender(cafe))) == [("refused", "venues.not-a-person")]


def test_a_number_typed_after_the_card_was_seen_is_the_same_person(cafe: Place) -> None:
    first = take([scan("a")], sender=sender(cafe))
    typed = take([scan("b", "019190000123", 20, way="typed")], sender=sender(cafe))
    assert typed.people == first.people
    assert Visit.objects.get().end == NOW - timedelta(minutes=20)


def test_a_family_telephone_does_not_make_one_person(cafe: Place) -> None:
    guests = [Guest(name=name, birth_year=1980, phone="0912345678") for name in ("Lò Thị Mai", "Lò Văn Páo")]
    outcome = take([scan(str(i), "", guest=g) for i, g in enumerate(guests)], sender=sender(cafe))
    assert len(set(outcome.people)) == 2


def test_stalls_of_the_gate_may_be_named(cafe: Place) -> None:
    part = create_places(by=None, new=[NewPlace(kind="room", name="Tầng 2", commune_code="")], parent=cafe)[0]
    who = Sender("gate:1", cafe, 1, frozenset({part.pk}))
    take([scan("a", place=part.pk)], sender=who)
    assert Visit.objects.get().place == part


def test_late_records_of_an_offline_gate_fall_into_place(cafe: Place) -> None:
    take([scan("out", minutes_ago=10)], sender=sender(cafe))
    take([scan("in", minutes_ago=50)], sender=sender(cafe, "gate:2"))
    visit = Visit.objects.get()
    assert (visit.start, visit.end) == (NOW - timedelta(minutes=50), NOW - timedelta(minutes=10))


def test_a_wrong_clock_is_corrected_and_marked(cafe: Place) -> None:
    skew = skew_of(NOW - timedelta(hours=2), NOW)
    assert skew == timedelta(hours=2)
    take([scan("a", minutes_ago=150)], sender=sender(cafe), skew=skew)
    row = ScanRecord.objects.get()
    assert (row.at, row.said_at) == (NOW - timedelta(minutes=30), NOW - timedelta(minutes=150))
    assert skew_of(NOW - timedelta(seconds=30), NOW) == timedelta()


def test_no_name_and_no_number_stands_in_the_room(cafe: Place) -> None:
    take([scan("a")], sender=sender(cafe))
    row = ScanRecord.objects.values().get()
    assert not any("Lan" in str(value) or "0191900" in str(value) for value in row.values())
    assert all(len(bytes(badge.key)) == 16 for badge in Badge.objects.all())


def minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def test_a_visit_of_ten_seconds_ago_is_in_the_tail() -> None:
    new = NewPlace(kind="hospital", name="Bệnh viện A", commune_code="05443", commune_on=date(2026, 1, 1))
    hospital = create_place(by=None, new=new)
    now = timezone.now()
    take([ScanIn(id="a", at=now, code=LAN)], sender=sender(hospital))
    rows = VenueVisits().tail(minute(now)).rows("visits")
    assert [(row.place, row.start) for row in rows] == [(hospital.pk, minute(now))]
    assert rows[0].flags == 1  # the end is assumed
    assert rows[0].end - rows[0].start in (180, 181)  # a hospital's usual stay, ceiled to the minute
    assert list(VenueVisits().closed_since(0)) == []


def test_what_is_settled_goes_to_the_lake_once_and_leaves_the_tail(cafe: Place) -> None:
    take([scan("a", minutes_ago=8 * 1440), scan("b", AN, minutes_ago=30)], sender=sender(cafe))
    batches = list(VenueVisits().closed_since(0))
    assert [len(batch.evidence.rows("visits")) for batch in batches] == [1]
    assert list(VenueVisits().closed_since(batches[-1].watermark)) == []
    assert len(VenueVisits().tail(minute(timezone.now())).rows("visits")) == 1
    assert [b.watermark for b in VenueVisits().closed_since(0)] == [b.watermark for b in batches]


def test_whoever_appears_elsewhere_is_not_here_any_more(cafe: Place) -> None:
    other = create_place(
        by=None, new=NewPlace(kind="shop", name="Tạp hóa", commune_code="05443", commune_on=date(2026, 1, 1))
    )
    take([scan("a", minutes_ago=100)], sender=sender(cafe))
    take([scan("a", minutes_ago=70)], sender=sender(other, "gate:9"))
    rows = {row.place: row for row in VenueVisits().tail(minute(timezone.now())).rows("visits")}
    assert rows[cafe.pk].end == rows[other.pk].start


def test_a_long_list_is_folded_before_anybody_reads(cafe: Place) -> None:
    cards = [f"0191900{n:05d}||Nguyễn Thị Lan|01011990|Nữ|Tổ 5|01052021" for n in range(40)]
    take([scan(str(n), card) for n, card in enumerate(cards)], sender=sender(cafe))
    assert (ScanRecord.objects.count(), Visit.objects.count()) == (40, 0)
    assert len(VenueVisits().tail(minute(timezone.now())).rows("visits")) == 40
    assert settle() == 0
