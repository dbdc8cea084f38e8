"""A form's content under an editor's hands: plain data in, plain data out; `forms.definition.read` judges it."""

import copy
import re
from datetime import date
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import fold
from vungxanh.forms.definition import Form, Question

Content = dict[str, Any]
YES = "=yes"


def draft_from(form: Form, version: str) -> Content:
    """The same form under a new number, with its last order as the one to be written."""
    content: Content = form.model_dump(mode="json", exclude_defaults=True)
    last = max(form.orders, key=lambda order: order.valid_from, default=None)
    basis = last.basis.model_dump(mode="json", exclude_defaults=True) if last else {"doc": "", "own": True}
    order: Content = {"id": "draft", "valid_from": "2020-01-01", "basis": basis}
    if last:
        order |= {"territory": last.territory, "compulsory": last.compulsory}
    return {**content, "version": version, "orders": [order]}


def next_number(taken: list[str], today: date) -> str:
    """`2026.3` where `2026.1` and `2026.2` are taken."""
    count = 1
    while f"{today.year}.{count}" in taken:
        count += 1
    return f"{today.year}.{count}"


def with_head(content: Content, head: dict[str, Any]) -> Content:
    """What the order says of itself: title, whom it asks, window, areas, languages, basis, last day."""
    made = copy.deepcopy(content)
    for name in ("title", "summary", "who"):
        text = {"vi": head[f"{name}_vi"], "en": head[f"{name}_en"]}
        if any(text.values()):
            made[name] = text
        else:
            made.pop(name, None)
    for name in ("disease", "window_days", "retention_days"):
        made[name] = head[name]
    made["areas"] = re.findall(r"\d+", head["areas"])
    made["languages"] = list(head["languages"])
    order = made["orders"][0]
    order["basis"] = {**order["basis"], "doc": head["basis_doc"], "article": head["basis_article"]}
    order["territory"], order["compulsory"] = head["territory"], head["compulsory"]
    order["valid_to"] = head["valid_to"].isoformat() if head["valid_to"] else None
    return made


def in_force_from(content: Content, on: date) -> Content:
    """With its order dated and named."""
    made = copy.deepcopy(content)
    order = made["orders"][0]
    order |= {"id": f"{made['id']}.{made['version']}", "valid_from": on.isoformat()}
    if order.get("valid_to") and order["valid_to"] < on.isoformat():
        raise UserError("declarations.ends-before-it-begins", field="on")
    return made


def find(content: Content, name: str) -> tuple[int, int]:
    """(page, place on it) of a question. Raises UserError `forms.unknown-question`."""
    for number, page in enumerate(content["pages"]):
        for place, question in enumerate(page["questions"]):
            if question["id"] == name:
                return number, place
    raise UserError("forms.unknown-question", field=name, name=name[:40])


def new_name(content: Content, label: str) -> str:
    """An id made of the label: `Đã tiêm vắc xin` -> `da_tiem_vac_xin`."""
    stem = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:30].strip("_")
    stem = stem if stem and stem[0].isalpha() else f"q_{stem}"
    taken = {question["id"] for page in content["pages"] for question in page["questions"]}
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 999))) if name not in taken)


def question_from(content: Content, asked: dict[str, Any], before: Content | None) -> Content:
    """What the editor's form says of one question, over what stood there before."""
    made: Content = {**(before or {"id": new_name(content, asked["label_vi"])})}
    made |= {"type": asked["type"], "required": asked["required"], "past": asked["past"]}
    made["label"] = {"vi": asked["label_vi"], "en": asked["label_en"]}
    made["hint"] = (
        {"vi": asked["hint_vi"], "en": asked["hint_en"]} if asked["hint_vi"] or asked["hint_en"] else None
    )
    made["group"] = asked["group"] or None
    made["min"], made["max"] = asked["minimum"], asked["maximum"]
    made["options"] = options(asked["options"]) if asked["type"] in ("choice", "choices") else []
    made["enabled_when"] = [condition(asked["asked_when"])] if asked["asked_when"] else []
    if made["type"] == "consent" and before and _said(made) != _said(before):
        made["version"] = content["version"]
    return {key: value for key, value in made.items() if value not in (None, [], False, "")}


def _said(question: Content) -> tuple[Any, Any]:
    return question.get("label"), question.get("hint")


def options(text: str) -> list[Content]:
    """One a line: `value | tiếng Việt | English`. Raises UserError `declarations.option-line`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not all(parts):
            raise UserError("declarations.option-line", field="options", line=line[:60])
        found.append({"value": parts[0], "label": {"vi": parts[1], "en": parts[2]}})
    return found


def options_text(question: Question) -> str:
    return "\n".join(f"{one.value} | {one.label.vi} | {one.label.en}" for one in question.options)


def condition(text: str) -> Content:
    """`travelled=yes` or `group:sign=yes`, or `sex=2`."""
    name, _, value = text.partition("=")
    held: Any = True if value == "yes" else False if value == "no" else value
    key = "group" if name.startswith("group:") else "question"
    return {key: name.removeprefix("group:"), "equals": held}


def condition_text(question: Question) -> str:
    """The first condition, as the editor offers it."""
    for when in question.enabled_when:
        value = ("yes" if when.equals else "no") if isinstance(when.equals, bool) else when.equals
        return f"{when.question or f'group:{when.group}'}={value}"
    return ""


def conditions(form: Form) -> list[str]:
    """What a question may hang on: a yes to a question or to one of a group, an option."""
    found = [f"{one.id}{YES}" for one in form.questions if one.type == "yesno"]
    found += sorted({f"group:{one.group}{YES}" for one in form.questions if one.group and one.type == "yesno"})
    return found + [f"{q.id}={one.value}" for q in form.questions if q.type == "choice" for one in q.options]


def put(content: Content, question: Content, page: str) -> Content:
    """The question in its place, or last on `page` where it is new or comes from another page."""
    made = copy.deepcopy(content)
    target = next(one for one in made["pages"] if one["id"] == page)
    try:
        number, place = find(made, question["id"])
    except UserError:
        target["questions"].append(question)
        return made
    if made["pages"][number]["id"] == page:
        target["questions"][place] = question
        return made
    del made["pages"][number]["questions"][place]
    target["questions"].append(question)
    return _without_empty(made)


def remove(content: Content, name: str) -> Content:
    made = copy.deepcopy(content)
    number, place = find(made, name)
    del made["pages"][number]["questions"][place]
    return _without_empty(made)


def move(content: Content, name: str, by: int) -> Content:
    """Up or down, over the edge of a page onto the next one."""
    made = copy.deepcopy(content)
    number, place = find(made, name)
    question = made["pages"][number]["questions"].pop(place)
    target, spot = number, place + by
    if spot < 0 or spot > len(made["pages"][number]["questions"]):
        target = min(max(number + by, 0), len(made["pages"]) - 1)
        spot = 0 if by > 0 else len(made["pages"][target]["questions"])
    made["pages"][target]["questions"].insert(spot, question)
    return _without_empty(made)


def add_page(content: Content, vi: str, en: str, question: Content) -> Content:
    """A page before the consent, with its first question."""
    made = copy.deepcopy(content)
    names = {page["id"] for page in made["pages"]}
    name = next(f"page{n}" for n in range(1, 999) if f"page{n}" not in names)
    page = {"id": name, "title": {"vi": vi, "en": en}, "questions": [question]}
    last = len(made["pages"]) - (made["pages"][-1]["id"] == "consent")
    made["pages"].insert(last, page)
    return made


def _without_empty(content: Content) -> Content:
    content["pages"] = [page for page in content["pages"] if page["questions"]]
    return content
