"""A place assesses itself, an inspector follows, an official publishes; exposed places need two persons."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.unit.test_safetymap_pictures import chunk

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Officer
from vungxanh.places.actions import create_place
from vungxanh.places.models import ExposedPlace, Place, PlaceFact
from vungxanh.places.schemas import NewPlace
from vungxanh.places.units import resolve
from vungxanh.rules.criteria import criteria_set
from vungxanh.rules.level_methods import judge
from vungxanh.rules.levels import level_rule
from vungxanh.safetymap import actions, keeper, queries
from vungxanh.safetymap.exports import as_csv, as_geojson, as_json, safe, schema
from vungxanh.safetymap.models import Assessment, Snapshot
from vungxanh.safetymap.pages.public import _data
from vungxanh.safetymap.pictures import PNG
from vungxanh.safetymap.publication import suppressed
from vungxanh.safetymap.reminders import remind
from vungxanh.safetymap.shown import place_shown
from vungxanh.work.models import WorkItem
from vungxanh.zoning import actions as zoning
from vungxanh.zoning.models import AreaLevel

pytestmark = pytest.mark.django_db
COMMUNE = "05443"  # phường Phan Đình Phùng, Thái Nguyên


def place(kind: str = "shop", name: str = "Cửa hàng Hoa", **extra: Any) -> Place:
    return create_place(by=None, new=NewPlace(kind, name, COMMUNE, lat=21.56, lon=105.82, **extra))


def assessed(at: Place, assessor: str = "self", by: Any = None, failing: tuple[int, ...] = ()) -> Assessment:
    begun = actions.begin(by=by, place=at, criteria="vx-general", assessor=assessor)
    for number in criteria_set("vx-general").asked_of(at.kind):
        actions.answer(by=by, assessment=begun, item=number, value=number not in failing)
    return actions.finish(by=by, assessment=begun)


def level_of(facts: dict[str, Any], rule: str = "vn.2026.level.15") -> AreaLevel:
    on = timezone.localdate()
    (result,) = judge(level_rule(rule), {"area": COMMUNE, **facts})
    return zoning.draft_level(by=None, unit=resolve(COMMUNE, on), rule=rule, on=on, result=result)


@pytest.fixture
def chairman() -> Officer:
    return officer("chairman", "chairman", "/19/")


class TestAssessing:
    def test_the_result_becomes_a_fact_that_goes_stale_after_the_sets_period(self) -> None:
        at = place()
        assessed(at)
        fact = PlaceFact.objects.get(place=at, kind=actions.LEVEL_FACT)
        assert (fact.value["band"], fact.value["assessor"]) == ("dat", "self")
        assert fact.valid_until == fact.at + timedelta(days=7)

    def test_answers_are_kept_as_they_are_given_and_found_again(self) -> None:
        at = place()
        begun = actions.begin(by=None, place=at, criteria="vx-general", assessor="self")
        actions.answer(by=None, assessment=begun, item=1, value=True)
        again = actions.begin(by=None, place=at, criteria="vx-general", assessor="self")
        assert (again.pk, again.answers) == (begun.pk, {"1": True})

    def test_it_is_not_finished_while_an_item_is_open(self) -> None:
        begun = actions.begin(by=None, place=place(), criteria="vx-general", assessor="self")
        with pytest.raises(UserError, match="Items without an answer: 1, 2"):
            actions.finish(by=None, assessment=begun)

    def test_a_set_that_lacks_its_texts_cannot_be_used(self) -> None:
        with pytest.raises(UserError, match="an administrator completes it"):
            actions.begin(by=None, place=place("clinic"), criteria="byt-4999-clinic", assessor="self")

    def test_a_closed_place_is_not_assessed(self) -> None:
        with pytest.raises(UserError, match="is closed"):
            actions.begin(by=None, place=place(closed=date(2026, 1, 1)), criteria="vx-general", assessor="self")

    def test_an_inspector_stands_beside_the_place_and_the_difference_is_shown(self, chairman: Officer) -> None:
        at = place()
        assessed(at)
        assessed(at, "inspector", chairman, failing=(1, 3))
        own, inspected = queries.finished(at, "self"), queries.finished(at, "inspector")
        assert queries.differences(own, inspected) == [1, 3]
        assert inspected is not None
        assert inspected.verdict["band"] == "chua dat"

    def test_a_picture_that_is_none_is_refused(self) -> None:
        begun = actions.begin(by=None, place=place(), criteria="vx-general", assessor="self")
        with pytest.raises(UserError, match="JPEG or PNG"):
            actions.add_picture(by=None, assessment=begun, item=1, content=b"GIF89a")
        actions.add_picture(
            by=None,
            assessment=begun,
            item=1,
            content=PNG + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"x") + chunk(b"IEND", b""),
        )
        assert begun.pictures.get().media_type == "image/png"

    def test_each_step_leaves_one_audit_event(self) -> None:
        assessed(place())
        kinds = list(AuditEvent.objects.values_list("action", flat=True))
        assert kinds.count("safetymap:assessment:finish") == 1

    def test_a_result_that_goes_stale_is_on_the_work_list_until_it_is_assessed_again(self) -> None:
        at = place()
        finished = assessed(at)
        assert finished.finished_at is not None
        assert remind(finished.finished_at) == 0
        assert remind(finished.finished_at + timedelta(days=6, hours=1)) == 1
        assert remind(finished.finished_at + timedelta(days=8)) == 1  # one item, moved
        item = WorkItem.objects.get(kind="safety.assess")
        assert (item.place, item.due) == (at.pk, finished.finished_at + timedelta(days=7))
        assessed(at)
        item.refresh_from_db()
        assert item.state == "cancelled"


class TestShown:
    NOW = datetime(2026, 11, 22, tzinfo=UTC)

    def row(self, **changed: Any) -> dict[str, Any]:
        row = {"closed": None, "assessed_at": "2026-11-20T00:00+00:00", "valid_until": "2026-11-27T00:00+00:00"}
        return row | {"assessor": "self", "band_name": {"vi": "Đạt", "en": "Met"}} | changed

    def test_a_stale_result_says_its_age(self) -> None:
        shown = place_shown(self.row(valid_until="2026-11-21T00:00+00:00"), self.NOW)
        assert "2" in shown.stale

    def test_a_fresh_one_does_not(self) -> None:
        assert place_shown(self.row(), self.NOW).stale == ""

    def test_a_place_never_has_a_status_colour(self) -> None:
        assert {place_shown(self.row(), self.NOW).level, place_shown(self.row(assessed_at=None)).level} == {
            "unknown"
        }

    def test_closed_says_closed_whatever_was_found_before(self) -> None:
        assert place_shown(self.row(closed="2026-11-01")).word == "Đã ngừng hoạt động"


class TestLevels:
    def test_lowering_takes_effect_at_once_and_raising_after_the_notice(self, chairman: Officer) -> None:
        facts = {"on": "2021-11-26", "adults_one_dose_pct": 99, "elderly_full_pct": 90}
        now = timezone.now()
        first = level_of({**facts, "rate": 1}, "vn.covid19.level.4800")
        zoning.decide_level(by=chairman, draft=first, now=now)
        raised = level_of({**facts, "rate": 200}, "vn.covid19.level.4800")
        zoning.decide_level(by=chairman, draft=raised, now=now)
        assert (raised.level, raised.effective_at) == ("3", now + timedelta(hours=48))
        lowered = level_of({**facts, "rate": 1}, "vn.covid19.level.4800")
        zoning.decide_level(by=chairman, draft=lowered, now=now)
        assert lowered.effective_at == now
        assert AreaLevel.objects.filter(state="decided").count() == 1

    def test_another_level_than_the_computed_one_needs_a_reason(self, chairman: Officer) -> None:
        draft = level_of({"group": "B", "endemic": False, "linked_cases_month": 9, "linked_cases_week": 0})
        with pytest.raises(UserError, match="give the reason"):
            zoning.decide_level(by=chairman, draft=draft, level="warning")
        zoning.decide_level(by=chairman, draft=draft, level="warning", why="các ca không liên quan")
        assert draft.level == "warning"

    def test_what_was_not_computed_must_be_named_by_the_official(self, chairman: Officer) -> None:
        draft = level_of({"rate": 700}, "vn.covid19.level.218")
        with pytest.raises(UserError, match="choose one"):
            zoning.decide_level(by=chairman, draft=draft)


class TestExposedPlaces:
    START = timezone.now() - timedelta(days=1)

    def proposed(self, by: Officer, at: Place, *, told: bool = True, hours: int = 0) -> ExposedPlace:
        start = self.START + timedelta(hours=hours)
        end = start + timedelta(minutes=40)
        return actions.propose_exposure(by=by, place=at, start=start, end=end, person_told=told)

    def test_two_persons_release(self, chairman: Officer) -> None:
        exposure = self.proposed(chairman, place())
        with pytest.raises(UserError, match="second person"):
            actions.release_exposure(by=chairman, exposure=exposure)
        actions.release_exposure(by=officer("second", "chairman", "/19/"), exposure=exposure)
        assert exposure.released_at is not None

    def test_a_window_marked_for_a_case_is_one_row_on_its_way_to_the_map(self, chairman: Officer) -> None:
        at, end = place(), self.START + timedelta(minutes=40)
        marked = ExposedPlace.objects.create(
            place=at, start=self.START, end=end, case="19-0001", advice="Gọi trạm y tế.", marked_by=chairman.pk
        )
        exposure = self.proposed(chairman, at)
        assert (exposure.pk, exposure.case, exposure.advice) == (marked.pk, "19-0001", "Gọi trạm y tế.")
        assert ExposedPlace.objects.count() == 1

    def test_the_database_itself_refuses_one_person_for_both(self, chairman: Officer) -> None:
        exposure = self.proposed(chairman, place())
        with pytest.raises(IntegrityError), transaction.atomic():
            ExposedPlace.objects.filter(pk=exposure.pk).update(released_by=chairman.pk)

    def test_not_before_the_person_is_told(self, chairman: Officer) -> None:
        exposure = self.proposed(chairman, place(), told=False)
        with pytest.raises(UserError, match="Tell the person"):
            actions.release_exposure(by=officer("second", "chairman", "/19/"), exposure=exposure)

    def test_no_home_and_no_place_of_a_few(self, chairman: Officer) -> None:
        with pytest.raises(UserError, match="a home"):
            self.proposed(chairman, place("household", "Nhà số 5"))
        with pytest.raises(UserError, match="fewer than"):
            self.proposed(chairman, place(capacity=4))

    def test_two_places_close_in_time_would_show_a_way(self, chairman: Officer) -> None:
        self.proposed(chairman, place())
        with pytest.raises(UserError, match="one person's way"):
            self.proposed(chairman, place("market", "Chợ Tích Lương"), hours=2)

    def test_an_expired_one_is_published_no_more(self, chairman: Officer) -> None:
        exposure = self.proposed(chairman, place())
        actions.release_exposure(by=officer("second", "chairman", "/19/"), exposure=exposure)
        assert len(actions.publish(by=chairman).data["exposed"]) == 1
        ExposedPlace.objects.update(expires_at=timezone.now())
        assert actions.publish(by=chairman).data["exposed"] == []

    def test_it_leaves_the_page_at_its_hour_without_a_new_snapshot(
        self, client: Client, chairman: Officer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exposure = self.proposed(chairman, place())
        actions.release_exposure(by=officer("second", "chairman", "/19/"), exposure=exposure)
        data = _data(actions.publish(by=chairman))
        assert len(data["exposed"]) == 1
        after = exposure.expires_at + timedelta(minutes=1)
        monkeypatch.setattr("vungxanh.safetymap.pages.public.timezone.now", lambda: after)
        assert _data(queries.newest_snapshot())["exposed"] == []

    def test_withdrawing_publishes_at_once(self, chairman: Officer) -> None:
        exposure = self.proposed(chairman, place())
        actions.release_exposure(by=officer("second", "chairman", "/19/"), exposure=exposure)
        actions.publish(by=chairman)
        actions.withdraw_exposure(by=chairman, exposure=exposure)
        newest = queries.newest_snapshot()
        assert newest is not None
        assert newest.data["exposed"] == []


class TestPublished:
    def test_once_published_it_follows_what_is_assessed_and_nothing_is_published_first(self) -> None:
        at = place()
        assert actions.publish_again() == 0  # no official has published anything yet
        actions.publish(by=None)
        assert actions.publish_again() == 0
        assessed(at)
        assert actions.publish_again() == 1
        newest = queries.newest_snapshot()
        assert newest is not None
        assert newest.data["places"][0]["band"] == "dat"

    @pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (None, None)])
    def test_small_numbers_are_not_given(self, count: int | None, shown: int | None) -> None:
        assert suppressed(count) == shown

    def test_what_is_not_published_is_not_seen(self, client: Client) -> None:
        at = place()
        assert client.get(reverse("safetymap:place", args=[at.pk])).status_code == 404
        actions.publish(by=None)
        assert client.get(reverse("safetymap:place", args=[at.pk])).status_code == 200

    def test_a_level_of_2026_is_shown_by_its_word_and_has_no_colour(
        self, client: Client, chairman: Officer
    ) -> None:
        draft = level_of({"group": "B", "endemic": False, "linked_cases_month": 9})
        zoning.decide_level(by=chairman, draft=draft)
        snapshot = actions.publish(by=chairman)
        (row,) = snapshot.data["communes"]
        assert (row["word"]["vi"], row["color"]) == ("Có dịch", None)
        page = client.get(reverse("safetymap:commune", args=[COMMUNE])).content.decode()
        assert "Có dịch" in page
        assert "vx-status--red" not in page

    def test_the_colours_of_2021_are_not_shown_for_a_level_of_today(self, chairman: Officer) -> None:
        facts = {"rate": 1, "adults_one_dose_pct": 99, "elderly_full_pct": 90, "on": "2021-11-26"}
        zoning.decide_level(by=chairman, draft=level_of(facts, "vn.covid19.level.4800"))
        assert actions.publish(by=chairman).data["communes"][0]["color"] is None

    def test_search_finds_a_commune_by_its_old_name(self, client: Client, chairman: Officer) -> None:
        zoning.decide_level(by=chairman, draft=level_of({"group": "B", "endemic": False, "linked_cases_month": 9}))
        place()
        actions.publish(by=chairman)
        page = client.get(reverse("safetymap:public"), {"q": "cua hang hoa"}).content.decode()
        assert "Cửa hàng Hoa" in page

    def test_the_map_shows_the_islands(self, client: Client) -> None:
        actions.publish(by=None)
        page = client.get(reverse("safetymap:public")).content.decode()
        for words in ("Quần đảo Hoàng Sa<", "(đặc khu Hoàng Sa, TP. Đà Nẵng)"):
            assert words in page
        for words in ("Quần đảo Trường Sa<", "(đặc khu Trường Sa, tỉnh Khánh Hòa)"):
            assert words in page

    def test_a_browser_that_has_the_page_gets_304(self, client: Client) -> None:
        actions.publish(by=None)
        first = client.get(reverse("safetymap:public"))
        again = client.get(reverse("safetymap:public"), headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, first["Cache-Control"]) == (304, "public, max-age=300")

    def test_the_page_is_small(self, client: Client) -> None:
        for number in range(60):
            place(name=f"Cửa hàng {number}")
        actions.publish(by=None)
        assert len(client.get(reverse("safetymap:public")).content) < 60_000

    def test_it_reads_one_snapshot_and_no_row_of_a_place(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        place()
        actions.publish(by=None)
        with django_assert_num_queries(1):
            client.get(reverse("safetymap:public"))


class TestOpenData:
    DATA: dict[str, Any] = {  # noqa: RUF012 - a constant of this class
        "made_at": "2026-11-22T08:00+00:00",
        "communes": [],
        "exposed": [],
        "places": [
            {
                "id": 7, "name": "=cmd|' /C calc'!A0", "path": "/19/05443/p7/", "valid_until": None, "lat": 21.5,
                "lon": 105.8, "closed": None, "band": None, "assessed_at": None, "assessor": None,
            }
        ],
    }  # fmt: skip

    def test_a_cell_that_a_spreadsheet_would_run_is_defused(self) -> None:
        assert "'=cmd" in as_csv(self.DATA)[0]
        assert safe("-5") == "'-5"
        assert safe(-5) == -5

    def test_geojson_has_longitude_first(self) -> None:
        (feature,) = json.loads(as_geojson(self.DATA)[0])["features"]
        assert feature["geometry"]["coordinates"] == [105.8, 21.5]
        assert feature["properties"]["level"] == "not-assessed"

    def test_json_follows_its_schema(self) -> None:
        item = json.loads(schema())["properties"]["rows"]["items"]
        (row,) = json.loads(as_json(self.DATA)[0])["rows"]
        assert set(item["required"]) <= set(row) <= set(item["properties"])
        assert row["type"] in item["properties"]["type"]["enum"]

    @pytest.mark.parametrize("form", ["csv", "geojson", "json"])
    def test_every_form_is_served(self, client: Client, form: str) -> None:
        actions.publish(by=None)
        assert client.get(reverse("safetymap:open_data", args=[form])).status_code == 200


class TestKeepersDoor:
    def test_without_a_link_the_place_does_not_exist(self, client: Client) -> None:
        assert client.get(reverse("safetymap:choose", args=[place().pk])).status_code == 404

    def test_a_link_opens_one_place_and_no_other(self, client: Client) -> None:
        mine, other = place(), place(name="Cửa hàng khác")
        client.get(reverse("safetymap:keeper"), {"k": keeper.token(mine.pk)})
        assert client.get(reverse("safetymap:choose", args=[mine.pk])).status_code == 200
        assert client.get(reverse("safetymap:choose", args=[other.pk])).status_code == 404

    def test_a_forged_link_is_refused_in_words(self, client: Client) -> None:
        answer = client.get(reverse("safetymap:keeper"), {"k": "forged"})
        assert answer.status_code == 403
        assert "không còn hiệu lực" in answer.content.decode()

    def test_a_keeper_cannot_open_the_inspectors_answers(self, client: Client, chairman: Officer) -> None:
        at = place()
        begun = actions.begin(by=chairman, place=at, criteria="vx-general", assessor="inspector")
        client.get(reverse("safetymap:keeper"), {"k": keeper.token(at.pk)})
        assert client.get(reverse("safetymap:item", args=[begun.pk, 1])).status_code == 404

    def test_the_phone_forgets(self, client: Client) -> None:
        at = place()
        client.get(reverse("safetymap:keeper"), {"k": keeper.token(at.pk)})
        client.post(reverse("safetymap:leave", args=[at.pk]))
        assert client.get(reverse("safetymap:choose", args=[at.pk])).status_code == 404


def test_snapshots_are_never_changed_only_added() -> None:
    actions.publish(by=None)
    actions.publish(by=None)
    assert Snapshot.objects.count() == 2
