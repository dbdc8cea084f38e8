"""How long an SMS is: parts of 160 plain or 70 Vietnamese characters (3GPP TS 23.038, TS 23.040)."""

import unicodedata

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€")


def is_plain(text: str) -> bool:
    """Fits the seven-bit alphabet: no Vietnamese mark in it."""
    return all(c in _BASIC or c in _EXTENDED for c in text)


def parts(text: str) -> int:
    """How many SMS a text is charged as."""
    if is_plain(text):
        length = sum(2 if c in _EXTENDED else 1 for c in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else -(-length // 67)


def without_marks(text: str) -> str:
    """`Mời bạn khai báo` -> `Moi ban khai bao`: half the parts, and old phones show it."""
    plain = unicodedata.normalize("NFD", text.translate(str.maketrans("đĐ", "dD")))
    return "".join(c for c in plain if not unicodedata.combining(c))
