"""Stills as H.264: bits by hand from the standard; pictures come back from a decoder that is not ours."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungxanh.command import h264, mp4


def test_numbers_as_exp_golomb() -> None:
    bits = h264.Bits()
    for value in (0, 1, 2, 3, 25):  # table 9-2: 1, 010, 011, 00100, 000011010
        bits.ue(value)
    assert "".join(bits.open) == "1" + "010" + "011" + "00100" + "000011010"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"\x01\x02", b"\x65\x01\x02"),
        (b"\x00\x00\x01", b"\x65\x00\x00\x03\x01"),
        (b"\x00\x00\x00\x00", b"\x65\x00\x00\x03\x00\x00"),
        (b"\x00\x00\x04", b"\x65\x00\x00\x04"),
    ],
)
def test_a_start_code_never_stands_inside_a_unit(given: bytes, kept: bytes) -> None:
    assert h264.nal(0x65, given) == kept


def test_white_black_and_red_are_the_levels_of_bt709() -> None:
    patch = np.zeros((2, 6, 3), np.uint8)
    patch[:, :2], patch[:, 4:] = 255, (255, 0, 0)
    luma, blue, red = h264.planes(patch)
    # white 235/128/128, black 16/128/128; red: 16 + 219 x 0.2126 = 63, 128 - 224 x 0.2126 / 1.8556 = 102, 240
    assert luma[0].tolist() == [235, 235, 16, 16, 63, 63]
    assert (blue[0].tolist(), red[0].tolist()) == ([128, 128, 102], [128, 128, 240])


def played(film: bytes, folder: Path) -> list[np.ndarray]:
    (folder / "a.mp4").write_bytes(film)
    reader, found = cv2.VideoCapture(str(folder / "a.mp4"), cv2.CAP_FFMPEG), []
    while True:
        there, frame = reader.read()
        if not there:
            return found
        found.append(frame[..., ::-1])


def film(stills: list[tuple[np.ndarray, int]]) -> bytes:
    height, width = stills[0][0].shape[:2]
    sets = h264.sequence(width, height, 5), h264.pictures()
    return mp4.film(list(h264.frames(stills)), *sets, width=width, height=height, rate=5)


# grey, so that no colour is halved: every sample has to come back within the rounding of the limited range
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    busy=st.integers(0, 9),
    stands=st.lists(st.integers(1, 20), min_size=1, max_size=3),
)
def test_any_picture_comes_back_for_as_long_as_it_stands(
    tmp_path_factory: pytest.TempPathFactory, seed: int, busy: int, stands: list[int]
) -> None:
    draw = np.random.default_rng(seed)
    stills = []
    for count in stands:
        grey = np.full((64, 80), draw.integers(0, 256), np.uint8)
        for _ in range(busy):  # flat and noisy rectangles anywhere
            y, x, high, wide = (int(draw.integers(0, 60)) for _ in range(4))
            area = grey[y : y + high + 1, x : x + wide + 1]
            area[:] = draw.integers(0, 256, area.shape if draw.random() < 0.5 else ())
        stills.append((np.repeat(grey[..., None], 3, axis=2), count))
    shown = played(film(stills), tmp_path_factory.mktemp("film"))
    wanted = [still for still, count in stills for _ in range(count)]
    assert len(shown) == len(wanted)
    for frame, still in zip(shown, wanted, strict=True):
        assert np.abs(frame.astype(int) - still.astype(int)).max() <= 3


def test_a_flat_picture_costs_next_to_nothing() -> None:
    flat = np.full((720, 720, 3), 255, np.uint8)
    # one plain macroblock of 384 bytes, 2024 copies of 3 + 3 + 1 + 1 bits, and what stands before the first
    assert 384 + 2024 < len(h264.still(flat, 0)) < 384 + 2024 + 20
    assert len(h264.same(1, 2025)) < 12
