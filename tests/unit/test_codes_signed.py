"""Our own codes: small enough for a poster, forged ones found, input methods survived."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from vungxanh.codes import keysafe, signed
from vungxanh.codes.signed import Kind, Statement, TagKey, Verdict
from vungxanh.core.errors import UserError

KEY = TagKey(1, b"k" * 32)
BASE = "https://vungxanh.thainguyen.gov.vn"
STATEMENT = Statement(Kind.ENTRY, 1000, 2000, {"r": "follow-up", "n": "N.T.L", "y": 1990})


def test_a_poster_link_fits_and_comes_back() -> None:
    link = signed.link(BASE, signed.short(Kind.POSTER, 2**62 + 5, KEY))
    assert len(link.encode()) == 67
    read = signed.read_short(link, [KEY])
    assert read == signed.Short(Kind.POSTER, 2**62 + 5, 1, None, Verdict.VALID)
    assert signed.read_short(link.upper(), [KEY]) == read


def test_a_domain_too_long_for_a_poster_is_said() -> None:
    with pytest.raises(UserError) as caught:
        signed.link("https://" + "a" * 60 + ".vn", signed.short(Kind.POSTER, 1, KEY))
    assert caught.value.code == "codes.link-too-long"


def test_every_changed_symbol_of_a_poster_is_found() -> None:
    code = signed.short(Kind.POSTER, 77, KEY)
    good = 0
    for place in range(len(code)):
        for letter in keysafe.ALPHABET.replace(code[place], ""):
            read = signed.read_short(code[:place] + letter + code[place + 1 :], [KEY])
            good += read is not None and read.verdict is Verdict.VALID
    assert good == 0


def test_a_forged_poster_differs_from_one_whose_key_is_elsewhere() -> None:
    code = signed.short(Kind.POSTER, 77, KEY)
    for keys, verdict in (([TagKey(1, b"x" * 32)], Verdict.FORGED), ([TagKey(2, b"k" * 32)], Verdict.UNKNOWN_KEY)):
        read = signed.read_short(code, keys)
        assert read is not None
        assert read.verdict is verdict


def test_rotating_codes_are_fresh_for_their_period_and_one_beside_it() -> None:
    code = signed.short(Kind.GATE, 9, KEY, step=signed.step_at(600, 30))
    read = signed.read_short(code, [KEY])
    assert read is not None
    assert (read.step, read.verdict) == (20, Verdict.VALID)
    assert [signed.fresh(read, second, 30) for second in (569, 570, 600, 659, 660)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    plain = signed.read_short(signed.short(Kind.POSTER, 9, KEY), [KEY])
    assert plain is not None
    assert not signed.fresh(plain, 600, 30)


def test_a_rotating_kind_without_its_step_is_no_code() -> None:
    assert signed.read_short(signed.short(Kind.GATE, 9, KEY)) is None


@pytest.mark.parametrize("key", [ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())])
def test_signed_texts(key: signed.PrivateKey) -> None:
    text, public = signed.sign(STATEMENT, key), key.public_key()
    verdicts = [signed.verify(text, [public], now) for now in (999, 1000, 1999, 2000)]
    assert [read.verdict if read else None for read in verdicts] == [
        Verdict.NOT_YET, Verdict.VALID, Verdict.VALID, Verdict.EXPIRED,
    ]  # fmt: skip
    assert verdicts[1] is not None
    assert verdicts[1].statement == STATEMENT
    unknown = signed.verify(text, [], 1500)
    assert unknown is not None
    assert unknown.verdict is Verdict.UNKNOWN_KEY


def test_a_changed_signed_text_is_never_valid() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = signed.sign(STATEMENT, key)
    for place in range(len(signed.PREFIX), len(text), 3):
        changed = text[:place] + ("B" if text[place] != "B" else "C") + text[place + 1 :]
        read = signed.verify(changed, [key.public_key()], 1500)
        assert read is None or read.verdict is not Verdict.VALID


def test_a_statement_too_long_to_scan_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        signed.sign(Statement(Kind.ENTRY, 1, 2, {"x": "y" * 3000}), ed25519.Ed25519PrivateKey.generate())
    assert caught.value.code == "codes.statement-too-long"


def test_no_symbol_of_ours_can_be_turned_by_an_input_method() -> None:
    # Telex turns vowels, D and W; VNI turns digits only after a vowel or D.
    assert not set(keysafe.ALPHABET) & set("AEIOUYDW")
    assert len(keysafe.ALPHABET) == 28
    for size in (0, 1, 18, 22, 500):
        raw = bytes((index * 37 + 5) % 256 for index in range(size))
        assert keysafe.decode(keysafe.encode(raw)) == raw
    assert keysafe.decode("hello!") is None
