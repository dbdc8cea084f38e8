"""A FHIR R4B Questionnaire from elsewhere -> the content of a form, for `definition.read` and the editor's hands.

What FHIR can say and a form of ours cannot (calculated expressions, files) is refused by name, never dropped.
"""

import re
from collections.abc import Mapping
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import fold
from vungxanh.forms.fhir import TRANSLATION, TYPE

OURS = {
    "boolean": "yesno",
    "integer": "integer",
    "decimal": "number",
    "date": "date",
    "string": "text",
    "text": "text",
    "choice": "choice",
    "open-choice": "choice",
}


def content(given: Mapping[str, Any], *, form: str, version: str, disease: str, rules: str) -> dict[str, Any]:
    """Content of a draft named `form`@`version`. Raises UserError `forms.fhir-item`, `forms.fhir-unreadable`."""
    try:
        title = _text(given, "title")
        pages = _pages(given["item"])
    except UserError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise UserError("forms.fhir-unreadable") from exc
    return {
        "id": form,
        "version": version,
        "title": title,
        "summary": {"vi": given.get("description") or title["vi"], "en": given.get("description") or title["en"]},
        "disease": disease,
        "window_days": 14,
        "purpose": form.partition(".")[2],
        "retention_days": 30,
        "result_rules": rules,
        "sources": [str(given.get("url", ""))[:200]],
        "orders": [{"id": "draft", "valid_from": "2020-01-01", "basis": {"doc": "FHIR", "own": True}}],
        "pages": pages,
    }


def _text(item: Mapping[str, Any], name: str) -> dict[str, str]:
    """Both languages: the plain text and, where it is there, its translation."""
    plain = str(item.get(name) or item.get("linkId") or "")
    for extension in item.get(f"_{name}", {}).get("extension", []):
        if extension.get("url") == TRANSLATION:
            parts = {part["url"]: part for part in extension["extension"]}
            if parts["lang"].get("valueCode") == "en":
                return {"vi": plain, "en": str(parts["content"]["valueString"])}
    return {"vi": plain, "en": plain}


def _pages(items: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    loose: list[Mapping[str, Any]] = []
    for item in items:
        if item["type"] == "group" and _type(item) != "places":
            pages.append(_page(item, item.get("item", [])))
        elif item["type"] != "display":
            loose.append(item)
    if loose:
        pages.append(_page({"linkId": "page.questions", "text": "…"}, loose))
    return [page for page in pages if page["questions"]]


def _page(group: Mapping[str, Any], items: list[Mapping[str, Any]]) -> dict[str, Any]:
    questions = [_question(item) for one in items for item in _flat(one)]
    return {
        "id": name(group["linkId"].removeprefix("page.")),
        "title": _text(group, "text"),
        "questions": questions,
    }


def _flat(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Groups within a page are opened; what is only shown asks nothing."""
    if item["type"] == "display":
        return []
    if item["type"] == "group" and _type(item) != "places":
        return [one for each in item.get("item", []) for one in _flat(each)]
    return [item]


def _type(item: Mapping[str, Any]) -> str:
    found = [one.get("valueCode") for one in item.get("extension", []) if one.get("url") == TYPE]
    return str(found[0]) if found else ""


def name(link: str) -> str:
    """A linkId as a name of ours: `Symptom/Fever` -> `symptom_fever`."""
    bare = re.sub(r"[^a-z0-9]+", "_", fold(link)).strip("_")[:40]
    return bare if bare and bare[0].isalpha() else f"q_{bare}"[:40]


def _question(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = _type(item) or OURS.get(item["type"])
    if kind is None:
        raise UserError(
            "forms.fhir-item", field="item", item=str(item["linkId"])[:40], kind=str(item["type"])[:40]
        )
    if kind == "choice" and item.get("repeats"):
        kind = "choices"
    made: dict[str, Any] = {"id": name(item["linkId"]), "type": kind, "label": _text(item, "text")}
    if item.get("required"):
        made["required"] = True
    if kind == "consent":
        made["version"] = "1"
    if kind in ("choice", "choices"):
        made["options"] = [_option(one) for one in item["answerOption"]]
    if item.get("enableWhen"):
        made["enabled_when"] = _when(item)
    return made


def _option(one: Mapping[str, Any]) -> dict[str, Any]:
    if "valueCoding" in one:
        coding = one["valueCoding"]
        return {"value": str(coding["code"]), "label": _text(coding, "display")}
    value = str(next(found for key, found in one.items() if key.startswith("value")))
    return {"value": value, "label": {"vi": value, "en": value}}


def _when(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Only "equals": another operator is refused by name. Several answers of one question are one condition."""
    found = []
    for one in item["enableWhen"]:
        if one.get("operator") != "=":
            raise UserError(
                "forms.fhir-item",
                field="item",
                item=str(item["linkId"])[:40],
                kind=f"enableWhen {one['operator']}",
            )
        value = next(value for key, value in one.items() if key.startswith("answer"))
        found.append((name(one["question"]), value["code"] if isinstance(value, Mapping) else value))
    questions = {question for question, _value in found}
    if len(found) > 1 and item.get("enableBehavior") == "any":
        if len(questions) > 1 or any(not isinstance(value, str) for _question, value in found):
            raise UserError(
                "forms.fhir-item", field="item", item=str(item["linkId"])[:40], kind="enableBehavior any"
            )
        return [{"question": found[0][0], "any_of": [value for _question, value in found]}]
    return [{"question": question, "equals": value} for question, value in found]
