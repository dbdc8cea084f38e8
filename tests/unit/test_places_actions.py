"""Making, renaming, closing and merging places; what lies in what."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.places import actions, queries
from vungxanh.places.kinds import kind, kinds, parts_of
from vungxanh.places.models import Place, Trip
from vungxanh.places.schemas import NewPlace
from vungxanh.places.seats import plan, row_of

pytestmark = pytest.mark.django_db

AFTER_REFORM = date(2026, 1, 1)


def market(name: str = "Chợ Thái", **more: object) -> Place:
    facts: dict[str, object] = {
        "kind": "market",
        "name": name,
        "commune_code": "05443",
        "commune_on": AFTER_REFORM,
    }
    return actions.create_place(by=None, new=NewPlace(**(facts | more)))  # type: ignore[arg-type]


def stalls(place: Place, count: int = 3) -> list[Place]:
    new = [NewPlace(kind="stall", name=f"Quầy {i}", commune_code="") for i in range(1, count + 1)]
    return actions.create_places(by=None, new=new, parent=place)


def test_the_path_of_a_place_ends_with_its_own_id() -> None:
    place = market(lat=21.5942, lon=105.8482)
    assert place.scope_path == f"/19/05443/p{place.pk}/"
    assert (place.commune_scheme, place.commune_code) == ("vn-2025", "05443")
    assert place.scope_sector == "industry-trade"
    assert place.h3.startswith("89")


def test_a_commune_of_before_the_reform_is_kept_as_declared_and_filed_under_today() -> None:
    """Phường Trưng Vương (05443 of the old list) went whole to Phường Phan Đình Phùng (05443 of the new one)."""
    place = market(commune_on=date(2025, 1, 10))
    assert (place.commune_scheme, place.commune_code) == ("vn-2004", "05443")
    assert place.scope_path.startswith("/19/05443/")


def test_a_commune_that_was_split_is_refused_with_its_candidates() -> None:
    with pytest.raises(UserError) as caught:
        market(commune_code="00016", commune_on=date(2025, 6, 30))
    assert caught.value.code == "places.commune-split"
    assert "Phường Ngọc Hà (00008)" in caught.value.text("vi")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "  "}, "places.name-needed"),
        ({"name": "x" * 201}, "places.name-too-long"),
        ({"kind": "castle"}, "places.unknown-kind"),
        ({"commune_code": "19"}, "places.not-a-commune"),
        ({"commune_code": "99999"}, "places.unknown-code"),
        ({"lat": 105.8, "lon": 21.6}, "places.bad-point"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_written(more: dict[str, object], code: str) -> None:
    with pytest.raises(UserError) as caught:
        market(**more)
    assert caught.value.code == code
    assert not Place.objects.exists()


def test_stalls_lie_where_their_market_lies_and_one_event_tells_of_all() -> None:
    place = market()
    before = AuditEvent.objects.count()
    parts = stalls(place)
    assert [part.scope_path for part in parts] == [f"{place.scope_path}p{part.pk}/" for part in parts]
    assert AuditEvent.objects.count() == before + 1
    assert set(queries.within(place.scope_path)) == {place, *parts}
    assert queries.ancestors(parts[0]) == [place]
    assert list(queries.containment(place.pk)) == [(part.pk, "stall", place.pk) for part in parts]


def test_a_closed_market_takes_no_stalls() -> None:
    place = market()
    parts = stalls(place)
    actions.close(by=None, place=place, on=date(2026, 5, 1))
    parts[0].refresh_from_db()
    assert parts[0].closed == date(2026, 5, 1)
    with pytest.raises(UserError, match="closed"):
        stalls(place)


def test_a_renamed_place_is_found_by_its_new_name_and_remembers_the_old() -> None:
    place = market("Chợ Thái")
    actions.rename(by=None, place=place, name="Chợ  Trung Tâm")
    assert queries.search("cho trung") == [place]
    assert queries.search("chợ thái") == []
    fact = queries.newest_fact(place, actions.FORMER_NAME)
    assert fact
    assert fact.value == {"name": "Chợ Thái"}


def test_a_place_registered_twice_becomes_one() -> None:
    kept, double = market("Chợ Thái"), market("Cho Thai")
    part = stalls(double, 1)[0]
    actions.merge(by=None, place=double, into=kept)
    part.refresh_from_db()
    assert part.parent == kept
    assert part.scope_path == f"{kept.scope_path}p{part.pk}/"
    assert queries.current(Place.objects.get(pk=double.pk)) == kept
    with pytest.raises(UserError):
        actions.merge(by=None, place=kept, into=part)


def test_search_puts_beginnings_first_and_follows_the_alphabet() -> None:
    for name in ("Siêu thị Ánh", "Ánh Dương", "Ảnh viện", "Chợ Ảnh"):
        market(name)
    assert [place.name for place in queries.search("anh")] == ["Ảnh viện", "Ánh Dương", "Chợ Ảnh", "Siêu thị Ánh"]


def test_the_newest_fact_counts_and_knows_when_it_is_stale() -> None:
    place = market()
    now = datetime(2026, 5, 3, tzinfo=UTC)
    for days, level in ((9, "old"), (2, "new"), (-1, "future")):
        at = now - timedelta(days=days)
        actions.put_fact(
            place=place,
            kind="safetymap.level",
            value=level,
            source="test",
            at=at,
            valid_until=at + timedelta(days=1),
        )
    fact = queries.newest_fact(place, "safetymap.level", now)
    assert fact
    assert fact.value == "new"
    assert queries.is_stale(fact, now)
    assert not queries.is_stale(fact, now - timedelta(days=2))
    assert queries.newest_facts([place.pk], "safetymap.level")[place.pk].value == "future"


def test_a_trip_is_a_place_inside_its_vehicle() -> None:
    bus = market("Xe 20B-012.34", kind="vehicle")
    trip = actions.open_trip(
        by=None, vehicle=bus, plate="20B-012.34", route="Thái Nguyên – Hà Nội", seat_layout="2+2*10,5",
        departs=datetime(2026, 5, 3, 7, 0, tzinfo=UTC),
    )  # fmt: skip
    assert trip.place.parent == bus
    assert trip.place.kind == "trip"
    assert Trip.objects.get(vehicle=bus) == trip


def test_seat_plan() -> None:
    rows = plan("2+2*2,5")
    assert [[seat.label for seat in group] for group in rows[1]] == [["2A", "2B"], ["2C", "2D"]]
    assert [seat.label for seat in rows[2][0]] == ["3A", "3B", "3C", "3D", "3E"]
    assert row_of("2+2*2,5", " 3e ") == 3
    assert row_of("2+2*2,5", "3F") is None


@pytest.mark.parametrize("bad", ["", "2+", "0", "99", "2*999,2*999,2*999", "abc"])
def test_a_seat_plan_that_cannot_be(bad: str) -> None:
    with pytest.raises(UserError):
        plan(bad)


def test_kinds_of_place_are_data() -> None:
    assert kind("market").closes == time(19)
    assert "stall" in {part.code for part in parts_of("market")}
    assert all(inside in kinds() for each in kinds().values() for inside in each.inside)
    assert all(each.name.vi and each.name.en for each in kinds().values())
