"""The whole chain, with radio and browser: An and Bình sit two metres apart for twenty minutes, Chi is not near.

The next day An is confirmed. An officer gives the code in a browser, An chooses the days on the device's own page,
the worker writes the files, every device fetches. Bình is warned with the right minutes, Chi, two rooms away, is
not. Bình calls the health station, gets a code and shares the day; only then is there evidence, and tracing gives
the class.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.exposure.virtual_time import VirtualLoop, run
from vungxanh.exposure import signing
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.device.air import Air, AirLink, Wall, radio_at
from vungxanh.exposure.device.client import Client
from vungxanh.exposure.device.diagnosis import Health
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.node import Node
from vungxanh.exposure.device.serve import Site, server
from vungxanh.exposure.device.server import HttpServer
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.evidence import SharedEncounters
from vungxanh.exposure.export_job import folder, worker
from vungxanh.exposure.limits import limits
from vungxanh.lake.memory import MemoryLake
from vungxanh.people.actions import register_person
from vungxanh.people.models import Assignment, Officer
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

MINUTES = 20
PLACES = {"an": (0.0, 0.0), "binh": (2.0, 0.0), "chi": (9.0, 0.0)}
WALLS = [Wall((4.0, -5.0), (4.0, 5.0)), Wall((7.0, -5.0), (7.0, 5.0))]


def meet(stores: dict[str, DeviceStore], start: float) -> None:
    """Twenty minutes of radio, in seconds."""
    loop = VirtualLoop(start)

    async def story() -> None:
        link = AirLink(Air(walls=WALLS))
        slow = replace(duty(), advertise_ms=1_000)
        nodes = [
            Node(await radio_at(link, name, place), stores[name], slow, loop.clock)
            for name, place in PLACES.items()
        ]
        tasks = [asyncio.ensure_future(node.run()) for node in nodes]
        await asyncio.sleep(MINUTES * 60)
        for task in tasks:
            task.cancel()

    def apart() -> None:
        asyncio.set_event_loop(loop)
        run(loop, story())

    # the browser's own loop lives in this thread
    thread = threading.Thread(target=apart)
    thread.start()
    thread.join()


@contextmanager
def page_of(client: Client, clock: Callable[[], float]) -> Iterator[str]:
    """The device's own page on a free port; -> its address."""
    http = server(Site(client, Health(client.store, duty().scan_every_seconds), "cwa", clock), 0)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}/"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    yield
    signing.forget()


@pytest.mark.usefixtures("files")
def test_from_the_air_to_the_tracer(
    page: Page,
    live_server: LiveServer,
    transactional_db: None,
    check_page: Callable[..., None],
    enter: Callable[[Any], None],
    tmp_path: Path,
) -> None:
    # yesterday, ten past nine in Viet Nam: well within one UTC day
    noon = datetime.now(UTC).replace(hour=2, minute=10, second=0, microsecond=0)
    yesterday = noon - timedelta(days=1)
    stores = {name: DeviceStore(tmp_path / name) for name in PLACES}
    meet(stores, yesterday.timestamp())
    pem = signing.in_force(signing.EXPORT, datetime.now(UTC))[0].public_pem
    pinned = [load_public_key(pem.encode())]
    an, binh, chi = (Client(stores[name], HttpServer(f"{live_server.url}/exposure/"), pinned) for name in PLACES)

    lan = Officer.objects.create_user("lan", name="lan")
    Assignment.objects.create(officer=lan, role="cdc-officer", scope_path="/")
    ill, warned = (
        register_person(name=name, birth_year=1990, phones=[phone], by=None, purpose="test")
        for name, phone in (("Lê Văn An", "0912345671"), ("Trần Thị Bình", "0912345672"))
    )
    from vungxanh.outbreak import actions as cases
    from vungxanh.outbreak.schemas import NewCase

    new = NewCase(person=ill, onset=yesterday.date(), onset_provenance="patient", symptoms=("fever",))
    case = cases.create_case(by=lan, new=new)

    # the officer reads eight digits aloud
    enter(lan)
    page.goto(f"{live_server.url}/cases/{case.pk}")
    page.get_by_role("button", name="Cấp mã cảnh báo tiếp xúc").click()
    code = page.locator("#short-code").inner_text()
    check_page("exposure-case-code")

    # An enters them on the device's own page and agrees to the day
    with page_of(an, time.time) as address:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(address)
        page.get_by_label("Mã 8 số").fill(code)
        page.get_by_role("button", name="Tiếp tục").click()
        expect(page.get_by_role("checkbox")).to_have_count(1)
        check_page("exposure-device-days")
        page.get_by_role("button", name="Gửi", exact=True).click()
        expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible()

    later = time.time() + 3 * 3_600
    worker.run(now=int(later), limits=limits().export)
    assert binh.fetch(later) == 1
    assert chi.fetch(later) == 1

    # Chi, two rooms away, hears the same file and is not warned
    with page_of(chi, time.time) as address:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Chưa thấy bạn ở gần ca bệnh nào")
        check_page("exposure-device-calm")

    # Bình sees date, minutes and level, and what to do
    with page_of(binh, time.time) as address:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Bạn có thể đã ở gần một ca bệnh")
        line = page.locator("strong", has_text="phút").first.inner_text()
        minutes = re.search(r"khoảng (\d+) phút", line)
        assert minutes
        assert 14 <= int(minutes[1]) <= 25, line
        local = yesterday + timedelta(hours=7)
        assert f"{local.day}/{local.month}" in line
        check_page("exposure-device-warned")
        assert SharedEncounters().tail(2**30).num_rows == 0

        # she calls; the tracer gives a code of their own
        page.goto(f"{live_server.url}/exposure/invite")
        page.get_by_label("Tên, số điện thoại hoặc giấy tờ của người gọi").fill("0912345672")
        page.get_by_role("button", name="Tìm", exact=True).click()
        page.get_by_role("button", name="Cấp mã").click()
        tracer = page.locator("#share-code").inner_text()

        page.goto(address)
        page.get_by_role("link", name="Chia sẻ những lần gặp với người truy vết").click()
        box = page.get_by_role("checkbox")
        expect(box).to_have_count(1)
        expect(box).not_to_be_checked()
        check_page("exposure-device-share")
        box.check()
        page.get_by_label("Mã 8 số do người truy vết đọc").fill(tracer)
        page.get_by_role("button", name="Đồng ý và chia sẻ").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Đã chia sẻ những ngày bạn chọn")
        check_page("exposure-device-shared")

    # now there is evidence, and the class comes from tracing, never from a phone alone
    evidence = SharedEncounters().tail(2**30)
    row = evidence.rows("encounters")[0]
    assert {row.a, row.b} == {ill, warned}
    assert 14 * 60 <= row.seconds <= 25 * 60
    found = trace(
        TraceRequest((IndexPerson(ill, onset=yesterday.date()),), rule="vn.covid19.f1.11042", engine="reference"),
        MemoryLake(evidence),
    )
    assert [(one.contact, one.generation) for one in found.rows] == [(warned, 1)]
    assert found.rows[0].certainty.label == "needs interview"
