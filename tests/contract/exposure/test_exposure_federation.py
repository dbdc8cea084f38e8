"""The batch protocol of federation gateways, against a server that speaks it; signatures also against OpenSSL."""

import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.contract.exposure.hub_server import State, running
from tests.unit.exposure.phone import NOW, Phone, today
from vungxanh.core.errors import OperatorError, UserError
from vungxanh.exposure import actions, federation_actions, signing
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.gaen import new_key
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.codec.signature import load_public_key, private_pem
from vungxanh.exposure.export_job import folder, worker
from vungxanh.exposure.exports import partner_files
from vungxanh.exposure.federation import batch, partners
from vungxanh.exposure.federation.batch import FederatedKey
from vungxanh.exposure.federation.efgs_pb2 import PartnerKey
from vungxanh.exposure.federation.hub import Https, Hub, HubError
from vungxanh.exposure.federation.partners import Partner
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key, PartnerBatch, SigningKey
from vungxanh.people.models import Officer

LIMITS = limits()
CLOSES = int(NOW.timestamp()) // 7_200 * 7_200 + 7_200 + 60


def certificate(country: str, days: int = 365) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, SHA256())
    )
    return made, key


VN, VN_KEY = certificate("VN")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    yield tmp_path / "exposure-files"
    signing.forget()


@pytest.fixture
def state() -> State:
    return State([VN])


@pytest.fixture
def partner(state: State) -> Iterator[Partner]:
    with running(state) as url:
        yield Partner("efgs", Hub(Https(url), VN, VN_KEY), frozenset({"DE", "FR"}))


def key(day: int = 0, **changes: int) -> DiagnosisKey:
    return DiagnosisKey(new_key(), today() - 144 * day, **changes)


# One key by hand: the eight fields of the protocol, whole numbers with the most significant byte first.
BY_HAND = FederatedKey(
    DiagnosisKey(bytes(range(16)), 2_642_976, 144, ReportType.CONFIRMED_TEST, -2, 5), "DE", ("NL", "UK")
)
TEXT = "AAECAwQFBgcICQoLDA0ODw==.AChUIA==.AAAAkA==.AAAABQ==.TkwsVUs=.REU=.AAAAAQ==./////g==."


def test_text_of_a_key_is_the_protocols() -> None:
    assert (2_642_976).to_bytes(4, "big").hex() == "00285420"
    assert batch.text_of(batch.message_of(BY_HAND)).decode() == TEXT


def test_a_batch_is_sorted_by_the_base64_of_its_texts() -> None:
    messages = [batch.message_of(FederatedKey(key(n), "VN")) for n in range(20)]
    texts = [batch.text_of(one) for one in messages]
    assert batch.signed_text(messages) == b"".join(sorted(texts, key=b64encode))
    assert batch.signed_text(messages[::-1]) == batch.signed_text(messages)


def test_a_signature_holds_for_openssl_too(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("batch signatures against OpenSSL (it could not be installed)")
    keys = [FederatedKey(key(n), "VN") for n in range(3)]
    (tmp_path / "text").write_bytes(batch.signed_text(batch.message_of(one) for one in keys))
    (tmp_path / "cms").write_bytes(b64decode(batch.sign(keys, VN, VN_KEY)))
    (tmp_path / "vn.pem").write_bytes(VN.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "text"]
    done = subprocess.run(
        [*command, "-CAfile", "vn.pem", "-purpose", "any", "-out", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "successful" in done.stderr, done.stderr


@pytest.mark.parametrize("wrong", ["other-keys", "flipped", "stranger", "expired", "no-base64", "empty"])
def test_a_signature_that_does_not_hold_is_refused(wrong: str) -> None:
    keys = [FederatedKey(key(n), "VN") for n in range(3)]
    messages = [batch.message_of(one) for one in keys]
    signature, now = batch.sign(keys, VN, VN_KEY), datetime.now(UTC)
    assert batch.verify(messages, signature, [VN], now) == "VN"
    if wrong == "other-keys":
        messages[0].days_since_onset = 3
    elif wrong == "flipped":
        raw = bytearray(b64decode(signature))
        raw[-5] ^= 1
        signature = b64encode(bytes(raw)).decode()
    elif wrong == "expired":
        now += timedelta(days=400)
    elif wrong in {"no-base64", "empty"}:
        signature = "*" if wrong == "no-base64" else ""
    trusted = [certificate("VN")[0]] if wrong == "stranger" else [VN]
    with pytest.raises(UserError) as caught:
        batch.verify(messages, signature, trusted, now)
    assert caught.value.code == "exposure.partner-signature"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key_data": bytes(15)}, "key-length"),
        ({"rolling_period": 0}, "period"),
        ({"rolling_period": 145}, "period"),
        ({"transmission_risk": 9}, "risk"),
        ({"report_type": 6}, "report"),
        ({"origin": "deu"}, "origin"),
    ],
)
def test_a_key_that_cannot_be_one_says_why(changes: dict[str, object], reason: str) -> None:
    message = batch.message_of(BY_HAND)
    for name, value in changes.items():
        setattr(message, name, value)
    assert batch.judged(message) == reason


def published(phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS.export)


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_our_keys_go_up_once_with_their_padding_and_nobody_elses(state: State, partner: Partner) -> None:
    phone = Phone()
    Key.objects.create(data=new_key(), start=today(), period=144, report=1, slot=CLOSES - 7_260, origin="FR")
    published(phone)
    done = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    ours = Key.objects.filter(slot=CLOSES - 7_260, origin="VN")
    assert set(state.keys) == {bytes(row.data) for row in ours}
    assert done.sent == ours.count() >= 1_000
    assert {one.origin for one in state.keys.values()} == {"VN"}
    again = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    assert (again.batches, again.sent) == (0, 0)
    assert PartnerBatch.objects.get().sent == done.sent


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_a_recall_reaches_the_partner(state: State, partner: Partner) -> None:
    phone = Phone()
    published(phone)
    federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    one, two = (Officer.objects.create_user(f"officer{n}", name=f"O{n}") for n in (1, 2))
    recall = actions.ask_recall(case_id=1, reason="mixed up", by=one, now=NOW)
    actions.agree_recall(recall=recall, by=two, now=NOW + timedelta(hours=2))
    worker.run(now=CLOSES + 7_200, limits=LIMITS.export)
    federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    for sent in phone.keys[1:4]:
        assert state.keys[sent.data].report_type == ReportType.REVOKED


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_keys_that_failed_go_again_and_a_lost_answer_doubles_nothing(state: State, partner: Partner) -> None:
    published(Phone())
    unlucky = {bytes(data) for data in Key.objects.filter(slot=CLOSES - 7_260).values_list("data", flat=True)[:3]}
    state.fail_once = set(unlucky)
    first = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    assert first.failed == 3
    assert not unlucky & set(state.keys)
    second = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    assert (second.sent, second.failed) == (3, 0)
    assert unlucky <= set(state.keys)
    # the hub has the tag, we have lost that it said so
    PartnerBatch.objects.all().delete()
    third = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    assert (third.sent, third.known) == (0, first.sent + 3)


def test_a_hub_that_refuses_all_for_one_old_key_gets_the_others(state: State, partner: Partner) -> None:
    state.strict, state.oldest = True, today() - 144 * 15
    keys = [FederatedKey(key(n % 14), "VN") for n in range(40)]
    keys[17] = FederatedKey(key(20), "VN")
    said = partner.hub.upload("VN-1-1", keys)
    assert said.refused == {17: "406"}
    assert sorted(said.accepted) == [n for n in range(40) if n != 17]
    assert len(state.keys) == 39


def test_a_hub_that_is_down_is_told(state: State, partner: Partner) -> None:
    state.down = True
    with pytest.raises(HubError):
        partner.hub.upload("VN-1-1", [FederatedKey(key(), "VN")])
    with pytest.raises(HubError):
        Https("http://127.0.0.1:1").ask("GET", "/", {})
    with pytest.raises(HubError):
        Https("file:///etc/passwd")


def theirs(origin: str, given: DiagnosisKey) -> PartnerKey:
    return batch.message_of(FederatedKey(given, origin))


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_their_batches_come_down_once_and_each_key_is_judged_alone(state: State, partner: Partner) -> None:
    day = NOW.date().isoformat()
    good = [key(n, report_type=1, days_since_onset=n - 2) for n in range(1, 4)]
    odd = theirs("DE", key(1))
    odd.key_data = bytes(3)
    state.batches[day] = [
        (f"{day}-1", [*(theirs("DE", one) for one in good), odd, theirs("DE", key(16, report_type=1))]),
        (f"{day}-2", [theirs("IT", key(1)), theirs("VN", key(1)), theirs("FR", key(2))]),
    ]
    done = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    assert (done.received, done.new) == (8, 4)
    assert done.refused == {"key-length": 1, "too-old": 1, "origin": 2}
    assert sorted(Key.objects.values_list("origin", flat=True)) == ["DE", "DE", "DE", "FR"]
    assert federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS).received == 0

    # a third batch of the same day, in which Germany takes one key back
    state.batches[day].append(
        (f"{day}-3", [theirs("DE", DiagnosisKey(good[0].data, good[0].rolling_start, 144, 5))])
    )
    worker.run(now=CLOSES, limits=LIMITS.export)
    last = federation_actions.exchange(partner=partner, now=NOW, limits=LIMITS)
    assert (last.received, last.revised) == (1, 1)
    assert Key.objects.get(data=good[0].data).report == ReportType.REVOKED


@pytest.mark.django_db
def test_files_for_countries_that_take_files_hold_our_keys_alone(files: Path, tmp_path: Path) -> None:
    foreign = new_key()
    Key.objects.create(data=foreign, start=today(), period=144, report=1, slot=CLOSES - 7_260, origin="FR")
    phone = Phone()
    published(phone)
    out = tmp_path / "out"
    out.mkdir()
    names = partner_files(out, since=CLOSES - 86_400, limits=LIMITS.export)
    public = load_public_key(SigningKey.objects.get(purpose="export").public_pem.encode())
    found = read_export((out / names[0]).read_bytes(), [public])
    assert {one.data for one in phone.keys[1:4]} <= {one.data for one in found.keys}
    assert foreign not in {one.data for one in found.keys}


def test_partners_are_folders_of_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partners, "home", lambda: tmp_path)
    assert partners.partners() == []
    here = tmp_path / "federation" / "efgs"
    here.mkdir(parents=True)
    (here / "sign.pem").write_bytes(VN.public_bytes(Encoding.PEM))
    (here / "sign.key").write_bytes(private_pem(VN_KEY))
    text = 'url = "http://127.0.0.1:9"\ncountries = ["DE"]\nsigning_certificate = "sign.pem"\n'
    (here / "partner.toml").write_text(text + 'signing_key = "sign.key"\n')
    assert [(one.name, one.countries) for one in partners.partners()] == [("efgs", frozenset({"DE"}))]
    (here / "partner.toml").write_text(text)
    with pytest.raises(OperatorError) as caught:
        partners.partners()
    assert caught.value.code == "exposure.bad-partner"
