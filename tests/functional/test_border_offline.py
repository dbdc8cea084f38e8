"""A desk without network: every record once, none lost, what cannot be taken waits for an officer."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import FORM, declare, officer, posted

from vungxanh.border import entry_forms, queries
from vungxanh.border.actions import desk, entries, offline
from vungxanh.border.models import Declaration, DeskRecord, Hold, Review
from vungxanh.border.pages.offline import hashed
from vungxanh.border.schemas import ReviewIn
from vungxanh.core.models import AuditEvent
from vungxanh.core.sealing import public_key, seal
from vungxanh.people.models import Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


def box(by: Officer, kind: str, **more: Any) -> dict[str, str]:
    """A record as the device's script seals it."""
    number = more.pop("id", str(uuid4()))
    at = more.pop("at", timezone.now().isoformat())
    record = {"id": number, "at": at, "officer": by.pk, "kind": kind, **more}
    return {"id": number, "box": seal(json.dumps(record).encode(), public_key())}


def whole(**changes: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for page in entry_forms.form(FORM).pages:
        said |= posted(page.id)
    return {**said, **changes}


def verdicts(sealed: list[dict[str, str]], by: Officer) -> list[tuple[str, str]]:
    return [(one.verdict, one.reason) for one in offline.merge(sealed=sealed, by=by)]


def test_a_decision_made_offline_counts_from_when_it_was_made(border: Officer) -> None:
    row, at = declare(near_ill=True), timezone.now() - timedelta(minutes=50)
    sent = box(border, "review", declaration=row.pk, outcome="hold", temperature="38,4", sampled=True,
               at=at.isoformat())  # fmt: skip
    assert verdicts([sent], border) == [("accepted", "")]
    assert verdicts([sent, sent], border) == [("duplicate", ""), ("duplicate", "")]
    review = Review.objects.get()
    assert (review.at, str(review.temperature), review.sampled) == (at, "38.4", True)
    assert Hold.objects.get().started_at == at


def test_declared_and_decided_offline_in_one_list_in_any_order(border: Officer) -> None:
    declared = box(border, "declare", form=FORM, posted=whole())
    decided = box(border, "review", of=declared["id"], outcome="release", temperature="36.6")
    assert verdicts([decided, declared], border) == [("accepted", ""), ("accepted", "")]
    row = Declaration.objects.get()
    assert (str(row.sender), row.channel, row.review.outcome) == (declared["id"], "desk", "release")
    assert verdicts([decided, declared], border) == [("duplicate", ""), ("duplicate", "")]
    assert Declaration.objects.count() == 1


def test_two_desks_that_decided_the_same_person_lose_nothing(border: Officer) -> None:
    row, other = declare(), officer("Bàn hai")
    first = box(border, "review", declaration=row.pk, outcome="release")
    second = box(other, "review", declaration=row.pk, outcome="hold", temperature="39.0")
    assert verdicts([first], border) == [("accepted", "")]
    assert verdicts([second], other) == [("kept", "border.already-reviewed")]
    assert verdicts([second], other) == [("duplicate", "")]
    kept = queries.kept_records(border).get()
    assert json.loads(kept.body.open())["temperature"] == "39.0"
    assert kept.declaration_id == row.pk
    offline.settle(row=kept, by=border)
    assert not queries.kept_records(border).exists()


def test_an_unfinished_declaration_becomes_a_draft_and_its_decision_follows(
    client: Client, border: Officer
) -> None:
    declared = box(border, "declare", form=FORM, posted=whole(seat=""))
    decided = box(border, "review", of=declared["id"], outcome="release")
    assert verdicts([declared, decided], border) == [
        ("kept", "border.draft-waits"), ("kept", "border.declaration-waits"),
    ]  # fmt: skip
    client.force_login(border)
    assert "cần cán bộ hoàn chỉnh" in client.get(reverse("border:desk")).content.decode()
    check = client.post(reverse("border:complete-record", args=[declared["id"]]))["Location"]
    assert [page for page, _ in client.get(check).context["problems"]] == ["journey"]
    token = check.split("/")[2]
    journey = posted("journey")
    client.post(reverse("border:ask", args=[token, "journey"]), journey | {"shown": list(journey)})
    assert client.post(check).status_code == 302
    assert Declaration.objects.get().review.outcome == "release"
    assert set(DeskRecord.objects.values_list("state", flat=True)) == {"taken"}
    assert not queries.kept_records(border).exists()


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"outcome": "fly"}, "kept", "border.record-unreadable"),
        ({"declaration": 999_999}, "kept", "border.declaration-unknown"),
        ({"of": "no uuid"}, "kept", "border.declaration-waits"),
        ({"at": "2099-01-01T00:00:00Z"}, "kept", "border.clock-ahead"),
        ({"at": "yesterday"}, "not-taken", "border.record-unreadable"),
        ({"kind": "dance"}, "not-taken", "border.record-unreadable"),
        ({"officer": 424_242}, "not-taken", "border.record-of-another"),
    ],
)
def test_records_that_cannot_be_taken(border: Officer, changes: dict[str, Any], verdict: str, reason: str) -> None:
    row = declare()
    record = {"id": str(uuid4()), "at": timezone.now().isoformat(), "officer": border.pk, "kind": "review",
              "declaration": row.pk, "outcome": "release", **changes}  # fmt: skip
    sealed = {"id": record["id"], "box": seal(json.dumps(record).encode(), public_key())}
    assert verdicts([sealed], border) == [(verdict, reason)]
    assert DeskRecord.objects.count() == (1 if verdict == "kept" else 0)
    assert Review.objects.count() == 0


@pytest.mark.parametrize("sealed", [None, 5, {}, {"id": "x", "box": "AAAA"}, {"id": "x", "box": 7}])
def test_a_box_that_is_none_stays_on_the_device(border: Officer, sealed: Any) -> None:
    assert verdicts([sealed], border) == [("not-taken", "border.record-unreadable")]


def test_four_eyes_hold_offline_too(border: Officer) -> None:
    row = declare(near_ill=True)
    sent = box(border, "review", declaration=row.pk, outcome="release", reason="đã khám")
    assert verdicts([sent], border) == [("kept", "border.four-eyes")]
    second = officer("Người thứ hai")
    again = box(border, "review", declaration=row.pk, outcome="release", reason="đã khám", second=str(second.pk))
    assert verdicts([again], border) == [("accepted", "")]


def test_what_a_device_takes_along_names_nobody(client: Client, border: Officer) -> None:
    row, done = declare(), declare(document="C7654321", seat="1A")
    desk.review(declaration=done, given=ReviewIn("release"), by=border)
    client.force_login(border)
    told = client.post(reverse("border:offline-take"), content_type="application/json")
    text = told.content.decode()
    assert "Nguyễn" not in text
    assert "B1234567" not in text
    data = told.json()
    by_id = {one["id"]: one for one in data["entries"]}
    assert (by_id[row.pk]["n"], by_id[row.pk]["class"]) == ([hashed("b-123 4567", data["salt"])], "pass")
    assert [by_id[row.pk]["done"], by_id[done.pk]["done"]] == [False, True]
    looked = AuditEvent.objects.filter(action="people:person:revealed", by=border.pk)
    assert {event.purpose for event in looked} == {"entries taken along to a desk without network"}


def test_the_pages_answer_only_who_reviews(client: Client) -> None:
    client.force_login(officer("Biên phòng", "border-guard"))
    for name, method in (("offline", "get"), ("offline-ping", "get"), ("offline-take", "post")):
        assert getattr(client, method)(reverse(f"border:{name}")).status_code == 403
    assert entries.current(declare()) is not None


def test_twenty_records_twice_are_twenty(client: Client, border: Officer) -> None:
    rows = [declare(document=f"X{n:07d}", seat=f"{n // 6 + 1}{'ABCDEF'[n % 6]}") for n in range(20)]
    sealed = [box(border, "review", declaration=row.pk, outcome="release") for row in rows]
    client.force_login(border)
    for expected in ("accepted", "duplicate"):
        answer = client.post(reverse("border:offline-merge"), {"sealed": sealed}, content_type="application/json")
        assert {one["verdict"] for one in answer.json()["verdicts"]} == {expected}
    assert Review.objects.count() == 20
