"""The gate in this machine's Chromium: camera frame to answer, keyboard scanner to answer, a queue of people.

    python -m bench.venues_gate [PEOPLE]

A live server and the browser run on this machine; the frames are a recorded film of one code after another.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HOME = tempfile.TemporaryDirectory()
os.environ |= {
    "VUNGXANH_HOME": HOME.name,
    "VUNGXANH_DB_ROLE": "owner",
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

from vungxanh.core import database

database.start()

import django

django.setup()

import segno
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue

WIDTH, HEIGHT, FPS = 640, 480, 20
#: seconds that each person's code is before the lens, and seconds without one between two people
SHOWN, BETWEEN = 1.0, 1.0


def card(number: int) -> str:
    return f"0191900{number:05d}||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"


def frame(text: str = "") -> bytes:
    grey = bytearray(b"\xb4" * (WIDTH * HEIGHT))
    if text:
        code = segno.make(text, error="m", micro=False)
        rows = list(code.matrix_iter(scale=400 // code.symbol_size(border=4)[0], border=4))
        left, top = (WIDTH - len(rows)) // 2, (HEIGHT - len(rows)) // 2
        for y, row in enumerate(rows):
            start = (top + y) * WIDTH + left
            grey[start : start + len(rows)] = bytes(16 if dark else 235 for dark in row)
    return b"FRAME\n" + bytes(grey) + b"\x80" * (WIDTH * HEIGHT // 2)


def film(folder: Path, people: int) -> Path:
    file = folder / "queue.y4m"
    with file.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(people):
            out.write(frame() * int(BETWEEN * FPS))
            out.write(frame(card(number)) * int(SHOWN * FPS))
    return file


def opened(play: Playwright, base: str, token: str, flags: list[str]) -> tuple[Browser, Page]:
    from tests.browser.conftest import FLAGS
    from tests.browser.test_venues_camera import REMEMBER

    path = os.environ.get("VUNGXANH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    browser = play.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
    page = browser.new_page(locale="vi-VN")
    page.goto(f"{base}/gate/")
    page.evaluate(REMEMBER, token)
    page.reload()
    page.wait_for_selector("body[data-online=true]", timeout=20_000)
    return browser, page


def told(name: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    high = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name}: median {statistics.median(ordered):.0f} ms, 95 % {high:.0f} ms, {len(ordered)} readings")


def keyboard(page: Page, people: int) -> None:
    """From the Enter of the scanner to the answer on the screen."""
    taken = []
    for number in range(people):
        page.locator("#line").fill(card(10_000 + number))
        before = page.evaluate("document.getElementById('answer').dataset.shown ?? '0'")
        page.locator("#line").press("Enter")
        page.wait_for_function(
            "(was) => (document.getElementById('answer').dataset.shown ?? '0') !== was", arg=before
        )
        taken.append(float(page.evaluate("document.body.dataset.took")))
    told("keyboard scanner to answer", taken)


def camera(page: Page, people: int) -> None:
    """From the frame before the decoder to the answer; and how many of the queue were taken a minute."""
    page.get_by_role("button", name="Dùng camera").click()
    taken: list[float] = []
    seen, began, last = "", time.monotonic(), time.monotonic()
    while len(taken) < people and time.monotonic() - last < 20:
        shown = page.evaluate("document.getElementById('answer').dataset.shown ?? '0'")
        if shown != seen and (took := page.evaluate("document.body.dataset.frame ?? ''")):
            seen, last = shown, time.monotonic()
            taken.append(float(took))
        time.sleep(0.02)
    minutes = (last - began) / 60
    told("camera frame to answer", taken)
    print(f"queue: {len(taken)} of {people} people in {minutes * 60:.0f} s, {len(taken) / minutes:.0f} a minute")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    base = f"http://127.0.0.1:{server.port}"
    try:
        new = NewPlace(kind="market", name="Chợ", commune_code="05443", commune_on=date(2026, 1, 1))
        venue = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
        _gate, token = open_gate(by=None, venue=venue, place=venue.place, name="Cổng")
        with sync_playwright() as play:
            browser, page = opened(play, base, token, [])
            keyboard(page, people)
            browser.close()
            flags = [
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film(Path(HOME.name), people)}",
            ]
            browser, page = opened(play, base, token, flags)
            camera(page, people)
            browser.close()
    finally:
        server.terminate()
        connection.creation.destroy_test_db(before, verbosity=0)
        connection.close()
        database.stop()


if __name__ == "__main__":
    main()
