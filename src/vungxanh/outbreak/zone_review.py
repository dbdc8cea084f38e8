"""Every day each zone in force is looked at again: new cases inside and outside it, and whether less would do."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import floor_minute
from vungxanh.outbreak.exposed import evidence_lake
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.zone_pages import known_case, unit_names
from vungxanh.zoning import zone_actions
from vungxanh.zoning.model.proposal import Proposal, propose
from vungxanh.zoning.models import ZoneProposal, ZoneReview

log = structlog.get_logger("zones")
#: cases this long before the zone was proposed still matter to it
BEFORE = timedelta(days=14)


def review_all(now: datetime | None = None) -> int:
    """Look at every zone in force. -> how many. One that fails is said in the log and does not stop the others."""
    moment, done = now or timezone.now(), 0
    zones = ZoneProposal.objects.filter(state=ZoneProposal.State.DECIDED)  # scope: the worker sees to all
    for zone in zones.filter(effective_at__lte=moment):
        try:
            done += review_one(zone, moment) is not None
        except UserError as error:
            log.warning("zone-review-failed", zone=zone.pk, code=error.code)
    return done


def review_one(zone: ZoneProposal, now: datetime) -> ZoneReview | None:
    """Today's look at one zone; None where no case of it is left."""
    cases = _cases(zone)
    if not cases:
        return None
    proposal = propose(
        [known_case(case) for case in cases], evidence_lake().segment(), floor_minute(now), disease=zone.disease
    )
    inside, outside = _new(zone, cases, proposal, now)
    return zone_actions.review_zone(
        by=None,
        zone=zone,
        proposal=proposal,
        names=unit_names(unit.id for option in proposal.options for unit in option.units),
        cases_inside=inside,
        cases_outside=outside,
        now=now,
    )


def _cases(zone: ZoneProposal) -> list[Case]:
    """Its own cases, and those of its area since."""
    rows = Case.objects.filter(disease=zone.disease).exclude(status=Case.Status.WITHDRAWN)  # scope: the worker
    own = rows.filter(pk__in=zone.cases)
    here = rows.filter(scope_path__startswith=zone.scope_path, reported_at__gte=zone.made_at - BEFORE)
    return list(own | here)


def _new(zone: ZoneProposal, cases: list[Case], proposal: Proposal, now: datetime) -> tuple[int, int]:
    """Cases reported in the last day among those closed in, and the others of the area."""
    chosen = {(unit["kind"], unit["id"]) for unit in zone.chosen}
    people = {
        person
        for name in chosen
        if name in proposal.search.units
        for person in proposal.search.units[name].people.tolist()
    }
    fresh = [case for case in cases if now - timedelta(days=1) <= case.reported_at <= now]
    inside = sum(case.person in people for case in fresh)
    return inside, len(fresh) - inside
