"""The case's page gives a code: shown once, or sent by message; bound to the case, its person and its onset."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.outbreak_world import World, make_world

from vungxanh.exposure import verification
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Code
from vungxanh.notify.models import Delivery
from vungxanh.outbreak import actions, exposed
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import NewCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


def recent_case(world: World) -> Case:
    """Onset yesterday: a code is for a case of now."""
    yesterday = timezone.localdate() - timedelta(days=1)
    new = NewCase(person=world.lan, onset=yesterday, onset_provenance="patient", symptoms=("fever",))
    return actions.create_case(by=world.officer, new=new)


def test_a_code_is_given_on_the_case_and_works(client: Client, world: World) -> None:
    case = recent_case(world)
    client.force_login(world.officer)
    page = client.get(f"/cases/{case.pk}", headers={"Accept-Language": "vi"}).content.decode()
    assert "Cấp mã cảnh báo tiếp xúc" in page
    answer = client.post(f"/cases/{case.pk}/code", headers={"Accept-Language": "vi"})
    code = Code.objects.get()
    assert (code.case_id, code.person, code.onset, code.scope_path) == (
        case.pk,
        case.person,
        case.onset,
        case.scope_path,
    )
    shown = answer.context["issued"]
    assert shown.short[:4] in answer.content.decode()
    assert answer["Cache-Control"].startswith("max-age=0")
    found = verification.verify(shown.short, now=timezone.now(), limits=limits().code)
    assert found.onset == (case.onset.isoformat() if case.onset else None)
    assert Delivery.objects.count() == 0


def test_a_code_goes_by_message_without_a_link(client: Client, world: World) -> None:
    case = recent_case(world)
    client.force_login(world.officer)
    answer = client.post(f"/cases/{case.pk}/code", {"send": "1"})
    delivery = Delivery.objects.get()
    assert delivery.person == case.person
    assert answer.context["issued"].long not in answer.content.decode()
    assert "http" not in delivery.batch.text.open()


def test_only_who_may_give_codes_gives_one(client: Client, world: World) -> None:
    from vungxanh.people.models import Assignment, Officer

    case = recent_case(world)
    keeper = Officer.objects.create_user("keeper", name="keeper")
    Assignment.objects.create(officer=keeper, role="commune-health", scope_path="/")
    client.force_login(keeper)
    assert client.post(f"/cases/{case.pk}/code").status_code == 403
    assert Code.objects.count() == 0
