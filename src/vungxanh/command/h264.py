"""Still pictures as H.264 (ITU-T H.264, constrained baseline), which every telephone and browser plays.

A clip of ours is stills that stand for seconds, so little of the standard is needed: a still is one IDR picture
whose macroblocks are copied from a neighbour where that is exact and are plain samples (I_PCM) where it is not;
every further frame says "as before" in a few bytes. No encoder under GPL is needed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

MB = 16
Plane = npt.NDArray[np.uint8]
#: mb_type of I slices (table 7-11): Intra16x16 without residual, predicted from above or from the left; I_PCM
VERTICAL, HORIZONTAL, PCM = 1, 2, 25
#: intra_chroma_pred_mode (table 7-16) of the two
CHROMA = {VERTICAL: 2, HORIZONTAL: 1}
#: baseline with constraint sets 0 and 1, level 3.1
PROFILE = bytes((66, 0xC0, 31))


@dataclass(slots=True)
class Bits:
    """Bits in the order in which they are sent."""

    done: bytearray = field(default_factory=bytearray)
    open: list[str] = field(default_factory=list)

    def u(self, value: int, length: int) -> None:
        self.open.append(f"{value:0{length}b}")

    def ue(self, value: int) -> None:
        """Exp-Golomb (9.1)."""
        coded = f"{value + 1:b}"
        self.open.append("0" * (len(coded) - 1) + coded)

    def align(self) -> None:
        """Zero bits up to the next byte."""
        text = "".join(self.open)
        text += "0" * (-len(text) % 8)
        self.done += int(text, 2).to_bytes(len(text) // 8, "big") if text else b""
        self.open = []

    def raw(self, given: bytes) -> None:
        self.align()
        self.done += given

    def whole(self) -> bytes:
        """With the stop bit (7.3.2.11)."""
        self.u(1, 1)
        self.align()
        return bytes(self.done)


def nal(kind: int, payload: bytes) -> bytes:
    """One unit; three zero-ish bytes in a row are kept apart (7.4.1)."""
    kept, zeros = bytearray((kind,)), 0
    if b"\x00\x00" not in payload:
        return bytes(kept) + payload
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            kept.append(3)
            zeros = 0
        kept.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(kept)


def sequence(width: int, height: int, rate: int) -> bytes:
    """Sequence parameter set (7.3.2.1.1): size, colours as BT.709, frames a second."""
    bits = Bits()
    bits.raw(PROFILE)
    for value in (0, 0, 2, 1):  # id, log2 of frame numbers less 4, order of output as coded, one reference frame
        bits.ue(value)
    bits.u(0, 1)
    bits.ue(width // MB - 1)
    bits.ue(height // MB - 1)
    bits.u(0b110, 3)  # frames only, direct 8x8, no cropping
    bits.u(0b1001, 4)  # usability information: no aspect ratio, no overscan, video signal type
    bits.u(0b1010, 4)  # unspecified format, limited range
    bits.u(1, 1)
    for _ in range(3):
        bits.u(1, 8)  # primaries, transfer and matrix of BT.709
    bits.u(0b01, 2)  # no chroma location; timing
    bits.u(1, 32)
    bits.u(2 * rate, 32)
    bits.u(0b10001, 5)  # fixed rate, no decoder models, no picture structure, restrictions follow
    bits.u(1, 1)
    for value in (0, 0, 10, 10, 0, 1):  # no bounds, vectors, no reordering, one frame held
        bits.ue(value)
    return nal(0x67, bits.whole())


def pictures() -> bytes:
    """Picture parameter set (7.3.2.2): CAVLC, one slice group, the deblocking filter can be switched off."""
    bits = Bits()
    bits.ue(0)
    bits.ue(0)
    bits.u(0, 2)
    for value in (0, 0, 0):
        bits.ue(value)
    bits.u(0, 3)
    for value in (0, 0, 0):
        bits.ue(value)
    bits.u(0b100, 3)
    return nal(0x68, bits.whole())


def planes(rgb: npt.NDArray[np.uint8]) -> tuple[Plane, Plane, Plane]:
    """(height, width, 3) of 0..255 -> Y, Cb, Cr of BT.709, limited range, chroma at half size."""
    red, green, blue = (rgb[..., at].astype(np.float64) / 255 for at in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    first, second = (blue - luma) / 1.8556, (red - luma) / 1.5748
    return _levels(luma, 16, 219), _levels(_half(first), 128, 224), _levels(_half(second), 128, 224)


def _half(plane: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    height, width = plane.shape
    found: npt.NDArray[np.float64] = plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return found


def _levels(plane: npt.NDArray[np.float64], zero: int, span: int) -> Plane:
    return np.clip(np.rint(plane * span + zero), 1, 254).astype(np.uint8)


def still(rgb: npt.NDArray[np.uint8], number: int) -> bytes:
    """One IDR picture (slice type 7); `number` of the still, so that two in a row differ."""
    bits = Bits()
    for value in (0, 7, 0):
        bits.ue(value)
    bits.u(0, 4)
    bits.ue(number % 2)
    bits.u(0, 2)  # marking of the reference
    bits.ue(0)  # no change of the quantiser
    bits.ue(1)  # no deblocking: the samples are the picture
    three = planes(rgb)
    kinds = _kinds(three)
    for row in range(kinds.shape[0]):
        for column in range(kinds.shape[1]):
            _macroblock(bits, three, kinds, row, column)
    return nal(0x65, bits.whole())


def _kinds(three: Sequence[Plane]) -> npt.NDArray[np.uint8]:
    """For each macroblock how it is coded: copied only where all three planes come out exact."""
    rows, columns = three[0].shape[0] // MB, three[0].shape[1] // MB
    left, above = np.ones((rows, columns), bool), np.ones((rows, columns), bool)
    for plane, size in zip(three, (MB, MB // 2, MB // 2), strict=True):
        blocks = plane.reshape(rows, size, columns, size).swapaxes(1, 2)
        left[:, 1:] &= (blocks[:, 1:] == blocks[:, :-1, :, -1:]).all(axis=(2, 3))
        above[1:] &= (blocks[1:] == blocks[:-1, :, -1:, :]).all(axis=(2, 3))
    left[:, 0], above[0] = False, False
    return np.where(left, HORIZONTAL, np.where(above, VERTICAL, PCM)).astype(np.uint8)


def _macroblock(bits: Bits, three: Sequence[Plane], kinds: npt.NDArray[np.uint8], row: int, column: int) -> None:
    kind = int(kinds[row, column])
    bits.ue(kind)
    if kind == PCM:
        bits.align()
        for plane, size in zip(three, (MB, MB // 2, MB // 2), strict=True):
            bits.raw(plane[row * size : (row + 1) * size, column * size : (column + 1) * size].tobytes())
        return
    bits.ue(CHROMA[kind])
    bits.ue(0)
    bits.open.append(_no_coefficient(kinds, row, column))


def _no_coefficient(kinds: npt.NDArray[Any], row: int, column: int) -> str:
    """coeff_token for none (table 9-5): its length follows from the neighbours; I_PCM counts 16, a copy 0."""
    near = [16 * int(kinds[row, column - 1] == PCM)] if column else []
    near += [16 * int(kinds[row - 1, column] == PCM)] if row else []
    return "000011" if (sum(near) + len(near) - 1) // len(near) >= 8 else "1"


def same(number: int, macroblocks: int) -> bytes:
    """A frame as the one before (slice type 5, all macroblocks skipped); `number` of frames since the still."""
    bits = Bits()
    for value in (0, 5, 0):
        bits.ue(value)
    bits.u(number % 16, 4)
    bits.u(0, 3)  # references as usual
    bits.ue(0)
    bits.ue(1)
    bits.ue(macroblocks)
    return nal(0x41, bits.whole())


def frames(stills: Sequence[tuple[npt.NDArray[np.uint8], int]]) -> Iterator[tuple[bytes, bool]]:
    """(picture, how many frames it stands) -> (coded frame, can one begin here)."""
    for at, (rgb, count) in enumerate(stills):
        yield still(rgb, at), True
        for number in range(1, count):
            yield same(number, rgb.shape[0] // MB * (rgb.shape[1] // MB)), False
