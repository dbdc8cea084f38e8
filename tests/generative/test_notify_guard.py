"""The guard of a citizen's SMS: however it is typed, no link, diagnosis or class leaves."""

import tomllib
import unicodedata
from importlib import resources

from hypothesis import example, given
from hypothesis import strategies as st

from vungxanh.core.vietnamese import fold
from vungxanh.notify.rules import faults
from vungxanh.notify.sms import parts

WORDS = tomllib.loads((resources.files("vungxanh.notify") / "words.toml").read_text("utf-8"))
OFFICIAL = "vungxanh.example"
#: what stands between words of a message; nothing that could be part of a word or an address
GAPS = st.sampled_from([" ", ", ", ". ", "! ", " (", ") ", "\n", " - ", "; ", '"'])
PLAIN = st.sampled_from(
    ["", "Mời bạn", "xin gọi trạm", "trước 17:00", "mã 4821-77", "ngày 22/11", "Please call", "09:10"]
)


@st.composite
def typed(draw: st.DrawFn, word: str) -> str:
    """The word as people type it: any case, with its marks, without, or with marks as letters of their own."""
    shape = draw(st.sampled_from(["as it stands", "without marks", "decomposed"]))
    text = {"as it stands": word, "without marks": fold(word), "decomposed": unicodedata.normalize("NFD", word)}[
        shape
    ]
    upper = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(letter.upper() if up else letter for letter, up in zip(text, upper, strict=True))


@st.composite
def around(draw: st.DrawFn, middle: str) -> str:
    return draw(PLAIN) + draw(GAPS) + middle + draw(GAPS) + draw(PLAIN)


@given(st.data())
def test_no_word_of_a_diagnosis_or_class_leaves(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["diagnosis", "class"]))
    text = data.draw(around(data.draw(typed(data.draw(st.sampled_from(WORDS[kind]))))))
    assert f"notify.{kind}" in {code for code, _found in faults(text, OFFICIAL)}


@st.composite
def links(draw: st.DrawFn) -> str:
    """Addresses as robbers send them: with a scheme or without, shortened, of another country, like ours."""
    label = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12).map(lambda name: f"a{name}b")
    host = ".".join(
        [*draw(st.lists(label, min_size=1, max_size=3)), draw(st.sampled_from(["vn", "com", "ly", "xyz"]))]
    )
    scheme = draw(st.sampled_from(["", "http://", "https://", "HTTPS://", "www."]))
    path = draw(st.sampled_from(["", "/", "/a", "/?u=1"]))
    return scheme + draw(st.sampled_from([host, f"{OFFICIAL}.{host}", f"{host}/{OFFICIAL}"])) + path


@given(st.data())
def test_no_link_leaves_but_the_official_address(data: st.DataObject) -> None:
    link = data.draw(links())
    assert "notify.link" in {code for code, _found in faults(data.draw(around(link)), OFFICIAL)}
    # the official address itself may stand beside it and saves nothing
    assert "notify.link" in {code for code, _found in faults(f"{OFFICIAL} {link}", OFFICIAL)}


@given(data=st.data())
def test_what_is_plain_leaves(data: st.DataObject) -> None:
    text = data.draw(around(f"Kiểm tra tin này tại {OFFICIAL}"))
    assert list(faults(text, OFFICIAL)) == []


@given(st.text(max_size=600))
@example("ạ" * 202)
def test_what_passes_is_three_parts_at_most_and_never_breaks_the_guard(text: str) -> None:
    if not list(faults(text, OFFICIAL)):
        assert parts(text) <= 3
        assert "http://" not in text.lower()
