"""Fixed words of pictures: the language of the message where a named writer gave them, else English."""

from io import BytesIO

import pypdf
import pytest

from vungxanh.command.labels import labels
from vungxanh.command.message_texts import Words
from vungxanh.command.pictures import picture

ENGLISH = {"do": "What to do", "call": "Call", "check": "Check that this is real"}
#: stand-ins; nobody has written the words of this language yet
TAY = {"do": "one", "call": "two", "check": "three"}


def test_vietnamese_and_english_are_our_own() -> None:
    assert labels("vi") == {"do": "Việc cần làm", "call": "Gọi", "check": "Kiểm tra tin thật"}
    assert labels("en") == ENGLISH


@pytest.mark.parametrize("given", [{}, TAY, {**TAY, "writer": " "}, {"do": "x", "writer": "Nông Thị A, Đài xã"}])
def test_without_a_named_writer_of_all_words_it_is_english(given: dict[str, str]) -> None:
    assert labels("tyz", {"en": ENGLISH, "tyz": given}) == ENGLISH


def test_with_a_named_writer_it_is_the_language_of_the_slot() -> None:
    assert labels("tyz", {"en": ENGLISH, "tyz": {**TAY, "writer": "Nông Thị A, Đài xã"}}) == TAY


@pytest.mark.parametrize(
    ("language", "there", "absent"),
    [("vi", "Việc cần làm", "What to do"), ("en", "What to do", "Việc cần làm"), ("tyz", "What to do", "Việc")],
)
def test_a_poster_says_them(language: str, there: str, absent: str) -> None:
    words = Words("Title", ("One.",), ("Two.",), "CDC", "0208 000 111", language)
    given = {"address": "https://a.example/1", "dates": "01/08/2026", "slogans": (), "drill": False}
    made = picture(words, kind="pdf", square=False, **given)  # type: ignore[arg-type]
    text = pypdf.PdfReader(BytesIO(made)).pages[0].extract_text()
    assert there in text
    assert absent not in text
