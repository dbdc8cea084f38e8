"""Courses: owed by role, passed by answers, asked again when the course's version changes."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from tests.functional.test_command_directives import officer

from vungxanh.command.actions import training
from vungxanh.command.courses_data import courses, due
from vungxanh.command.models import Completion

pytestmark = pytest.mark.django_db


def test_both_languages_hold_the_same_course() -> None:
    for key, course in courses("vi").items():
        other = courses("en")[key]
        assert [q.right for q in course.questions] == [q.right for q in other.questions]
        assert [len(q.answers) for q in course.questions] == [len(q.answers) for q in other.questions]
        assert len(course.pages) == len(other.pages)
        assert all(q.right < len(q.answers) for q in course.questions)


def test_a_keeper_owes_the_gate_and_no_tracing() -> None:
    assert [course.id for course in due({"venue-keeper"}, {}, "vi")] == ["gate-keeper"]


def test_a_changed_course_is_asked_again() -> None:
    version = courses("vi")["gate-keeper"].version
    assert due({"venue-keeper"}, {"gate-keeper": version}, "vi") == []
    assert [c.id for c in due({"venue-keeper"}, {"gate-keeper": "2020-01-01"}, "vi")] == ["gate-keeper"]


def test_too_few_right_answers_keep_nothing() -> None:
    keeper = officer("keeper", "venue-keeper", "/19/")
    course = replace(courses("vi")["gate-keeper"], needed=3)
    assert training.finish(course=course, given={0: 1, 1: 2, 2: 2}, by=keeper) is None
    assert Completion.objects.count() == 0
    made = training.finish(course=course, given={0: 1, 1: 2, 2: 0}, by=keeper)
    assert made is not None
    assert (made.score, made.questions) == (3, 3)


def test_pass_on_the_page_and_see_the_certificate(client: Client) -> None:
    client.force_login(officer("keeper", "venue-keeper", "/19/"))
    wrong = client.post(reverse("command:course", args=["gate-keeper"]), {"q0": "0"})
    assert "Đúng 0/3 câu" in wrong.content.decode()
    right = client.post(reverse("command:course", args=["gate-keeper"]), {"q0": "1", "q1": "2", "q2": "0"})
    assert right.status_code == 302
    assert "Đúng 3/3 câu" in client.get(right["Location"]).content.decode()


def test_a_director_sees_how_many_of_the_area_passed(client: Client) -> None:
    keeper = officer("keeper", "venue-keeper", "/19/05710/")
    officer("elsewhere", "venue-keeper", "/20/")
    training.finish(course=courses("vi")["gate-keeper"], given={0: 1, 1: 2, 2: 0}, by=keeper)
    client.force_login(officer("director", "cdc-director", "/19/"))
    context = client.get(reverse("command:courses")).context
    assert [(c.id, owe, passed) for c, owe, passed in context["counts"] if c.id == "gate-keeper"] == [
        ("gate-keeper", 1, 1)
    ]
