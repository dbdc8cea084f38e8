"""An MP4 file (ISO/IEC 14496-12 and -15) with one silent H.264 track: the index first, then the frames."""

import struct
from collections.abc import Sequence

#: of the movie's clock, a second
TICKS = 1000
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(name: bytes, *parts: bytes) -> bytes:
    """Length, name, content."""
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + name + content


def full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """A box with a version, 0 here, and flags."""
    return box(name, struct.pack(">I", flags), *parts)


def film(
    frames: Sequence[tuple[bytes, bool]], sequence: bytes, pictures: bytes, *, width: int, height: int, rate: int
) -> bytes:
    """`frames`: coded frame, can one begin here. `sequence`, `pictures`: the parameter sets."""
    samples = [struct.pack(">I", len(data)) + data for data, _key in frames]
    head = box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    keys = [at for at, (_data, key) in enumerate(frames, start=1) if key]
    entry = _entry(sequence, pictures, width, height)

    def movie(offset: int) -> bytes:
        table = _table(entry, [len(sample) for sample in samples], keys, offset)
        return _movie(table, len(samples), width, height, rate)

    offset = len(head) + len(movie(0)) + 8
    return head + movie(offset) + box(b"mdat", *samples)


def _movie(table: bytes, count: int, width: int, height: int, rate: int) -> bytes:
    lasting = count * TICKS // rate
    name = b"vungxanh\x00"
    media = box(
        b"mdia",
        full(b"mdhd", struct.pack(">IIIIHH", 0, 0, rate, count, 0x55C4, 0)),  # language undetermined
        full(b"hdlr", struct.pack(">I4s12x", 0, b"vide"), name),
        box(
            b"minf",
            full(b"vmhd", bytes(8), flags=1),
            box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", flags=1))),
            table,
        ),
    )
    size = struct.pack(">II", width << 16, height << 16)
    track = full(b"tkhd", struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, lasting, 0, 0, 0, 0), _MATRIX, size, flags=3)
    header = struct.pack(">IIIIIH10x", 0, 0, TICKS, lasting, 0x10000, 0x100)
    return box(
        b"moov", full(b"mvhd", header, _MATRIX, bytes(24), struct.pack(">I", 2)), box(b"trak", track, media)
    )


def _table(entry: bytes, sizes: Sequence[int], keys: Sequence[int], offset: int) -> bytes:
    """Every frame lasts one tick; all stand in one chunk."""
    count = len(sizes)
    return box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stts", struct.pack(">III", 1, count, 1)),
        full(b"stss", struct.pack(f">I{len(keys)}I", len(keys), *keys)),
        full(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
        full(b"stsz", struct.pack(f">II{count}I", 0, count, *sizes)),
        full(b"stco", struct.pack(">II", 1, offset)),
    )


def _entry(sequence: bytes, pictures: bytes, width: int, height: int) -> bytes:
    sets = (
        bytes((1, *sequence[1:4], 0xFF, 0xE1)), struct.pack(">H", len(sequence)), sequence,
        b"\x01", struct.pack(">H", len(pictures)), pictures,
    )  # fmt: skip
    about = struct.pack(">6xH16xHHII4xH32xHh", 1, width, height, 0x480000, 0x480000, 1, 24, -1)
    return box(b"avc1", about, box(b"avcC", *sets))
