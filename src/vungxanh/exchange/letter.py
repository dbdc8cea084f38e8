"""One official letter as a frozen value: DOCX and PDF are made of the same words.

Blocks and their order follow decree 30/2020/NĐ-CP, annex I. The number is left to the records office, and until an
official has signed the paper says "DỰ THẢO".
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from vungxanh.exchange import pdf

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DRAFT = "(DỰ THẢO)"
RECIPIENTS = "Nơi nhận:"
_PART = re.compile(r"[IVX]{1,5}\. \S")


@dataclass(frozen=True, slots=True)
class Letter:
    """A decision or official letter. `title` "Quyết định" for decisions, empty for letters (công văn)."""

    body_name: str
    number: str
    place_and_date: str
    paragraphs: Sequence[str]
    rank: str
    superior: str = ""
    title: str = ""
    abstract: str = ""
    addressees: Sequence[str] = field(default=())
    recipients: Sequence[str] = field(default=())
    capacity: str = ""
    signer: str = ""
    draft: bool = True


_TEMPLATE = """#import "/vx.typ": *
#show: official
#for (index, letter) in data.letters.enumerate() {
  if index > 0 { pagebreak(weak: true) }
  counter(page).update(1)
  official-head(superior: letter.superior, body-name: letter.body_name, number: letter.number,
    abstract: letter.abstract, place-and-date: letter.place_and_date, title: letter.title)
  if letter.addressees.len() > 0 {
    align(center, "Kính gửi: " + letter.addressees.join("; "))
  }
  for one in letter.paragraphs { par(if one in letter.headings { strong(one) } else { one }) }
  official-foot(recipients: letter.recipients, capacity: letter.capacity, rank: letter.rank,
    signer: letter.signer, draft: letter.draft)
}
"""


def as_pdf(letters: Sequence[Letter], *, drill: bool = False) -> bytes:
    """One file for one letter or for hundreds, each on its own pages numbered from 1."""
    values = json.loads(json.dumps([{**asdict(one), "headings": _headings(one)} for one in letters]))
    return pdf.render(_TEMPLATE, {"letters": values}, drill=drill)


def _headings(letter: Letter) -> list[str]:
    return [text for text in letter.paragraphs if is_heading(text)]


def is_heading(text: str) -> bool:
    """A part of a longer paper, in bold: `II. CÔNG TÁC CHỈ ĐẠO`."""
    return bool(_PART.match(text)) and text == text.upper()
