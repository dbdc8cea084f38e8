"""Exposure windows from JSON: our names, those of the phones' interface, and those of the German test cases."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import VIETNAM, local_date, parse_date
from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.risk.profile import HIGH, NONE, STANDARD
from vungxanh.exposure.risk.windows import Scan, Window

LEVELS = (NONE, STANDARD, HIGH)
MAX_WINDOWS = 100_000
BROKEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)


def windows_from_json(document: object, today: date) -> list[Window]:
    """A list of windows, alone or under `windows` or `exposureWindows`; `ageInDays` counts back from `today`.

    Raises UserError `exposure.bad-windows`.
    """
    found = document
    if isinstance(document, Mapping):
        found = document.get("windows", document.get("exposureWindows"))
    if not isinstance(found, list) or len(found) > MAX_WINDOWS:
        raise UserError("exposure.bad-windows", at=0)
    return [_window(item, at, today) for at, item in enumerate(found, 1)]


def _window(item: Any, at: int, today: date) -> Window:
    try:
        scans = _first(item, "scans", "scanInstances")
        onset = _first(item, "onset", "days_since_onset", "daysSinceOnset", default=None)
        return Window(
            day=_day(item, today),
            report_type=_report(_first(item, "report_type", "reportType", default=1)),
            onset=None if onset is None else int(onset),
            scans=tuple(_scan(scan) for scan in scans),
            confidence=int(_first(item, "confidence", "calibrationConfidence", default=0)),
            infectiousness=_level(_first(item, "infectiousness", default=None)),
        )
    except (*BROKEN, UserError) as exc:
        raise UserError("exposure.bad-windows", field=f"window {at}", at=at) from exc


def _first(item: Mapping[str, Any], *names: str, **default: Any) -> Any:
    for name in names:
        if name in item:
            return item[name]
    return default["default"]


def _day(item: Mapping[str, Any], today: date) -> date:
    if "ageInDays" in item:
        return today - timedelta(days=int(item["ageInDays"]))
    if "dateMillisSinceEpoch" in item:
        return local_date(int(item["dateMillisSinceEpoch"]) // 60_000, VIETNAM)
    return parse_date(str(_first(item, "date", "day")))


def _report(value: Any) -> int:
    return int(ReportType[value.upper()] if isinstance(value, str) else ReportType(value))


def _level(value: Any) -> str | None:
    if value is None:
        return None
    name: str = LEVELS[value] if isinstance(value, int) else str(value).lower()
    if name not in LEVELS:
        raise ValueError(name)
    return name


def _scan(scan: Mapping[str, Any]) -> Scan:
    typical = _first(scan, "typical", "typicalAttenuation", "typicalAttenuationDb", default=None)
    minimum = _first(scan, "minimum", "min", "minAttenuation", "minAttenuationDb", default=typical)
    return Scan(
        int(minimum if typical is None else typical),
        int(minimum),
        int(_first(scan, "seconds", "secondsSinceLastScan")),
    )
