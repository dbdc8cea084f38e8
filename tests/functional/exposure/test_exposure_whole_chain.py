"""The whole chain: radio, sightings, code, upload, files, matching, warning.

An and Bình sit two metres apart for twenty minutes; Chi is in the same house, two rooms away. An falls ill.
Bình is warned with the right minutes, Chi hears the same file and is not.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.test import Client as DjangoClient
from tests.functional.exposure.virtual_time import VirtualLoop, run

from vungxanh.exposure import actions, signing
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.device.air import Air, AirLink, Wall, radio_at
from vungxanh.exposure.device.client import Client
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.node import Node
from vungxanh.exposure.device.server import filled
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.export_job import folder, worker
from vungxanh.exposure.limits import limits

#: 3 May 2022, 09:10 in Viet Nam
START = datetime(2022, 5, 3, 2, 10, tzinfo=UTC).timestamp()
MINUTES = 20


class TestServer:
    """The server through Django's test client, with the clock of the story."""

    __test__ = False

    def __init__(self) -> None:
        self.http = DjangoClient()

    def get(self, path: str) -> bytes:
        answer = self.http.get(f"/exposure/{path}")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]

    def post(self, path: str, document: dict[str, Any], *, chaff: bool = False) -> tuple[int, dict[str, Any]]:
        headers = {"X-Chaff": "1"} if chaff else {}
        answer = self.http.post(
            f"/exposure/{path}", filled(document), content_type="application/json", headers=headers
        )
        assert len(answer.content) == limits().publish.reply_bytes
        return answer.status_code, json.loads(answer.content)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of the three after twenty minutes on the air."""
    tmp_path = tmp_path_factory.mktemp("evening")
    loop = VirtualLoop(START)
    places = {"an": (0.0, 0.0), "binh": (2.0, 0.0), "chi": (9.0, 0.0)}
    walls = [Wall((4.0, -5.0), (4.0, 5.0)), Wall((7.0, -5.0), (7.0, 5.0))]
    slow = replace(duty(), advertise_ms=1_000)
    stores = {name: DeviceStore(tmp_path / name) for name in places}

    async def story() -> None:
        link = AirLink(Air(walls=walls))
        nodes = [
            Node(await radio_at(link, name, place), stores[name], slow, loop.clock)
            for name, place in places.items()
        ]
        tasks = [asyncio.ensure_future(node.run()) for node in nodes]
        await asyncio.sleep(MINUTES * 60)
        for task in tasks:
            task.cancel()

    asyncio.set_event_loop(loop)
    run(loop, story())
    asyncio.set_event_loop(None)
    return {name: store.folder for name, store in stores.items()}


@pytest.fixture
def met(evening: dict[str, Path], tmp_path: Path) -> dict[str, DeviceStore]:
    """What the three remember, each test with a copy of its own."""
    return {name: DeviceStore(Path(copytree(folder, tmp_path / name))) for name, folder in evening.items()}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    yield
    signing.forget()


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    """The server's clock stands at this moment."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromtimestamp(moment, UTC))


def device(store: DeviceStore) -> Client:
    pem = signing.in_force(signing.EXPORT, datetime.fromtimestamp(START, UTC))[0].public_pem
    return Client(store, TestServer(), [load_public_key(pem.encode())])


@pytest.mark.django_db
@pytest.mark.usefixtures("house")
def test_who_sat_near_is_warned_and_who_was_two_rooms_away_is_not(
    met: dict[str, DeviceStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    an, binh, chi = (device(met[name]) for name in ("an", "binh", "chi"))
    assert len(binh.store.sightings()) > 0

    # the next morning An is confirmed; the officer reads eight digits aloud
    morning = START + 86_400
    at(monkeypatch, morning)
    code = actions.issue_code(case_id=41, onset=date(2022, 5, 3), by=None)
    verified = an.enter_code(code.short)
    assert verified.onset == "2022-05-03"
    assert len(verified.days) == 1
    receipt = an.publish(verified, verified.days)
    assert [one["state"] for one in an.receipt(receipt)] == ["waiting"]

    closed = morning + 3 * 3_600
    worker.run(now=int(closed), limits=limits().export)
    assert binh.fetch(closed) == 1
    assert chi.fetch(closed) == 1
    assert binh.fetch(closed) == 0  # nothing new

    warned = binh.exposure()
    assert warned.level == "high"
    assert [day.day for day in warned.days] == [date(2022, 5, 3)]
    minutes = sum(warned.days[0].near.values())
    # five scans at most five minutes apart tell of the twenty minutes, give or take one scan
    assert 14 <= minutes <= 25
    assert chi.exposure().level == "none"
    assert [one["state"] for one in an.receipt(receipt)] == ["published"]

    # the laboratory was wrong: An takes the keys back, and the warning goes
    at(monkeypatch, closed)
    assert an.withdraw(receipt) == 1
    later = closed + 3 * 3_600
    worker.run(now=int(later), limits=limits().export)
    assert binh.fetch(later) == 1
    assert binh.exposure().level == "none"


@pytest.mark.django_db
@pytest.mark.usefixtures("house")
def test_a_decoy_leaves_nothing_to_export(met: dict[str, DeviceStore], monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, START)
    device(met["an"]).decoy(START)
    assert worker.run(now=int(START) + 20_000, limits=limits().export).files == 0


def test_identifier_and_address_never_change_apart(met: dict[str, DeviceStore]) -> None:
    """Twenty minutes, a change every ten to twenty: each identifier that Bình heard is one of An's."""
    from vungxanh.exposure.codec.gaen import identifiers
    from vungxanh.exposure.device.own_keys import OwnKeys

    key = OwnKeys(met["an"]).all()[0]
    mine = set(identifiers(key.data, key.rolling_start))
    heard = {row["rpi"].tobytes() for row in met["binh"].sightings()}
    assert heard & mine
    assert len(heard) <= 6
