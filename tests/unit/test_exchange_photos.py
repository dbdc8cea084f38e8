"""Photographs keep what they show and lose where, when and by what they were taken."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vungxanh.core.errors import UserError
from vungxanh.exchange.photos import LARGEST, cleaned

GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110
SECRET = b"Phone of Nguyen Van A"


def jpeg(*, turned: int = 1, progressive: bool = False) -> bytes:
    picture = Image.effect_noise((160, 96), 60).convert("RGB")
    exif = picture.getexif()
    exif[MODEL], exif[ORIENTATION] = SECRET.decode(), turned
    exif[GPS] = {1: "N", 2: (21.0, 35.0, 12.5), 3: "E", 4: (105.0, 50.0, 6.1)}
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif, progressive=progressive, comment=SECRET, quality=80)
    return target.getvalue()


def pixels(raw: bytes) -> bytes:
    return Image.open(BytesIO(raw)).convert("RGB").tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_keeps_every_pixel_and_no_place(progressive: bool) -> None:
    raw = jpeg(progressive=progressive) + b"hidden after the end: " + SECRET
    clean, kind = cleaned(raw)
    assert kind == "image/jpeg"
    assert SECRET in raw
    assert SECRET not in clean
    assert dict(Image.open(BytesIO(clean)).getexif()) == {}
    assert pixels(clean) == pixels(raw)


def test_only_how_it_is_turned_is_kept() -> None:
    clean, _ = cleaned(jpeg(turned=6))
    assert dict(Image.open(BytesIO(clean)).getexif()) == {ORIENTATION: 6}


def test_a_png_loses_its_texts() -> None:
    notes = PngInfo()
    notes.add_text("Comment", SECRET.decode())
    target = BytesIO()
    Image.new("RGBA", (5, 5), (200, 30, 40, 128)).save(target, "PNG", pnginfo=notes)
    clean, kind = cleaned(target.getvalue() + SECRET)
    assert (kind, SECRET in clean) == ("image/png", False)
    assert Image.open(BytesIO(clean)).getpixel((2, 2)) == (200, 30, 40, 128)


@pytest.mark.parametrize(
    "raw",
    [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff", jpeg()[:900], b"\x89PNG\r\n\x1a\n\x00\x00"],
    ids=["empty", "gif", "script", "head-only", "cut", "cut-png"],
)
def test_what_is_no_whole_photograph_is_refused(raw: bytes) -> None:
    with pytest.raises(UserError) as caught:
        cleaned(raw)
    assert caught.value.code == "exchange.photo-unreadable"


def test_a_flood_is_refused_before_it_is_read() -> None:
    with pytest.raises(UserError) as caught:
        cleaned(b"\xff\xd8\xff" + bytes(LARGEST))
    assert caught.value.code == "exchange.photo-too-large"
