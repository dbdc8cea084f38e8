"""FHIR R4B at the border: a form as a Questionnaire, answers as a QuestionnaireResponse, and back.

Plain JSON objects in the shapes of hl7.org/fhir/R4B. `validate` judges what comes in, as it judges a browser.
"""

from collections.abc import Mapping
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.forms.definition import Form, Page, Question, When

BASE = "urn:vungxanh:form:"
ITEM = {
    "yesno": "boolean",
    "consent": "boolean",
    "integer": "integer",
    "year": "integer",
    "number": "decimal",
    "date": "date",
    "choice": "choice",
    "choices": "choice",
    "places": "group",
    "commune": "choice",
    "country": "choice",
}
VALUE = {"boolean": "valueBoolean", "integer": "valueInteger", "decimal": "valueDecimal", "date": "valueDate"}


def questionnaire(form: Form, language: str = "vi") -> dict[str, Any]:
    """The form in one language; pages are groups, conditions `enableWhen`."""
    return {
        "resourceType": "Questionnaire",
        "url": f"{BASE}{form.id}",
        "version": form.version,
        "name": form.slug.capitalize(),
        "title": form.said(form.title, language),
        "status": "active" if form.orders else "draft",
        "subjectType": ["Patient"],
        "description": form.said(form.summary, language),
        "language": language,
        "item": [_page(form, page, language) for page in form.pages],
    }


def _page(form: Form, page: Page, language: str) -> dict[str, Any]:
    return {
        "linkId": f"page.{page.id}",
        "type": "group",
        "text": form.said(page.title, language),
        "item": [_item(form, one, language) for one in page.questions],
    }


def _item(form: Form, one: Question, language: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "linkId": one.id,
        "text": form.said(one.label, language),
        "type": ITEM.get(one.type, "string"),
        "required": one.required,
        "repeats": one.type in ("choices", "places"),
    }
    if one.options:
        item["answerOption"] = [
            {"valueCoding": {"code": option.value, "display": form.said(option.label, language)}}
            for option in one.options
        ]
    if one.type == "places":
        item["item"] = [
            {"linkId": f"{one.id}.{name}", "type": "date" if name in ("from", "to") else "string"}
            for name in ("place", "from", "to", "means", "vehicle", "seat")
        ]
    conditions = [condition for when in one.enabled_when for condition in _conditions(form, when)]
    if conditions:
        item["enableWhen"] = conditions
    if len(conditions) > 1:
        # our conditions are all to hold, and one of a group is enough: a group stands alone in every form of ours
        item["enableBehavior"] = "any" if len(one.enabled_when) == 1 else "all"
    return item


def _conditions(form: Form, when: When) -> list[dict[str, Any]]:
    names = [when.question] if when.question else [one.id for one in form.group(when.group or "")]
    values: list[Any] = list(when.any_of) or [when.equals]
    return [{"question": name, "operator": "=", **_condition_value(value)} for name in names for value in values]


def _condition_value(value: Any) -> dict[str, Any]:
    return {"answerBoolean": value} if isinstance(value, bool) else {"answerCoding": {"code": str(value)}}


def response(form: Form, answers: Mapping[str, Any], *, authored: str, source: str = "") -> dict[str, Any]:
    """Answers as a QuestionnaireResponse. `authored`: ISO instant; `source`: reference of who answered."""
    made: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{BASE}{form.id}|{form.version}",
        "status": "completed",
        "authored": authored,
        "item": [
            {"linkId": f"page.{page.id}", "item": items}
            for page in form.pages
            if (items := [_answered(one, answers[one.id]) for one in page.questions if one.id in answers])
        ],
    }
    return {**made, "source": {"reference": source}} if source else made


def _answered(one: Question, value: Any) -> dict[str, Any]:
    if one.type == "places":
        return {"linkId": one.id, "answer": [{"item": [*_row(one, row)]} for row in value]}
    values = value if isinstance(value, list) else [value]
    return {"linkId": one.id, "answer": [_value(one, part) for part in values]}


def _row(one: Question, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, value in row.items():
        if name == "place":
            answer = {"valueCoding": _coding(value)}
        else:
            answer = {"valueDate" if name in ("from", "to") else "valueString": value}
        found.append({"linkId": f"{one.id}.{name}", "answer": [answer]})
    return found


def _coding(place: Mapping[str, Any]) -> dict[str, str]:
    return {"system": str(place["scheme"]), "code": str(place["code"]), "display": str(place["written"])}


def _value(one: Question, value: Any) -> dict[str, Any]:
    kind = ITEM.get(one.type, "string")
    if one.type == "commune":
        return {"valueCoding": _coding(value)}
    if one.type == "consent":
        return {"valueBoolean": True}
    if kind == "choice":
        return {"valueCoding": {"code": str(value)}}
    return {VALUE.get(kind, "valueString"): value}


def answers(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a QuestionnaireResponse says, for `validate.check`. Unknown linkIds are kept, so that they are refused.

    Raises UserError `forms.fhir-other-form`, `forms.fhir-unreadable`.
    """
    if given.get("questionnaire") not in (f"{BASE}{form.id}", f"{BASE}{form.id}|{form.version}"):
        raise UserError("forms.fhir-other-form", given=str(given.get("questionnaire"))[:80], form=form.key)
    found: dict[str, Any] = {}
    known = {question.id: question for question in form.questions}
    try:
        for item in _flat(given.get("item", [])):
            one = known.get(item["linkId"])
            parts = [_read(one, answer) for answer in item["answer"]]
            many = one is not None and one.type in ("choices", "places")
            found[item["linkId"]] = parts if many or len(parts) != 1 else parts[0]
    except (KeyError, TypeError, AttributeError, StopIteration) as exc:
        raise UserError("forms.fhir-unreadable") from exc
    return found


def _flat(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Items that carry answers, out of their groups."""
    found: list[Mapping[str, Any]] = []
    for item in items:
        found += [item] if "answer" in item else _flat(item.get("item", []))
    return found


def _read(one: Question | None, answer: Mapping[str, Any]) -> Any:
    if one is not None and one.type == "places":
        return {_last(part["linkId"]): _plain(part["answer"][0]) for part in answer["item"]}
    value = _plain(answer)
    if isinstance(value, dict) and (one is None or one.type != "commune"):
        return value["code"]
    return value


def _last(link: str) -> str:
    return link.rpartition(".")[2]


def _plain(answer: Mapping[str, Any]) -> Any:
    value = next(value for key, value in answer.items() if key.startswith("value"))
    if isinstance(value, Mapping) and "system" in value:
        return {"written": value.get("display", ""), "code": value["code"], "scheme": value["system"]}
    return dict(value) if isinstance(value, Mapping) else value
