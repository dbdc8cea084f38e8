"""Draws the letters of a zone for the reader of photographs: `python tools/ocrb_glyphs.py OCRB.otf`.

The font is Debian's fonts-ocr-b (main): code by Norbert Schwarz, free to use, change and hand on without limit;
outlines by Matthew Skala, public domain. Run by hand when the grid changes; the result stands in the tree.
"""

import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
TARGET = Path(__file__).resolve().parent.parent / "frontend" / "src" / "border" / "glyphs.json"
#: a cell is one advance wide and one capital high with a margin; see frontend/src/border/zone_photo.js
WIDE, HIGH, MARGIN = 16, 24, 0.15


def main() -> None:
    font = ImageFont.truetype(sys.argv[1], 1000)
    advance = font.getlength("A")
    _, top, _, bottom = font.getbbox("H", anchor="ls")
    tall = bottom - top
    told = {}
    for letter in LETTERS:
        width, height = round(advance), round(tall * (1 + 2 * MARGIN))
        picture = Image.new("L", (width, height), 0)
        ImageDraw.Draw(picture).text((0, height - tall * MARGIN), letter, 255, font=font, anchor="ls")
        small = picture.resize((WIDE, HIGH), Image.Resampling.BOX)
        told[letter] = "".join(f"{value // 16:x}" for value in small.tobytes())
    body = {"wide": WIDE, "high": HIGH, "margin": MARGIN, "aspect": round(advance / tall, 4), "glyphs": told}
    TARGET.write_text(json.dumps(body, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
