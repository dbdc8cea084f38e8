"""Export v1.5: the bytes are protobuf's, the signature covers all of them, and the reader refuses the rest."""

import io
import warnings
import zipfile

import pytest

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec import archive
from vungxanh.exposure.codec.export_file import MAGIC, ExportHeader
from vungxanh.exposure.codec.export_pb2 import Export, Key, Signature, SignatureList
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.export_write import body, write_export
from vungxanh.exposure.codec.keys import DiagnosisKey, table_of
from vungxanh.exposure.codec.signature import (
    Signer,
    load_private_key,
    load_public_key,
    new_private_key,
    private_pem,
    public_pem,
    sign,
)

START, END = 1_596_844_800, 1_596_848_400
ONE = DiagnosisKey(bytes(range(16)), 2649980, 1, 1, 0, 8)
TWO = DiagnosisKey(bytes(range(16, 32)), 2649866, 144, 2, -14, 0, 3)
THREE = DiagnosisKey(bytes([255] * 16), 2649866, 127, 4, None)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(new_private_key())


def made(signer: Signer, *keys: DiagnosisKey) -> bytes:
    return write_export(start=START, end=END, keys=table_of(keys), signers=[signer])


def repacked(raw: bytes, **changed: bytes) -> bytes:
    """The same file with members replaced (or added): `body=`, `signature=`."""
    members = archive.unpack(raw)
    return archive.pack(changed.get("body", members.body), changed.get("signature", members.signature))


def protobuf_key(key: DiagnosisKey) -> Key:
    message = Key(
        key_data=key.data,
        transmission_risk=key.transmission_risk,
        rolling_start=key.rolling_start,
        rolling_period=key.rolling_period,
        report_type=key.report_type,  # type: ignore[arg-type]
    )
    if key.days_since_onset is not None:
        message.days_since_onset = key.days_since_onset
    if key.variant:
        message.variant = key.variant
    return message


def test_body_is_byte_for_byte_what_protobuf_writes() -> None:
    header = ExportHeader(START, END, "VN", 1, 2)
    ours = body(header, table_of([TWO, ONE, THREE]), table_of([TWO]))
    theirs = Export(start=START, end=END, region="VN", batch_num=1, batch_size=2)
    theirs.keys.extend(protobuf_key(key) for key in (ONE, TWO, THREE))
    theirs.revised.append(protobuf_key(TWO))
    assert ours == b"EK Export v1    " + theirs.SerializeToString()


def test_a_file_is_read_back_sorted_by_key(signer: Signer) -> None:
    raw = write_export(
        start=START, end=END, keys=table_of([THREE, ONE]), revised=table_of([TWO]), signers=[signer], batch=(2, 3)
    )
    found = read_export(raw, [signer.key.public_key()])
    assert found.verified is True
    assert found.keys == [ONE, THREE]
    assert found.revised == [TWO]
    assert (found.header.start, found.header.end, found.header.region) == (START, END, "VN")
    assert (found.header.batch_num, found.header.batch_size) == (2, 3)
    assert [(s.key_id, s.key_version, s.algorithm) for s in found.header.signers] == [
        ("452", "v1", "1.2.840.10045.4.3.2")
    ]


def test_the_same_keys_give_the_same_file(signer: Signer) -> None:
    assert made(signer, ONE, TWO) == made(signer, TWO, ONE)


def test_without_a_public_key_nothing_is_claimed(signer: Signer) -> None:
    assert read_export(made(signer, ONE)).verified is None


def test_during_rotation_either_signer_is_enough(signer: Signer) -> None:
    new = Signer(new_private_key(), key_version="v2")
    raw = write_export(start=START, end=END, keys=table_of([ONE]), signers=[signer, new])
    for known in (signer, new):
        assert read_export(raw, [known.key.public_key()]).keys == [ONE]


def refused(raw: bytes, signer: Signer) -> str:
    with pytest.raises(UserError) as caught:
        read_export(raw, [signer.key.public_key()])
    return caught.value.code


def test_another_signer_is_refused(signer: Signer) -> None:
    assert refused(made(Signer(new_private_key()), ONE), signer) == "exposure.export-bad-signature"


def test_signatures_of_two_files_cannot_be_swapped(signer: Signer) -> None:
    one, two = made(signer, ONE), made(signer, TWO)
    assert (
        refused(repacked(one, signature=archive.unpack(two).signature), signer) == "exposure.export-bad-signature"
    )


def test_an_unsigned_file_is_refused(signer: Signer) -> None:
    raw = made(signer, ONE)
    only_body = io.BytesIO()
    with zipfile.ZipFile(only_body, "w") as out:
        out.writestr("export.bin", archive.unpack(raw).body)
    assert refused(only_body.getvalue(), signer) == "exposure.export-unsigned"
    assert refused(repacked(raw, signature=b""), signer) == "exposure.export-unsigned"
    empty = SignatureList(signatures=[Signature(batch_num=1)]).SerializeToString()
    assert refused(repacked(raw, signature=empty), signer) == "exposure.export-unsigned"


def test_an_algorithm_of_no_name_verifies_nothing(signer: Signer) -> None:
    raw = made(signer, ONE)
    listed = SignatureList.FromString(archive.unpack(raw).signature)
    listed.signatures[0].signer.algorithm = "none"
    assert refused(repacked(raw, signature=listed.SerializeToString()), signer) == "exposure.export-bad-signature"


def signed(data: bytes, signer: Signer) -> bytes:
    listed = SignatureList(signatures=[Signature(signature=sign(signer.key, data))])
    return archive.pack(data, listed.SerializeToString())


def test_another_header_is_refused_even_if_signed(signer: Signer) -> None:
    members = archive.unpack(made(signer, ONE))
    assert refused(signed(b"EK Export v2    " + members.body[16:], signer), signer) == "exposure.export-header"


def test_a_truncated_body_is_refused_even_if_signed(signer: Signer) -> None:
    members = archive.unpack(made(signer, ONE))
    assert refused(signed(members.body[:-3], signer), signer) == "exposure.export-truncated"


@pytest.mark.parametrize(
    "key",
    [
        Key(key_data=bytes(15), rolling_start=1),
        Key(key_data=bytes(17), rolling_start=1),
        Key(key_data=bytes(16), rolling_start=1, rolling_period=145),
        Key(key_data=bytes(16), rolling_start=1, rolling_period=0),
        Key(key_data=bytes(16), rolling_start=-1),
        Key(key_data=bytes(16), rolling_start=1, transmission_risk=9),
    ],
)
def test_impossible_keys_are_refused_even_if_signed(signer: Signer, key: Key) -> None:
    data = MAGIC + Export(start=START, end=END, keys=[key]).SerializeToString()
    assert refused(signed(data, signer), signer) == "exposure.export-key"


def test_reserved_fields_of_old_files_are_tolerated(signer: Signer) -> None:
    old_signer_info = bytes.fromhex("0a0361626312047465737422033331302a13") + b"1.2.840.10045.4.3.2"
    data = MAGIC + Export(start=START, end=END, keys=[protobuf_key(ONE)]).SerializeToString()
    data += bytes([6 << 3 | 2, len(old_signer_info)]) + old_signer_info
    found = read_export(signed(data, signer), [signer.key.public_key()])
    assert found.keys == [ONE]
    assert found.header.signers[0].key_id == "310"


def test_a_third_member_is_ignored_and_a_second_of_one_name_is_not(signer: Signer) -> None:
    members = archive.unpack(made(signer, ONE))
    third, twice = io.BytesIO(), io.BytesIO()
    for out, extra in ((third, "content.sig"), (twice, "export.bin")):
        with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as zipped:
            warnings.simplefilter("ignore")
            zipped.writestr("export.bin", members.body)
            zipped.writestr("export.sig", members.signature)
            zipped.writestr(extra, b"something else")
    assert read_export(third.getvalue(), [signer.key.public_key()]).keys == [ONE]
    assert refused(twice.getvalue(), signer) == "exposure.export-member-twice"


def test_a_bomb_is_refused_before_it_unpacks(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = repacked(made(signer, ONE), body=bytes(100_000))
    monkeypatch.setattr(archive, "MAX_BODY", 99_999)
    assert refused(raw, signer) == "exposure.export-too-large"


@pytest.mark.parametrize("raw", [b"", b"PK", b"hello", bytes(100)])
def test_what_is_no_zip_is_refused(signer: Signer, raw: bytes) -> None:
    assert refused(raw, signer) == "exposure.export-not-zip"


def test_messages_of_refusals_hold_nothing_of_the_file(signer: Signer) -> None:
    with pytest.raises(UserError) as caught:
        read_export(made(Signer(new_private_key()), ONE), [signer.key.public_key()])
    assert ONE.data.hex() not in str(caught.value.as_json())


def test_keys_of_other_curves_are_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP384R1())
    for load, pem in ((load_public_key, public_pem(other.public_key())), (load_private_key, private_pem(other))):
        with pytest.raises(UserError) as caught:
            load(pem)
        assert caught.value.code.startswith("exposure.bad-p")
    with pytest.raises(UserError):
        load_public_key(b"not PEM")
