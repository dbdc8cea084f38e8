"""Why a day has its level, in a sentence of either language and as JSON."""

from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.risk.profile import Profile
from vungxanh.exposure.risk.score import Scored, ScoredDay, ScoredWindow

WORDS = {
    "vi": {
        "near": "rất gần", "medium": "gần", "far": "xa hơn", "heard": "bắt được tín hiệu",
        "none": "không", "low": "thấp", "high": "cao", "standard": "vừa",
        "day": "{near}; sau khi tính khoảng cách và khả năng lây: {minutes} phút. Mức {level}{rule}.",
        "rule": " (từ {minutes} phút)", "minutes": "{minutes} phút {distance}", "nothing": "không phút nào đủ gần",
        "revoked": "kết quả đã được thu hồi", "not-infectious": "ngoài thời gian có thể lây",
        "report-type": "loại xác nhận này không được tính", "too-short": "gặp quá ngắn",
    },
    "en": {
        "near": "very near", "medium": "near", "far": "further off", "heard": "within radio range",
        "none": "none", "low": "low", "high": "high", "standard": "standard",
        "day": "{near}; weighted by distance and infectiousness: {minutes} minutes. Level {level}{rule}.",
        "rule": " (from {minutes} minutes)", "minutes": "{minutes} minutes {distance}",
        "nothing": "no minute near enough",
        "revoked": "the result was taken back", "not-infectious": "outside the infectious time",
        "report-type": "this kind of report does not count", "too-short": "too short a meeting",
    },
}  # fmt: skip


def number(value: float) -> str:
    """At most two decimals, and none where there is nothing to say."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def sentence(day: ScoredDay, profile: Profile, language: str) -> str:
    words = WORDS[language]
    near = ", ".join(
        words["minutes"].format(minutes=number(minutes), distance=words[distance])
        for distance, minutes in day.near.items()
    )
    start = next((one.from_minutes for one in profile.levels if one.level == day.level), None)
    rule = "" if start is None or profile.any_sighting else words["rule"].format(minutes=number(start))
    text = words["day"].format(
        near=near or words["nothing"], minutes=number(day.minutes), level=words[day.level], rule=rule
    )
    return text[0].upper() + text[1:]


def _window(one: ScoredWindow) -> dict[str, object]:
    return {
        "date": one.window.day.isoformat(),
        "report_type": ReportType(one.window.report_type).name.lower(),
        "infectiousness": one.infectiousness,
        "minutes_by_distance": {name: round(value, 2) for name, value in one.near.items()},
        "minutes_weighted": round(one.weighted, 2),
        "factor": one.factor,
        "score": round(one.minutes, 2),
        "dropped": one.dropped,
    }


def _day(day: ScoredDay, profile: Profile) -> dict[str, object]:
    return {
        "date": day.day.isoformat(),
        "level": day.level,
        "score": round(day.minutes, 2),
        "minutes": round(sum(day.near.values()), 2),
        "minutes_by_distance": {name: round(value, 2) for name, value in day.near.items()},
        "encounters": day.encounters,
        "why": {language: sentence(day, profile, language) for language in WORDS},
        "windows": [_window(one) for one in day.windows],
    }


def as_json(scored: Scored, profile: Profile) -> dict[str, object]:
    """The whole judgement: level, days, windows that counted and those that did not."""
    return {
        "profile": scored.profile,
        "level": scored.level,
        "verified": profile.verified,
        "source": profile.source,
        "note": profile.note,
        "days": [_day(day, profile) for day in scored.days],
        "not_counted": [_window(one) for one in scored.dropped],
    }
