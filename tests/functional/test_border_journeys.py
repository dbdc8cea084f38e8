"""Journeys: companions, connecting flights, frequent crossers, people met away from a gate, who sees what."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import FORM, answers, declare, officer, posted

from vungxanh.border import queries, results
from vungxanh.border.actions import crossings, desk, entries
from vungxanh.border.evidence import VoyageSeats
from vungxanh.border.models import (
    Aboard,
    Channel,
    Crossing,
    Declaration,
    Draft,
    Period,
    Voyage,
)
from vungxanh.border.periods import periods
from vungxanh.border.schemas import CrossingIn, Given, ReviewIn
from vungxanh.core.errors import UserError
from vungxanh.core.minutes import floor_minute
from vungxanh.lake.rows import Flag
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


def sent(**changes: Any) -> Declaration:
    return entries.send(draft=entries.start(form=FORM, answers=answers(**changes)))


LORRY = {"mode": "land", "gate": "HN", "flight": None, "seat": None, "connecting": None, "crew": True,
         "vehicle": "29C-123.45", "crosser": "lorry"}  # fmt: skip


# ------------------------------------------------------------------ companions and legs


def test_a_family_types_its_journey_once_and_stands_together_at_the_desk(border: Officer) -> None:
    head = sent(party="family")
    draft = Draft.objects.get(after=head)
    shared = entries.answers_of(draft)
    assert (shared["flight"], shared["gate"], shared["commune"]["code"]) == ("VN36", "HAN", "05443")
    assert not {"full_name", "document", "birth_year", "sex", "seat", "fever", "near_ill", "tested"} & set(shared)
    own = {"full_name": "Nguyễn Thị Bình", "document": "C7654321", "birth_year": 2015, "sex": "2", "seat": "12B"}
    entries.keep(draft=draft, answers={**answers(**own), **shared})
    child = entries.send(draft=draft)
    assert child.party == head.party != ""
    assert (child.tie, child.seat) == ("family", "12B")
    assert [row.pk for row in queries.party(head, border)] == [child.pk]
    assert Draft.objects.filter(after=child).exists()


def test_whoever_travels_alone_has_no_party() -> None:
    row = sent()
    assert (row.party, Draft.objects.count()) == ("", 0)


def test_connecting_flights_are_voyages_too_and_their_country_counts() -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    row = declare(connecting=True, leg1_flight="LH 0778", leg1_seat="33k", leg1_from="FRA", leg1_on=yesterday,
                  leg_more=False)  # fmt: skip
    aboard = {one.voyage.key: (one.seat, one.row, one.voyage.on.isoformat()) for one in Aboard.objects.all()}
    assert aboard == {"VN36": ("12A", 12, row.entry_on.isoformat()), "LH778": ("33K", 33, yesterday)}


def test_a_corrected_seat_moves_and_a_corrected_flight_leaves_the_old_one() -> None:
    first = declare()
    second = entries.declare(given=Given(FORM, answers(seat="14C")), corrects=first)
    assert [(one.voyage.key, one.seat) for one in Aboard.objects.all()] == [("VN36", "14C")]
    entries.declare(given=Given(FORM, answers(flight="VJ1")), corrects=second)
    assert [(one.voyage.key, one.seat) for one in Aboard.objects.all()] == [("VJ1", "12A")]


def test_a_traveller_s_correction_replaces_the_first_declaration(client: Client) -> None:
    row = declare()
    check = client.post(reverse("border:correct", args=[row.token]))["Location"]
    for page in ("name", "document", "about", "stay", "reach"):
        url = check.replace("check", page)
        client.post(url, posted(page) | {"shown": list(posted(page))})
    assert client.post(check).status_code == 302
    row.refresh_from_db()
    newer = Declaration.objects.get(withdrawn_at=None)
    assert (row.withdrawn_at is not None, newer.corrects_id, newer.person) == (True, row.pk, row.person)


@pytest.mark.parametrize(
    ("changes", "key", "role", "row"),
    [
        ({"crew": True}, "VN36", "crew", 12),
        (LORRY | {"crosser": "none"}, "29C12345", "driver", 1),
        (LORRY | {"crosser": "none", "crew": False}, "29C12345", "passenger", None),
        ({"mode": "train", "gate": "LC", "flight": None, "seat": None, "connecting": None, "vehicle": "SP 3",
          "berth": "toa 3 ghế 24"}, "SP3", "passenger", None),
        ({"mode": "coach", "gate": "LB", "flight": None, "seat": None, "connecting": None, "crew": True,
          "vehicle": "UN 1234"}, "UN1234", "driver", 1),
        ({"mode": "sea", "gate": "SGP", "flight": None, "seat": None, "connecting": None, "crew": True,
          "crosser": "none", "vehicle": "Hòa Bình", "document_kind": "seafarer"}, "HOABINH", "crew", None),
    ],
)  # fmt: skip
def test_every_means_of_travel_has_its_voyage(
    changes: dict[str, Any], key: str, role: str, row: int | None
) -> None:
    declare(**changes)
    one = Aboard.objects.select_related("voyage").get()
    assert (one.voyage.key, one.role, one.row) == (key, role, row)


@pytest.mark.parametrize("kind", ["border-pass", "seafarer", "crew"])
def test_border_pass_seafarer_s_and_crew_documents_are_found_by_their_number(border: Officer, kind: str) -> None:
    row = declare(document_kind=kind, document="GTH 001234")
    found = queries.scanned("gth001234", border, timezone.now())
    assert found is not None
    assert found.pk == row.pk


def test_no_document_at_all_on_foot_goes_the_whole_way(border: Officer) -> None:
    row = declare(document_kind="none", document=None, mode="foot", gate="HAN", flight=None, seat=None,
                  connecting=None, crosser="none")  # fmt: skip
    assert (row.document_hash, Voyage.objects.count()) == (None, 0)
    assert desk.review(declaration=row, given=ReviewIn("release"), by=border).outcome == "release"


def test_seats_reach_the_lake_as_the_tail_and_later_for_good() -> None:
    row = declare()
    voyage = Voyage.objects.get()
    now = floor_minute(timezone.now())
    (seat,) = VoyageSeats().tail(now).seats.to_pylist()
    start = floor_minute(timezone.make_aware(datetime.combine(row.entry_on, datetime.min.time())))
    assert (seat["person"], seat["trip"], seat["seat_row"]) == (row.person, voyage.place, 12)
    assert (seat["start"], seat["end"], seat["flags"]) == (start, start + 1440, int(Flag.ASSUMED_END))
    assert list(VoyageSeats().closed_since(0)) == []
    Voyage.objects.update(on=timezone.localdate() - timedelta(days=periods().settled_days + 1))
    (batch,) = VoyageSeats().closed_since(0)
    assert (batch.evidence.seats.num_rows, VoyageSeats().tail(now).seats.num_rows) == (1, 0)
    assert list(VoyageSeats().closed_since(batch.watermark)) == []


# ------------------------------------------------------------------ frequent crossers


def guard() -> Officer:
    return officer("Biên phòng", "border-guard", "/20/")


def crossing(row: Declaration | str, **more: Any) -> CrossingIn:
    code = row if isinstance(row, str) else shown(row)
    return CrossingIn(sender=more.pop("sender", uuid4()), code=code, gate="HN", way="in", **more)


def shown(row: Declaration) -> str:
    result = entries.current(row)
    assert result is not None
    return results.code(result, masked([row.person], "vi")[row.person])


def test_a_lorry_driver_declares_once_and_then_only_scans() -> None:
    driver = declare(**LORRY)
    mate = declare(**LORRY | {"document": "C7654321", "full_name": "Trần Văn Bê"})
    period = Period.objects.get(declaration=driver)
    assert (period.until - period.since).days == 6  # seven days, both ends counted
    by, sender = guard(), uuid4()
    for given in (
        crossing(driver, vehicle="29c 123.45", mate="C7654321", yard="Bãi giao nhận 1", sender=sender),
        crossing(driver, vehicle="29c 123.45", mate="C7654321", sender=sender),
        crossing("B1234567", vehicle="29C12345"),
    ):
        crossings.record(given=given, by=by)
    first, second = Crossing.objects.order_by("pk")
    assert (first.person, first.mate, first.vehicle, first.yard) == (
        driver.person, mate.person, "29C12345", "Bãi giao nhận 1",
    )  # fmt: skip
    assert (second.mate, Declaration.objects.count()) == (None, 2)
    cab = {one.person: (one.role, one.row) for one in Aboard.objects.filter(voyage__key="29C12345")}
    assert cab == {driver.person: ("driver", 1), mate.person: ("driver", 1)}
    result = entries.current(driver)
    assert result is not None
    assert results.code_note(shown(driver), driver, timezone.now()) == ""


def test_a_co_driver_nobody_knows_and_a_period_that_is_over_are_refused() -> None:
    row, by = declare(**LORRY), guard()
    with pytest.raises(UserError) as caught:
        crossings.record(given=crossing(row, mate="X9999999"), by=by)
    assert (caught.value.code, caught.value.field) == ("border.mate-unknown", "mate")
    Period.objects.update(until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(UserError) as caught:
        crossings.record(given=crossing("B1234567"), by=by)
    assert caught.value.code == "border.no-period"
    assert Crossing.objects.count() == 0


def test_a_crosser_with_fever_is_seen_and_declares_anew() -> None:
    row = declare(**LORRY)
    made = crossings.record(given=crossing(row, temperature=Decimal("37.5")), by=guard())
    assert made.unwell
    assert Period.objects.get().ended_at is not None
    assert WorkItem.objects.get(kind="border-unwell").scope_path == "/20/gHN/"
    with pytest.raises(UserError):
        crossings.record(given=crossing(row), by=Officer.objects.get(name="Biên phòng"))


def test_the_page_of_crossings(client: Client) -> None:
    row = declare(**LORRY)
    client.force_login(guard())
    sent_form = {"sender": str(uuid4()), "code": shown(row), "gate": "HN", "way": "out", "vehicle": "29C12345"}
    assert client.post(reverse("border:crossings"), sent_form).status_code == 302
    page = client.get(reverse("border:crossings")).content.decode()
    assert "N. V. An" in page
    assert "29C12345" in page
    refused = client.post(reverse("border:crossings"), {**sent_form, "code": "Z0000000", "sender": str(uuid4())})
    assert refused.status_code == 422


# ------------------------------------------------------------------ away from a gate; parts


def test_somebody_met_away_from_a_gate_has_the_same_path(client: Client) -> None:
    client.force_login(guard())
    response = client.post(reverse("border:met"), {"where": "Đồng Đăng, Lạng Sơn", "gate": "HN"})
    draft = Draft.objects.get()
    assert response["Location"].endswith("/gate")
    assert (draft.met_at, entries.answers_of(draft)["gate"]) == ("06184", "HN")
    own = answers(gate="HN", document_kind="none", document=None, mode="foot", flight=None, seat=None,
                  connecting=None, crosser="none", near_ill=True)  # fmt: skip
    entries.keep(draft=draft, answers=own)
    assert client.post(reverse("border:check", args=[draft.token])).status_code == 302
    row = Declaration.objects.get()
    result = entries.current(row)
    assert result is not None
    assert (row.met_at, row.channel, result.class_id) == ("06184", Channel.DESK, "refer")


def test_an_officer_s_draft_is_nobody_else_s(client: Client) -> None:
    draft = entries.start(form=FORM, answers=answers(), by=guard())
    assert client.get(reverse("border:check", args=[draft.token])).status_code == 404


OFFENCE = ("trái phép", "vi phạm", "nhập cảnh lậu", "vượt biên", "xử phạt", "illegal", "offence", "smuggl")


def test_no_word_of_offence_stands_anywhere_in_the_room() -> None:
    room = Path(results.__file__).parent
    files = [*room.rglob("*.html"), *room.rglob("*.po"), *room.rglob("*.toml")]
    assert len(files) > 20
    for file in files:
        text = file.read_text("utf-8").lower()
        assert not [word for word in OFFENCE if word in text], file


@pytest.mark.parametrize("role", ["immigration-officer", "border-guard"])
def test_immigration_and_border_guard_see_their_part_and_no_answer_about_health(client: Client, role: str) -> None:
    row = declare(near_ill=True, fever=True, signs_since=timezone.localdate().isoformat())
    client.force_login(officer("Phần việc khác", role))
    found = client.post(reverse("border:scan"), {"code": "B1234567"})
    page = client.get(found["Location"]).content.decode()
    assert "Nguyễn Văn An" in page
    assert "B1234567" in page
    assert "chưa có quyết định" in page
    for hidden in ("Sốt", "ở gần người", "Mời vào khám", "Xét nghiệm", "Giấy chứng nhận"):
        assert hidden not in page
    assert client.post(reverse("border:entry", args=[row.pk]), {"outcome": "release"}).status_code == 200
    assert not hasattr(Declaration.objects.get(), "review")
    for name in ("lists", "rules"):
        assert client.get(reverse(f"border:{name}")).status_code == 403


def test_immigration_is_told_when_somebody_may_go_on(client: Client, border: Officer) -> None:
    row = declare()
    desk.review(declaration=row, given=ReviewIn("release"), by=border)
    client.force_login(officer("Xuất nhập cảnh", "immigration-officer"))
    assert "được đi tiếp" in client.get(reverse("border:entry", args=[row.pk])).content.decode()
