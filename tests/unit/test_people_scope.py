"""Place × organisation × sector: what each officer sees, and that every doubt closes the door."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.core.scope import Grant, path_of, scoped
from vungxanh.people import actions, queries
from vungxanh.people.models import (
    Assignment,
    Household,
    Officer,
    Organisation,
    OrganisationLink,
    Person,
    Phone,
    Succession,
)
from vungxanh.people.roles import ROLES, Permission
from vungxanh.people.scope import SYSTEM, grants_today, organisations_under, visible_persons

pytestmark = pytest.mark.django_db
THAI_NGUYEN, DINH_HOA, PHO_YEN = path_of("19"), path_of("19", "05710"), path_of("19", "05860")


def officer(role: str, path: str = "/", **more: object) -> Officer:
    made = Officer.objects.create_user(f"o{Officer.objects.count()}", name="Cán bộ")
    Assignment.objects.create(officer=made, role=role, scope_path=path, **more)
    return made


def row(path: str, sector: str, org: int | None = None) -> Household:
    """A household stands for any scoped row: a market, a factory, a case."""
    return Household.objects.create(scope_path=path, scope_sector=sector, scope_org=org)


def seen(by: Officer | None, permission: str | None = None) -> set[int]:
    return set(scoped(Household.objects.all(), by, permission).values_list("pk", flat=True))


def test_a_commune_sees_its_commune_and_no_other() -> None:
    here, there, whole = row(DINH_HOA, "health"), row(PHO_YEN, "health"), row(THAI_NGUYEN, "health")
    assert seen(officer("commune-health", DINH_HOA)) == {here.pk}
    assert seen(officer("cdc-officer", THAI_NGUYEN)) == {here.pk, there.pk, whole.pk}


def test_a_code_that_begins_like_another_is_another() -> None:
    row(path_of("190"), "health")
    assert seen(officer("commune-health", THAI_NGUYEN)) == set()


def test_industry_and_trade_sees_markets_and_factories_and_no_medical_row() -> None:
    market = row(DINH_HOA, "industry-trade")
    row(DINH_HOA, "health")
    row(DINH_HOA, "education")
    assert seen(officer("industry-trade-officer", THAI_NGUYEN)) == {market.pk}


def test_choosing_sectors_narrows_a_role_and_never_widens_it() -> None:
    row(DINH_HOA, "health")
    assert seen(officer("industry-trade-officer", THAI_NGUYEN, sectors=["health"])) == set()


def test_a_zone_board_sees_its_zone_across_communes() -> None:
    board = Organisation.objects.create(code="kkt", name="Ban quản lý", kind="economic-zone-board", sector="x")
    mine = [row(path, "industry-trade", board.pk) for path in (DINH_HOA, PHO_YEN, path_of("24", "07000"))]
    row(DINH_HOA, "industry-trade")
    row(DINH_HOA, "industry-trade", board.pk + 1)
    row(DINH_HOA, "health", board.pk)
    assert seen(officer("economic-zone-board", organisation=board)) == {household.pk for household in mine}


def test_nobody_sees_nothing() -> None:
    row(DINH_HOA, "health")
    off = officer("cdc-director")
    assert seen(off)
    off.is_active = False
    assert (seen(None), seen(off), seen(Officer.objects.create_user("new", name="Mới"))) == (set(), set(), set())


@pytest.mark.parametrize(("since", "until"), [(1, None), (None, -1), (1, 2)], ids=["not yet", "over", "later"])
def test_an_assignment_holds_on_its_days_only(since: int | None, until: int | None) -> None:
    today = timezone.localdate()

    def day(offset: int | None) -> date | None:
        return None if offset is None else today + timedelta(days=offset)

    row(DINH_HOA, "health")
    assert seen(officer("cdc-director", since=day(since), until=day(until))) == set()
    assert seen(officer("cdc-director", since=today, until=today)) != set()


def test_a_permission_opens_only_where_it_was_given() -> None:
    here, there = row(DINH_HOA, "health"), row(PHO_YEN, "health")
    by = officer("commune-health", DINH_HOA)
    Assignment.objects.create(officer=by, role="community-team", scope_path=PHO_YEN)
    assert seen(by) == {here.pk, there.pk}
    assert seen(by, Permission.DECLARATION_READ) == {here.pk}


def test_a_role_that_no_longer_exists_opens_nothing() -> None:
    row(DINH_HOA, "health")
    by = officer("cdc-director")
    Assignment.objects.update(role="witch-finder")
    assert (grants_today(by), seen(by)) == ([], set())


def test_a_model_that_does_not_say_its_scope_is_a_bug() -> None:
    with pytest.raises(TypeError, match="Phone does not say"):
        scoped(Phone.objects.all(), officer("cdc-director"))


def test_grant_and_query_say_the_same() -> None:
    grant = Grant(DINH_HOA, frozenset({1}), frozenset({"health"}), frozenset())
    cases = [(p, o, s) for p in (DINH_HOA, PHO_YEN, "/") for o in (1, 2, None) for s in ("health", "police")]

    class One:
        def grants(self) -> list[Grant]:
            return [grant]

    for path, org, sector in cases:
        pk = row(path, sector, org).pk
        assert grant.opens(path, org, sector) == (
            pk in set(scoped(Household.objects.all(), One()).values_list("pk", flat=True))
        )


def test_a_merged_department_hands_its_rows_over() -> None:
    day = date(2025, 7, 1)
    district, department, new, station = (
        Organisation.objects.create(code=code, name=code, kind="department", sector="health")
        for code in ("phong-y-te", "so-cu", "so-moi", "tram")
    )
    OrganisationLink.objects.create(child=station, parent=new, since=day)
    OrganisationLink.objects.create(child=station, parent=district, until=date(2025, 6, 30))
    for old in (district, department):
        Succession.objects.create(predecessor=old, successor=new, on=day, kind="merged")
    assert organisations_under(new.pk, day) == {new.pk, station.pk, district.pk, department.pk}
    assert organisations_under(new.pk, date(2025, 6, 30)) == {new.pk}
    assert organisations_under(district.pk, day) == {district.pk}


def test_a_circle_of_organisations_ends() -> None:
    a, b = (Organisation.objects.create(code=c, name=c, kind="x", sector="health") for c in "ab")
    OrganisationLink.objects.create(child=a, parent=b)
    OrganisationLink.objects.create(child=b, parent=a)
    assert organisations_under(a.pk, timezone.localdate()) == {a.pk, b.pk}


def lan(path: str = DINH_HOA) -> int:
    return actions.register_person(
        name="Nguyễn Thị Lan", sex=2, birth_year=1990, phones=["0944713700"], scope_path=path, by=None, purpose="t"
    )


def test_revealing_is_scoped_and_recorded_with_its_purpose() -> None:
    here, there = lan(), lan(PHO_YEN)
    by = officer("commune-health", DINH_HOA)
    found = queries.reveal([here, there], by=by, purpose="điều tra ca 12")
    assert {pk: person.phones for pk, person in found.items()} == {here: ["+84944713700"]}
    events = AuditEvent.objects.filter(by=by.pk).values_list("action", "subject", "purpose")
    assert set(events) == {
        ("people:person:revealed", f"person:{here}", "điều tra ca 12"),
        ("people:person:refused", f"person:{there}", "điều tra ca 12"),
    }


def test_no_purpose_no_look() -> None:
    person = lan()
    with pytest.raises(UserError) as caught:
        queries.reveal([person], by=SYSTEM, purpose="")
    assert caught.value.code == "core.purpose-needed"


def test_who_may_not_reveal_is_told_so() -> None:
    with pytest.raises(UserError) as caught:
        queries.reveal([lan()], by=officer("industry-trade-officer"), purpose="test")
    assert caught.value.code == "people.not-allowed"


def test_business_elsewhere_opens_a_person_to_that_area_for_a_while() -> None:
    person, by = lan(), officer("commune-health", PHO_YEN)
    assert not visible_persons(by, Permission.PEOPLE_REVEAL).exists()
    actions.extend_reach(persons=[person], scope_path=PHO_YEN, reason="contact", by=None)
    assert visible_persons(by, Permission.PEOPLE_REVEAL).get().pk == person
    over = timezone.now() - timedelta(minutes=1)
    actions.extend_reach(persons=[person], scope_path=PHO_YEN, reason="contact", until=over, by=None)
    assert not visible_persons(by, Permission.PEOPLE_REVEAL).exists()
    assert Person.objects.count() == 1


def test_every_role_says_itself_in_both_languages_and_no_operator_sees_people() -> None:
    for role in ROLES.values():
        assert role.name_vi
        assert role.name_en
        assert role.prose.endswith(".")
        assert role.permissions
    assert not ROLES["operator"].permissions & {Permission.PEOPLE_REVEAL, Permission.PEOPLE_SEARCH}
