"""A beacon passes a gateway on the radio: a stay of its wearer at the place, and nothing of a stranger's phone."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Http
from tests.functional.exposure.virtual_time import VirtualLoop, run

from vungxanh.exposure import gateway_actions
from vungxanh.exposure.codec.adverts import gaen_advert
from vungxanh.exposure.codec.gaen import Metadata, crypt_metadata, day_start, identifier, interval_number
from vungxanh.exposure.device.air import Air, AirLink, radio_at
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.gateway import ListenOnly, forward
from vungxanh.exposure.device.node import Node, random_address
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.evidence import GatewayVisits
from vungxanh.exposure.models import Feed, GatewayVisit
from vungxanh.exposure.wearables import card_of, day_key
from vungxanh.people.actions import register_person

#: 3 May 2022, 09:10 in Viet Nam
START = 1_651_543_800
SEED, STRANGER = bytes(range(16)), bytes(16)


def on_the_air(store: DeviceStore) -> None:
    """Half an hour at the gate: a beacon and a stranger's phone three metres away."""
    loop = VirtualLoop(START)

    async def beacon(link: AirLink, name: str, seed: bytes) -> None:
        radio = await radio_at(link, name, (3.0, 0.0))
        while True:
            interval = interval_number(loop.clock())
            key = day_key(seed, day_start(interval))
            rpi = identifier(key, interval)
            aem = crypt_metadata(key, rpi, Metadata(-15).to_bytes())
            await radio.advertise(gaen_advert(rpi, aem), random_address(), 1_000)
            await asyncio.sleep(600)

    async def story() -> None:
        link = AirLink(Air())
        radio = await radio_at(link, "gate", (0.0, 0.0))
        node = Node(ListenOnly(radio), store, replace(duty(), scan_jitter_seconds=0), loop.clock)
        tasks = [asyncio.ensure_future(one) for one in (
            node.run(), beacon(link, "lan", SEED), beacon(link, "phone", STRANGER)
        )]  # fmt: skip
        await asyncio.sleep(30 * 60)
        for task in tasks:
            task.cancel()

    asyncio.set_event_loop(loop)
    run(loop, story())
    asyncio.set_event_loop(None)


@pytest.mark.django_db
def test_a_wearer_at_the_gate_becomes_a_visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    now = datetime.fromtimestamp(START + 3_600, UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    store = DeviceStore(tmp_path)
    on_the_air(store)
    lan = register_person(name="Nguyễn Thị Lan", birth_year=1950, by=None, purpose="test")
    before = datetime.fromtimestamp(START - 86_400, UTC)
    gateway_actions.hand_over(card=card_of(SEED), person=lan, by=None, scope_path="/19/", now=before)
    _, token = gateway_actions.add_feed(kind=Feed.Kind.GATEWAY, name="Cổng", place=812, by=None, scope_path="/19/")

    def post(document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}"}
        raw = json.dumps(document)
        said = Http().post("/exposure/v1/gateway", raw, content_type="application/json", headers=headers)
        return said.status_code, said.json()

    assert forward(store, post) >= 8  # both were heard, scan after scan
    visit = GatewayVisit.objects.get()
    assert visit.person == lan
    assert 20 <= visit.end - visit.start <= 31
    row = GatewayVisits().tail(2**30).rows("visits")[0]
    assert (row.person, row.place) == (lan, 812)
