"""Reference pages about the house itself: its packages, its rules, the test behind each page, WHO's list."""

import re
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vungxanh"
DOCS = ROOT / "docs"
MADE = "Made from the code by `python tools/docs.py write`."
#: folders of dated rules: what they are, and where
RULES = {
    "Who is a contact": "rules/data/contact",
    "Levels of areas": "rules/level_rules",
    "Measures by level": "rules/measure_rules",
    "Duties of places": "rules/duty_rules",
    "Criteria sets": "rules/criteria_sets",
    "Forms": "forms/data",
    "Entry forms": "border/data/forms",
    "Entry results": "border/data/results",
    "What follows from a declaration": "declarations/rules",
    "Gates": "venues/rules",
    "Cases, follow-up, orders, reports": "outbreak/data",
    "At the border": "border/data",
    "Places": "places/data",
    "Zones": "zoning/data",
    "Exposure profiles": "exposure/risk/profiles",
}


def house_page() -> str:
    """One line a package, in the order of the arrow, with the first line of what it says of itself."""
    from drawings import imports, layers

    found = imports()
    lines = ["# Map of the house", "", f"{MADE} A package may import what stands below it.", ""]
    lines += ["| package | what it is | imports |", "|---|---|---|"]
    for row in layers():
        for name in row:
            below = ", ".join(sorted(other for one, other in found if one == name))
            lines.append(f"| `{name}` | {_told(name)} | {below} |")
    return "\n".join(lines) + "\n"


def _told(package: str) -> str:
    readme = SOURCE / package / "README.md"
    head = readme.read_text("utf-8").splitlines()[0] if readme.exists() else ""
    if ": " in head:
        return head.split(": ", 1)[1]
    told = (import_module(f"vungxanh.{package}").__doc__ or "").strip().splitlines()
    return told[0].rstrip(".") if told else "–"


def dated(raw: Any) -> Iterator[dict[str, Any]]:
    """Every table in a file that has an id and a first day, at any depth; else the file itself."""
    if isinstance(raw, dict):
        if "id" in raw and ("valid_from" in raw or "basis" in raw):
            yield raw
        for value in raw.values():
            yield from dated(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from dated(value)


def rules_page() -> str:
    """Every dated rule that ships: id, days, basis, whether somebody has verified it."""
    lines = [
        "# Rules that ship",
        "",
        f"{MADE} `V2` read in two sources, `V` in one, `no` not verified against the text;",
        "empty: the file says it branch by branch.",
        "",
    ]
    for title, folder in RULES.items():
        lines += [f"## {title}", "", f"`src/vungxanh/{folder}`", ""]
        lines += ["| id | from | to | basis | verified |", "|---|---|---|---|---|"]
        for file in sorted((SOURCE / folder).glob("*.toml")):
            for one in dated(tomllib.loads(file.read_text("utf-8"))):
                basis = one.get("basis", "")
                words = basis if isinstance(basis, str) else basis.get("document", basis.get("doc", ""))
                sure = one.get("verified", basis.get("verified", "") if isinstance(basis, dict) else "")
                days = (one.get("valid_from", ""), one.get("valid_to", ""))
                lines.append(f"| `{one['id']}` | {days[0]} | {days[1]} | {words} | {_sure(sure)} |")
        lines.append("")
    return "\n".join(lines)


def _sure(told: object) -> str:
    return {True: "yes", False: "no"}.get(told, str(told)) if isinstance(told, bool) else str(told)


def schema_page() -> str:
    """Fields of the rule packs, from the classes that read them."""
    from dataclasses import fields, is_dataclass

    from pydantic import BaseModel

    from vungxanh.forms.definition import Form, Order, Page, Question
    from vungxanh.rules.contact import Bounds, Branch, ContactRule, WindowRule
    from vungxanh.rules.criteria import CriteriaSet, Item

    lines = [
        "# Schema of rule packs",
        "",
        f"{MADE} A file that does not fit is refused with the field that is wrong.",
        "",
    ]
    for one in (ContactRule, WindowRule, Branch, Bounds, Form, Order, Page, Question, CriteriaSet, Item):
        told = (one.__doc__ or "").strip().splitlines()[0]
        lines += [f"## {one.__name__}", "", told, "", "| field | type | may be left out |", "|---|---|---|"]
        if is_dataclass(one):
            lines += [f"| `{field.name}` | `{_type(field.type)}` | |" for field in fields(one)]
        elif isinstance(one, type) and issubclass(one, BaseModel):
            for name, info in one.model_fields.items():
                lines.append(f"| `{name}` | `{_type(info.annotation)}` | {'' if info.is_required() else 'yes'} |")
        lines.append("")
    return "\n".join(lines)


def _type(told: object) -> str:
    words = told.__name__ if isinstance(told, type) and "[" not in str(told) else str(told)
    return re.sub(r"\b(?:vungxanh|typing|datetime|collections)(?:\.\w+)*\.(?=\w)", "", words).replace("|", "or")


def who_page() -> str:
    """What the World Health Organization asks for, with the tests that show it."""
    raw = tomllib.loads((DOCS / "evaluator" / "who.toml").read_text("utf-8"))
    mark = {"yes": "✔", "part": "in part", "no": "**no**"}
    lines = [
        "# WHO's surveillance requirements",
        "",
        "After the WHO surveillance Digital Adaptation Kit v1.0.0 (2026), in our words. Each tick names the test",
        "that shows it; `docs/evaluator/who.toml` is the list, and a test holds that the tests exist.",
        "Requirements are paraphrased; the kit's numbers inside a process were not mapped one by one, and of its",
        "220 functional and 70 other requirements only these were read.",
        "",
    ]
    for process in raw["process"]:
        lines += [f"## {process['name']}", "", "| asked | state | shown by |", "|---|---|---|"]
        for need in process["need"]:
            shown = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in need["tests"])
            note = f": {need['note']}" if "note" in need else ""
            lines.append(f"| {need['what']} | {mark[need['state']]}{note} | {shown} |")
        lines.append("")
    return "\n".join(lines)


def pages_page() -> str:
    """Every page of the documents and what keeps it true."""
    raw = tomllib.loads((DOCS / "pages.toml").read_text("utf-8"))
    lines = [
        "# Pages, and the test that guards each",
        "",
        MADE + " The list is `docs/pages.toml`; a page without a test fails.",
        "",
    ]
    lines += ["| page | guarded by |", "|---|---|"]
    for name in documents():
        tests = [
            test for pattern, several in raw["pages"].items() if Path(name).match(pattern) for test in several
        ]
        lines.append(f"| [{name}](../{name}) | {'<br>'.join(f'`{test}`' for test in tests)} |")
    return "\n".join(lines) + "\n"


def datapackage() -> str:
    """The schema of the example data, as a Frictionless Data Package."""
    import json

    from vungxanh.lake.schema import SCHEMAS

    kinds = {"int16": "integer", "int32": "integer", "int64": "integer", "float": "number", "bool": "boolean"}
    resources = []
    for kind in ("places", "visits", "households", "encounters"):
        heads = (DOCS / "examples" / f"{kind}.csv").read_text("utf-8").splitlines()[0].split(",")
        columns = {field.name: field for field in SCHEMAS[kind]}
        fields: list[dict[str, Any]] = []
        for head in heads:
            known = columns.get(head)
            moment = head in {"start", "end"}
            told = "datetime" if moment else kinds.get(str(known.type), "string") if known else "string"
            fields.append({"name": head, "type": told} | ({"format": "%Y-%m-%dT%H:%M%z"} if moment else {}))
            if known is not None and not known.nullable:
                fields[-1]["constraints"] = {"required": True}
            if told == "boolean":
                fields[-1] |= {"trueValues": ["yes"], "falseValues": ["no"]}
        resources.append({"name": kind, "path": f"{kind}.csv", "schema": {"fields": fields, "primaryKey": "id"}})
    licence = {"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}
    package = {"name": "vungxanh-examples", "licenses": [licence], "resources": resources}
    return json.dumps(package, indent=1) + "\n"


def documents() -> list[str]:
    """Paths below docs/, generated ones included, without what is no page."""
    found = {str(file.relative_to(DOCS)) for file in DOCS.rglob("*.md")} | {
        name.removeprefix("docs/") for name in PAGES
    }
    return sorted(name for name in found - {"adr/template.md"} if name.endswith(".md"))


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/house.md": house_page,
    "docs/reference/rules.md": rules_page,
    "docs/reference/rule-schema.md": schema_page,
    "docs/evaluator/who-requirements.md": who_page,
    "docs/reference/pages.md": pages_page,
    "docs/examples/datapackage.json": datapackage,
}
