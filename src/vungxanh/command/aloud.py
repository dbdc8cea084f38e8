"""Text as a loudspeaker reads it: numbers, dates, hours, telephone numbers and short forms in words.

Rules of spoken Vietnamese: mười/mươi, mốt after mươi, lăm after ten, linh before a lone unit, mồng before days
1 to 10.
"""

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", "nghìn", "triệu", "tỷ")
SHORT_FORMS = {
    "UBND": "Ủy ban nhân dân",
    "TYT": "Trạm y tế",
    "BCĐ": "Ban chỉ đạo",
    "TP": "thành phố",
    "CCCD": "căn cước công dân",
    "BHYT": "bảo hiểm y tế",
    "QR": "quy a",
    "COVID-19": "Cô vít mười chín",
    "Covid-19": "Cô vít mười chín",
    "SMS": "tin nhắn",
    "km": "ki lô mét",
    "%": " phần trăm",
}


def number(value: int) -> str:
    """0 ≤ value < 10¹² in words: 2021 -> "hai nghìn không trăm hai mươi mốt"."""
    if value == 0:
        return DIGITS[0]
    groups = []
    while value:
        value, rest = divmod(value, 1000)
        groups.append(rest)
    words = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            words += [_hundreds(groups[place], full=place < len(groups) - 1), SCALES[place]]
    return " ".join(word for word in words if word)


def _hundreds(value: int, *, full: bool) -> str:
    """0 < value < 1000; `full` names the empty hundreds of a later group ("không trăm")."""
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 0 and units and words:
        words.append("linh")
    if tens:
        words.append("mười" if tens == 1 else f"{DIGITS[tens]} mươi")
    if units:
        words.append("mốt" if units == 1 and tens > 1 else "lăm" if units == 5 and tens else DIGITS[units])
    return " ".join(words)


def digits(text: str) -> str:
    """A telephone number, digit by digit."""
    return " ".join(DIGITS[int(sign)] for sign in text if sign.isdecimal() and sign.isascii())


def _date(found: re.Match[str]) -> str:
    day, month, year = int(found["d"]), int(found["m"]), found["y"]
    word = (found["word"] or "ngày").strip()
    said = f"{word} {'mồng ' if day <= 10 else ''}{number(day)} tháng {'tư' if month == 4 else number(month)}"
    return said + (f" năm {number(int(year))}" if year else "")


def _hour(found: re.Match[str]) -> str:
    minutes = int(found["min"] or 0)
    return f"{number(int(found['h']))} giờ" + (f" {number(minutes)} phút" if minutes else "")


STEPS = (
    (re.compile(r"(?P<word>[Nn]gày\s+)?\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?\b"), _date),
    (re.compile(r"\b(?P<h>\d{1,2})(?:h|:|g)(?P<min>\d{2})?\b"), _hour),
    (
        re.compile(r"(?<!\d)(?:0\d[\d .]{7,12}\d|1[89]00[\d .]{2,8}\d|19\d{3}|11[1-5])(?!\d)"),
        lambda found: digits(found[0]),
    ),
    (re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+(?![\d.])"), lambda found: number(int(found[0].replace(".", "")))),
    (re.compile(r"(?<!\d)\d{1,12}(?!\d)"), lambda found: number(int(found[0]))),
)


def spoken(text: str) -> str:
    """Written text -> text to read aloud; what is no number, date or known short form stays as it is."""
    for short, full in SHORT_FORMS.items():
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)" if short != "%" else "%", full, text)
    for pattern, say in STEPS:
        text = pattern.sub(say, text)
    return re.sub(r"\s+", " ", text).strip()


def seconds(text: str, syllables_a_second: float) -> float:
    """How long `text` takes to read; a Vietnamese word is one syllable, a comma a breath, a full stop two."""
    pauses = text.count(",") * 0.3 + sum(text.count(sign) for sign in ".;:") * 0.6
    return len(re.findall(r"\w+", text)) / syllables_a_second + pauses
