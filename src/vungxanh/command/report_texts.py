"""A report's words: placeholders filled, the official letter, the text to paste. No database."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

from django.utils import timezone

from vungxanh.exchange.letter import DRAFT, MOTTO, RECIPIENTS, Letter

NAME = re.compile(r"\{(\w+)\}")
#: what stands where a figure is not known: a blank to be filled by hand, never a nought
BLANK = "......"


@cache
def defaults() -> dict[str, dict[str, str]]:
    """Kind -> fields of the template that the house brings (reports.toml)."""
    return tomllib.loads((resources.files("vungxanh.command") / "reports.toml").read_text("utf-8"))


def said(number: int) -> str:
    """As offices write counts: `05`, `12`, `1.234`; nought is `0`."""
    return f"{number:02d}" if 0 < number < 10 else f"{number:,}".replace(",", ".")


def dated(day: date) -> str:
    """`ngày 03 tháng 5 năm 2026`: days below ten and the first two months with a nought (decree 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def unknown_names(text: str, known: Mapping[str, object]) -> list[str]:
    """Placeholders that nothing fills."""
    return sorted({name for name in NAME.findall(text) if name not in known})


def filled(text: str, values: Mapping[str, str]) -> str:
    """`{name}` replaced; what has no value becomes a blank."""
    return NAME.sub(lambda match: values.get(match.group(1), BLANK), text)


def values_of(
    figures: Mapping[str, int], words: Mapping[str, str], since: datetime, until: datetime, body_name: str
) -> dict[str, str]:
    """Everything a text may name: counts, words, the period and who reports."""
    first, last = timezone.localdate(since), timezone.localdate(until - timedelta(minutes=1))
    return {
        **{name: said(number) for name, number in figures.items()},
        **words,
        "since": first.strftime("%d/%m/%Y"),
        "until": last.strftime("%d/%m/%Y"),
        "issuer": body_name,
    }


def letter(
    head: Mapping[str, str],
    body: str,
    values: Mapping[str, str],
    *,
    number: str,
    day: date | None,
    signer: str,
    draft: bool,
) -> Letter:
    """The report as one official letter (decree 30/2020, annex I); number and day stay open until it is signed."""
    when = dated(day) if day else f"ngày ..... tháng ..... năm {timezone.localdate().year}"
    return Letter(
        superior=head["superior"],
        body_name=head["body_name"],
        number=f"{number or '        '}/{head['symbol']}",
        place_and_date=f"{head['place']}, {when}",
        title="Báo cáo",
        abstract=filled(head["abstract"], values),
        addressees=lines(head["addressees"]),
        paragraphs=[filled(line, values) for line in lines(body)],
        recipients=lines(head["recipients"]),
        rank=head["rank"],
        signer=signer,
        draft=draft,
    )


def lines(text: str) -> list[str]:
    """Lines that say something; a word of several lines becomes several paragraphs."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def as_text(paper: Letter) -> str:
    """The same paper as plain text to paste into another system or a message."""
    number = f"Số: {paper.number.strip()}"
    head = [*([DRAFT, ""] if paper.draft else []), *([paper.superior.upper()] if paper.superior else [])]
    head += [
        paper.body_name.upper(),
        number,
        *MOTTO,
        paper.place_and_date,
        "",
        paper.title.upper(),
        paper.abstract,
    ]
    addressed = ["", f"Kính gửi: {'; '.join(paper.addressees)}"] if paper.addressees else []
    foot = ["", paper.rank.upper(), *([paper.signer] if paper.signer else []), "", RECIPIENTS]
    return "\n".join([*head, *addressed, "", *paper.paragraphs, *foot, *(f"- {one}" for one in paper.recipients)])
