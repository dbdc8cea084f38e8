"""The clip, frame by frame: each card stands long enough to read, shows its words, ends on a code that scans."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from vungxanh.command.clips import LEAST, RATE, SIDE, Card, cards, clip, still
from vungxanh.command.message_texts import Words

WORDS = Words(
    title="Khai báo khi đến Chợ Mẫu",
    say=("Ngày 3/5 có ca bệnh tại chợ từ 7 giờ đến 9 giờ 30 phút",),
    do=("Ai đến chợ trong khoảng giờ đó xin khai báo y tế trước 17 giờ hôm nay", "Ở nhà nếu sốt"),
    issuer="CDC tỉnh",
    call="0208 000 111",
)
ADDRESS = "https://vungxanh.example/command/m/7"
DATES = "04/05/2026 – 10/05/2026"


def frames(film: bytes, folder: Path) -> list[np.ndarray]:
    target = folder / "clip.mp4"
    target.write_bytes(film)
    reader, found = cv2.VideoCapture(str(target), cv2.CAP_FFMPEG), []
    assert round(reader.get(cv2.CAP_PROP_FPS)) == RATE
    assert int(reader.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little") in {b"avc1", b"h264"}
    while True:
        there, frame = reader.read()
        if not there:
            return found
        found.append(frame)


def drawn(card: Card, part: float) -> np.ndarray:
    png = still(card, WORDS, address=ADDRESS, dates=DATES, part=part, drill=False)
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def test_a_long_line_stands_longer_and_none_too_short() -> None:
    shown = cards(WORDS)
    assert [card.kind for card in shown] == ["title", "say", "do", "do", "end"]
    assert [card.number for card in shown if card.kind == "do"] == [1, 2]
    assert all(card.seconds >= LEAST for card in shown)
    # 17 words at 2.2 a second and one second to begin with
    assert shown[2].seconds == pytest.approx(17 / 2.2 + 1)


def test_frame_by_frame_it_shows_every_card_for_its_time(tmp_path: Path) -> None:
    film = clip(WORDS, address=ADDRESS, dates=DATES, drill=False)
    assert film[4:8] == b"ftyp"
    played, shown = frames(film, tmp_path), cards(WORDS)
    assert len(played) == sum(card.frames for card in shown)
    assert played[0].shape == (SIDE, SIDE, 3)
    total, at = len(played), 0
    for card in shown:
        wanted = drawn(card, (at + card.frames) / total)
        for frame in played[at : at + card.frames]:
            assert np.abs(frame.astype(int) - wanted.astype(int)).mean() < 2  # colours at half the size
        at += card.frames
    (code,) = zxingcpp.read_barcodes(played[-1], formats=zxingcpp.BarcodeFormat.QRCode)
    assert code.text == ADDRESS


def test_a_drill_is_marked_in_every_frame(tmp_path: Path) -> None:
    real = frames(clip(WORDS, address=ADDRESS, dates=DATES, drill=False), tmp_path)
    drill = frames(clip(WORDS, address=ADDRESS, dates=DATES, drill=True), tmp_path)
    marked = [np.abs(a.astype(int) - b.astype(int)).mean() > 1 for a, b in zip(real, drill, strict=True)]
    assert all(marked)
