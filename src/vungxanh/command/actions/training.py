"""An officer finishes a course or a drill; an organisation is asked to pass one."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from vungxanh.command.courses_data import Course, courses
from vungxanh.command.drills import Score, drills
from vungxanh.command.models import Completion, CourseTask, DrillRun
from vungxanh.command.taught_rules import fingerprint
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation


@transaction.atomic
def finish(*, course: Course, given: dict[int, int], by: Officer) -> Completion | None:
    """Keep a pass; None, and nothing kept, where too few answers are right. Passing twice changes nothing."""
    if not course.passed(given):
        return None
    made, new = Completion.objects.get_or_create(
        officer=by,
        course=course.id,
        version=course.version,
        rules=fingerprint(course, timezone.localdate()),
        defaults={"score": course.score(given), "questions": len(course.questions)},
    )
    if new:
        audit.record(by=by, action="command:course:passed", subject=f"course:{course.id}")
    return made


@transaction.atomic
def ask(*, organisation: Organisation, course: str, due: date | None, by: Officer) -> CourseTask:
    """Everybody of an organisation and of those under it is to pass a course; asking again moves the day."""
    if course not in courses("vi"):
        raise UserError("command.course-unknown", field="course")
    if due and due < timezone.localdate():
        raise UserError("command.revisit-past", field="due")
    made, _ = CourseTask.objects.update_or_create(
        organisation=organisation, course=course, defaults={"due": due, "asked_by": by.pk}
    )
    audit.record(
        by=by, action="command:course:asked", subject=f"organisation:{organisation.pk}", details={"course": course}
    )
    return made


@transaction.atomic
def begin(*, drill: str, seed: int, by: Officer) -> DrillRun:
    """The clock of a drill starts. One that the officer has not handed in goes on."""
    if drill not in drills():
        raise UserError("command.drill-unknown")
    open_one = DrillRun.objects.filter(officer=by, drill=drill, ended_at=None).first()
    if open_one:
        return open_one
    made = DrillRun.objects.create(officer=by, drill=drill, seed=seed, begun_at=timezone.now())
    audit.record(by=by, action="command:drill:begun", subject=f"drill:{made.pk}")
    return made


@transaction.atomic
def hand_in(*, run: DrillRun, contacts: set[int], places: set[int], by: Officer) -> Score:
    """Score it against the engine, once. Raises UserError when it was handed in before."""
    held = DrillRun.objects.select_for_update().get(pk=run.pk)
    if held.ended_at:
        raise UserError("command.drill-over")
    found = drills()[held.drill].score(held.seed, contacts, places)
    held.ended_at, held.passed, held.score = timezone.now(), found.passed, asdict(found)
    held.save()
    audit.record(by=by, action="command:drill:scored", subject=f"drill:{run.pk}", details={"passed": found.passed})
    return found
