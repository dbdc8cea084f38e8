"""The lint finds what it is there to find."""

import pytest
from tools.lint_scope import faults_in, scoped_models

MODELS = {"Person"}


@pytest.mark.parametrize(
    "line",
    [
        "rows = Person.objects.filter(pk=1)",
        "rows = list(Person.objects.all())",
        "rows = Person._default_manager.all()",
        "rows = filtered(Person.objects.all(), officer)",
    ],
)
def test_an_unscoped_read_is_found(line: str) -> None:
    assert list(faults_in(f"# page\n{line}\n", MODELS)) == [(2, "Person")]


@pytest.mark.parametrize(
    "line",
    [
        "rows = scoped(Person.objects.filter(pk=1), officer)",
        "rows = scope.scoped(Person.objects.all(), officer).count()",
        "rows = visible_persons(Person.objects.all())",
        "rows = Person.objects.count()  # scope: a count for the operator",
        "rows = Place.objects.all()",
    ],
)
def test_a_scoped_or_excused_read_passes(line: str) -> None:
    assert list(faults_in(line, MODELS)) == []


def test_the_models_of_the_house_are_known() -> None:
    assert {"Person", "Household", "PersonReach", "Place"} <= scoped_models()
