"""Whatever bytes come, a parser answers or refuses with one of its codes; it never breaks."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.exposure.strategies import diagnosis_keys
from vungxanh.core.errors import UserError, catalogue
from vungxanh.exposure.codec import archive
from vungxanh.exposure.codec.adverts import parse_advert
from vungxanh.exposure.codec.bluezone_files import read_cases, read_history
from vungxanh.exposure.codec.export_file import MAGIC
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.export_write import write_export
from vungxanh.exposure.codec.index import read_index
from vungxanh.exposure.codec.key_json import keys_from_json
from vungxanh.exposure.codec.keys import DiagnosisKey, table_of
from vungxanh.exposure.codec.signature import Signer, load_public_key, new_private_key

SIGNER = Signer(new_private_key())
CODES = {""} | {f"exposure.{name}" for name in catalogue("exposure")}
PUBLIC = [SIGNER.key.public_key()]


def refusal(call: Callable[[], object]) -> str:
    """The code of a refusal, or nothing where there is an answer. Anything else that is raised fails the test."""
    try:
        call()
    except UserError as exc:
        return exc.code
    return ""


KEYS = [DiagnosisKey(bytes([n] * 16), 2_650_000 + n) for n in range(3)]
FILE = write_export(start=1_600_000_000, end=1_600_003_600, keys=table_of(KEYS), signers=[SIGNER])


@given(st.lists(diagnosis_keys(), max_size=30), st.lists(diagnosis_keys(), max_size=5))
def test_what_is_written_is_read(keys: list[DiagnosisKey], revised: list[DiagnosisKey]) -> None:
    raw = write_export(start=1, end=2, keys=table_of(keys), revised=table_of(revised), signers=[SIGNER])
    found = read_export(raw, PUBLIC)
    assert sorted(found.keys, key=repr) == sorted(keys, key=repr)
    assert sorted(found.revised, key=repr) == sorted(revised, key=repr)
    assert [key.data for key in found.keys] == sorted(key.data for key in keys)


@settings(max_examples=400)
@given(st.integers(0, len(FILE) * 8 - 1))
def test_a_flipped_bit_is_refused_or_changes_nothing(bit: int) -> None:
    damaged = bytearray(FILE)
    damaged[bit // 8] ^= 1 << bit % 8
    code = refusal(lambda: read_export(bytes(damaged), PUBLIC))
    if code:
        assert code.startswith("exposure.export-")
    else:
        assert read_export(bytes(damaged), PUBLIC) == read_export(FILE, PUBLIC)


@given(st.integers(0, len(FILE) - 1))
def test_a_cut_file_is_refused(length: int) -> None:
    assert refusal(lambda: read_export(FILE[:length], PUBLIC)).startswith("exposure.export-")


@settings(max_examples=300)
@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_members_are_answered(body: bytes, signature: bytes) -> None:
    for data in (body, MAGIC + body):
        for keys in (None, PUBLIC):
            file, known = archive.pack(data, signature), keys
            assert refusal(lambda: read_export(file, known)) in CODES  # noqa: B023


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(raw: bytes) -> None:
    parse_advert(raw)
    for parser in (read_export, load_public_key):
        assert refusal(lambda: parser(raw)) in CODES  # noqa: B023


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    for parser in (read_index, read_cases, lambda t: list(read_history(t))):
        assert refusal(lambda: parser(text)) in CODES  # noqa: B023


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=33),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["keys", "key", "rolling_start", "report_type", "data"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_json_is_answered(document: object) -> None:
    assert refusal(lambda: keys_from_json(document)) in CODES
