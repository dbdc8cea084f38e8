"""Officers' pages of levels: the weekly difference, early warnings with their reason, measures with conflicts."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import COMMUNE, level_of

from vungxanh.zoning import actions, counts
from vungxanh.zoning.counts import Told
from vungxanh.zoning.level_changes import early_warnings

pytestmark = pytest.mark.django_db


def test_the_week_lists_what_was_before_and_what_decided_it(client: Client) -> None:
    chairman = officer("chairman", "chairman", "/19/")
    warning = level_of({"group": "B", "endemic": False, "linked_cases_month": 3, "linked_cases_week": 3})
    actions.decide_level(by=chairman, draft=warning, now=timezone.now() - timedelta(days=8))
    epidemic = level_of({"group": "B", "endemic": False, "linked_cases_month": 9, "linked_cases_week": 3})
    actions.decide_level(by=chairman, draft=epidemic)
    client.force_login(chairman)
    page = client.get(reverse("zoning:week")).content.decode()
    assert "Cảnh báo dịch" in page
    assert "Có dịch" in page
    last_month = client.get(reverse("zoning:week"), {"week": "2020-01-01"}).content.decode()
    assert "Không có cấp độ nào thay đổi" in last_month


def test_a_province_s_measures_stand_beside_the_central_ones_with_their_conflicts(client: Client) -> None:
    client.force_login(officer("chairman", "chairman", "/19/"))
    asked = {"rule": "vn.covid19.level.4800", "on": "2021-11-01", "province": "86"}
    page = client.get(reverse("zoning:measures"), asked).content.decode()
    assert "chặt hơn quy định của trung ương" in page  # Vĩnh Long: take-away only at level 3
    assert "Vận chuyển hàng hóa" in page
    assert client.get(reverse("zoning:measures"), {"on": "no day"}).status_code == 200


def test_an_unusual_week_is_explained_and_stays_with_the_officers(client: Client) -> None:
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday() + 7)
    rows = [Told(COMMUNE, "covid19", monday - timedelta(weeks=n), 2) for n in range(1, 52 * 1 + 10)]
    old = [Told("05443", "covid19", monday - timedelta(weeks=n), 2) for n in range(52 * 2 - 4, 52 * 2 + 4)]
    told = {(row.code, row.day): row for row in [*rows, *old, Told(COMMUNE, "covid19", monday, 40)]}
    counts.tell(by=None, rows=told.values(), source="sổ")
    (found,) = early_warnings("/19/", today)
    assert (found.cases, found.week) == (40, monday)
    assert found.limit < 40
    assert early_warnings("/01/", today) == []
    client.force_login(officer("chairman", "chairman", "/19/"))
    assert "40 ca" in client.get(reverse("zoning:warnings")).content.decode()
    assert date.fromisocalendar(2026, 1, 1) < today
