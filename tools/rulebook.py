"""The rule book: `docs/rules`, from the rules' data and from the examples of tests/spec, in both languages."""

import ast
from pathlib import Path

from vungxanh.rules.contact import ContactRule, contact_rules

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "tests" / "spec"
SURE = {
    "vi": {"V2": "đọc ở hai nguồn", "V": "đọc ở một nguồn", "no": "chưa kiểm chứng"},
    "en": {"V2": "read in two sources", "V": "read in one source", "no": "unverified"},
}
WORDS = {
    "vi": {
        "title": "Ai là người tiếp xúc: các quy định theo ngày",
        "made": "Tạo từ dữ liệu quy tắc (`python tools/docs.py write`). Người có thẩm quyền quyết định.",
        "basis": "Căn cứ",
        "force": "Hiệu lực",
        "window": "Thời kỳ lây truyền",
        "before": "từ {onset} ngày trước khởi phát (không triệu chứng: {sample} ngày trước ngày lấy mẫu)",
        "until": "đến khi {ends}",
        "over": "Số phút tính theo",
    },
    "en": {
        "title": "Who is a contact: the rules by date",
        "made": "Made from the rules' data (`python tools/docs.py write`). A named official decides.",
        "basis": "Basis",
        "force": "In force",
        "window": "Infectious window",
        "before": "from {onset} days before onset (without symptoms: {sample} days before the sample)",
        "until": "until {ends}",
        "over": "Minutes count over",
    },
}
NAMES = {
    "vi": {
        "isolation": "cách ly",
        "negative": "âm tính",
        "encounter": "từng lần gặp",
        "day": "ngày",
        "window": "cả thời kỳ",
    },
    "en": {
        "isolation": "isolation",
        "negative": "a negative test",
        "encounter": "an encounter",
        "day": "a day",
        "window": "the window",
    },
}


def contact_page(language: str) -> str:
    """Every contact rule with its basis, dates, window and branches, oldest first."""
    words = WORDS[language]
    rules = sorted(contact_rules().values(), key=lambda rule: (rule.disease, rule.valid_from, rule.id))
    parts = [f"# {words['title']}", "", words["made"], ""]
    return "\n".join([*parts, *(line for rule in rules for line in _rule(rule, language))]) + "\n"


def _rule(rule: ContactRule, language: str) -> list[str]:
    words, names, sure, window = WORDS[language], NAMES[language], SURE[language], rule.window
    before = words["before"].format(onset=window.days_before_onset, sample=window.days_before_sample)
    until = words["until"].format(ends=", ".join(names.get(end, end) for end in window.ends))
    head = [
        f"## {rule.id}",
        "",
        f"- {words['basis']}: {rule.basis.document} ({rule.basis.date}; {sure[rule.basis.verified]})",
        f"- {words['force']}: {rule.valid_from} – {rule.valid_to or '…'} · {rule.disease}",
        f"- {words['window']}: {before}, {until} ({sure[window.verified]})",
        f"- {words['over']}: {names[rule.minutes_over]}",
        "",
    ]
    branches = [f"  - **{b.id}** {getattr(b, language)} ({sure[b.verified]})" for b in rule.branches]
    return [*head, *branches, ""]


def examples_page() -> str:
    """Names and sentences of the spec tests, file by file: each is run against the engines."""
    parts = [
        "# The rules by example",
        "",
        "Each line is a test in `tests/spec`; open it to see who was where and when.",
        "",
    ]
    for file in sorted(SPEC.glob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        parts += [
            f"## {(ast.get_docstring(tree) or file.stem).splitlines()[0]}",
            "",
            f"`tests/spec/{file.name}`",
            "",
        ]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                told = " ".join((ast.get_docstring(node) or "").split())
                name = node.name.removeprefix("test_").replace("_", " ")
                parts.append(f"- **{name}**{': ' + told if told else ''}")
        parts.append("")
    return "\n".join(parts)


PAGES = {
    "docs/rules/contact.vi.md": lambda: contact_page("vi"),
    "docs/rules/contact.en.md": lambda: contact_page("en"),
    "docs/rules/examples.md": examples_page,
}
