"""Things due: asked once, answered from a phone that was offline, raised when late, grouped by household."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from vungxanh.core.models import AuditEvent
from vungxanh.core.scope import path_of
from vungxanh.people.actions import bulk_register, make_household
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.schemas import PersonIn
from vungxanh.people.scope import SYSTEM
from vungxanh.work import actions, kinds, queries
from vungxanh.work.models import WorkEvent, WorkItem
from vungxanh.work.schemas import OutcomeIn

pytestmark = pytest.mark.django_db
HERE, THERE = path_of("19", "05710"), path_of("19", "05860")
DUE = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def put(**more: object) -> int:
    facts: dict[str, object] = {
        "kind": "contact.call",
        "due": DUE,
        "source": "case:1",
        "scope_path": HERE,
        "by": None,
    }
    return actions.put(**(facts | more))  # type: ignore[arg-type]


@pytest.fixture
def nurse() -> Officer:
    made = Officer.objects.create_user("tram", name="Trạm")
    Assignment.objects.create(officer=made, role="commune-health", scope_path=HERE)
    return made


def answer(item: int, outcome: str = "done", at: datetime = DUE) -> OutcomeIn:
    return OutcomeIn(item=item, outcome=outcome, at=at)


def test_the_same_cause_asks_once_and_may_move_the_time() -> None:
    first = put(person=5)
    later = DUE + timedelta(hours=3)
    assert put(person=5, due=later) == first
    assert WorkItem.objects.get().due == later
    assert put(person=6) != first
    assert put(person=5, source="case:2") != first


def test_the_same_cause_twice_in_one_list_is_one_item() -> None:
    from vungxanh.work.schemas import ItemIn

    items = [ItemIn("contact.call", DUE, "case:1", person=5), ItemIn("contact.call", DUE, "case:1", person=5)]
    ids = actions.put_many(items, by=None)
    assert ids[0] == ids[1]
    assert WorkItem.objects.count() == 1


def test_after_an_answer_the_cause_may_ask_again(nurse: Officer) -> None:
    first = put(person=5)
    actions.record_outcomes([answer(first)], by=nurse)
    assert put(person=5) != first


def test_an_answer_closes_and_not_home_leaves_open(nurse: Officer) -> None:
    item = put()
    assert actions.record_outcomes([answer(item, "not-home")], by=nurse)[0].verdict == "accepted"
    assert WorkItem.objects.get().state == "open"
    actions.record_outcomes([answer(item, "done", DUE + timedelta(minutes=9))], by=nurse)
    row = WorkItem.objects.get()
    assert (row.state, row.outcome, row.finished_at) == ("done", "done", DUE + timedelta(minutes=9))


def test_a_batch_sent_twice_counts_once(nurse: Officer) -> None:
    batch = [answer(put(person=n)) for n in range(3)]
    assert [v.verdict for v in actions.record_outcomes(batch, by=nurse)] == ["accepted"] * 3
    assert [v.verdict for v in actions.record_outcomes(batch, by=nurse)] == ["duplicate"] * 3
    assert WorkEvent.objects.count() == 3


def test_every_record_gets_its_verdict_in_the_order_sent(nurse: Officer) -> None:
    item, elsewhere = put(), put(source="case:9", scope_path=THERE)
    ahead = timezone.now() + timedelta(hours=2)
    batch = [
        answer(elsewhere),
        answer(item, "danced"),
        answer(item, "done", ahead),
        answer(item, "done", DUE),
        answer(10**9),
    ]
    verdicts = actions.record_outcomes(batch, by=nurse)
    assert [v.record for v in verdicts] == [r.record for r in batch]
    assert [(v.verdict, v.reason) for v in verdicts] == [
        ("refused", "work.item-unknown"),
        ("refused", "work.outcome-unknown"),
        ("refused", "work.clock-ahead"),
        ("accepted", ""),
        ("refused", "work.item-unknown"),
    ]


def test_who_answers_first_closes_it_and_the_second_is_kept(nurse: Officer) -> None:
    item = put()
    actions.record_outcomes([answer(item, "refused")], by=nurse)
    assert actions.record_outcomes([answer(item, "done")], by=nurse)[0].verdict == "accepted"
    assert WorkItem.objects.get().outcome == "refused"
    assert list(WorkEvent.objects.order_by("pk").values_list("verb", "outcome")) == [
        ("answered", "refused"),
        ("answered-after", "done"),
    ]


def test_a_note_is_not_readable_in_the_table(nurse: Officer) -> None:
    record = OutcomeIn(item=put(), outcome="done", at=DUE, note="Lan sốt nhẹ", record=uuid4())
    actions.record_outcomes([record], by=nurse)
    note = WorkEvent.objects.get().note
    assert b"Lan" not in note.raw
    assert note.open() == "Lan sốt nhẹ"


def test_late_items_rise_level_by_level_by_the_clock() -> None:
    item = put(kind="symptom.call")  # rises at 0, 4 and 24 hours
    for hours, level in ((-1, 0), (1, 1), (3, 1), (4, 2), (24, 3), (99, 3)):
        actions.escalate(now=DUE + timedelta(hours=hours))
        assert WorkItem.objects.get(pk=item).escalation == level, hours
    assert WorkEvent.objects.filter(verb="escalated").count() == 3


def test_cancelling_a_cause_takes_its_open_items_with_it(nurse: Officer) -> None:
    done, gone, other = put(person=1), put(person=2), put(person=3, source="case:2")
    actions.record_outcomes([answer(done)], by=nurse)
    assert actions.cancel(source="case:1", by=None) == 1
    states = dict(WorkItem.objects.values_list("pk", "state"))
    assert states == {done: "done", gone: "cancelled", other: "open"}


def test_assigning_and_acknowledging_stay_in_the_scope(nurse: Officer) -> None:
    here, there = put(), put(source="case:2", scope_path=THERE)
    assert actions.assign(items=[here, there], officer=nurse.pk, by=nurse) == 1
    assert actions.acknowledge(items=[here, there], by=nurse) == 1
    assert WorkItem.objects.get(pk=there).state == "open"
    assert [card.lines[0].id for card in queries.today(nurse, mine=True, now=DUE)] == [here]


def test_one_card_a_household_the_most_pressing_first(nurse: Officer) -> None:
    names = ["Nguyễn Văn An", "Trần Thị Bình", "Y Blô"]
    an, binh, blo = bulk_register([PersonIn(name=n, sex=3) for n in names], by=None, purpose="test")
    home = make_household(members=[an, binh], by=None)
    put(person=an, due=DUE + timedelta(hours=2))
    put(person=binh, due=DUE - timedelta(hours=2))
    put(person=blo, due=DUE)
    put(person=blo, due=DUE, source="case:2", scope_path=THERE)
    cards = queries.today(nurse, now=DUE + timedelta(minutes=1))
    assert [(card.key, card.when, len(card.lines)) for card in cards] == [
        (f"household-{home}", "overdue", 2),
        (f"person-{blo}", "overdue", 1),
    ]
    assert set(cards[0].people) == {an, binh}
    assert cards[1].people[blo] == "Y. Blô"


def test_counts_of_the_head(nurse: Officer) -> None:
    put(person=1)
    put(person=2, due=DUE + timedelta(days=3))
    put(person=3, scope_path=THERE)
    actions.escalate(now=DUE + timedelta(minutes=1))
    found = queries.counts(nurse, now=DUE + timedelta(minutes=1))
    assert found == {"open": 2, "overdue": 1, "escalated": 1, "unassigned": 2}


def test_every_change_is_in_the_trail(nurse: Officer) -> None:
    item = put()
    actions.acknowledge(items=[item], by=nurse)
    actions.record_outcomes([answer(item)], by=nurse)
    actions.cancel(source="case:1", by=SYSTEM)
    verbs = [event.action.split(":")[2] for event in AuditEvent.objects.order_by("seq")]
    assert verbs == ["put", "acknowledged", "answered", "cancelled"]


def test_a_room_may_name_a_kind_of_its_own() -> None:
    kinds.register("test.water", vi="Xem nước", en="Check the water", outcomes=["clean", "dirty"], leaves_open=[])
    assert kinds.kind("test.water").label("vi") == "Xem nước"
    assert kinds.kind("test.unheard-of").outcomes == kinds.kind("contact.call").outcomes
