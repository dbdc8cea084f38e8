"""What comes at one moment is written together; a cut of two hours loses nothing and doubles nothing."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.functional.test_declarations import MET, SIGNS

from vungxanh.core.audit import chain_faults
from vungxanh.core.models import AuditEvent
from vungxanh.declarations import declare_actions
from vungxanh.declarations.models import Declaration
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms import catalogue
from vungxanh.people.models import Person
from vungxanh.work.models import WorkItem


def new(number: int, sender: str = "", **changes: Any) -> NewDeclaration:
    answers = {
        "full_name": "Nông Thị Lan", "birth_year": 1950 + number, "sex": "2", "nationality": "VNM",
        "commune": {"written": "", "code": "05467", "scheme": "vn-2025"}, "address": "Tổ 5",
        "phone": f"09447137{number:02d}", "travelled": False, **dict.fromkeys((*SIGNS, *MET), False),
        "consent": True, **changes,
    }  # fmt: skip
    form = catalogue.version("vn.declaration.population", "2022.1")
    return NewDeclaration(form, answers, "self", "web", sender or f"t:{number}", timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_heap_is_written_at_once_and_one_that_fails_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    heaps: list[int] = []
    write = declare_actions._declare_all

    def watched(given: Any, *, by: Any) -> list[Declaration]:
        heaps.append(len(given))
        if any(one.sender == "t:5" for one, _ in given):
            raise RuntimeError("the fifth")
        return write(given, by=by)

    monkeypatch.setattr(declare_actions, "_declare_all", watched)
    today = timezone.localdate().isoformat()
    waiting = [new(n, cough=True, onset=today) if n % 2 else new(n) for n in range(12)]
    waiting.append(new(3))  # the same sender twice in one moment

    def send(one: NewDeclaration) -> int:
        try:
            return declare_actions.declare(new=one, by=None).pk
        finally:
            connection.close()

    with declare_actions._writing, ThreadPoolExecutor(13) as pool:
        futures = [pool.submit(send, one) for one in waiting]
        until = time.monotonic() + 30
        while len(declare_actions._queue) < 13 and time.monotonic() < until:  # they wait for the writer: this test
            time.sleep(0.01)
        declare_actions._writing.release()
        failed = [future.exception() for future in futures]
        declare_actions._writing.acquire()
    assert [str(one) for one in failed if one] == ["the fifth"]
    assert failed[5] is not None
    assert heaps == [13] + [1] * 13  # together; because of the fifth then each alone
    assert futures[3].result() == futures[12].result()
    assert (Declaration.objects.count(), Person.objects.count()) == (11, 11)

    heaps.clear()
    made = declare_actions._declare_all
    assert made is watched
    write([(one, declare_actions._checked(one)) for one in (new(20), new(21, cough=True, onset=today))], by=None)
    assert Declaration.objects.count() == 13
    calls = WorkItem.objects.filter(kind="symptom.call").values_list("person", flat=True)
    assert set(calls) == set(Declaration.objects.filter(result="signs").values_list("person", flat=True))
    assert len(calls) == 6  # 1, 3, 7, 9, 11 and 21; the fifth never came in
    assert list(chain_faults(AuditEvent.objects.order_by("seq"))) == []


@pytest.mark.django_db
def test_two_hours_without_network_lose_nothing_and_double_nothing(client: Client) -> None:
    cut = timezone.now() - timedelta(hours=2)
    records = [
        {
            "id": f"00000000-0000-4000-8000-{n:012d}", "form": "population", "version": "2022.1", "whom": "other",
            "given_at": (cut + timedelta(minutes=4 * n)).isoformat(),
            "fields": [
                ["full_name", "Danh Út"], ["birth_year", str(1950 + n)], ["sex", "1"], ["nationality", "VNM"],
                ["commune", "Gia Sàng, Thái Nguyên"], ["commune-code", "vn-2025:05467"], ["address", "Tổ 5"],
                ["phone", f"09447137{n:02d}"], ["travelled", "no"],
                *[[name, "no"] for name in (*SIGNS, *MET)], ["consent", "yes"],
            ],
        }
        for n in range(30)
    ]  # fmt: skip

    def send(part: list[dict[str, Any]]) -> list[str]:
        body = json.dumps({"records": part})
        answer = client.post("/declare/outbox", body, content_type="application/json").json()
        return [one["verdict"] for one in answer["verdicts"]]

    assert send(records[:20]) == ["accepted"] * 20
    assert send(records) == ["accepted"] * 30  # the first answer was lost on its way back: all are sent again
    assert Declaration.objects.count() == Person.objects.count() == 30
    first = Declaration.objects.order_by("given_at").first()
    assert first is not None
    assert abs(first.given_at - cut) < timedelta(seconds=1)
    assert not Declaration.objects.filter(version_ended=True).exists()
