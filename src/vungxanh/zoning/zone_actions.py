"""What changes zones. The software proposes; a named official decides, and is told when less would do."""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector
from vungxanh.work import actions as work
from vungxanh.zoning import editing, running
from vungxanh.zoning.model.proposal import Proposal
from vungxanh.zoning.model.smallest import Cover
from vungxanh.zoning.model.units import Unit, UnitId
from vungxanh.zoning.models import ZoneGate, ZoneNeed, ZonePass, ZoneProposal, ZoneReview

#: (name, kind of place) of a unit
Names = dict[UnitId, tuple[str, str]]


@cache
def zone_notice() -> timedelta:
    """How long before a zone takes effect people and authorities are told (`data/decision.toml`)."""
    raw = tomllib.loads((resources.files("vungxanh.zoning") / "data" / "decision.toml").read_text("utf-8"))
    return timedelta(hours=raw["zone"]["notice_hours"])


def officer_id(by: audit.By) -> int | None:
    return by if by is None or isinstance(by, int) else int(by.pk)


def option_of(cover: Cover, units: "list[Unit]", expected: float, names: Names, share: float) -> dict[str, Any]:
    """One area as it is kept."""
    return {
        "share": share,
        "held": round(cover.share, 4),
        "people": cover.people,
        "missed": round(expected * (1 - cover.share), 1),
        "units": [_unit(unit, names) for unit in units],
    }


def _unit(unit: Unit, names: Names) -> dict[str, Any]:
    name, of = names.get(unit.id, ("", ""))
    return {"kind": unit.id[0], "id": unit.id[1], "name": name, "of": of, "people": len(unit.people)}


@transaction.atomic
def save_proposal(
    *,
    by: audit.By,
    cases: list[int],
    proposal: Proposal,
    names: Names,
    dots: list[dict[str, Any]],
    path: str,
    disease: str = "covid19",
) -> ZoneProposal:
    """Keep a proposal as it was computed. `names`: what each unit is called; `dots`: [{kind, id, lat, lon}]."""
    made = ZoneProposal.objects.create(
        scope_path=path,
        scope_sector=Sector.HEALTH,
        cases=cases,
        made_at=timezone.now(),
        made_by=officer_id(by),
        days=proposal.days,
        expected=proposal.expected,
        options=[
            option_of(one.cover, list(one.units), proposal.expected, names, one.share) for one in proposal.options
        ],
        curve=[[point.people, round(point.share, 4)] for point in proposal.curve],
        dots=dots,
        search=editing.pack(proposal),
        disease=disease,
    )
    audit.record(by=by, action="zoning:zone:propose", subject=f"zone:{made.pk}", details={"cases": len(cases)})
    return made


@transaction.atomic
def edit_zone(*, by: audit.By, proposal: ZoneProposal, chosen: list[UnitId]) -> ZoneProposal:
    """An area chosen by hand stands beside the others, with what it closes in and holds; a later one replaces it.

    Raises UserError `zoning.not-open`, `zoning.nothing-chosen`.
    """
    if proposal.state != ZoneProposal.State.PROPOSED or proposal.search is None:
        raise UserError("zoning.not-open")
    known = {(unit["kind"], unit["id"]): unit for option in proposal.options for unit in option["units"]}
    wanted = [name for name in dict.fromkeys(chosen) if name in known]
    if not wanted:
        raise UserError("zoning.nothing-chosen", field="unit")
    cover = editing.measured(bytes(proposal.search), wanted)
    by_hand = option_of(cover, [], proposal.expected, {}, cover.share)
    by_hand |= {"by_hand": True, "units": [known[name] for name in wanted]}
    proposal.options = [option for option in proposal.options if not option.get("by_hand")] + [by_hand]
    proposal.save(update_fields=["options"])
    audit.record(by=by, action="zoning:zone:edit", subject=f"zone:{proposal.pk}", details={"units": len(wanted)})
    return proposal


@transaction.atomic
def decide_zone(
    *, by: audit.By, proposal: ZoneProposal, option: int, review_on: date, signer: str = ""
) -> ZoneProposal:
    """The official takes one of the areas; it takes effect after the notice, and its sampling days are due.

    Raises UserError `zoning.not-open`, `zoning.no-such-option`.
    """
    if proposal.state != ZoneProposal.State.PROPOSED:
        raise UserError("zoning.not-open")
    if not 0 <= option < len(proposal.options):
        raise UserError("zoning.no-such-option", field="option", option=option + 1)
    taken = proposal.options[option]
    proposal.state, proposal.chosen = ZoneProposal.State.DECIDED, taken["units"]
    proposal.decided_by, proposal.decided_at, proposal.signer = officer_id(by), timezone.now(), signer.strip()
    proposal.effective_at, proposal.review_on = proposal.decided_at + zone_notice(), review_on
    proposal.save()
    for number, day in enumerate(running.lift_plan(proposal).test_days, start=1):
        due = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=17)
        what = f"Lấy mẫu lần {number}"
        add_need(by=by, zone=proposal, kind="test", what=what, owner="Trạm y tế", due=due)
    audit.record(by=by, action="zoning:zone:decide", subject=f"zone:{proposal.pk}", details={"option": option})
    return proposal


@transaction.atomic
def add_need(
    *,
    by: audit.By,
    zone: ZoneProposal,
    kind: str,
    what: str,
    owner: str,
    door: str = "",
    due: datetime | None = None,
) -> ZoneNeed:
    """Something to be seen to; it is put on the work list with its hour. Raises UserError `zoning.need-unknown`,
    `zoning.owner-needed`, `zoning.not-running`."""
    known = running.facts()["needs"].get(kind)
    if known is None:
        raise UserError("zoning.need-unknown", field="kind", kind=kind)
    if not what.strip() or not owner.strip():
        raise UserError("zoning.owner-needed", field="owner")
    _running(zone)
    now = timezone.now()
    made = ZoneNeed.objects.create(
        zone=zone,
        kind=kind,
        door=door.strip(),
        what=what.strip(),
        owner=owner.strip(),
        due=due or now + timedelta(hours=known["hours"]),
        made_at=now,
        made_by=officer_id(by),
    )
    reason = " · ".join(part for part in (known["vi"], made.door, made.what) if part)[:200]
    source = f"zone-need:{made.pk}"
    work.put(kind="zone.need", due=made.due, source=source, reason=reason, scope_path=zone.scope_path, by=by)
    return made


def _running(zone: ZoneProposal) -> None:
    if zone.state != ZoneProposal.State.DECIDED:
        raise UserError("zoning.not-running")


@transaction.atomic
def answer_need(*, by: audit.By, need: ZoneNeed, answer: str = "") -> ZoneNeed:
    """It is seen to."""
    need.done_at, need.answer = timezone.now(), answer.strip()
    need.save(update_fields=["done_at", "answer"])
    work.cancel(source=f"zone-need:{need.pk}", by=by)
    return need


@transaction.atomic
def add_gate(
    *, by: audit.By, zone: ZoneProposal, name: str, staff: str, hours: str = "0-24", phone: str = ""
) -> ZoneGate:
    """An exit and who stands there. Raises UserError `zoning.owner-needed`, `zoning.not-running`."""
    if not name.strip() or not staff.strip():
        raise UserError("zoning.owner-needed", field="staff")
    _running(zone)
    made = ZoneGate.objects.create(
        zone=zone, name=name.strip(), staff=staff.strip(), hours=hours.strip() or "0-24", phone=phone.strip()
    )
    audit.record(by=by, action="zoning:zone:gate", subject=f"zone:{zone.pk}")
    return made


@transaction.atomic
def give_pass(*, by: audit.By, zone: ZoneProposal, kind: str, bearer: str, why: str, until: datetime) -> ZonePass:
    """Who may pass and why, for a time. Raises UserError `zoning.pass-unknown`, `zoning.reason-needed`."""
    if kind not in running.facts()["passes"]:
        raise UserError("zoning.pass-unknown", field="kind", kind=kind)
    if not bearer.strip() or not why.strip():
        raise UserError("zoning.reason-needed", field="why")
    _running(zone)
    made = ZonePass.objects.create(
        zone=zone,
        kind=kind,
        bearer=bearer.strip(),
        why=why.strip(),
        since=timezone.now(),
        until=until,
        given_by=officer_id(by),
    )
    audit.record(by=by, action="zoning:zone:pass", subject=f"zone:{zone.pk}", details={"kind": kind})
    return made


@transaction.atomic
def review_zone(
    *,
    by: audit.By,
    zone: ZoneProposal,
    proposal: Proposal,
    names: Names,
    cases_inside: int,
    cases_outside: int,
    now: datetime | None = None,
) -> ZoneReview:
    """The zone looked at again on today's evidence: what opening it would let go, and whether less would do."""
    moment = now or timezone.now()
    plan, day = running.facts()["plan"], timezone.localdate(moment)
    standing = proposal.edited([(unit["kind"], unit["id"]) for unit in zone.chosen])
    smaller = next(one for one in proposal.options if one.share >= plan["hold_share"])
    option = option_of(smaller.cover, list(smaller.units), proposal.expected, names, smaller.share)
    people = max(people_now(zone), 1)
    last = zone.reviews.filter(cases_inside__gt=0, day__lt=day).order_by("-day").first()
    since = max(timezone.localdate(zone.effective_at), last.day) if last else timezone.localdate(zone.effective_at)
    clear = not cases_inside and (day - since).days >= plan["clear_days"]
    if clear or proposal.expected < plan["lift_below"]:
        proposes = ZoneReview.Proposes.LIFT
    elif standing.share < plan["hold_share"] - 0.1 and smaller.cover.share > standing.share:
        proposes = ZoneReview.Proposes.WIDEN
    elif option["people"] <= people * (1 - plan["shrink_by"]):
        proposes = ZoneReview.Proposes.SHRINK
    else:
        proposes = ZoneReview.Proposes.KEEP
    workers, stalls = running.cost_of(zone.chosen)
    made, _ = ZoneReview.objects.update_or_create(
        zone=zone,
        day=day,
        defaults={
            "at": moment,
            "expected": round(proposal.expected, 2),
            "held": round(standing.share, 4),
            "proposes": proposes,
            "option": option,
            "cases_inside": cases_inside,
            "cases_outside": cases_outside,
            "people": people,
            "worker_days": workers,
            "stalls_closed": stalls,
        },
    )
    ZoneProposal.objects.filter(pk=zone.pk).update(review_on=day + timedelta(days=1))
    details = {"day": str(day), "proposes": str(proposes)}
    audit.record(by=by, action="zoning:zone:review", subject=f"zone:{zone.pk}", details=details)
    return made


def people_now(zone: ZoneProposal) -> int:
    """Distinct people closed in, as counted when it was decided."""
    same = [option["people"] for option in zone.options if option["units"] == zone.chosen]
    return int(same[0]) if same else sum(unit["people"] for unit in zone.chosen)


@transaction.atomic
def take_review(*, by: audit.By, review: ZoneReview) -> ZoneProposal:
    """The official follows the review: a smaller or wider area from now on, or the end of the zone.

    Raises UserError `zoning.not-running`, `zoning.nothing-to-take`.
    """
    zone = review.zone
    _running(zone)
    if review.taken_at or review.proposes == ZoneReview.Proposes.KEEP:
        raise UserError("zoning.nothing-to-take")
    review.taken_by, review.taken_at = officer_id(by), timezone.now()
    review.save(update_fields=["taken_by", "taken_at"])
    if review.proposes == ZoneReview.Proposes.LIFT:
        return lift_zone(by=by, zone=zone)
    zone.chosen, zone.options = review.option["units"], [*zone.options, review.option]
    zone.save(update_fields=["chosen", "options"])
    audit.record(by=by, action="zoning:zone:change", subject=f"zone:{zone.pk}", details={"review": review.pk})
    return zone


@transaction.atomic
def lift_zone(*, by: audit.By, zone: ZoneProposal) -> ZoneProposal:
    """The zone ends; what was due in it is due no more. Raises UserError `zoning.not-running`."""
    _running(zone)
    zone.state, zone.lifted_by, zone.lifted_at = ZoneProposal.State.LIFTED, officer_id(by), timezone.now()
    zone.save(update_fields=["state", "lifted_by", "lifted_at"])
    for need in zone.needs.filter(done_at=None):
        work.cancel(source=f"zone-need:{need.pk}", by=by)
    ZoneGate.objects.filter(zone=zone, closed_at=None).update(closed_at=zone.lifted_at)
    audit.record(by=by, action="zoning:zone:lift", subject=f"zone:{zone.pk}")
    return zone
