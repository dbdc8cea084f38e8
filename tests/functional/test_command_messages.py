"""A message is approved by somebody else, used, withdrawn, corrected; its number comes from the directory."""

import time
from datetime import date
from io import BytesIO

import pytest
import zxingcpp
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings
from tests.functional.test_command_directives import officer

from vungxanh.command import directory
from vungxanh.command.actions import messages as actions
from vungxanh.command.models import Channel, ContactPoint, Message, MessageState
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Officer:
    return officer("author", "communicator", "/19/")


@pytest.fixture
def director() -> Officer:
    return officer("director", "cdc-director", "/19/")


def drafted(author: Officer) -> Message:
    message = Message(
        title="Khai báo khi đến Chợ Mẫu",
        say="Có ca bệnh tại chợ",
        do="Khai báo y tế\nỞ nhà nếu sốt",
        starts=date(2026, 8, 1),
        topic="hotline",
        scope_path="/19/",
        scope_sector="government",
    )
    return actions.keep(message=message, by=author)


def test_the_author_cannot_approve(author: Officer) -> None:
    with pytest.raises(UserError) as caught:
        actions.approve(message=drafted(author), by=author)
    assert caught.value.code == "command.message-own"


def test_the_database_too_refuses_an_author_who_approves(author: Officer) -> None:
    message = drafted(author)
    message.state, message.approved_by, message.approved_at = MessageState.APPROVED, author.pk, timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save()


def test_nothing_is_used_without_approval(author: Officer) -> None:
    with pytest.raises(UserError) as caught:
        actions.use(
            message=drafted(author), channel=Channel.LOUDSPEAKER, where="An Minh", at=timezone.now(), by=author
        )
    assert caught.value.code == "command.message-not-approved"


def test_withdrawing_lists_every_channel_to_correct(author: Officer, director: Officer) -> None:
    message = drafted(author)
    actions.approve(message=message, by=director)
    for channel in (Channel.LOUDSPEAKER, Channel.POSTER):
        actions.use(message=message, channel=channel, where="An Minh", at=timezone.now(), by=author)
    assert actions.withdraw(message=message, why="Sai ngày", by=director) == 2
    actions.corrected(use=message.uses.get(channel="poster"), by=author)
    assert message.uses.filter(corrected_at=None).count() == 1


def test_a_draft_is_not_public_and_a_withdrawn_one_says_so(
    client: Client, author: Officer, director: Officer
) -> None:
    message = drafted(author)
    address = reverse("command:public", args=[message.pk])
    assert client.get(address).status_code == 404
    actions.approve(message=message, by=director)
    assert "Khai báo y tế" in client.get(address).content.decode()
    assert "Khai báo khi đến Chợ Mẫu" in client.get(reverse("command:feed")).content.decode()
    actions.withdraw(message=message, why="Sai ngày", by=director)
    page = client.get(address).content.decode()
    assert "đã được thu hồi" in page
    assert "Ở nhà nếu sốt" not in page
    assert "Chợ Mẫu" not in client.get(reverse("command:feed")).content.decode()


def test_the_nearest_unit_answers_on_its_dates() -> None:
    fields = {"sector": "health", "kind": "cdc"}
    province = Organisation.objects.create(code="p", name="CDC tỉnh", scope_path="/19/", **fields)
    commune = Organisation.objects.create(
        code="c", name="Trạm y tế", kind="health-station", sector="health", scope_path="/19/05710/"
    )
    since = date(2026, 1, 1)
    ContactPoint.objects.create(organisation=province, topic="hotline", number="0208000111", since=since)
    ContactPoint.objects.create(
        organisation=commune, topic="hotline", number="0208000222", since=date(2026, 1, 1), until=date(2026, 6, 30)
    )
    found = directory.number_for("hotline", "/19/05710/", date(2026, 6, 1))
    assert found is not None
    assert found.number == "0208000222"
    later = directory.number_for("hotline", "/19/05710/", date(2026, 8, 1))
    assert later is not None
    assert (later.number, later.who) == ("0208000111", "CDC tỉnh")
    assert directory.number_for("hotline", "/20/", date(2026, 8, 1)) is None


def test_a_message_shows_its_scripts_and_the_number_of_the_directory(client: Client, author: Officer) -> None:
    unit = Organisation.objects.create(code="p", name="CDC tỉnh", kind="cdc", sector="health", scope_path="/19/")
    ContactPoint.objects.create(organisation=unit, topic="hotline", number="0208 000 111", since=date(2020, 1, 1))
    client.force_login(author)
    page = client.get(reverse("command:message", args=[drafted(author).pk])).content.decode()
    assert "không hai không tám" in page
    assert "Bản 30 giây" in page


def test_every_form_of_a_message_is_there_within_twenty_seconds(
    client: Client, author: Officer, director: Officer
) -> None:
    message = drafted(author)
    actions.approve(message=message, by=director)
    client.force_login(author)
    at = [message.pk]
    forms = {
        reverse("command:message", args=at): "text/html",  # loudspeaker 30, 60, 90 s, radio, captions
        reverse("command:picture", args=[*at, "a3", "pdf"]): "application/pdf",
        reverse("command:picture", args=[*at, "a3", "png"]): "image/png",
        reverse("command:picture", args=[*at, "a3", "svg"]): "image/svg+xml",
        reverse("command:picture", args=[*at, "square", "png"]): "image/png",
        reverse("command:clip", args=at): "video/mp4",
        reverse("command:embed", args=at): "text/html",
        reverse("command:feed"): "application/rss+xml",
    }
    begun = time.monotonic()
    answers = {address: client.get(address) for address in forms}
    took = time.monotonic() - begun
    kinds = {address: answer["Content-Type"].split(";")[0] for address, answer in answers.items()}
    assert kinds == forms
    assert {answer.status_code for answer in answers.values()} == {200}
    assert took < 20


@pytest.mark.parametrize(("suffix", "start"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<svg")])
def test_an_approved_message_is_drawn_and_a_draft_is_not(
    client: Client, author: Officer, director: Officer, suffix: str, start: bytes
) -> None:
    message = drafted(author)
    address = reverse("command:picture", args=[message.pk, "a3", suffix])
    client.force_login(author)
    assert client.get(address).status_code == 404
    actions.approve(message=message, by=director)
    assert client.get(address).content.startswith(start)


def test_the_code_on_the_picture_leads_to_the_public_page_and_a_drill_says_so(
    client: Client, author: Officer, director: Officer, settings: Settings
) -> None:
    message = drafted(author)
    actions.approve(message=message, by=director)
    client.force_login(author)
    plain = client.get(reverse("command:picture", args=[message.pk, "square", "png"])).content
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(plain)), formats=zxingcpp.BarcodeFormat.QRCode)
    assert found.text == f"http://testserver{reverse('command:public', args=[message.pk])}"
    settings.DEMO = True
    paper = client.get(reverse("command:picture", args=[message.pk, "a3", "pdf"])).content
    assert "DIỄN TẬP" in PdfReader(BytesIO(paper)).pages[0].extract_text()
