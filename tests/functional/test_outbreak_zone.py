"""From a case to a kept proposal of the smallest area, by one button; refusals are said, nothing is half kept."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.functional.test_command_directives import officer
from tests.spec.test_tower_zone import CASE, NOW, tower

from vungxanh.core.minutes import from_minute
from vungxanh.lake.memory import MemoryLake
from vungxanh.outbreak import zone_pages
from vungxanh.outbreak.models import Case
from vungxanh.zoning.models import ZoneProposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(zone_pages, "evidence_lake", lambda: MemoryLake(tower()))
    monkeypatch.setattr(zone_pages.timezone, "now", lambda: from_minute(NOW))
    return Case.objects.create(
        person=CASE,
        disease="covid19",
        onset=date(2022, 1, 10),  # a week into the tower's two
        onset_provenance="patient",
        reported_at=from_minute(NOW),
        scope_path="/19/05443/",
        scope_sector="health",
    )


def test_the_tower_s_case_proposes_floor_twenty_only(client: Client, case: Case) -> None:
    client.force_login(officer("cdc", "cdc-officer", "/19/"))
    answer = client.post(reverse("outbreak:propose-zone", args=[case.pk]))
    kept = ZoneProposal.objects.get()
    assert answer["Location"] == reverse("zoning:zone", args=[kept.pk])
    assert kept.cases == [case.pk]
    places = {unit["id"] for unit in kept.options[1]["units"] if unit["kind"] == "place"}
    assert places == {20}


def test_another_province_finds_no_case(client: Client, case: Case) -> None:
    client.force_login(officer("cdc", "cdc-officer", "/20/"))
    assert client.post(reverse("outbreak:propose-zone", args=[case.pk])).status_code == 404
    assert ZoneProposal.objects.count() == 0


def test_a_disease_without_a_course_is_refused_in_words(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(disease="measles", onset=date(2026, 8, 1))
    client.force_login(officer("cdc", "cdc-officer", "/19/"))
    answer = client.post(reverse("outbreak:propose-zone", args=[case.pk]), follow=False)
    assert answer["Location"] == reverse("outbreak:case", args=[case.pk])
    assert ZoneProposal.objects.count() == 0
