"""The device's own page, for a phone's screen: one answer, what to do, whether the device works.

Plain HTML without scripts; it works where nothing but the device is there.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import VIETNAM
from vungxanh.exposure.codec.keys import INTERVAL_SECONDS, DiagnosisKey
from vungxanh.exposure.device.advice import advice
from vungxanh.exposure.device.diagnosis import Check
from vungxanh.exposure.device.encounters import Met
from vungxanh.exposure.risk.explain import number, sentence
from vungxanh.exposure.risk.profile import Profile
from vungxanh.exposure.risk.score import Scored

LANGUAGES = ("vi", "en")
WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
FOLDER = resources.files("vungxanh.exposure.device")


@cache
def style() -> str:
    return (FOLDER / "page.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    scored: Scored
    profile: Profile
    checks: Sequence[Check]
    hours: float
    now: float
    last_fetch: float | None
    taken_back: Sequence[date] = ()


@cache
def texts(language: str) -> dict[str, Any]:
    raw = tomllib.loads((FOLDER / "texts.toml").read_text("utf-8"))
    found: dict[str, Any] = raw[language]
    return found


def day_words(day: date, language: str) -> str:
    """`Thứ Ba 3/5`."""
    return f"{WEEKDAYS[language][day.weekday()]} {day.day}/{day.month}"


def frame(language: str, body: str) -> str:
    words = texts(language)
    other = next(one for one in LANGUAGES if one != language)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{words["title"]}</title>'
        f'<style>{style()}</style><header><a href="?lang={other}" lang="{other}">{words["language"]}</a></header>'
        f"<main>{body}</main></html>"
    )


def home(view: View, language: str) -> str:
    """The first page: the warning if there is one, then the device's health, then the way to report."""
    words = texts(language)
    body = _warning(view, language) + _taken_back(view, language) + _health(view, language)
    body += (
        f"<section><h2>{words['ill']}</h2><p>{words['ill_more']}</p>"
        f'<form method="post" action="/code?lang={language}">'
        f'<label for="code">{words["code"]}</label><input id="code" name="code" type="text" inputmode="numeric" '
        f'autocomplete="one-time-code" required><p><button>{words["next"]}</button></p></form></section>'
    )
    return frame(language, body)


def _warning(view: View, language: str) -> str:
    words = texts(language)
    if view.scored.level == "none":
        return _calm(view, language)
    days = "".join(_day(view, at, language) for at in range(len(view.scored.days)))
    zone = ZoneInfo(VIETNAM)
    today = datetime.fromtimestamp(view.now, UTC).astimezone(zone).date()
    told = advice(view.profile.disease, view.scored.level, today, language)
    steps = "".join(f"<li>{escape(step)}</li>" for step in told.sentences) if told else ""
    basis = f'<p class="small">{words["basis"].format(rule=escape(told.rule))}' if told else ""
    basis += f" {words['unverified']}</p>" if told and not told.verified else "</p>" if told else ""
    phone = words["phone"]
    call = f'<p><a href="tel:{phone.replace(" ", "")}">{words["talk"]}: {phone}</a></p>'
    call += f'<p><a href="/share?lang={language}">{words["tracer"]}</a></p>'
    return (
        f"<h1>{words['warned']}</h1><section>{days}</section><section><h2>{words['todo']}</h2><ol>{steps}</ol>"
        f'{call}{basis}<p class="small">{words["who"]}</p></section>'
    )


def _taken_back(view: View, language: str) -> str:
    """A warning that fell away is said as plainly as it was given."""
    if not view.taken_back:
        return ""
    days = ", ".join(day_words(day, language) for day in view.taken_back)
    return f'<section class="calm"><p>{texts(language)["corrected"].format(days=days)}</p></section>'


def share(met: Sequence[Met], language: str) -> str:
    """Which encounters the person may share: one box a day, none ticked for them."""
    words = texts(language)
    if not met:
        return frame(language, f"<h1>{words['tracer']}</h1><p>{words['nothing_met']}</p>{_back(language)}")
    boxes = ""
    for day in sorted({one.day for one in met}):
        mine = [one for one in met if one.day == day]
        minutes = number(round(sum(one.seconds for one in mine) / 60))
        line = words["met"].format(date=day_words(day, language), minutes=minutes, times=len(mine))
        boxes += f'<label><input type="checkbox" name="day" value="{day.isoformat()}"> {line}</label>'
    return frame(
        language,
        f"<h1>{words['tracer']}</h1><p>{words['tracer_more']}</p><section>"
        f'<form method="post" action="/share?lang={language}">{boxes}'
        f'<label for="code">{words["tracer_code"]}</label><input id="code" name="code" type="text" '
        f'inputmode="numeric" autocomplete="one-time-code" required>'
        f"<p><button>{words['agree']}</button></p></form>"
        f"</section>{_back(language)}",
    )


def _back(language: str) -> str:
    return f'<p><a href="/?lang={language}">{texts(language)["back"]}</a></p>'


def shared(receipt: str, language: str) -> str:
    """What was shared, and how to take it back."""
    words = texts(language)
    line = words["receipt"].format(receipt=escape(receipt))
    return frame(
        language,
        f'<h1>{words["shared"]}</h1><section><p class="receipt">{line}</p><p>{words["shared_more"]}</p>'
        f'<form method="post" action="/unshare?lang={language}"><input type="hidden" name="receipt" '
        f'value="{escape(receipt)}"><button>{words["unshare"]}</button></form></section>{_back(language)}',
    )


def unshared(count: int, language: str) -> str:
    return frame(language, f"<h1>{texts(language)['unshared'].format(count=count)}</h1>{_back(language)}")


def _day(view: View, at: int, language: str) -> str:
    words, day = texts(language), view.scored.days[at]
    if day.level == "none":
        return ""
    minutes = number(round(sum(day.near.values())))
    line = words["day"].format(
        date=day_words(day.day, language), minutes=minutes, level=words["levels"][day.level]
    )
    why = escape(sentence(day, view.profile, language))
    return f"<p><strong>{line}</strong></p><details><summary>{words['why']}</summary><p>{why}</p></details>"


def _calm(view: View, language: str) -> str:
    words = texts(language)
    if view.last_fetch is None:
        return f"<h1>{words['never']}</h1>"
    when = datetime.fromtimestamp(view.last_fetch, UTC).astimezone(ZoneInfo(VIETNAM))
    text = words["calm_more"].format(when=f"{when:%H:%M} {day_words(when.date(), language)}")
    return f"<h1>{words['calm']}</h1><p>{text}</p>"


def _health(view: View, language: str) -> str:
    words = texts(language)
    now = datetime.fromtimestamp(view.now, UTC).astimezone(ZoneInfo(VIETNAM))
    of = number(now.hour + now.minute / 60)
    rows = "".join(
        f"<li>{words[check.name]}: <strong>{words['ok' if check.ok else 'bad']}</strong>"
        f"{' – ' + escape(check.detail) if check.detail else ''}</li>"
        for check in view.checks
    )
    hours = words["hours"].format(hours=number(view.hours), of=of)
    listed = f"<h3>{words['checks']}</h3><ul>{rows}</ul>"
    return f'<section><h2>{hours}</h2>{listed}<p class="small">{words["browser"]}</p></section>'


def days(keys: Sequence[DiagnosisKey], token: str, language: str) -> str:
    """The consent page: every day shown, every day deselectable."""
    words = texts(language)
    boxes = "".join(
        f'<label><input type="checkbox" name="day" value="{key.rolling_start}" checked> '
        f"{day_words(datetime.fromtimestamp(key.rolling_start * INTERVAL_SECONDS, UTC).date(), language)}</label>"
        for key in reversed(keys)
    )
    body = (
        f"<h1>{words['share']}</h1><p>{words['share_more']}</p><section>"
        f'<form method="post" action="/send?lang={language}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f"{boxes}<p><button>{words['send']}</button></p></form></section>"
    )
    return frame(language, body)


def sent(receipt: str, language: str) -> str:
    words = texts(language)
    line = words["receipt"].format(receipt=escape(receipt))
    return frame(
        language,
        f'<h1>{words["sent"]}</h1><section><p class="receipt">{line}</p><p>{words["receipt_more"]}</p></section>'
        f'<p><a href="/?lang={language}">{words["back"]}</a></p>',
    )


def failed(text: str, language: str) -> str:
    words = texts(language)
    return frame(language, f'<h1>{escape(text)}</h1><p><a href="/?lang={language}">{words["back"]}</a></p>')
