"""Templates completed with the document at hand; who really does what they owe, with the lists behind it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import COMMUNE, place

from vungxanh.core.errors import UserError
from vungxanh.places.actions import put_fact
from vungxanh.rules.verdict import assess
from vungxanh.safetymap import actions, adoption, completing, queries

pytestmark = pytest.mark.django_db
CLINIC = "byt-4999-clinic"
BANDS = [
    {"code": "b1", "name": {"vi": "Không an toàn", "en": "Unsafe"}, "from": 0, "below": 50, "opens": "no"},
    {"code": "b2", "name": {"vi": "An toàn", "en": "Safe"}, "from": 50, "opens": "yes"},
]


def filled(version: completing.RuleVersion, by: object) -> completing.RuleVersion:
    items = [
        {**item, "vi": f"Tiêu chí {item['number']}", "en": f"Item {item['number']}"}
        for item in version.content["items"]
    ]
    return completing.fill(by=by, version=version, items=items, bands=BANDS, document="QĐ 4999/QĐ-BYT, 01/12/2020")


def test_a_template_becomes_a_set_by_two_persons_and_keeps_its_version() -> None:
    first, second = officer("first", "cdc-officer", "/"), officer("second", "cdc-director", "/")
    clinic = place("clinic", "Phòng khám Mẫu")
    with pytest.raises(UserError, match="administrator completes"):
        actions.begin(by=None, place=clinic, criteria=CLINIC, assessor="self")
    draft = completing.begin(by=first, template=CLINIC)
    assert completing.begin(by=first, template=CLINIC).pk == draft.pk
    with pytest.raises(UserError, match="lacks item texts"):
        completing.put_in_force(by=second, version=draft, on=timezone.localdate())
    draft = filled(draft, first)
    with pytest.raises(UserError, match="second person"):
        completing.put_in_force(by=first, version=draft, on=timezone.localdate())
    completing.put_in_force(by=second, version=draft, on=timezone.localdate())
    (known,) = [one for one in queries.sets_for("clinic") if one.id.startswith(CLINIC)]
    assert (known.id, known.complete, known.basis.doc) == (f"{CLINIC}.v1", True, "QĐ 4999/QĐ-BYT, 01/12/2020")
    begun = actions.begin(by=None, place=clinic, criteria=known.id, assessor="self")
    for number in known.asked_of("clinic"):
        actions.answer(by=None, assessment=begun, item=number, value=1)
    verdict = assess(completing.criteria_set(known.id), begun.answers, place_kind="clinic")
    assert verdict.band is not None


def test_it_is_not_in_force_before_its_day() -> None:
    first, second = officer("first", "cdc-officer", "/"), officer("second", "cdc-director", "/")
    draft = filled(completing.begin(by=first, template=CLINIC), first)
    completing.put_in_force(by=second, version=draft, on=timezone.localdate() + timedelta(days=5))
    assert completing.in_force() == {}
    assert list(completing.in_force(timezone.localdate() + timedelta(days=5))) == [f"{CLINIC}.v1"]


def test_no_document_no_set_and_a_wrong_band_is_refused() -> None:
    first = officer("first", "cdc-officer", "/")
    draft = completing.begin(by=first, template=CLINIC)
    with pytest.raises(UserError, match="Name the document"):
        completing.fill(by=first, version=draft, items=[], bands=[], document=" ")
    bad = [{**BANDS[0], "opens": "perhaps"}]
    with pytest.raises(UserError, match="opens"):
        completing.fill(by=first, version=draft, items=draft.content["items"], bands=bad, document="QĐ 4999")
    with pytest.raises(UserError, match="nothing"):
        completing.begin(by=first, template="nothing")


def test_the_browser_saves_a_draft_and_the_second_person_puts_it_in_force(client: Client) -> None:
    first, second = officer("first", "cdc-officer", "/"), officer("second", "cdc-director", "/")
    client.force_login(first)
    answer = client.post(reverse("safetymap:sets"), {"set": CLINIC})
    form: dict[str, object] = {"document": "QĐ 4999/QĐ-BYT"}
    for number in range(1, 9):
        form |= {f"vi-{number}": f"Tiêu chí {number}", f"en-{number}": f"Item {number}", f"max-{number}": "4"}
    form |= {"band-vi": ["Đạt"], "band-en": ["Met"], "band-from": ["0"], "band-below": [""]}
    form |= {"band-unit": ["percent"], "band-opens": ["yes"], "band-deadline": ["7d"]}
    client.post(answer["Location"], form)
    assert "Put in force" not in client.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    client.force_login(second)
    client.post(answer["Location"], {"do": "force", "on": timezone.localdate().isoformat()})
    assert list(completing.in_force()) == [f"{CLINIC}.v1"]
    page = client.get(reverse("safetymap:sets")).content.decode()
    assert "QĐ 4999/QĐ-BYT" in page


def test_use_counts_and_every_number_opens_its_list(client: Client) -> None:
    inspector = officer("inspector", "cdc-officer", "/19/")
    now = timezone.now()
    used, idle, never = (place(name=name) for name in ("Cửa hàng A", "Cửa hàng B", "Cửa hàng C"))
    put_fact(place=used, kind="venues.use", value={"in": 9}, source="venues", at=now)
    put_fact(place=idle, kind="venues.use", value={"in": 9}, source="venues", at=now - timedelta(days=9))
    (line,) = [one for one in adoption.lines(inspector) if one.system == "qr"]
    assert (line.owed, line.done, line.stale, line.none, line.percent) == (3, 1, 1, 1, 33)
    for state, expected in (("done", used), ("stale", idle), ("none", never)):
        found = adoption.behind(inspector, path=f"/19/{COMMUNE}/", kind="shop", system="qr", state=state)
        assert found == [expected]
    client.force_login(inspector)
    assert "33" in client.get(reverse("safetymap:adoption")).content.decode()
    asked = {"path": f"/19/{COMMUNE}/", "kind": "shop", "system": "qr", "state": "none"}
    page = client.get(reverse("safetymap:adoption_list"), asked).content.decode()
    assert "Cửa hàng C" in page
    assert "Cửa hàng A" not in page
    assert client.get(reverse("safetymap:adoption_list"), {**asked, "state": "x"}).status_code == 404


def test_another_province_counts_nothing() -> None:
    place()
    assert adoption.lines(officer("there", "cdc-officer", "/01/")) == []
