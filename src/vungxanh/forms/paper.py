"""The paper twin of a form: the same questions in the same order, with a code for whoever keys it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from vungxanh.exchange.pdf import qr_svg, render
from vungxanh.forms.definition import Form, Page, Question

WORDS = {
    "vi": {
        "yes": "Có",
        "no": "Không",
        "day": "Ngày khai:",
        "sign": "Người khai ký, ghi rõ họ tên:",
        "scan": "Cán bộ quét mã để nhập",
        "rows": ["Xã, phường, tỉnh", "Từ ngày", "Đến ngày", "Đi bằng, biển số", "Số ghế"],
        "if": "Nếu có dấu hiệu hoặc câu trả lời liên quan ở trên:",
        "version": "Mẫu {id}, phiên bản {version}. Bỏ trống nghĩa là chưa trả lời, không có nghĩa là “không”.",
    },
    "en": {
        "yes": "Yes",
        "no": "No",
        "day": "Day:",
        "sign": "Signature and name:",
        "scan": "Staff scan this to key it in",
        "rows": ["Commune, province", "From", "To", "Means, number plate", "Seat"],
        "if": "If an answer above makes it apply:",
        "version": "Form {id}, version {version}. Left empty means not answered; it does not mean “no”.",
    },
}


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A form that was filled in on a device: answers in words by question, and the code that carries them."""

    said: Mapping[str, str]
    code: str


def pdf(form: Form, language: str, *, link: str, basis: str, drill: bool, filled: FilledIn | None = None) -> bytes:
    """A4, black and white. `link` is where staff key it in; a filled form has its answers in the code instead."""
    words: dict[str, Any] = WORDS[language]
    values = {
        "title": form.said(form.title, language),
        "summary": form.said(form.summary, language),
        "basis": basis,
        "sections": [_section(form, page, language, words, filled) for page in form.pages],
        "wide": 6.5 if filled else 2.6,
        "version": words["version"].format(id=form.id, version=form.version),
        **{key: words[key] for key in ("day", "sign", "scan")},
    }
    template = (resources.files("vungxanh.forms") / "paper.typ").read_text("utf-8")
    return render(
        template,
        values,
        drill=drill,
        pictures={"qr.svg": qr_svg(filled.code, level="l") if filled else qr_svg(link)},
    )


def _section(
    form: Form, page: Page, language: str, words: dict[str, Any], filled: FilledIn | None
) -> dict[str, Any]:
    return {
        "title": form.said(page.title, language),
        "intro": form.said(page.intro, language) if page.intro else "",
        "questions": [
            _answered(form, one, language, filled) if filled else _question(form, one, language, words)
            for one in page.questions
            if filled is None or one.id in filled.said
        ],
    }


def _answered(form: Form, one: Question, language: str, filled: FilledIn) -> dict[str, Any]:
    return {"label": form.said(one.label, language), "hint": "", "kind": "said", "options": [filled.said[one.id]]}


def _question(form: Form, one: Question, language: str, words: dict[str, Any]) -> dict[str, Any]:
    options = [form.said(option.label, language) for option in one.options]
    if one.type == "yesno":
        options = [words["yes"], words["no"]]
    if one.type == "consent":
        options = [""]
    kind = "rows" if one.type == "places" else "tick" if options else "line"
    hint = form.said(one.hint, language) if one.hint else ""
    return {
        "label": form.said(one.label, language),
        "hint": f"{words['if']} {hint}".strip() if one.enabled_when else hint,
        "kind": kind,
        "options": words["rows"] if kind == "rows" else options,
    }
