"""Translations without GNU gettext: `python tools/messages.py compile | check | extract [package …]`.

English stands in code and templates, Vietnamese in `src/vungxanh/<package>/locale/vi/LC_MESSAGES/django.po`.
A package may use what `web` has translated already; `check` fails on a message without a Vietnamese sentence,
on a fuzzy one, and on placeholders that differ.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract as babel_extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "src" / "vungxanh"
SHARED = "web"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

#: context and English text of a message
Key = tuple[str | None, str]
#: key -> (plural or None, first place that uses it)
Found = dict[Key, tuple[str | None, str]]


def catalogue_file(package: Path) -> Path:
    return package / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def packages() -> list[Path]:
    return sorted(p for p in PACKAGES.iterdir() if p.is_dir() and p.name != "__pycache__")


def sources(package: Path) -> Iterator[tuple[Path, str]]:
    """Every file with messages, as Python text; a template is turned into Python that calls gettext."""
    for file in sorted(package.rglob("*.py")):
        if "migrations" not in file.parts:
            yield file, file.read_text("utf-8")
    for file in sorted((package / "templates").rglob("*.*")):
        yield file, flat(templatize(file.read_text("utf-8"), origin=str(file)))


def flat(text: str) -> str:
    """Without indentation, which means something in Python and nothing in a template."""
    return "\n".join(line.lstrip() for line in text.splitlines())


def used(package: Path) -> Found:
    """Every message that the package's code and templates use."""
    found: Found = {}
    for file, text in sources(package):
        stream = io.BytesIO(text.encode())
        for line, message, _, context in babel_extract(
            "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            single, plural = message if isinstance(message, tuple) else (message, None)
            if single:
                found.setdefault((context, single), (plural, f"{file.relative_to(ROOT)}:{line}"))
    return found


def translated(file: Path) -> dict[Key, polib.POEntry]:
    entries = polib.pofile(str(file)) if file.exists() else []
    return {(entry.msgctxt, entry.msgid): entry for entry in entries if not entry.obsolete}


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def faults_of(key: Key, where: str, entry: polib.POEntry | None) -> Iterator[str]:
    """What is wrong with one message."""
    text = (entry.msgstr or entry.msgstr_plural.get(0, "")) if entry else ""
    if entry is None or not text:
        yield f"{where}: no Vietnamese for {key[1]!r}"
    elif entry.fuzzy:
        yield f"{where}: fuzzy: {key[1]!r}"
    elif placeholders(text) != placeholders(entry.msgid_plural or key[1]):
        yield f"{where}: placeholders differ: {key[1]!r} -> {text!r}"


def check(chosen: Iterable[Path]) -> list[str]:
    """Faults of the chosen packages, one line each; unused translations are only mentioned."""
    shared = translated(catalogue_file(PACKAGES / SHARED))
    faults: list[str] = []
    for package in chosen:
        own, messages = translated(catalogue_file(package)), used(package)
        for key, (_, where) in messages.items():
            faults += faults_of(key, where, own.get(key) or shared.get(key))
        if package.name != SHARED:
            for key in own.keys() - messages.keys():
                print(f"note: {package.name}: unused translation {key[1]!r}", file=sys.stderr)
    return faults


def conflicts() -> list[str]:
    """One English text with two Vietnamese ones: Django keeps the first it meets, so one room speaks wrongly."""
    said: dict[Key, tuple[str, str]] = {}
    faults = []
    for package in packages():
        for key, entry in translated(catalogue_file(package)).items():
            text = entry.msgstr or entry.msgstr_plural.get(0, "")
            first, where = said.setdefault(key, (text, package.name))
            if text != first:
                faults.append(
                    f"{key[1]!r} is {first!r} in {where} and {text!r} in {package.name}: give it a context"
                )
    return faults


def new_catalogue() -> polib.POFile:
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Language": "vi",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return made


def extract(chosen: Iterable[Path]) -> int:
    """Add what is missing to each package's catalogue, to be translated by hand; how many."""
    shared = translated(catalogue_file(PACKAGES / SHARED))
    added = 0
    for package in chosen:
        file = catalogue_file(package)
        own = translated(file)
        book = polib.pofile(str(file), wrapwidth=110) if file.exists() else new_catalogue()
        missing = [(k, v) for k, v in used(package).items() if k not in own and k not in shared]
        for (context, single), (plural, where) in missing:
            entry = polib.POEntry(msgid=single, msgctxt=context, comment=where.rpartition(":")[0])
            if plural:
                entry.msgid_plural, entry.msgstr_plural = plural, {0: ""}
            book.append(entry)
        if missing:
            file.parent.mkdir(parents=True, exist_ok=True)
            book.save(str(file))
            added += len(missing)
    return added


def compile_stale() -> int:
    """Write the .mo of every catalogue that is newer than it; how many were written."""
    written = 0
    for file in PACKAGES.glob("*/locale/*/LC_MESSAGES/*.po"):
        target = file.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < file.stat().st_mtime:
            spare = target.with_suffix(".mo.part")
            polib.pofile(str(file)).save_as_mofile(str(spare))
            spare.replace(target)
            written += 1
    return written


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    action, *names = arguments or [""]
    chosen = [PACKAGES / name for name in names] or packages()
    if action == "compile":
        print(f"{compile_stale()} catalogue(s) compiled")
    elif action == "extract":
        print(f"{extract(chosen)} message(s) added, to be translated")
    elif action == "check":
        faults = check(chosen) + conflicts()
        print("\n".join(faults) or "every message speaks Vietnamese")
        return 1 if faults else 0
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
