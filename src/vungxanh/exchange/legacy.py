"""Vietnamese text of before Unicode: TCVN3 (ABC fonts), VNI fonts, code page 1258.

Such letters are bytes that look Western; in old workbooks they even sit in Unicode cells under a font's name.
Which one it is, is judged by syllables: real Vietnamese has few shapes.
"""

import re
import unicodedata
from collections.abc import Iterable

from vungxanh.core.vietnamese import split_tone

#: TCVN3 bytes A1-FE in order of Unicode letters; toned capitals are the small ones in another font
_TCVN3 = dict(
    zip(
        "\xb5\xb6\xb7\xb8\xb9\xa8\xbb\xbc\xbd\xbe\xc6\xa9\xc7\xc8\xc9\xca\xcb\xae\xcc\xce\xcf\xd0\xd1\xaa\xd2\xd3\xd4\xd5\xd6"
        "\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xab\xe5\xe6\xe7\xe8\xe9\xac\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xad"
        "\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xa1\xa2\xa3\xa4\xa5\xa6\xa7",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
#: VNI: a letter, then a letter that only stands for its marks
_VNI_MARKS = {
    "a": ("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "u": ("ùøûõï", "úùủũụ"),
    "y": ("ùøûõ", "ýỳỷỹ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "ö": ("ùøûõï", "ứừửữự"),
}
_VNI_ALONE = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))


def _vni_table() -> dict[str, str]:
    pairs = {
        first + mark: made
        for first, (marks, letters) in _VNI_MARKS.items()
        for mark, made in zip(marks, letters, strict=True)
    }
    small = pairs | _VNI_ALONE
    mixed = {key[0].upper() + key[1:]: value.upper() for key, value in small.items()}
    return mixed | {key.upper(): value.upper() for key, value in small.items()} | small


_VNI = _vni_table()
_VNI_FORM = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_NUCLEI = (
    "oai|oao|oay|oeo|uôi|uây|uyê|uya|uyu|ươi|ươu|iêu|yêu|oa|oă|oe|oo|uê|uơ|uy|uâ|uô|uă|ia|iê|yê|ua|ưa|ươ|ai|ao|au|ay|âu|ây"
    "|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(f"^(?:{_ONSETS})?(?:{_NUCLEI})(?:ch|ng|nh|c|m|n|p|t)?$")
_WORD = re.compile(r"[^\W\d_]+|[^\x00-\x7f\s]+")


def tcvn3(text: str) -> str:
    """Text whose letters are TCVN3 bytes -> Unicode."""
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def vni(text: str) -> str:
    """Text whose letters are VNI bytes -> Unicode."""
    return _VNI_FORM.sub(lambda found: _VNI[found.group()], text)


def vietnamese(text: str) -> float:
    """Share of words with marks that have the shape of a Vietnamese syllable; 0 where no word has marks."""
    marked = [
        word for word in re.split(r"[\s\d.,;:/()\-]+", unicodedata.normalize("NFC", text)) if not word.isascii()
    ]
    if not marked:
        return 0.0
    return sum(_is_syllable(word) for word in marked) / len(marked)


def _is_syllable(word: str) -> bool:
    letters, tone = split_tone(word)
    stopped = letters.endswith(("c", "ch", "p", "t"))
    # A syllable that ends in a stop has only the sharp or the heavy tone.
    return bool(_SYLLABLE.match(letters)) and not (stopped and tone in (1, 2, 3))


def repaired(texts: Iterable[str]) -> str | None:
    """Which reading makes these texts Vietnamese: "tcvn3", "vni", or None where they are so already (or never).

    All texts are judged together: one short name proves nothing.
    """
    sample = "\n".join(text for text, _ in zip((t for t in texts if not t.isascii()), range(2000), strict=False))
    if not sample:
        return None
    scores = {"": vietnamese(sample), "tcvn3": vietnamese(tcvn3(sample)), "vni": vietnamese(vni(sample))}
    best = max(scores, key=lambda name: scores[name])
    return best if best and scores[best] >= 0.6 and scores[best] > scores[""] + 0.2 else None


READERS = {"tcvn3": tcvn3, "vni": vni}


def decoded(raw: bytes) -> tuple[str, str]:
    """Bytes of a text file -> text and the name of its encoding."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name, "replace"), name
    if _sixteen(raw):
        name = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
        return raw.decode(name, "replace"), name
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _legacy(raw)


def _sixteen(raw: bytes) -> bool:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    head = raw[:400]
    return len(head) >= 8 and max(head[0::2].count(0), head[1::2].count(0)) * 3 > len(head)


def _legacy(raw: bytes) -> tuple[str, str]:
    western = raw.decode("latin-1")
    readings = {
        "cp1258": unicodedata.normalize("NFC", raw.decode("cp1258", "replace")),
        "tcvn3": tcvn3(western),
        "vni": vni(western),
    }
    best = max(readings, key=lambda name: vietnamese(readings[name][:100_000]))
    if vietnamese(readings[best][:100_000]) >= 0.6:
        return readings[best], best
    return raw.decode("cp1252", "replace"), "cp1252"
