"""Orders extended and changed; papers signed by the official's own key, beside the paper, or scanned."""

import asyncio
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from tests.outbreak_world import COMMUNE, PROVINCE, World, make_officer, make_world

from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import fold
from vungxanh.outbreak import exposed, order_actions, signing
from vungxanh.outbreak.models import Order, OrderPaper
from vungxanh.work.actions import escalate
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


@pytest.fixture
def order(world: World) -> Order:
    now, today = timezone.now(), timezone.localdate()
    return Order.objects.create(
        person=world.mai,
        disease="covid19",
        form="home",
        since=today,
        until=today + timedelta(days=7),
        detected_at=now,
        listed_at=now,
        scope_path=f"{PROVINCE}{COMMUNE}/",
        scope_sector="health",
    )


def in_force(order: Order) -> Order:
    Order.objects.filter(pk=order.pk).update(
        status="notified", signer="A", signer_title="B", signed_at=timezone.now(), notified_at=timezone.now()
    )
    order.refresh_from_db()
    return order


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> SimpleSigner:
    """An official with a key of his own, certified by nobody."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Văn Chủ tịch")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("key")
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    loaded = SimpleSigner.load(str(folder / "key.pem"), str(folder / "cert.pem"))
    assert loaded is not None
    return loaded


def signed(pdf: bytes, signer: SimpleSigner) -> bytes:
    target = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    sign_pdf(writer, PdfSignatureMetadata(field_name=signing.FIELD), signer=signer, output=target)
    return target.getvalue()


def test_extended_by_a_new_draft_that_follows(client: Client, world: World, order: Order) -> None:
    client.force_login(world.officer)
    in_force(order)
    later = order.until + timedelta(days=3)
    client.post(f"/cases/orders/{order.pk}", {"step": "extend", "until": later.isoformat()})
    following = Order.objects.get(previous=order)
    assert (following.status, following.since, following.until) == ("draft", order.until, later)
    order.refresh_from_db()
    assert order.status == "ended"
    page = client.get(f"/cases/orders/{following.pk}", headers={"Accept-Language": "vi"}).content.decode()
    assert f"quyết định {order.pk}" in page


def test_changed_to_a_facility_with_a_reason(client: Client, world: World, order: Order) -> None:
    client.force_login(world.officer)
    in_force(order)
    address = f"/cases/orders/{order.pk}"
    client.post(address, {"step": "change", "form": "facility", "where": "BV A", "why": ""})
    assert not Order.objects.filter(previous=order).exists()
    client.post(address, {"step": "change", "form": "facility", "where": "BV A", "why": "trở nặng"})
    following = Order.objects.get(previous=order)
    assert (following.form, following.where, following.until) == ("facility", "BV A", order.until)


def test_digitally_signed_paper_is_whole_and_a_changed_one_is_refused(
    client: Client, world: World, order: Order, signer: SimpleSigner
) -> None:
    client.force_login(world.officer)
    pdf = client.get(f"/cases/orders/{order.pk}/sign.pdf").content
    fields = list(enumerate_sig_fields(IncrementalPdfFileWriter(io.BytesIO(pdf)).prev))
    assert [field[0] for field in fields] == [signing.FIELD]
    paper = signed(pdf, signer)
    upload = SimpleUploadedFile("order.pdf", paper)
    client.post(f"/cases/orders/{order.pk}", {"step": "paper", "file": upload})
    kept = OrderPaper.objects.get(kind="pades")
    assert (kept.checked, "Nguyễn Văn Chủ tịch" in kept.signer) == ("whole", True)
    assert client.get(f"/cases/orders/{order.pk}/papers/{kept.pk}").content == paper
    place = paper.index(b"/MediaBox")
    broken = paper[:place] + b"/MediaBex" + paper[place + 9 :]
    with pytest.raises(UserError) as error:
        order_actions.keep_paper(by=world.officer, order=order, name="order.pdf", content=broken)
    assert error.value.code in {"outbreak.paper-broken", "outbreak.paper-odd"}


def test_signature_beside_the_paper(client: Client, world: World, order: Order, signer: SimpleSigner) -> None:
    client.force_login(world.officer)
    pdf = client.get(f"/cases/orders/{order.pk}/sign.pdf").content
    beside = asyncio.run(signer.async_sign_general_data(pdf, "sha256", detached=True)).dump()
    kept = order_actions.keep_paper(by=world.officer, order=order, name="order.p7s", content=beside)
    assert (kept.kind, kept.checked) == ("detached", "whole")
    other = asyncio.run(signer.async_sign_general_data(pdf + b" ", "sha256", detached=True)).dump()
    with pytest.raises(UserError) as error:
        order_actions.keep_paper(by=world.officer, order=order, name="order.p7s", content=other)
    assert error.value.code == "outbreak.paper-broken"


def test_scan_is_kept_as_what_it_is(world: World, order: Order) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(20)
    kept = order_actions.keep_paper(by=world.officer, order=order, name="a.png", content=picture)
    assert (kept.kind, kept.checked) == ("scan", "none")
    with pytest.raises(UserError):
        order_actions.keep_paper(by=world.officer, order=order, name="a.exe", content=b"MZ")


def test_clock_stands_in_the_work_list_and_rises_before_it_runs_out(world: World, order: Order) -> None:
    order_actions.clock_items([order.pk])
    item = WorkItem.objects.get(source=f"order:{order.pk}", state="open")
    assert item.kind == "order.decide"
    assert item.due == order.listed_at + timedelta(
        minutes=30
    )  # one hour to decide, seen as late half an hour before
    escalate(now=order.listed_at + timedelta(minutes=35))
    item.refresh_from_db()
    assert item.escalation == 1
    order_actions.sign(by=world.officer, orders=[order], signer="Nguyễn Văn A", title="Chủ tịch")
    kinds = WorkItem.objects.filter(source=f"order:{order.pk}", state="open").values_list("kind", flat=True)
    assert list(kinds) == ["order.notify"]


def consonants(text: str) -> str:
    """The reader of PDF doubles a vowel that the font draws with its mark; the rest is as it was written."""
    return re.sub(r"[aeiouy\s]", "", fold(text))


WORDS = {
    "extend": ("gia hạn thời gian cách ly y tế tại nhà, nơi ở", "Gia hạn cách ly y tế", "thời hạn trước"),
    "change": (
        "thay đổi hình thức cách ly y tế",
        "từ tại nhà, nơi ở sang tại cơ sở y tế (Bệnh viện A)",
        "sốt cao",
    ),
    "coerce": ("cưỡng chế cách ly y tế tại nhà, nơi ở", "Cưỡng chế cách ly y tế", "bỏ về quê"),
}


@pytest.mark.parametrize("act", WORDS)
def test_each_decision_has_its_own_text_and_names_the_one_before(
    client: Client, world: World, order: Order, act: str
) -> None:
    """The paper as it is handed out, read back from the PDF and the DOCX."""
    from docx import Document
    from pypdf import PdfReader

    in_force(order)
    Order.objects.filter(pk=order.pk).update(number="12/QĐ-UBND")
    client.force_login(world.officer)
    later = order.until + timedelta(days=3)
    given = {
        "extend": {"until": later.isoformat()},
        "change": {"form": "facility", "where": "Bệnh viện A", "why": "sốt cao"},
        "coerce": {"coerce-why": "bỏ về quê"},
    }
    client.post(f"/cases/orders/{order.pk}", {"step": act, **given[act]})
    made = Order.objects.get(previous=order)
    assert (made.act, made.status) == (act, "draft")
    pdf = client.get(f"/cases/orders/{made.pk}/sign.pdf").content
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    docx = client.post("/cases/orders/act", {"step": "docx", "order": made.pk}).content
    body = Document(io.BytesIO(docx))
    written = " ".join([*(p.text for p in body.paragraphs), *(c.text for t in body.tables for c in t._cells)])
    for words in (*WORDS[act], "Căn cứ Quyết định số 12/QĐ-UBND ngày", "DỰ THẢO"):
        assert consonants(words) in consonants(text), words
        assert words in " ".join(written.split()), words


def test_refusal_has_clocks_of_its_own(client: Client, world: World, order: Order) -> None:
    """Decided at once: one hour, whatever the form gives; the order before ends with the draft."""
    from vungxanh.outbreak import clocks

    held = in_force(order)
    made = order_actions.coerce(by=world.officer, order=held, why="không mở cửa")
    held.refresh_from_db()
    assert (held.status, made.act, made.until) == ("ended", "coerce", order.until)
    steps = clocks.clocks(
        clocks.kind_of(made.act, made.form),
        detected=made.detected_at,
        listed=made.listed_at,
        signed=None,
        notified=None,
    )
    due = {one.step: one.due - made.detected_at for one in steps}
    assert due["decide"] < timedelta(hours=1, minutes=1)
    with pytest.raises(UserError) as error:
        order_actions.coerce(by=world.officer, order=made, why="draft")
    assert error.value.code == "outbreak.wrong-step"


def test_another_commune_sees_no_order(client: Client, world: World, order: Order) -> None:
    client.force_login(make_officer("far", path="/01/"))
    assert client.get(f"/cases/orders/{order.pk}").status_code == 404
