"""Keepers are told by SMS: an inspector's result, that it runs out, that it has run out; each once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.functional.test_venues_keepers import venue

from vungxanh.notify.models import Batch, Delivery
from vungxanh.places.models import Place
from vungxanh.rules.criteria import criteria_set
from vungxanh.safetymap import actions
from vungxanh.safetymap.reminders import remind

pytestmark = pytest.mark.django_db


def assessed(place: Place, assessor: str) -> None:
    by = officer("inspector", "cdc-officer", "/19/") if assessor == "inspector" else None
    begun = actions.begin(by=by, place=place, criteria="vx-general", assessor=assessor)
    for item in criteria_set("vx-general").asked_of(place.kind):
        actions.answer(by=by, assessment=begun, item=item, value=True)
    actions.finish(by=by, assessment=begun)


def texts() -> list[str]:
    return [batch.text.open() for batch in Batch.objects.order_by("pk")]


def test_the_keeper_hears_what_the_inspector_found_but_not_what_he_typed_himself() -> None:
    place = Place.objects.get(pk=venue(kind="shop", name="Cửa hàng Hoa Mai").pk)
    assessed(place, "self")
    assert texts() == []
    assessed(place, "inspector")
    today = timezone.localdate().strftime("%d/%m/%Y")
    assert texts() == [
        f"Cửa hàng Hoa Mai: đoàn kiểm tra đánh giá an toàn ngày {today}, kết quả: Đạt."
        " Mở trang địa điểm để xem các mục."
    ]
    assert Delivery.objects.count() == 1


def test_before_it_runs_out_and_after_each_once() -> None:
    place = Place.objects.get(pk=venue(kind="shop", name="Cửa hàng Hoa Mai").pk)
    assessed(place, "self")
    now = timezone.now()
    assert remind(now + timedelta(days=3)) == 0
    for hours in (0, 2):  # however often the job runs
        remind(now + timedelta(days=6, hours=2 + hours))
    assert len(texts()) == 1
    assert "hết hạn ngày" in texts()[0]
    for hours in (0, 30):
        remind(now + timedelta(days=8, hours=hours))
    assert len(texts()) == 2
    assert "bản đồ ghi là đã cũ" in texts()[1]
    assert Delivery.objects.count() == 2


def test_a_name_with_a_word_that_no_message_may_say_is_left_out() -> None:
    place = Place.objects.get(pk=venue(kind="clinic", name="Phòng khám COVID-19").pk)
    assessed(place, "inspector")
    assert texts()[0].startswith("Địa điểm của bạn: ")


def test_a_place_that_nobody_keeps_is_told_nothing() -> None:
    place = Place.objects.get(pk=venue(kind="shop", name="Cửa hàng Hoa Mai").pk)
    place.venue.keepers.update(until=timezone.now())
    assessed(place, "inspector")
    assert texts() == []
