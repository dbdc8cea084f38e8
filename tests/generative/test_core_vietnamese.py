"""What holds of the keys for any text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from vungxanh.core import vietnamese as vi

ANY = st.text(max_size=40)
WORDS = st.text(st.sampled_from("aàảãáạăằâấeêềoôồơờuưừiyđdbcghkmnpqrstvx 0123456789"), max_size=20)


@given(ANY)
def test_clean_and_fold_settle_at_once(text: str) -> None:
    assert vi.clean(vi.clean(text)) == vi.clean(text)
    assert vi.fold(vi.fold(text)) == vi.fold(text)


@given(WORDS)
def test_composition_and_case_never_matter(text: str) -> None:
    for other in (unicodedata.normalize("NFD", text), text.upper()):
        assert vi.fold(other) == vi.fold(text)
        assert vi.toned(other) == vi.toned(text)
        assert vi.sort_key(other) == vi.sort_key(text)


@given(WORDS, WORDS)
def test_same_name_folds_the_same(one: str, other: str) -> None:
    if vi.toned(one) == vi.toned(other):
        assert vi.fold(one) == vi.fold(other)


@given(ANY)
def test_sort_key_is_ascii(text: str) -> None:
    assert vi.sort_key(text).isascii()
