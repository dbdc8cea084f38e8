"""Who owes which course, by role or because their organisation was asked; completion facility by facility."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from vungxanh.command.courses_data import Course, courses
from vungxanh.command.models import Completion, CourseTask
from vungxanh.command.taught_rules import fingerprint
from vungxanh.core.scope import grants_of
from vungxanh.people.models import Assignment, Officer, Organisation
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force, organisations_under


@dataclass(frozen=True, slots=True)
class Owed:
    """A course that somebody owes; `again` where an older version or an older rule was passed."""

    course: Course
    due: date | None
    again: bool


def owed(officer: Officer, language: str) -> list[Owed]:
    """Courses of the officer's roles, and of tasks of their organisations, not passed as they stand today."""
    today = timezone.localdate()
    mine = Assignment.objects.filter(in_force(today), officer=officer)
    roles = set(mine.values_list("role", flat=True))
    tasks = _tasks({row.organisation_id for row in mine if row.organisation_id}, today)
    passed = set(Completion.objects.filter(officer=officer).values_list("course", "version", "rules"))
    old = {course for course, _version, _rules in passed}
    wanted = [c for c in courses(language).values() if roles & set(c.roles) or c.id in tasks]
    open_ones = [c for c in wanted if (c.id, c.version, fingerprint(c, today)) not in passed]
    return [Owed(course, tasks.get(course.id), course.id in old) for course in open_ones]


def _tasks(organisations: set[int], today: date) -> dict[str, date | None]:
    """Course -> due, of tasks given to these organisations or to one above them."""
    found: dict[str, date | None] = {}
    for task in CourseTask.objects.all():
        if organisations & organisations_under(task.organisation_id, today):
            found[task.course] = task.due
    return found


@dataclass(frozen=True, slots=True)
class Facility:
    """One organisation and one course: officers who owe or passed it, of whom passed it as it stands today."""

    organisation: Organisation
    course: Course
    officers: int
    passed: int


def by_facility(officer: Officer, language: str) -> list[Facility]:
    """Within the area in which the officer reads counts; facilities with the most left to do first."""
    today = timezone.localdate()
    area = Q(pk__in=[])
    for grant in grants_of(officer, Permission.STATISTICS_READ):
        area |= Q(scope_path__startswith=grant.path)
    units = {unit.pk: unit for unit in Organisation.objects.filter(area)}
    rows = Assignment.objects.filter(in_force(today), organisation__in=units, officer__is_active=True)
    staff: dict[int, dict[int, set[str]]] = {}
    for unit, who, role in rows.values_list("organisation", "officer", "role"):
        staff.setdefault(unit or 0, {}).setdefault(who, set()).add(role)
    asked = _asked(today)
    found = []
    for course in courses(language).values():
        done = set(
            Completion.objects.filter(
                course=course.id, version=course.version, rules=fingerprint(course, today)
            ).values_list("officer", flat=True)
        )
        for unit, people in staff.items():
            by_task = unit in asked.get(course.id, set())
            owe = {who for who, roles in people.items() if by_task or roles & set(course.roles)}
            if owe:
                found.append(Facility(units[unit], course, len(owe), len(owe & done)))
    return sorted(found, key=lambda line: (line.passed - line.officers, line.organisation.name, line.course.id))


def _asked(today: date) -> dict[str, set[int]]:
    """Course -> organisations that a task reaches."""
    found: dict[str, set[int]] = {}
    for task in CourseTask.objects.all():
        found.setdefault(task.course, set()).update(organisations_under(task.organisation_id, today))
    return found
