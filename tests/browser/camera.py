"""A camera that shows what a test made: a film of codes for Chromium's fake device."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import segno
from playwright.sync_api import BrowserType, Page

WIDTH, HEIGHT, FPS = 640, 480, 5
#: pictures of each code, and of nothing after it
SHOWN, BETWEEN = 8, 1


@contextmanager
def seeing(texts: Sequence[str], chromium: BrowserType, launch: dict[str, Any], folder: Path) -> Iterator[Page]:
    """A page of a browser whose camera shows these codes, one after another and again."""
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film(folder, texts)}",
    ]
    browser = chromium.launch(**launch | {"args": [*launch["args"], *flags]})
    try:
        yield browser.new_page(locale="vi-VN")
    finally:
        browser.close()


def picture(text: str) -> bytes:
    """One picture of the code, or of nothing: luminance, then two flat planes of colour."""
    grey = bytearray(b"\xb4" * (WIDTH * HEIGHT))
    if text:
        code = segno.make(text, error="m", micro=False)
        rows = list(code.matrix_iter(scale=440 // (code.symbol_size(border=4)[0]), border=4))
        left, top = (WIDTH - len(rows)) // 2, (HEIGHT - len(rows)) // 2
        for y, row in enumerate(rows):
            start = (top + y) * WIDTH + left
            grey[start : start + len(rows)] = bytes(16 if dark else 235 for dark in row)
    return b"FRAME\n" + bytes(grey) + b"\x80" * (WIDTH * HEIGHT // 2)


def film(folder: Path, texts: Sequence[str]) -> Path:
    """One code after another as raw video; it begins anew when it is over."""
    file = folder / "camera.y4m"
    with file.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for text in texts:
            out.write(picture(text) * SHOWN + picture("") * BETWEEN)
    return file
