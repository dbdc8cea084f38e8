"""Forms and answers in the shape of FHIR R4B, there and back, and what comes in is judged like anything else."""

from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from tests.unit.forms.test_validate import HOME, TODAY, form, good, stay

from vungxanh.core.errors import UserError
from vungxanh.forms import fhir
from vungxanh.forms.definition import shipped
from vungxanh.forms.validate import check

AUTHORED = "2026-11-22T03:00:00+00:00"


def test_every_shipped_form_is_a_questionnaire_that_the_library_accepts() -> None:
    for one in shipped():
        read = Questionnaire.model_validate(fhir.questionnaire(one))
        assert read.version == one.version
        assert [group.linkId for group in read.item] == [f"page.{page.id}" for page in one.pages]


def test_a_condition_on_a_group_is_met_by_any_of_it() -> None:
    signs = next(page for page in fhir.questionnaire(form())["item"] if page["linkId"] == "page.signs")
    onset = signs["item"][-1]
    assert onset["enableBehavior"] == "any"
    assert {"question": "fever", "operator": "=", "answerBoolean": True} in onset["enableWhen"]


def cleaned(**changes: Any) -> dict[str, Any]:
    done = check(form(), good(**changes), TODAY)
    assert done.good
    return done.answers


@pytest.mark.parametrize(
    "changes", [{}, {"fever": True, "onset": "2026-11-20"}, {"travelled": True, "places": [stay()]}]
)
def test_answers_come_back_as_they_went(changes: dict[str, Any]) -> None:
    sent = cleaned(**changes)
    made = fhir.response(form(), sent, authored=AUTHORED, source="Patient/1")
    QuestionnaireResponse.model_validate(made)
    back = fhir.answers(form(), made)
    assert check(form(), back, TODAY).answers == sent
    assert back["commune"] == HOME


def test_a_made_up_question_passes_the_library_and_is_refused_here() -> None:
    made = fhir.response(form(), cleaned(), authored=AUTHORED)
    made["item"].append({"linkId": "made_up", "answer": [{"valueString": "x"}]})
    QuestionnaireResponse.model_validate(made)
    problems = check(form(), fhir.answers(form(), made), TODAY).problems
    assert [(one.question, one.code) for one in problems] == [("made_up", "unknown-question")]


def test_an_answer_given_twice_is_refused() -> None:
    made = fhir.response(form(), cleaned(), authored=AUTHORED)
    name = made["item"][0]["item"][0]
    name["answer"] = name["answer"] * 2
    problems = check(form(), fhir.answers(form(), made), TODAY).problems
    assert [(one.question, one.code) for one in problems] == [("full_name", "wrong-type")]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"questionnaire": "urn:other"}, "forms.fhir-other-form"),
        ({"item": [{"linkId": "full_name", "answer": [{}]}]}, "forms.fhir-unreadable"),
        ({"item": [{"answer": [{"valueString": "x"}]}]}, "forms.fhir-unreadable"),
        ({"item": ["x"]}, "forms.fhir-unreadable"),
    ],
)
def test_what_is_no_answer_to_this_form_is_refused(changed: dict[str, Any], code: str) -> None:
    made = {**fhir.response(form(), cleaned(), authored=AUTHORED), **changed}
    with pytest.raises(UserError) as caught:
        fhir.answers(form(), made)
    assert caught.value.code == code
