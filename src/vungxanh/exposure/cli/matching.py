"""`match` and `score`: what was heard against published keys, and what it means."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import numpy as np

from vungxanh.core.minutes import VIETNAM
from vungxanh.exposure.cli.io import INPUT, load_json, note, show
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.keys import INTERVAL_SECONDS, ReportType, table_of
from vungxanh.exposure.codec.revision import current_keys
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.matching.match import match as match_keys
from vungxanh.exposure.matching.sightings import read_sightings
from vungxanh.exposure.risk.explain import as_json
from vungxanh.exposure.risk.profile import DEFAULT
from vungxanh.exposure.risk.profile import profile as profile_of
from vungxanh.exposure.risk.score import score as score_windows
from vungxanh.exposure.risk.window_json import windows_from_json
from vungxanh.exposure.risk.windows import Window, windows_of


def window_as_json(window: Window) -> dict[str, object]:
    return {
        "date": window.day.isoformat(),
        "report_type": ReportType(window.report_type).name.lower(),
        "days_since_onset": window.onset,
        "confidence": window.confidence,
        "scans": [{"typical": s.typical, "minimum": s.minimum, "seconds": s.seconds} for s in window.scans],
    }


@click.command()
@click.option("--keys", "file", required=True, type=INPUT, help="Export file (zip).")
@click.option("--sightings", "heard", required=True, type=INPUT, help="CSV: rpi, at, rssi, aem, since.")
@click.option("--public-key", "pem", type=INPUT, default=None, help="PEM of the signer, curve P-256.")
@click.option("--profile", default=None, help="Judge the windows as well.")
@click.option(
    "--engine", type=click.Choice(["numpy", "fast"]), default=None, help="Default: the fastest installed."
)
def match(file: Path, heard: Path, pem: Path | None, profile: str | None, engine: str | None) -> None:
    """Which published keys were heard, and the exposure windows that follow."""
    export = read_export(file.read_bytes(), [load_public_key(pem.read_bytes())] if pem else None)
    if pem is None:
        note("Chưa kiểm tra chữ ký (thiếu --public-key). / The signature was not checked.")
    sightings = read_sightings(heard.read_text("utf-8", errors="replace"))
    keys = table_of(current_keys(export.keys, export.revised))
    found = match_keys(keys, sightings, engine=engine)
    windows = windows_of(keys, sightings, found)
    answer: dict[str, object] = {
        "verified": export.verified,
        "keys": len(keys),
        "sightings": len(sightings),
        "matched_keys": len(np.unique(found.key)),
        "matches": [
            {
                "key": keys["data"][k].tobytes().hex(),
                "interval": int(j),
                "rpi": sightings["rpi"][row].tobytes().hex(),
                "at": int(sightings["at"][row]),
                "rssi": int(sightings["rssi"][row]),
                "minutes_off": int(sightings["at"][row] // INTERVAL_SECONDS - j) * 10,
            }
            for k, j, row in zip(found.key, found.interval, found.sighting, strict=True)
        ],
        "windows": [window_as_json(window) for window in windows],
    }
    if profile is not None:
        chosen = profile_of(profile)
        answer["risk"] = as_json(score_windows(windows, chosen), chosen)
    show(answer)


@click.command()
@click.option("--profile", default=DEFAULT, show_default=True, help="Risk profile.")
@click.option("--windows", "file", required=True, type=INPUT, help="JSON list of exposure windows.")
def score(profile: str, file: Path) -> None:
    """Judge exposure windows by a risk profile, with reasons."""
    chosen = profile_of(profile)
    today = datetime.now(ZoneInfo(VIETNAM)).date()
    windows = windows_from_json(load_json(file), today)
    show(as_json(score_windows(windows, chosen), chosen))
