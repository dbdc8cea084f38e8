"""The node's memory, health and page."""

import threading
import urllib.error
import urllib.request
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.gaen import identifiers
from vungxanh.exposure.codec.signature import new_private_key
from vungxanh.exposure.device import page
from vungxanh.exposure.device.advice import advice
from vungxanh.exposure.device.client import FOUND, STATE, Client
from vungxanh.exposure.device.diagnosis import Health
from vungxanh.exposure.device.own_keys import OwnKeys
from vungxanh.exposure.device.serve import Site, server
from vungxanh.exposure.device.server import FILL_FROM, FILL_MORE, ServerError, filled
from vungxanh.exposure.device.store import DAY, DeviceStore
from vungxanh.exposure.matching.sightings import table_of

NOW = datetime(2022, 5, 3, 3, 0, tzinfo=UTC).timestamp()  # 10:00 in Viet Nam
RPI = bytes(range(16))


@pytest.fixture
def store(tmp_path: Path) -> DeviceStore:
    return DeviceStore(tmp_path / "device")


def hear(store: DeviceStore, at: float) -> None:
    store.remember(table_of([(RPI, int(at), -60, bytes(4), 300)]))


def test_sightings_survive_a_restart_and_are_not_readable_on_disk(store: DeviceStore) -> None:
    hear(store, NOW)
    hear(store, NOW + 300)
    again = DeviceStore(store.folder)
    assert again.sightings()["at"].tolist() == [int(NOW), int(NOW) + 300]
    assert all(RPI not in path.read_bytes() for path in store.folder.iterdir())
    assert (store.folder / "device.key").stat().st_mode & 0o077 == 0


def test_a_torn_or_changed_chunk_costs_only_itself(store: DeviceStore) -> None:
    hear(store, NOW)
    hear(store, NOW + 300)
    file = next(store.folder.glob("heard-*"))
    raw = file.read_bytes()
    file.write_bytes(raw[:-1])
    assert store.sightings()["at"].tolist() == [int(NOW)]
    file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert store.sightings()["at"].tolist() == [int(NOW)]


def test_days_are_forgotten_fourteen_days_after_they_ended(store: DeviceStore) -> None:
    hear(store, NOW)
    midnight = (int(NOW) // DAY + 1) * DAY
    assert store.forget(midnight + 14 * DAY - 1) == 0
    assert len(store.sightings()) == 1
    assert store.forget(midnight + 14 * DAY) == 1
    assert len(store.sightings()) == 0


def test_everything_is_forgotten_when_asked(store: DeviceStore) -> None:
    hear(store, NOW)
    store.forget_all()
    assert list(store.folder.iterdir()) == []


def test_a_key_a_day_is_made_once_and_every_advert_follows_from_it(store: DeviceStore) -> None:
    keys = OwnKeys(store)
    first = keys.current(NOW)
    assert keys.current(NOW + 3_600) == first
    tomorrow = keys.current(NOW + DAY)
    assert tomorrow.data != first.data
    assert tomorrow.rolling_start == first.rolling_start + 144
    assert keys.advert(NOW, -15)[11:27] in identifiers(first.data, first.rolling_start)


def test_own_keys_older_than_fourteen_days_are_dropped(store: DeviceStore) -> None:
    keys = OwnKeys(store)
    for day in range(20):
        keys.current(NOW + day * DAY)
    assert len(keys.all()) == 15


def test_hours_protected_are_those_with_scans(store: DeviceStore) -> None:
    health = Health(store, 300)
    for minute in range(0, 60, 5):
        health.scanned(NOW + minute * 60)
    # twelve scans, the last of which stands for seven and a half minutes
    assert health.hours_protected(NOW, NOW + 10 * 3_600) == pytest.approx(62.5 / 60, abs=0.01)
    assert health.hours_protected(NOW + 1_800, NOW + 3_600) == 0.5
    assert Health(store, 300).hours_protected(NOW, NOW + 3_600) == pytest.approx(1.0, abs=0.01)


def test_the_failing_check_is_named(store: DeviceStore) -> None:
    health = Health(store, 300)
    health.scanned(NOW)
    health.worked("advertise")

    def failing(now: float, **known: Any) -> list[str]:
        return [check.name for check in health.checks(now, **known) if not check.ok]

    assert failing(NOW, last_fetch=NOW) == []
    assert failing(NOW + 1_000, last_fetch=NOW) == ["scan"]
    assert failing(NOW, last_fetch=None) == ["files"]
    assert failing(NOW, last_fetch=NOW, server_clock=NOW + 7_201) == ["clock"]
    health.failed("advertise", "adapter is off")
    assert failing(NOW, last_fetch=NOW) == ["advertise"]


def test_requests_have_a_size_that_tells_nothing() -> None:
    sizes = {len(filled({"keys": "x" * n})) for n in range(0, 3_000, 100)}
    assert min(sizes) >= FILL_FROM - 2
    assert max(sizes) <= FILL_FROM + FILL_MORE


class Silent:
    def get(self, path: str) -> bytes:
        raise ServerError("no network")

    def post(self, path: str, document: dict[str, Any], *, chaff: bool = False) -> tuple[int, dict[str, Any]]:
        raise ServerError("no network")


def site_of(store: DeviceStore, minutes: int) -> Site:
    """A device that met a case for `minutes` at 50 dB on 3 May."""
    window = {
        "day": "2022-05-03",
        "report_type": 1,
        "onset": 0,
        "scans": [{"typical": 65, "minimum": 65, "seconds": minutes * 60}],
        "confidence": 0,
        "infectiousness": None,
    }
    store.save(FOUND, {"00" * 16: {"report": 1, "windows": [window]}})
    store.save(STATE, {"done": [], "fetched": NOW})
    client = Client(store, Silent(), [new_private_key().public_key()])
    return Site(client, Health(store, 300), "cwa", lambda: NOW)


def test_the_page_says_date_minutes_level_and_what_to_do(store: DeviceStore) -> None:
    status, text = site_of(store, 20).get("/", "vi")
    assert status == 200
    assert "<h1>Bạn có thể đã ở gần một ca bệnh</h1>" in text
    assert "Thứ Ba 3/5: khoảng 20 phút, mức cao" in text
    assert "Gọi trạm y tế phường, xã nơi bạn ở" in text
    assert "CV 11042/BYT-DP" in text
    assert "Trình duyệt web không nghe được Bluetooth" in text
    english = site_of(store, 20).get("/", "en")[1]
    assert "Tuesday 3/5: about 20 minutes, level high" in english
    assert 'lang="en"' in english


def test_without_an_exposure_the_page_promises_nothing(store: DeviceStore) -> None:
    text = site_of(store, 0).get("/", "vi")[1]
    assert "Chưa thấy bạn ở gần ca bệnh nào" in text
    assert "an toàn" not in text
    store.save(STATE, {"done": [], "fetched": None})
    assert (
        "chưa thể nói"
        in Site(Client(store, Silent(), []), Health(store, 300), "cwa", lambda: NOW).get("/", "vi")[1]
    )


class Balanced(HTMLParser):
    """Counts elements that are opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"meta", "input", "html", "header"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"html", "header"}:
            assert self.open.pop() == tag


@pytest.mark.parametrize("language", page.LANGUAGES)
def test_every_page_is_well_formed_in_both_languages(store: DeviceStore, language: str) -> None:
    pages = [
        site_of(store, 20).get("/", language)[1],
        site_of(store, 0).get("/", language)[1],
        page.days([OwnKeys(store).current(NOW)], "<t>", language),
        page.sent("<receipt>", language),
        page.failed("<b>", language),
    ]
    for text in pages:
        parser = Balanced()
        parser.feed(text)
        assert parser.open == []
        assert "{" not in text.split("</style>")[1]
        assert "<receipt>" not in text


def test_both_languages_say_the_same_things() -> None:
    assert set(page.texts("vi")) == set(page.texts("en"))


def test_advice_follows_the_law_of_the_day() -> None:
    old = advice("covid19", "high", date(2022, 5, 3), "vi")
    new = advice("covid19", "high", date(2026, 7, 1), "en")
    assert old is not None
    assert new is not None
    assert old.rule.startswith("CV 11042")
    assert "114/2025" in new.rule
    assert advice("covid19", "none", date(2022, 5, 3), "vi") is None


def test_the_page_is_served_to_this_machine_only_and_refuses_other_sites(store: DeviceStore) -> None:
    running = server(site_of(store, 20), 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{running.server_address[1]}"
    try:
        with urllib.request.urlopen(f"{base}/?lang=en") as answer:
            assert b"You may have been near a case" in answer.read()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        form = urlencode({"code": "12345678"}).encode()
        foreign = urllib.request.Request(
            f"{base}/code", data=form, headers={"Origin": "https://elsewhere.example"}
        )
        for request, status in ((foreign, 403), (urllib.request.Request(f"{base}/code?lang=en", data=form), 400)):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(request)
            assert caught.value.code == status
            caught.value.close()
    finally:
        running.shutdown()
        running.server_close()


def test_nothing_is_sent_where_no_day_is_chosen(store: DeviceStore) -> None:
    from vungxanh.exposure.device.client import Verified

    site = site_of(store, 0)
    key = OwnKeys(store).current(NOW)
    site._open["t"] = Verified("t", None, (key,))
    status, text = site.post("/send", {"token": ["t"], "day": ["1"]}, "en")
    assert status == 400
    assert "nothing was sent" in text
    with pytest.raises(UserError):
        site._send({"token": ["unknown"]}, "en")
