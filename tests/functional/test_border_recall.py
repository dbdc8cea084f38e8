"""ArriveCAN again: a wrong exemption is put in force and withdrawn; all it touched are listed and told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.functional.test_border_flow import declare, officer

from vungxanh.border import entry_rules
from vungxanh.border.actions import desk, entries, rules
from vungxanh.border.models import Following, Recall, RuleVersion
from vungxanh.border.rule_text import parsed, plain, written
from vungxanh.border.schemas import ReviewIn
from vungxanh.core.errors import UserError
from vungxanh.notify.models import Batch, Delivery
from vungxanh.people.models import Officer
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db

#: in 2022 a release of ArriveCAN told some 10,200 people wrongly to quarantine
BASE = "vn.entry.2026@1"


def wrong_text() -> str:
    """A second version in which a clause lost its own condition: everybody but the crew is to be followed."""
    text = written(entry_rules.shipped()[BASE]).replace('version = "1"', 'version = "2"')
    head, _, _ = text.rpartition("when = ")
    return head + 'when = [{ question = "crew", equals = false }]\n'


@pytest.fixture
def director() -> Officer:
    return officer("Giám đốc", "cdc-director", "/")


def class_of(row: Any) -> str:
    result = entries.current(row)
    assert result is not None
    return result.class_id


def test_a_rule_survives_being_written_and_read() -> None:
    for rule in entry_rules.shipped().values():
        assert entry_rules.read(parsed(written(rule))) == rule


@pytest.mark.parametrize(
    ("text", "code"),
    [("x = [", "border.bad-toml"), ("id = 'a'", "border.bad-toml"), ("clauses = []", "rules.bad-rule")],
)
def test_a_text_that_is_no_rule_is_refused(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parsed(text)
    assert caught.value.code == code


def test_dates_are_kept_as_text() -> None:
    assert plain({"a": [entry_rules.shipped()[BASE].valid_from]}) == {"a": ["2026-07-01"]}


def test_the_whole_replay(client: Client, director: Officer) -> None:
    before = declare(document="A0000001")
    client.force_login(director)
    url = reverse("border:new-rule") + f"?base={BASE}"
    assert 'version = "1"' in client.get(url).context["form"].initial["text"]

    tried = client.post(url, {"text": wrong_text(), "act": "check"})
    assert [(one["before"], one["after"], one["count"]) for one in tried.context["tried"]] == [
        ("pass", "follow", 1)
    ]
    assert RuleVersion.objects.count() == 0
    refused = client.post(url, {"text": wrong_text(), "act": "put", "typed": "vn.entry.2026"})
    assert refused.status_code == 422
    put = client.post(url, {"text": wrong_text(), "act": "put", "typed": "vn.entry.2026@2"})
    assert (put.status_code, RuleVersion.objects.get().key) == (302, "vn.entry.2026@2")

    touched = [declare(document=f"D000000{n}", phone=f"094471370{n}") for n in range(3)]
    crew = declare(document="E0000001", crew=True)
    assert [class_of(row) for row in (before, *touched, crew)] == ["pass", "follow", "follow", "follow", "pass"]
    gate = officer("Kiểm dịch")
    desk.review(declaration=touched[0], given=ReviewIn("release"), by=gate)
    assert Following.objects.get().ended_at is None

    withdrawn = client.post(
        reverse("border:withdraw", args=["vn.entry.2026@2"]),
        {"reason": "Mất điều kiện miễn", "typed": "vn.entry.2026@2"},
    )
    recall = Recall.objects.get()
    assert withdrawn["Location"] == reverse("border:recall", args=[recall.pk])
    assert (recall.touched, recall.changed, recall.messages) == (4, 3, 3)
    assert [class_of(row) for row in (*touched, crew)] == ["pass"] * 4

    page = client.get(withdrawn["Location"]).content.decode()
    assert page.count("Tự theo dõi sức khoẻ") == 3  # what each was told before
    assert page.count("đã nhắn tin và báo xã") == 3
    assert page.count("không đổi") == 1
    batch = Batch.objects.get(source=f"border-recall:{recall.pk}")
    assert (batch.channel, Delivery.objects.filter(batch=batch).count()) == ("sms", 3)
    assert WorkItem.objects.filter(kind="border-recall").count() == 3
    assert Following.objects.get().ended_at is not None


def test_the_message_may_be_sent_to_a_citizen() -> None:
    from vungxanh.notify.rules import check

    text = rules.told()["recall"]
    check(text, "")  # raises where it holds a link, a disease or a class, or is too long
    assert "đã được sửa" in text


def test_a_traveller_who_opens_the_page_has_seen_it(client: Client, director: Officer) -> None:
    rules.put_in_force(body=parsed(wrong_text()), by=director)
    row = declare()
    recall = rules.withdraw(key="vn.entry.2026@2", reason="Mất điều kiện miễn", by=director)
    assert "đã được sửa" in client.get(reverse("border:result", args=[row.token])).content.decode()
    client.force_login(director)
    assert "đã xem" in client.get(reverse("border:recall", args=[recall.pk])).content.decode()


def test_only_who_approves_rules_edits_them(client: Client) -> None:
    client.force_login(officer("Kiểm dịch"))
    assert client.get(reverse("border:new-rule")).status_code == 403
