"""From a call to a case: the caller found or registered, the event verified, the case opened by the workbench."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.functional.test_declarations import MET, SIGNS

from vungxanh.command.models import HotlineEvent
from vungxanh.core.models import AuditEvent
from vungxanh.declarations.models import Declaration
from vungxanh.notify import inbound
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Batch, Inbound
from vungxanh.outbreak.actions import create_case
from vungxanh.outbreak.schemas import NewCase
from vungxanh.people.actions import register_person
from vungxanh.people.models import Person

pytestmark = pytest.mark.django_db
PHONE = "0944713700"


def test_a_caller_is_registered_once_and_found_again(client: Client) -> None:
    client.force_login(officer("agent", "hotline", "/19/"))
    address = reverse("command:caller")
    assert "Không tìm thấy" in client.post(address, {"q": PHONE}).content.decode()
    client.post(address, {"register": "", "name": "Danh Út", "phone": PHONE, "birth_year": "1980"})
    who = Person.objects.get()
    client.post(reverse("command:hotline"), {"kind": "suspected", "text": "Sốt, khó thở từ hôm qua"})
    assert HotlineEvent.objects.get().caller == who.pk
    found = client.post(address, {"q": "0944 713 700"})
    assert [one.id for one in found.context["found"]] == [who.pk]
    assert "Danh Út" not in found.content.decode()  # masked
    client.post(address, {"choose": who.pk})
    assert "Người gọi" in client.get(reverse("command:hotline")).content.decode()


def declared(**changes: str) -> dict[str, str]:
    """What an agent asks whom the register knows by name, year of birth and telephone."""
    asked = {"sex": "1", "nationality": "VNM", "commune": "Gia Sàng, Thái Nguyên", "commune-code": "vn-2025:05467"}
    answers = {"address": "Xóm 2", "travelled": "no", **dict.fromkeys((*SIGNS, *MET), "no"), "consent": "yes"}
    return {"key": "k1", "channel": "desk", **asked, **answers, **changes}


def test_an_agent_declares_for_the_caller_without_their_name_in_any_address(client: Client) -> None:
    agent = officer("agent", "hotline", "/19/")
    client.force_login(agent)
    client.post(
        reverse("command:caller"), {"register": "", "name": "Danh Út", "phone": PHONE, "birth_year": "1980"}
    )
    who = Person.objects.get()
    links = dict(client.get(reverse("command:hotline")).context["declare"])
    address = links["Khai báo y tế toàn dân"]
    assert address == "/declare/desk/population"
    page = client.get(address)
    asked = {field.id for section in page.context["sections"] for field in section["fields"]}
    assert asked.isdisjoint({"full_name", "birth_year", "phone"})
    assert {"sex", "commune", "travelled"} <= asked
    shown = page.content.decode()
    assert "D. Út, 1980" in shown
    assert "Danh Út" not in shown
    assert PHONE not in shown
    faulty = client.post(address, declared(sex=""))
    assert [one.id for one in faulty.context["errors"]] == ["sex"]
    kept = client.post(address, declared(), follow=True)
    assert kept.redirect_chain == [
        (reverse("command:hotline"), 302)
    ]  # and not to a list that an agent may not read
    row = Declaration.objects.get()
    assert (row.person, row.channel, row.declared_by) == (who.pk, "desk", agent.pk)
    assert Person.objects.count() == 1


def test_an_agent_who_serves_nobody_else_is_asked_for_a_name(client: Client) -> None:
    client.force_login(officer("agent", "hotline", "/19/"))
    client.post(
        reverse("command:caller"), {"register": "", "name": "Danh Út", "phone": PHONE, "birth_year": "1980"}
    )
    client.post("/declare/desk/population", {"do": "other"})
    page = client.get("/declare/desk/population")
    assert "full_name" in {field.id for section in page.context["sections"] for field in section["fields"]}
    client.post(
        "/declare/desk/population", declared(full_name="Ma Thị Hoa", birth_year="1990", phone="0944713702")
    )
    assert Declaration.objects.get().person != Person.objects.order_by("pk")[0].pk


def test_only_somebody_of_the_last_search_can_be_chosen(client: Client) -> None:
    agent = officer("agent", "hotline", "/19/")
    client.force_login(agent)
    address = reverse("command:caller")
    client.post(address, {"register": "", "name": "Danh Út", "phone": PHONE, "birth_year": "1980"})
    client.post(reverse("command:hotline"), {"kind": "question", "text": "Hỏi"})
    other = register_person(name="Lý Thị Mai", phones=["0944713703"], scope_path="/20/", by=agent, purpose="test")
    (who,) = Person.objects.exclude(pk=other)
    client.post(address, {"q": PHONE})
    for wrong in (str(other), "", "-1", "9" * 30, "x"):
        assert client.post(address, {"choose": wrong}).status_code == 403
        assert client.get(reverse("command:hotline")).context["caller"] == (None, "")
    refused = AuditEvent.objects.filter(action="command:caller:refused", by=agent.pk)
    assert refused.filter(subject=f"person:{other}").count() == 1
    assert refused.count() == 5
    assert client.post(address, {"choose": who.pk}).status_code == 302
    assert client.get(reverse("command:hotline")).context["caller"][0] == who.pk
    # an older search counts no more
    assert client.post(address, {"choose": who.pk}).status_code == 403


def test_a_verified_event_leads_to_a_case_and_shows_it(client: Client) -> None:
    agent, cdc = officer("agent", "hotline", "/19/"), officer("cdc", "cdc-officer", "/19/")
    client.force_login(agent)
    client.post(reverse("command:caller"), {"register": "", "name": "Danh Út", "phone": PHONE})
    client.post(reverse("command:hotline"), {"kind": "suspected", "text": "Sốt từ hôm qua"})
    event = HotlineEvent.objects.get()
    address = reverse("command:event", args=[event.pk])
    for state in ("screened", "verified"):
        client.post(address, {"state": state, "outcome": "Trạm y tế đã đến"})
    assert "Mở ca bệnh" not in client.get(address).content.decode()  # an agent opens no case
    event.refresh_from_db()
    who = event.caller
    assert who is not None
    from vungxanh.command.events import onward

    (step,) = onward("suspected")
    assert step.url(who) == reverse("outbreak:open", args=[who])
    assert step.made(cdc, who, event.received_at) == []
    day = timezone.localdate() - timedelta(days=1)
    case = create_case(by=cdc, new=NewCase(person=who, onset=day, onset_provenance="patient"))
    assert step.made(cdc, who, event.received_at) == [(reverse("outbreak:case", args=[case.pk]), f"Ca {case.pk}")]
    assert onward("rumour") == []


def test_missed_calls_and_messages_wait_for_somebody(client: Client) -> None:
    inbound.receive(channel=Channel.VOICE, provider_id="c1", sender=PHONE, text="")
    row = inbound.receive(channel=Channel.SMS, provider_id="m1", sender=PHONE, text="Tiêm ở đâu?")
    Inbound.objects.update(scope_path="/19/05710/")
    client.force_login(officer("agent", "hotline", "/19/"))
    assert "cuộc gọi nhỡ" in client.get(reverse("command:hotline")).content.decode()
    address = reverse("notify:inbox")
    page = client.get(address).content.decode()
    assert "Tiêm ở đâu?" in page
    assert PHONE not in page
    shown = client.post(address, {"row": row.pk, "number": ""}, follow=True).content.decode()
    assert "+84944713700" in shown
    refused = client.post(address, {"row": row.pk, "reply": "", "text": "Ban la F1"}, follow=True)
    assert "không được xếp loại" in refused.content.decode()
    client.post(address, {"row": row.pk, "reply": "", "text": "Tram y te xa, buoi sang"})
    row.refresh_from_db()
    assert (row.state, Batch.objects.count()) == ("closed", 1)
    client.force_login(officer("elsewhere", "hotline", "/20/"))
    assert client.get(address).context["total"] == 0
    client.force_login(officer("director", "cdc-director", "/"))
    assert client.get(reverse("notify:outbox")).status_code == 200
