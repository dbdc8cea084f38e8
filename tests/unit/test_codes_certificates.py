"""Health certificates: vectors of four states, the odd classes, forgeries, and ICAO's seal."""

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from vungxanh.codes import dcc, trust, vdsnc
from vungxanh.codes.trust import Signer, Verdict
from vungxanh.core.errors import OperatorError, UserError

NOW = datetime(2022, 1, 3, 9, 30, tzinfo=UTC)
ENTRY = {"tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "dn": 2, "sd": 2, "dt": "2021-09-01",
         "co": "VN", "is": "MOH", "ci": "URN:UVCI:01:VN:TEST#1"}  # fmt: skip
PERSON = {"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Văn A", "gnt": "VAN<A"}


@pytest.mark.needs_data
def test_vectors_of_four_states_are_decided_as_their_files_say(data: Path) -> None:
    files = sorted((data / "certificates" / "dcc").glob("*/2DCode/raw/*.json"))
    assert len(files) == 16
    for file in files:
        decided(file, json.loads(file.read_text()))


def decided(file: Path, vector: dict[str, Any]) -> None:
    expected, context = vector["EXPECTEDRESULTS"], vector["TESTCTX"]
    signer = trust.signer(base64.b64decode(context["CERTIFICATE"]))
    at = datetime.fromisoformat(context["VALIDATIONCLOCK"][:19] + "+00:00")
    read = dcc.parse(vector["PREFIX"])
    assert read.surname == vector["JSON"]["nam"]["fn"], file
    assert read.identifier == next(vector["JSON"][key][0]["ci"] for key in "vtr" if vector["JSON"].get(key)), file
    verdict = dcc.verify(read, trust.of([signer]), at)
    assert verdict not in (Verdict.WRONG_SIGNATURE, Verdict.UNKNOWN_SIGNER), file
    assert expected["EXPECTEDVERIFY"] is True
    if expected.get("EXPECTEDEXPIRATIONCHECK"):
        assert verdict is Verdict.VALID, file


# ------------------------------------------------------------------ certificates made here


def certificate(
    key: Any,
    *,
    country: str = "VN",
    issuer: Any = None,
    usages: tuple[str, ...] = (),
    begins: datetime | None = None,
) -> Signer:
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country)])
    begin = begins or NOW - timedelta(days=400)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=800))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer or key).public_key()), critical=False
        )
    )
    if usages:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ObjectIdentifier(item) for item in usages]), critical=False
        )
    return trust.signer(builder.sign(issuer or key, hashes.SHA256()).public_bytes(Encoding.DER))


def raw_signature(key: Any, message: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    half = key.curve.key_size // 8
    return bytes(r.to_bytes(half, "big") + s.to_bytes(half, "big"))


def certified(key: Any, kid: bytes, entry: dict[str, Any] | None = None, tags: tuple[int, ...] = (18,)) -> str:
    algorithm = dcc.PS256 if isinstance(key, rsa.RSAPrivateKey) else dcc.ES256
    protected = cbor2.dumps({1: algorithm, 4: kid})
    claims = {
        1: "VN", 4: int(NOW.timestamp()) + 86400, 6: int(NOW.timestamp()) - 86400,
        -260: {1: {"ver": "1.3.0", "nam": PERSON, "dob": "1990-02-15", "v": [ENTRY | (entry or {})]}},
    }  # fmt: skip
    payload = cbor2.dumps(claims)
    signature = raw_signature(key, cbor2.dumps(["Signature1", protected, b"", payload]))
    whole: Any = [protected, {}, payload, signature]
    for tag in tags:
        whole = cbor2.CBORTag(tag, whole)
    return packed(cbor2.dumps(whole))


def packed(raw: bytes) -> str:
    return dcc.PREFIX + str(base45.b45encode(zlib.compress(raw)).decode())


P256 = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("key", "tags"),
    [
        (P256, (18,)),
        (P256, ()),  # an array without its tag
        (P256, (18, 61)),  # the CWT tag around it
        (ec.generate_private_key(ec.SECP384R1()), (18,)),  # ES256 under a P-384 key
        (rsa.generate_private_key(65537, 2048), (18,)),
    ],
)
def test_odd_but_real_classes_are_read_and_verified(key: Any, tags: tuple[int, ...]) -> None:
    signer = certificate(key)
    read = dcc.parse(certified(key, signer.kid, tags=tags))
    assert (read.kind, read.surname, read.given, read.issuer) == ("vaccination", "Nguyễn", "Văn A", "VN")
    assert dcc.verify(read, trust.of([signer]), NOW) is Verdict.VALID


def test_different_faults_are_different_answers() -> None:
    signer, other = certificate(P256), certificate(ec.generate_private_key(ec.SECP256R1()))
    read = dcc.parse(certified(P256, signer.kid))
    trusted = trust.of([signer])
    day = timedelta(days=2)
    assert dcc.verify(read, trusted, NOW + day) is Verdict.EXPIRED
    assert dcc.verify(read, trusted, NOW - day) is Verdict.NOT_YET
    assert dcc.verify(read, trust.of([signer], [read.identifier]), NOW) is Verdict.REVOKED
    assert dcc.verify(read, trust.of([other]), NOW) is Verdict.UNKNOWN_SIGNER
    forged = dcc.parse(certified(ec.generate_private_key(ec.SECP256R1()), signer.kid))
    assert dcc.verify(forged, trusted, NOW) is Verdict.WRONG_SIGNATURE
    late = certificate(P256, begins=NOW + timedelta(days=1))
    assert dcc.verify(dcc.parse(certified(P256, late.kid)), trust.of([late]), NOW) is Verdict.SIGNER_EXPIRED


def test_a_signer_of_tests_may_not_sign_vaccinations() -> None:
    tests, doses = (f"1.3.6.1.4.1.1847.2021.1.{number}" for number in (1, 2))
    for usages, verdict in (((tests,), Verdict.WRONG_SIGNER), ((tests, doses), Verdict.VALID)):
        signer = certificate(P256, usages=usages)
        read = dcc.parse(certified(P256, signer.kid))
        assert dcc.verify(read, trust.of([signer]), NOW) is verdict


def test_codes_outside_the_value_sets_are_warned_about() -> None:
    read = dcc.parse(certified(P256, b"12345678", {"mp": "MoonVax", "tg": "1"}))
    assert [dict(item.params)["field"] for item in read.warnings] == ["tg", "mp"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("HC2:6BF", "prefix"),
        ("HC1:\x01", "base45"),
        ("HC1:::::", "base45"),
        (packed(b"\x00"), "cose"),
        (packed(cbor2.dumps([b"", {}, b"", 5])), "cose"),
        (packed(cbor2.dumps([cbor2.dumps({1: -7, 4: b"k"}), {}, b"\xff", b""])), "cwt"),
        (packed(cbor2.dumps([cbor2.dumps({1: -7, 4: b"k"}), {}, cbor2.dumps({-260: {1: 5}}), b""])), "schema"),
        (packed(cbor2.dumps([cbor2.dumps({1: -7, 4: b"k"}), {}, cbor2.dumps({1: "VN"}), b""])), "cwt"),
        (packed(b"\0" * 1_000_000), "zlib"),
        (packed(b"\x81" * 20_000), "cose"),
    ],
)
def test_broken_layers_are_named(text: str, reason: str) -> None:
    with pytest.raises(UserError) as caught:
        dcc.parse(text)
    assert (caught.value.code, caught.value.params["reason"]) == ("codes.bad-dcc", reason)


def test_a_cut_certificate_is_refused() -> None:
    whole = certified(P256, b"12345678")
    for end in range(4, len(whole), 7):
        with pytest.raises(UserError):
            dcc.parse(whole[:end])


# ------------------------------------------------------------------ VDS-NC


def sealed(key: Any, signer: Signer, *, change: str = "") -> str:
    data = {
        "hdr": {"t": "icao.vacc", "v": 1, "is": "VNM"},
        "msg": {
            "uvci": "U1",
            "pid": {"n": "NGUYEN VAN A", "dob": "1990-02-15", "i": "B1234567"},
            "ve": [{"des": "X"}],
        },
    }
    sigvl = base64.urlsafe_b64encode(raw_signature(key, rfc8785.dumps(data))).rstrip(b"=").decode()
    cer = base64.urlsafe_b64encode(signer.certificate.dump()).decode()
    if change:
        data["msg"]["pid"]["n"] = change  # type: ignore[index]
    return json.dumps({"data": data, "sig": {"alg": "ES256", "cer": cer, "sigvl": sigvl}}, indent=1)


def test_a_seal_is_believed_only_under_a_trusted_root_of_its_country() -> None:
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = certificate(root_key)
    signer = certificate(P256, issuer=root_key)
    read = vdsnc.parse(sealed(P256, signer))
    assert (read.kind, read.name, read.document, read.issuer) == ("vaccination", "NGUYEN VAN A", "B1234567", "VNM")
    assert vdsnc.verify(read, trust.of([root]), NOW) is Verdict.VALID
    assert vdsnc.verify(read, trust.of([]), NOW) is Verdict.UNKNOWN_SIGNER
    foreign = certificate(root_key, country="UT")
    assert vdsnc.verify(read, trust.of([foreign]), NOW) is Verdict.UNKNOWN_SIGNER
    changed = vdsnc.parse(sealed(P256, signer, change="NGUYEN VAN B"))
    assert vdsnc.verify(changed, trust.of([root]), NOW) is Verdict.WRONG_SIGNATURE
    assert vdsnc.verify(read, trust.of([root], ["U1"]), NOW) is Verdict.REVOKED
    assert vdsnc.verify(read, trust.of([root]), NOW + timedelta(days=900)) is Verdict.SIGNER_EXPIRED


def test_a_root_with_the_right_name_and_another_key_is_not_believed() -> None:
    root_key, thief = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate(root_key)
    signer = certificate(P256, issuer=root_key)
    assert trust.issued_by(signer, root)
    assert not trust.issued_by(signer, certificate(thief))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"data":{},"sig":{}}', '{"data":1}', "[" * 9000, "{" * 9000]
)
def test_what_is_no_seal(text: str) -> None:
    with pytest.raises(UserError):
        vdsnc.parse(text)


def test_trust_folders(tmp_path: Path) -> None:
    with pytest.raises(OperatorError):
        trust.load(tmp_path / "absent")
    signer = certificate(P256)
    (tmp_path / "a.der").write_bytes(signer.certificate.dump())
    (tmp_path / "revoked.txt").write_text("URN:UVCI:01:VN:TEST#1\n")
    loaded = trust.load(tmp_path)
    assert list(loaded.signers) == [signer.kid]
    assert loaded.is_revoked("URN:UVCI:01:VN:TEST#1")
    (tmp_path / "b.pem").write_text("not a certificate")
    with pytest.raises(OperatorError, match=r"b\.pem"):
        trust.load(tmp_path)
