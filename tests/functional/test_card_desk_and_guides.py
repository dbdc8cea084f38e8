"""A printed card in a minute, a lost one locked; guides, slogans and posters that an office makes its own."""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.functional.test_declarations import officer

from vungxanh.codes.signed import Kind, short
from vungxanh.people.models import IdentityDocument, Person
from vungxanh.venues.badges import key
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import Badge, PersonCard
from vungxanh.web import guides

pytestmark = pytest.mark.django_db
CCCD = "019090000001|090000001|NÔNG THỊ LAN|01021990|Nữ|Tổ 5, Gia Sàng, Thái Nguyên|01012022"
PNG = (Path(guides.__file__).parent / "static" / "web" / "icon-192.png").read_bytes()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(officer("commune-health", "/19/05467/"))
    return client


def test_one_scan_and_one_button_print_a_card_within_a_minute(desk: Client) -> None:
    began = time.perf_counter()
    reply: Any = desk.post("/cards", {"scan": CCCD})
    paper = desk.get(reply.url)
    assert time.perf_counter() - began < 10  # what is left of the minute belongs to hands and printer
    assert paper.content.startswith(b"%PDF")
    card = PersonCard.objects.get()
    assert Person.objects.get().name.open() == "Nông Thị Lan"
    assert IdentityDocument.objects.filter(verified=True).count() == 1
    assert Badge.objects.get(key=key("card", str(card.number))).person_id == card.person_id
    assert short(Kind.CARD, card.number, tag_keys()[-1])


def test_without_papers_a_name_is_enough_and_the_print_may_be_large(desk: Client) -> None:
    reply: Any = desk.post("/cards", {"name": "Ma Văn Tiến", "birth_year": "1950", "sex": "1", "large": "1"})
    assert reply.url.endswith("?large=1")
    assert desk.get(reply.url).content.startswith(b"%PDF")


def test_a_lost_card_leads_to_nobody_and_the_new_one_to_the_same_person(desk: Client) -> None:
    desk.post("/cards", {"scan": CCCD})
    old = PersonCard.objects.get()
    assert "VX-" in desk.get("/cards?q=019090000001").content.decode()
    desk.post(f"/cards/{old.pk}/replace")
    old.refresh_from_db()
    new = PersonCard.objects.exclude(pk=old.pk).get()
    assert old.revoked_at is not None
    assert new.person_id == old.person_id
    assert not Badge.objects.filter(key=key("card", str(old.number))).exists()
    assert desk.get(f"/cards/{old.pk}.pdf").status_code == 422


def test_the_same_identity_card_is_the_same_person(desk: Client) -> None:
    desk.post("/cards", {"scan": CCCD})
    desk.post("/cards", {"scan": CCCD})
    assert Person.objects.count() == 1
    assert PersonCard.objects.filter(revoked_at=None).count() == 1


def test_what_is_no_card_is_refused(desk: Client) -> None:
    assert desk.post("/cards", {"scan": "https://example.invalid"}).status_code == 422


def test_another_station_neither_prints_nor_locks(desk: Client) -> None:
    desk.post("/cards", {"scan": CCCD})
    number = PersonCard.objects.get().pk
    other = Client()
    other.force_login(officer("commune-health", "/19/05443/"))
    assert other.get(f"/cards/{number}.pdf").status_code == 404
    assert other.post(f"/cards/{number}/revoke").status_code == 404


@pytest.mark.parametrize("name", sorted(guides.shipped()))
def test_every_guide_is_a_page_and_a_paper_in_both_languages(client: Client, name: str) -> None:
    found = guides.guide(name, timezone.localdate())
    assert client.get(f"/guides/{name}").status_code == 200
    for language in ("vi", "en"):
        made = guides.pdf(
            found, language=language, address="https://vx.example", day=date(2026, 8, 1), drill=False
        )
        assert made.startswith(b"%PDF")


def test_slogans_change_on_their_day() -> None:
    found = guides.guide("slogans", timezone.localdate())
    assert [one.head.vi for one in found.shown(date(2026, 12, 31))] == ["Thường ngày"]
    assert [one.head.vi for one in found.shown(date(2027, 1, 15))] == ["Tết Đinh Mùi"]


def test_an_office_makes_a_poster_its_own_with_a_picture_from_a_day_on(client: Client) -> None:
    editor = Client()
    editor.force_login(officer("communicator", "/19/"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    fields = {
        "title_vi": "Áp phích chợ Thái", "title_en": "", "head-0_vi": "CHỢ THÁI", "text-0_vi": "Vào cổng số 1.",
        "picture": SimpleUploadedFile("a.png", PNG, "image/png"), "on": tomorrow.isoformat(),
    }  # fmt: skip
    assert editor.post("/guides/poster-market/edit", fields).status_code == 302
    assert guides.guide("poster-market", timezone.localdate()).title.vi == "Áp phích: Chợ"
    mine = guides.guide("poster-market", tomorrow)
    assert (mine.title.vi, mine.title.en, mine.picture) == ("Áp phích chợ Thái", "Áp phích chợ Thái", PNG)
    made = guides.pdf(mine, language="vi", address="https://vx.example", day=tomorrow, drill=True)
    assert made.startswith(b"%PDF")
    bad = {**fields, "picture": SimpleUploadedFile("a.png", b"<script>", "image/png")}
    assert editor.post("/guides/poster-market/edit", bad).status_code == 422
    assert client.get("/guides/poster-market/edit").status_code == 302
