"""Machines that send: gateways at places and laboratories; wearers, and the stays that gateways tell of them.

A gateway hears every phone that passes. What no wearer's key explains is dropped in the same request and never
written; the answer does not say which it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector
from vungxanh.exposure.codec.keys import table_of
from vungxanh.exposure.limits import GatewayLimits, limits
from vungxanh.exposure.matching.match import match
from vungxanh.exposure.matching.sightings import Sighting
from vungxanh.exposure.matching.sightings import table_of as sighting_table
from vungxanh.exposure.models import Feed, GatewayVisit, Wearable
from vungxanh.exposure.schemas import HeardIn, Verdict
from vungxanh.exposure.tokens import secret, secret_hash
from vungxanh.exposure.wearables import card_of, day_keys, seed_of
from vungxanh.people.actions import give_consent

CONSENT = "exposure-wearable"


@transaction.atomic
def add_feed(*, kind: Feed.Kind, name: str, by: By, scope_path: str, place: int | None = None) -> tuple[int, str]:
    """A machine that may send. -> (id, its token, which is kept nowhere).

    Raises UserError `exposure.gateway-needs-place`.
    """
    if (kind == Feed.Kind.GATEWAY) != (place is not None):
        raise UserError("exposure.gateway-needs-place", field="place")
    token = secret()
    row = Feed.objects.create(
        kind=kind,
        name=name[:80],
        place=place,
        token_hash=secret_hash(token),
        made_by=by if by is None or isinstance(by, int) else by.pk,
        made_at=timezone.now(),
        scope_path=scope_path,
        scope_sector=Sector.HEALTH,
    )
    details = {"kind": str(kind), "place": place}
    audit.record(by=by, action="exposure:feed:made", subject=f"feed:{row.pk}", details=details)
    return row.pk, token


@transaction.atomic
def retire_feed(*, feed: int, by: By) -> None:
    """Its token works no more."""
    rows = Feed.objects.filter(pk=feed, retired_at=None)  # scope: the page asks scoped
    if rows.update(retired_at=timezone.now()):
        audit.record(by=by, action="exposure:feed:retired", subject=f"feed:{feed}")


def feed_of(token: str, kind: Feed.Kind, now: datetime) -> Feed | None:
    """The machine that a token stands for; None where it is unknown, retired or of another kind."""
    found = Feed.objects.filter(  # scope: a machine says who it is
        token_hash=secret_hash(token), kind=kind, retired_at=None
    ).first()
    if found is not None:
        Feed.objects.filter(pk=found.pk).update(seen_at=now)  # scope: the same
    return found


@transaction.atomic
def hand_over(*, card: str, person: int, by: By, scope_path: str, now: datetime | None = None) -> int:
    """A beacon goes to somebody: its card is scanned, and the wearer agrees to stays at places with a gateway.

    Raises UserError `exposure.bad-card`, `exposure.card-worn`.
    """
    moment, seed = now or timezone.now(), seed_of(card)
    try:
        with transaction.atomic():
            row = Wearable.objects.create(
                person=person,
                seed=seed.hex(),
                card_hash=secret_hash(card_of(seed)),
                handed_by=by if by is None or isinstance(by, int) else by.pk,
                handed_at=moment,
                scope_path=scope_path,
                scope_sector=Sector.HEALTH,
            )
    except IntegrityError as exc:
        raise UserError("exposure.card-worn", field="card") from exc
    version = limits().share.text_version
    give_consent(person=person, purpose=CONSENT, text_version=version, channel="desk", by=by)
    audit.record(
        by=by, action="exposure:wearable:handed", subject=f"person:{person}", details={"wearable": row.pk}
    )
    return row.pk


@transaction.atomic
def take_in(*, wearable: int, by: By, now: datetime | None = None) -> None:
    """The beacon came back: from now on it says nothing of this person."""
    row = Wearable.objects.select_for_update().get(pk=wearable)  # scope: the page asks scoped
    row.returned_at = row.returned_at or now or timezone.now()
    row.save(update_fields=["returned_at"])
    audit.record(by=by, action="exposure:wearable:returned", subject=f"person:{row.person}")


@transaction.atomic
def heard(*, gateway: Feed, records: Sequence[HeardIn], now: datetime) -> list[Verdict]:
    """What a gateway heard. -> one verdict a record: accepted, or refused with the reason.

    Sending again changes nothing: a stay is only ever lengthened by what lies outside of it.
    """
    allowed = limits().gateway
    verdicts = [Verdict(one.id, _refusal(one, now, allowed)) for one in records]
    kept = [one for one, said in zip(records, verdicts, strict=True) if not said.reason]
    near = [one for one in kept if one.rssi >= allowed.least_dbm]
    for person, times in _wearers(near).items():
        _lengthen(gateway, person, sorted(times), allowed)
    return verdicts


def _refusal(one: HeardIn, now: datetime, allowed: GatewayLimits) -> str:
    if one.at > now.timestamp() + 600:
        return "exposure.heard-in-future"
    if one.at < (now - timedelta(days=allowed.late_days)).timestamp():
        return "exposure.heard-too-late"
    return ""


def _wearers(records: Sequence[HeardIn]) -> dict[int, list[int]]:
    """Person -> minutes at which their beacon was heard."""
    if not records:
        return {}
    first, last = (edge(one.at for one in records) for edge in (min, max))
    worn = list(
        Wearable.objects.exclude(returned_at__lt=datetime.fromtimestamp(first, timezone.get_current_timezone()))
    )
    keys, owners = [], []
    for row in worn:
        made = day_keys(bytes.fromhex(row.seed.open()), first - 7_200, last + 7_200)
        keys += made
        owners += [row] * len(made)
    rows: list[Sighting] = [(one.rpi, one.at, one.rssi, bytes(4), 0) for one in records]
    found = match(table_of(keys), sighting_table(rows)) if keys else None
    times: dict[int, list[int]] = {}
    for key, at in zip(found.key.tolist(), found.sighting.tolist(), strict=True) if found else ():
        when, owner = records[at].at, owners[key]
        if owner.handed_at.timestamp() <= when and (
            owner.returned_at is None or when < owner.returned_at.timestamp()
        ):
            times.setdefault(owner.person, []).append(when // 60)
    return times


def _lengthen(gateway: Feed, person: int, minutes: list[int], allowed: GatewayLimits) -> None:
    """Join what was heard to stays: within the gap it is one stay."""
    cuts = np.flatnonzero(np.diff(minutes) > allowed.gap_minutes) + 1
    for part in np.split(np.array(minutes), cuts):
        start, end = int(part[0]), int(part[-1]) + 1
        touching = list(
            GatewayVisit.objects.select_for_update().filter(
                gateway=gateway,
                person=person,
                start__lte=end + allowed.gap_minutes,
                end__gte=start - allowed.gap_minutes,
            )
        )
        final = [row for row in touching if row.export_no is not None]
        if any(row.start <= start and end <= row.end for row in final):
            continue
        open_rows = [row for row in touching if row.export_no is None]
        row = open_rows[0] if open_rows else GatewayVisit(gateway=gateway, person=person)
        row.start = min([start, *(one.start for one in open_rows)])
        row.end = max([end, *(one.end for one in open_rows)])
        for other in open_rows[1:]:
            other.delete()
        row.save()
