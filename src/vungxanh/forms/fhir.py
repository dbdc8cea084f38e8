"""FHIR R4B at the border: a form as a Questionnaire, answers as a QuestionnaireResponse, and back.

Plain JSON objects in the shapes of hl7.org/fhir/R4B. `validate` judges what comes in, as it judges a browser.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.forms.definition import Form, Page, Question, When
from vungxanh.forms.validate import Problem, check
from vungxanh.rules.dated import Text

BASE = "urn:vungxanh:form:"
#: which kind of ours a string or group is: FHIR has one word for a name, a telephone and a document
TYPE = "urn:vungxanh:question-type"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
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
        **_told("title", form, form.title, language),
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
        **_told("text", form, page.title, language),
        "item": [_item(form, one, language) for one in page.questions],
    }


def _item(form: Form, one: Question, language: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "linkId": one.id,
        **_told("text", form, one.label, language),
        "type": ITEM.get(one.type, "string"),
        "extension": [{"url": TYPE, "valueCode": one.type}],
        "required": one.required,
        "repeats": one.type in ("choices", "places"),
    }
    if one.options:
        item["answerOption"] = [
            {"valueCoding": {"code": option.value, **_told("display", form, option.label, language)}}
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


def _told(name: str, form: Form, text: Text, language: str) -> dict[str, Any]:
    """The text in one language, with the other as FHIR's translation."""
    other = "en" if language == "vi" else "vi"
    parts = [{"url": "lang", "valueCode": other}, {"url": "content", "valueString": form.said(text, other)}]
    return {name: form.said(text, language), f"_{name}": {"extension": [{"url": TRANSLATION, "extension": parts}]}}


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


#: fault of ours -> the word of FHIR's IssueType
ISSUE = {
    "unknown-question": "not-found",
    "not-asked": "business-rule",
    "repeated": "value",
    "not-repeating": "structure",
}


def faults(form: Form, given: Mapping[str, Any], today: date) -> list[Problem]:
    """A response against its questionnaire: unknown link, required when enabled, disabled yet answered, type,
    option, repeats. Raises UserError `forms.fhir-other-form`, `forms.fhir-unreadable`.
    """
    said = answers(form, given)
    many = {one.id for one in form.questions if one.type in ("choices", "places")}
    twice = [name for name, value in said.items() if isinstance(value, list) and name not in many]
    found = [Problem(name, "not-repeating") for name in twice if _known(form, name)]
    single = {name: value for name, value in said.items() if not _known(form, name) or name not in twice}
    day = authored(given)
    checked = check(form, single, day.date() if day else today)
    return found + [one for one in checked.problems if one.question not in twice or one.code == "unknown-question"]


def _known(form: Form, name: str) -> bool:
    return any(one.id == name for one in form.questions)


def authored(given: Mapping[str, Any]) -> datetime | None:
    """When it was filled in, as it says itself; None where it does not or where that lies ahead."""
    try:
        at = datetime.fromisoformat(str(given.get("authored", "")))
    except ValueError:
        return None
    return at if at.tzinfo and at <= datetime.now(at.tzinfo) else None


def outcome(found: Sequence[Problem]) -> dict[str, Any]:
    """Faults as an OperationOutcome; none is one piece of information."""
    issues = [
        {
            "severity": "error",
            "code": "required" if one.code.startswith("required") else ISSUE.get(one.code, "value"),
            "details": {"text": one.text("en")},
            "diagnostics": one.text("vi"),
            "expression": [f"QuestionnaireResponse.descendants().where(linkId='{one.question}')"],
        }
        for one in found
    ]
    fine = [{"severity": "information", "code": "informational", "details": {"text": "valid"}}]
    return {"resourceType": "OperationOutcome", "issue": issues or fine}
