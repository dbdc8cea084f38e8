"""An officer finishes a course."""

from django.db import transaction

from vungxanh.command.courses_data import Course
from vungxanh.command.models import Completion
from vungxanh.core import audit
from vungxanh.people.models import Officer


@transaction.atomic
def finish(*, course: Course, given: dict[int, int], by: Officer) -> Completion | None:
    """Keep a pass; None, and nothing kept, where too few answers are right. Passing twice changes nothing."""
    if not course.passed(given):
        return None
    made, new = Completion.objects.get_or_create(
        officer=by,
        course=course.id,
        version=course.version,
        defaults={"score": course.score(given), "questions": len(course.questions)},
    )
    if new:
        audit.record(by=by, action="command:course:passed", subject=f"course:{course.id}")
    return made
