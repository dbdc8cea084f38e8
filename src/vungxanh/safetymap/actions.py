"""Everything that changes assessments and what is public. One transaction and one audit event each."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.places.actions import put_fact
from vungxanh.places.models import ExposedPlace, Place
from vungxanh.rules.answers import read_answers
from vungxanh.rules.criteria import CriteriaSet
from vungxanh.rules.verdict import Verdict, assess
from vungxanh.safetymap import limits, pictures, telling
from vungxanh.safetymap.completing import criteria_set
from vungxanh.safetymap.models import Assessment, Picture, Snapshot
from vungxanh.work import actions as work

#: the place fact that other rooms read
LEVEL_FACT = "safetymap.level"


@transaction.atomic
def begin(*, by: audit.By, place: Place, criteria: str, assessor: str, now: datetime | None = None) -> Assessment:
    """The open assessment of this place and set, or a new one.

    Raises UserError `rules.set-unknown`, `safetymap.set-not-for-kind`, `.set-incomplete`, `.closed-place`.
    """
    known = criteria_set(criteria)
    if place.closed:
        raise UserError("safetymap.closed-place", name=place.name)
    if not known.complete:
        raise UserError("safetymap.set-incomplete", set=criteria)
    if place.kind not in known.kinds_known:
        raise UserError("safetymap.set-not-for-kind", set=criteria, kind=place.kind)
    found = Assessment.objects.filter(place=place, criteria=criteria, assessor=assessor, finished_at=None).first()
    if found:
        return found
    made = Assessment.objects.create(
        place=place, criteria=criteria, assessor=assessor, by=_pk(by), started_at=now or timezone.now()
    )
    audit.record(
        by=by, action="safetymap:assessment:begin", subject=f"place:{place.pk}", details={"set": criteria}
    )
    return made


def _pk(by: audit.By) -> int | None:
    return by if by is None or isinstance(by, int) else int(by.pk)


@transaction.atomic
def answer(*, by: audit.By, assessment: Assessment, item: int, value: Any) -> Assessment:
    """Save one answer as it is given. Raises the UserErrors of `rules.answers`, `safetymap.finished`."""
    if assessment.finished_at:
        raise UserError("safetymap.finished")
    read_answers(criteria_set(assessment.criteria), {str(item): value})
    assessment.answers = {**assessment.answers, str(item): value}
    assessment.by = _pk(by) or assessment.by
    assessment.save(update_fields=["answers", "by"])
    return assessment


def add_picture(*, by: audit.By, assessment: Assessment, item: int, content: bytes) -> Picture:
    """Evidence for one item, without what the camera wrote. Raises UserError `safetymap.bad-picture`."""
    clean, kind = pictures.cleaned(content)
    with transaction.atomic():
        made = Picture.objects.create(
            assessment=assessment, item=item, content=clean, media_type=kind, at=timezone.now()
        )
        audit.record(by=by, action="safetymap:picture:add", subject=f"place:{assessment.place_id}")
    return made


@transaction.atomic
def finish(*, by: audit.By, assessment: Assessment, now: datetime | None = None) -> Assessment:
    """Judge it, keep the verdict and publish it as a place fact: the newest result counts, and says whose it is.

    Raises UserError `safetymap.finished`, `safetymap.items-missing`.
    """
    if assessment.finished_at:
        raise UserError("safetymap.finished")
    criteria, place = criteria_set(assessment.criteria), assessment.place
    verdict = assess(criteria, assessment.answers, place_kind=place.kind)
    if verdict.missing:
        raise UserError("safetymap.items-missing", items=", ".join(map(str, verdict.missing)))
    assessment.verdict, assessment.finished_at = verdict.as_json(), now or timezone.now()
    assessment.save(update_fields=["verdict", "finished_at"])
    _publish_fact(assessment, criteria, verdict)
    work.cancel(source=f"safety-stale:{place.pk}", by=by)
    if assessment.assessor == Assessment.Assessor.INSPECTOR:
        word = (assessment.verdict["band_name"] or {}).get("vi", "đã chấm điểm")
        cause = f"result:{assessment.pk}"
        telling.tell(place, telling.RESULT, cause=cause, at=assessment.finished_at, word=word)
    details = {"set": criteria.id, "band": assessment.verdict["band"], "assessor": assessment.assessor}
    audit.record(by=by, action="safetymap:assessment:finish", subject=f"place:{place.pk}", details=details)
    return assessment


def _publish_fact(assessment: Assessment, criteria: CriteriaSet, verdict: Verdict) -> None:
    at = assessment.finished_at
    assert at is not None
    value = {
        key: assessment.verdict[key] for key in ("band", "band_name", "may_open", "score", "maximum", "percent")
    }
    value |= {"set": criteria.id, "assessor": assessment.assessor, "deadline": assessment.verdict["deadline"]}
    until = at + timedelta(days=criteria.frequency_days) if criteria.frequency_days else None
    put_fact(place=assessment.place, kind=LEVEL_FACT, value=value, source="safetymap", at=at, valid_until=until)


@transaction.atomic
def propose_exposure(
    *, by: audit.By, place: Place, start: datetime, end: datetime, advice: str = "", person_told: bool = False
) -> ExposedPlace:
    """First of two persons. Raises UserError `safetymap.bad-window` and those of `check_exposure`."""
    if end <= start or end - start > limits.longest_window():
        raise UserError("safetymap.bad-window", field="end")
    check_exposure(place, start, end)
    officer = _pk(by)
    assert officer is not None, "an exposure is proposed by an officer"
    made = _marked(place, start, end) or ExposedPlace(place=place, start=start, end=end, marked_by=officer)
    made.advice = advice.strip() or made.advice
    made.person_told = made.person_told or person_told
    made.proposed_by, made.proposed_at = officer, timezone.now()
    made.expires_at = end + limits.expires_after()
    made.save()
    audit.record(by=by, action="safetymap:exposure:propose", subject=f"exposure:{made.pk}")
    return made


def _marked(place: Place, start: datetime, end: datetime) -> ExposedPlace | None:
    """The same place and window, marked for a case and not yet proposed: one row, not two."""
    same = ExposedPlace.objects.filter(place=place, start=start, end=end, withdrawn_at=None)
    return same.filter(proposed_at=None).first()


def check_exposure(place: Place, start: datetime, end: datetime) -> None:
    """Could it point at a person? Raises UserError `safetymap.exposes-home`, `.exposes-few`, `.exposes-way`."""
    if place.kind in limits.private_kinds():
        raise UserError("safetymap.exposes-home", name=place.name)
    if place.capacity is not None and place.capacity < limits.smallest_public():
        raise UserError("safetymap.exposes-few", name=place.name, least=limits.smallest_public())
    others = ExposedPlace.objects.filter(withdrawn_at=None, expires_at__gt=timezone.now()).exclude(place=place)
    near = others.filter(start__lt=end + limits.link_within(), end__gt=start - limits.link_within())
    path = place.scope_path.split("/p")[0]
    if near.filter(place__scope_path__startswith=path).exists():
        raise UserError("safetymap.exposes-way", hours=int(limits.link_within().total_seconds() // 3600))


@transaction.atomic
def release_exposure(*, by: audit.By, exposure: ExposedPlace) -> ExposedPlace:
    """Second person. Raises UserError `safetymap.same-person`, `.person-not-told`, `.expired`."""
    officer = _pk(by)
    if officer is None or officer == exposure.proposed_by:
        raise UserError("safetymap.same-person")
    if not exposure.person_told:
        raise UserError("safetymap.person-not-told")
    if exposure.withdrawn_at or exposure.expires_at is None or exposure.expires_at <= timezone.now():
        raise UserError("safetymap.expired")
    exposure.released_by, exposure.released_at = officer, timezone.now()
    exposure.save(update_fields=["released_by", "released_at"])
    audit.record(by=by, action="safetymap:exposure:release", subject=f"exposure:{exposure.pk}")
    return exposure


@transaction.atomic
def tell_person(*, by: audit.By, exposure: ExposedPlace) -> ExposedPlace:
    """The person concerned has been told before the public."""
    exposure.person_told = True
    exposure.save(update_fields=["person_told"])
    audit.record(by=by, action="safetymap:exposure:told", subject=f"exposure:{exposure.pk}")
    return exposure


@transaction.atomic
def withdraw_exposure(*, by: audit.By, exposure: ExposedPlace, now: datetime | None = None) -> ExposedPlace:
    """Taken back; the next snapshot is without it, so one is made at once."""
    exposure.withdrawn_at = now or timezone.now()
    exposure.save(update_fields=["withdrawn_at"])
    publish(by=by)
    audit.record(by=by, action="safetymap:exposure:withdraw", subject=f"exposure:{exposure.pk}")
    return exposure


@transaction.atomic
def publish(*, by: audit.By) -> Snapshot:
    """Make what everybody sees from what is decided now."""
    from vungxanh.safetymap.publication import collect

    data = collect(timezone.now())
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]
    made = Snapshot.objects.create(made_at=timezone.now(), made_by=_pk(by), data=data, digest=digest)
    details = {name: len(data[name]) for name in ("communes", "places", "exposed")}
    audit.record(by=by, action="safetymap:snapshot:publish", subject=f"snapshot:{made.pk}", details=details)
    return made


def publish_again(now: datetime | None = None) -> int:
    """Every day, once an official has published: what was decided or assessed since. -> 1 if it changed.

    Nothing new is decided here: levels have their official, exposed places their two.
    """
    from vungxanh.safetymap.publication import collect

    newest = Snapshot.objects.order_by("-made_at", "-pk").first()  # scope: published for everybody
    if newest is None:
        return 0
    same = {**collect(now or timezone.now()), "made_at": newest.data["made_at"]} == newest.data
    if not same:
        publish(by=None)
    return int(not same)
