"""Photographs of a person and of a test result: optional, without place, sealed, each look recorded."""

import logging
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.functional.test_border_flow import FORM, answers, declare, officer

from vungxanh.border.actions import entries, pictures
from vungxanh.border.models import Declaration, Draft, Picture
from vungxanh.border.schemas import Given
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent

pytestmark = pytest.mark.django_db

MODEL, SECRET = 0x0110, "Phone of Nguyen Van A"


def jpeg() -> bytes:
    picture = Image.new("RGB", (48, 64), (200, 30, 40))
    exif = picture.getexif()
    exif[MODEL] = SECRET
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif, comment=SECRET.encode())
    return target.getvalue()


def upload(name: str = "nguyen-van-an.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


def draft() -> Draft:
    return entries.start(form=FORM, answers=answers())


def test_a_traveller_s_photographs_are_cleaned_sealed_and_open_only_to_the_gate(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    check = reverse("border:check", args=[draft().token])
    with caplog.at_level(logging.DEBUG):
        assert client.post(check, {"person": upload(), "test": upload("ket-qua.jpg")}).status_code == 302
    row = Declaration.objects.get()
    assert list(row.pictures.order_by("pk").values_list("kind", "by")) == [("person", None), ("test", None)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM border_picture")
        stored = [bytes(one) for (one,) in cursor.fetchall()]
    assert not [one for one in stored if b"JFIF" in one or SECRET.encode() in one or b"/9j/" in one]
    assert not [line for line in caplog.messages if "nguyen-van-an" in line or "/9j/" in line]

    address = reverse("border:picture", args=[Picture.objects.filter(kind="person").get().pk])
    assert client.get(address).status_code == 302  # to the log-in
    for role, path, status in (
        ("border-officer", "/79/", 404),
        ("immigration-officer", "/01/", 403),
        ("border-guard", "/01/", 403),
    ):
        client.force_login(officer(role, role, path))
        assert client.get(address).status_code == status
    client.force_login(officer("Kiểm dịch"))
    assert address in client.get(reverse("border:entry", args=[row.pk])).content.decode()
    shown = client.get(address)
    assert (shown.status_code, shown["Content-Type"], shown["Content-Security-Policy"]) == (
        200, "image/jpeg", "sandbox",
    )  # fmt: skip
    assert Image.open(BytesIO(shown.content)).size == (48, 64)
    assert SECRET.encode() not in shown.content
    seen = AuditEvent.objects.filter(action="border:picture:seen", subject=f"declaration:{row.pk}")
    assert seen.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"GIF89a", "Không đọc được ảnh"), (b"\xff\xd8\xff" + bytes(8 * 1024 * 1024), "Ảnh quá lớn (tối đa 8 MB)")],
    ids=["no-picture", "too-large"],
)
def test_a_picture_that_fails_sends_nothing_and_is_named(client: Client, content: bytes, sentence: str) -> None:
    made = draft()
    answer = client.post(reverse("border:check", args=[made.token]), {"person": upload(content=content)})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert (Declaration.objects.count(), Draft.objects.count()) == (0, 1)


def test_the_desk_adds_what_it_is_shown_and_a_correction_keeps_it(client: Client) -> None:
    row = declare()
    client.force_login(officer("Kiểm dịch"))
    address = reverse("border:pictures", args=[row.pk])
    client.post(address, {"test": upload()})
    said = client.post(address, {"test": upload(content=b"%PDF-1.7")}, follow=True).content.decode()
    assert "Không đọc được ảnh" in said
    newer = entries.declare(given=Given(FORM, answers(seat="14C")), corrects=row)
    assert [(one.kind, one.by is not None) for one in newer.pictures.all()] == [("test", True)]
    assert row.pictures.count() == 0
    client.force_login(officer("Bộ đội biên phòng", "border-guard"))
    assert client.post(address, {"test": upload()}).status_code == 403


def test_no_more_than_six_and_they_go_with_the_declaration() -> None:
    row = declare()
    for _ in range(3):
        pictures.keep(declaration=row, pictures=pictures.taken({"person": upload(), "test": upload()}))
    with pytest.raises(UserError) as caught:
        pictures.keep(declaration=row, pictures=pictures.taken({"person": upload()}))
    assert (caught.value.code, Picture.objects.count()) == ("border.too-many-pictures", 6)
    row.delete()
    assert Picture.objects.count() == 0
