"""Our font for papers: the front end's web subsets joined into one TTF a weight, which the PDF maker can read.

Be Vietnam Pro (SIL Open Font License 1.1) comes with the front end's packages; nothing else is fetched.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend" / "node_modules" / "@fontsource" / "be-vietnam-pro"
TARGET = ROOT / "src" / "vungxanh" / "exchange" / "fonts"
SUBSETS = ("latin", "latin-ext", "vietnamese")
WEIGHTS = (400, 600, 700)


def join(weight: int, target: Path) -> None:
    with TemporaryDirectory() as folder:
        parts = []
        for subset in SUBSETS:
            font = TTFont(SOURCE / "files" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2")
            font.flavor = None
            part = Path(folder) / f"{subset}.ttf"
            font.save(part)
            parts.append(str(part))
        Merger().merge(parts).save(target)


def main() -> int:
    TARGET.mkdir(exist_ok=True)
    wanted = {weight: TARGET / f"BeVietnamPro-{weight}.ttf" for weight in WEIGHTS}
    missing = {weight: file for weight, file in wanted.items() if not file.exists()}
    if missing and not SOURCE.exists():
        print("The front end's packages are not there: python tools/frontend.py --force", file=sys.stderr)
        return 3
    for weight, file in missing.items():
        join(weight, file)
    (TARGET / "OFL.txt").write_text((SOURCE / "LICENSE").read_text("utf-8"), "utf-8") if missing else None
    return 0


sys.exit(main())
