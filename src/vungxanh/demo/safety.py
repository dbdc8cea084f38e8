"""What the safety map shows in the demonstration.

Places assessed, inspected, stale, closed or not assessed; levels decided by a named official; an exposed place
released by two; a zone in force with exits, passes and needs.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from vungxanh.demo.communes import Home
from vungxanh.lake.store import LakeStore
from vungxanh.outbreak import area_counts
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.zone_pages import dots, proposal_for, unit_names
from vungxanh.people.models import Officer
from vungxanh.places import actions as places
from vungxanh.places.models import Place
from vungxanh.places.units import find
from vungxanh.rules.criteria import criteria_set
from vungxanh.safetymap import actions as safety
from vungxanh.zoning import actions as levels
from vungxanh.zoning import counts, daily_levels, zone_actions
from vungxanh.zoning.models import AreaLevel, ZoneProposal

SET = "vx-general"
#: of the places of each kind in turn: what became of them
FATES = ("met", "stale", "mend", "inspected", "none", "closed", "met", "none")
AGREED = {"met": (), "stale": (), "mend": (3, 5, 7), "inspected": (2,)}
SOURCE = "Diễn tập: theo mô hình"
ADVICE = "Theo dõi sức khỏe 7 ngày; có sốt, ho thì gọi trạm y tế."


def safety_rows(where: Sequence[Home], persons: Sequence[int], first: dict[str, Any], lake: LakeStore) -> None:
    """Through the actions that keepers and officers use. `persons`: how many live in each commune of `where`."""
    _places(Officer.objects.get(username="tram"))
    chairman = Officer.objects.get(username="ubnd")
    _levels(where, persons, chairman)
    _exposed()
    _zone(first, lake, chairman)
    safety.publish(by=chairman)


def _places(inspector: Officer) -> None:
    known = criteria_set(SET)
    kinds = ("market", "school", "factory", "office", "shop", "restaurant")
    for kind in kinds:
        rows = list(Place.objects.filter(kind=kind, parent=None).order_by("pk")[: len(FATES)])
        for place, fate in zip(rows, FATES, strict=False):
            if fate == "closed":
                places.close(by=None, place=place)
            elif fate != "none":
                _assess(place, known.asked_of(kind), fate, inspector)


def _assess(place: Place, items: Sequence[int], fate: str, inspector: Officer) -> None:
    """By the place itself; an inspector who follows finds what it did not say."""
    when = timezone.now() - timedelta(days=19 if fate == "stale" else 2)
    for assessor, by in (("self", None), ("inspector", inspector))[: 2 if fate == "inspected" else 1]:
        failing = AGREED[fate] if assessor == "inspector" or fate != "inspected" else ()
        begun = safety.begin(by=by, place=place, criteria=SET, assessor=assessor, now=when)
        for item in items:
            safety.answer(by=by, assessment=begun, item=item, value=item not in failing)
        safety.finish(by=by, assessment=begun, now=when)
        when += timedelta(days=1)


def _levels(where: Sequence[Home], persons: Sequence[int], chairman: Officer) -> None:
    """What the cases give, drafted by the daily run and decided by the chairman; the mildest is decided too."""
    today, yesterday = timezone.localdate(), timezone.now() - timedelta(days=1)
    for home, number in zip(where, persons, strict=True):
        for name, value in (("population", number), ("endemic", False)):
            counts.state(by=None, code=home.unit.code, name=name, value=value, on=today, source=SOURCE)
    area_counts.push()
    rule = daily_levels.rule_on(today)
    assert rule is not None, "a law is in force"
    daily_levels.draft_all(by=None)
    drafted = set(AreaLevel.objects.values_list("commune_code", flat=True))
    for judged in daily_levels.judge_day(today, "covid19", rule):
        unit = find(judged.code, today)
        if unit and judged.code not in drafted:
            levels.draft_level(by=None, unit=unit, rule=rule.id, on=today, result=judged.result)
    for draft in AreaLevel.objects.filter(state=AreaLevel.State.DRAFT).exclude(level=""):
        levels.decide_level(by=chairman, draft=draft, now=yesterday)


def _exposed() -> None:
    """Proposed by one, released by another, after the person concerned was told."""
    market = Place.objects.filter(kind="market", closed=None).order_by("pk").first()
    if market is None:
        return
    start = timezone.now().replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=3)
    made = safety.propose_exposure(
        by=Officer.objects.get(username="cdc"), place=market, start=start, end=start + timedelta(hours=2),
        advice=ADVICE, person_told=True,
    )  # fmt: skip
    safety.release_exposure(by=Officer.objects.get(username="lanhdao"), exposure=made)


def _zone(first: dict[str, Any], lake: LakeStore, chairman: Officer) -> None:
    """The area around the first case: proposed, decided, with its exits staffed."""
    case = Case.objects.get(pk=first["case"])
    cases, proposal = proposal_for(case, list(Case.objects.all()), lake)
    ids = [unit.id for option in proposal.options for unit in option.units]
    made = zone_actions.save_proposal(
        by=Officer.objects.get(username="cdc"), cases=[one.pk for one in cases], proposal=proposal,
        names=unit_names(ids), dots=dots(ids), path=case.scope_path, disease=case.disease,
    )  # fmt: skip
    if not made.options[1]["units"]:
        return
    review = timezone.localdate() + timedelta(days=1)
    zone_actions.decide_zone(by=chairman, proposal=made, option=1, review_on=review, signer="(Diễn tập)")
    _run(made, chairman, review)


def _run(zone: ZoneProposal, by: Officer, review: date) -> None:
    door = max(zone.chosen, key=lambda unit: (unit["kind"] == "home", unit["people"]))["name"]
    for name, staff in (("Lối ra phía chợ", "Tổ COVID cộng đồng số 1"), ("Lối ra đường lớn", "Công an phường")):
        zone_actions.add_gate(by=by, zone=zone, name=name, staff=staff, phone="0208 000 000")
    for kind, what in (("food", "Gạo, rau cho 3 ngày"), ("dialysis", "Chạy thận, thứ Ba và thứ Sáu")):
        zone_actions.add_need(by=by, zone=zone, kind=kind, what=what, owner="Trạm y tế", door=door)
    zone_actions.give_pass(
        by=by, zone=zone, kind="goods", bearer="20C-000.00", why="Chở thực phẩm vào vùng",
        until=timezone.now() + timedelta(days=3),
    )  # fmt: skip
