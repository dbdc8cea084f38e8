"""Documents are held to what they name: pages, labels, tests, files, decisions, and the examples' schema."""

import csv
import json
import re
import struct
import tomllib
from pathlib import Path
from typing import Any

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *(page for page in DOCS.rglob("*.md")),
]
GUIDES = sorted(page for page in (DOCS / "guides").glob("*.??.md"))
PICTURES = DOCS / "pictures" / "guides"
#: two screens of 1280 × 800 in the width of the site, pictures included
MOST_WORDS = 520


def told(page: Path) -> str:
    return page.read_text("utf-8")


def labels(language: str) -> set[str]:
    """What buttons, links and fields say in that language."""
    found: set[str] = set()
    for file in (ROOT / "src" / "vungxanh").glob("*/locale/vi/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(file)):
            found.add(entry.msgstr if language == "vi" else entry.msgid)
    for form in (ROOT / "src" / "vungxanh" / "work").glob("*.toml"):
        found |= set(re.findall(rf'{language} = "([^"]+)"', told(form)))
    return {label.rstrip(".:?") for label in found}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_a_guide_exists_in_both_languages_is_short_and_names_real_labels(page: Path) -> None:
    name, language, _md = page.name.split(".")
    other = page.with_name(f"{name}.{'en' if language == 'vi' else 'vi'}.md")
    assert f"({other.name})" in told(page)
    assert len(told(page).split()) <= MOST_WORDS
    bold = set(re.findall(r"\*\*([^*\n]+?)[.:?]?\*\*", told(page)))
    pressed = {label for label in bold if f"**{label}**" in told(page)}
    leads = set(re.findall(r"^(?:\d+\. )?\*\*([^*\n]+?)\*\*", told(page), re.M))  # words that begin a paragraph
    assert {label.rstrip(".:?") for label in pressed - leads} <= labels(language)


@pytest.mark.parametrize("page", [*GUIDES, *sorted((DOCS / "tutorial").glob("*.md"))], ids=lambda page: page.name)
def test_pictures_of_a_page_are_there_in_its_language_at_both_widths(page: Path) -> None:
    language = page.name.split(".")[1]
    shown = re.findall(r"pictures/guides/(\S+?)-(vi|en)-(\d+)\.png", told(page))
    assert {found for _name, found, _width in shown} <= {language}
    for name in {name for name, _language, _width in shown}:
        assert {width for one, _language, width in shown if one == name} == {"360", "1280"}
        assert json.loads(told(PICTURES / f"{name}.json")).keys() == {"vi", "en"}
        for width in (360, 1280):
            header = (PICTURES / f"{name}-{language}-{width}.png").read_bytes()[16:20]
            assert struct.unpack(">I", header)[0] == width


def test_every_guide_with_a_page_of_its_own_shows_it() -> None:
    pictured = {page.name.split(".")[0] for page in GUIDES if "pictures/guides/" in told(page)}
    of_a_terminal = {"move-to-server", "add-spark"}
    assert {page.name.split(".")[0] for page in GUIDES} == pictured | of_a_terminal


def test_every_page_has_a_test_that_guards_it() -> None:
    patterns = tomllib.loads(told(DOCS / "pages.toml"))["pages"]
    pages = [page.relative_to(DOCS) for page in DOCS.rglob("*.md") if page.name != "template.md"]
    unguarded = [str(page) for page in pages if not any(page.match(pattern) for pattern in patterns)]
    idle = [pattern for pattern in patterns if not any(page.match(pattern) for page in pages)]
    assert (unguarded, idle) == ([], [])


def test_tests_and_files_named_in_documents_exist() -> None:
    """`tests/x.py::test_y`, `src/…`, `tools/…`, `bench/…`, `docs/…`, `deploy/…`, in pages and in their lists."""
    missing = set()
    for page in [*WRITTEN, DOCS / "pages.toml", DOCS / "evaluator" / "who.toml"]:
        if "next/add-" in str(page):
            continue  # a recipe names files that it makes; its own test follows it
        for path, function in re.findall(
            r"(?<![\w/])((?:tests|src|tools|bench|docs|deploy)/[\w./-]*\w)(?:::(\w+))?", told(page)
        ):
            file = ROOT / path
            if not file.exists() or (function and f"def {function}(" not in told(file)):
                missing.add(f"{page.relative_to(ROOT)}: {path}{'::' if function else ''}{function}")
    assert not missing


def test_no_link_in_a_page_outside_the_site_is_dead() -> None:
    """The site's own links are held by its build, where a warning is an error."""
    dead = []
    for page in WRITTEN:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", told(page)):
            if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert not dead


def test_every_decision_stands_in_the_index() -> None:
    decisions = sorted(page.name for page in (DOCS / "adr").glob("0*.md"))
    index = told(DOCS / "adr" / "README.md")
    assert [name for name in decisions if f"({name})" not in index] == []


def test_example_data_fit_their_schema() -> None:
    package = json.loads(told(DOCS / "examples" / "datapackage.json"))
    assert len(package["resources"]) == 4
    for resource in package["resources"]:
        with (DOCS / "examples" / resource["path"]).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert rows
        for row in rows:
            assert row.keys() == fields.keys()
            for name, value in row.items():
                required = fields[name].get("constraints", {}).get("required", False)
                assert fits(value, fields[name]["type"]) if value else not required, (
                    resource["name"],
                    name,
                    value,
                )


def fits(value: str, kind: str) -> bool:
    patterns = {
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?",
        "boolean": "yes|no",
        "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d\+\d\d:\d\d",
        "string": ".+",
    }
    return re.fullmatch(patterns[kind], value) is not None


def test_the_readme_is_one_screen_a_language_and_names_what_it_must() -> None:
    vietnamese, english = told(ROOT / "README.md").split("## English")
    english, links = english.split("\n---\n")
    for half, heads in (
        (vietnamese, ("Tiếp theo là gì", "Dành cho ai", "Tình trạng", "Giấy phép")),
        (english, ("What happens next", "Who it is for", "State", "Licence")),
    ):
        assert [head for head in heads if f"**{head}.**" not in half] == []
        assert "make run" in half
        assert "make test" in half
        assert re.search(r"!\[.+\]\(docs/pictures/guides/\S+\.png\)", half)
        assert len([line for line in half.splitlines() if line.strip()]) <= 25
    assert not re.sub(r"\[[^\]]+\]\([^)]+\)|[·\s]", "", links)


def dated_ids(raw: Any) -> set[str]:
    """Ids of every table with a first day, at any depth."""
    if isinstance(raw, dict):
        own = {raw["id"]} if "id" in raw and "valid_from" in raw else set()
        return own.union(*(dated_ids(value) for value in raw.values()))
    return set().union(*(dated_ids(value) for value in raw)) if isinstance(raw, list) else set()


def test_every_dated_rule_stands_in_the_reference() -> None:
    shown = told(DOCS / "reference" / "rules.md")
    files = (ROOT / "src" / "vungxanh").rglob("*.toml")
    ids = set().union(*(dated_ids(tomllib.loads(told(file))) for file in files))
    assert len(ids) > 60
    assert {one for one in ids if f"`{one}`" not in shown} == set()
