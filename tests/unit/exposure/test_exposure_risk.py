"""Windows and scores. Numbers at the edges are those of the German app's published test cases."""

from datetime import date

import pytest

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec import gaen
from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.codec.keys import table_of as keys_of
from vungxanh.exposure.matching.match import match
from vungxanh.exposure.matching.sightings import table_of
from vungxanh.exposure.risk import explain
from vungxanh.exposure.risk.profile import names, profile
from vungxanh.exposure.risk.score import score
from vungxanh.exposure.risk.window_json import windows_from_json
from vungxanh.exposure.risk.windows import Scan, Window, windows_of

TEK = bytes.fromhex("75c734c6dd1a782de7a965da5eb93125")
START = 2642976  # 2020-04-02T00:00Z, 07:00 in Viet Nam
DAY = date(2020, 4, 2)
CLINICAL, TEST, SELF, RECURSIVE, REVOKED = 2, 1, 3, 4, 5


def window(
    *scans: tuple[int, int], report: int = CLINICAL, infectious: str = "standard", day: date = DAY
) -> Window:
    """Scans as (minimum attenuation in dB, seconds)."""
    return Window(day, report, None, tuple(Scan(a, a, s) for a, s in scans), infectiousness=infectious)


@pytest.mark.parametrize(("seconds", "level"), [(299, "none"), (300, "low"), (539, "low"), (540, "high")])
def test_default_profile_at_its_published_edges(seconds: int, level: str) -> None:
    """65 dB counts whole, a clinical diagnosis of standard infectiousness by 1.0: five and nine minutes decide."""
    assert score([window((65, seconds))], profile("cwa")).level == level


@pytest.mark.parametrize(
    ("attenuation", "minutes"), [(62, 8.0), (63, 10.0), (72, 10.0), (73, 1.0), (78, 1.0), (79, 0.0)]
)
def test_default_profile_by_distance(attenuation: int, minutes: float) -> None:
    found = score([window((attenuation, 600))], profile("cwa"))
    assert found.days[0].minutes == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("report", "infectious", "factor"),
    [
        (TEST, "high", 1.6), (TEST, "standard", 1.4), (CLINICAL, "high", 1.2), (CLINICAL, "standard", 1.0),
        (SELF, "high", 0.8), (SELF, "standard", 0.6), (RECURSIVE, "high", 0.0),
    ],
)  # fmt: skip
def test_default_profile_by_report(report: int, infectious: str, factor: float) -> None:
    found = score([window((65, 600), report=report, infectious=infectious)], profile("cwa"))
    assert sum(day.minutes for day in found.days) == pytest.approx(10 * factor)


def test_days_are_judged_apart_and_the_highest_is_the_level() -> None:
    two_days = [window((65, 300)), window((65, 300), day=date(2020, 4, 1))]
    one_day = [window((65, 300)), window((65, 300))]
    assert score(two_days, profile("cwa")).level == "low"
    assert score(one_day, profile("cwa")).level == "high"
    assert [day.day for day in score(two_days, profile("cwa")).days] == [DAY, date(2020, 4, 1)]


def test_a_sum_just_under_the_limit_is_not_rounded_up() -> None:
    assert score([window((65, 539)), window((79, 600))], profile("cwa")).days[0].level == "low"
    assert score([window((65, 300), (65, 239)), window((65, 1))], profile("cwa")).level == "high"


def test_what_does_not_count_says_why() -> None:
    found = score(
        [
            window((50, 900), report=REVOKED),
            window((50, 900), report=RECURSIVE),
            window((50, 900), infectious="none"),
        ],
        profile("cwa"),
    )
    assert found.level == "none"
    assert found.days == ()
    assert [one.dropped for one in found.dropped] == ["revoked", "report-type", "not-infectious"]


def test_dp3t_adds_half_of_the_middle_bucket_and_caps_each_at_thirty_minutes() -> None:
    risk = profile("dp3t")
    assert score([window((49, 600), (54, 600), report=TEST)], risk).level == "high"  # 10 + 5
    assert score([window((49, 600), (54, 599), report=TEST)], risk).level == "none"
    assert score([window((50, 1800), report=TEST)], risk).level == "high"  # 30 × 0.5
    assert score([window((54, 3600), report=TEST)], risk).days[0].minutes == 15  # 60 capped to 30
    assert score([window((55, 3600), report=TEST)], risk).level == "none"


def test_bluezone_calls_any_sighting_a_contact() -> None:
    assert score([window((120, 1), report=TEST)], profile("bluezone-legacy")).level == "high"
    assert profile("bluezone-legacy").comparison_only


def test_infectious_days_come_from_the_profile() -> None:
    covid, measles, mers = profile("vn-covid19"), profile("vn-measles"), profile("vn-mers")
    assert [covid.infectiousness(d) for d in (-3, -2, 3, 4, 10, 11)] == [
        "none", "high", "high", "standard", "standard", "none",
    ]  # fmt: skip
    assert measles.infectiousness(-1) == "none"
    assert mers.infectiousness(-1) == "none"
    assert covid.infectiousness(None) == "standard"


@pytest.mark.parametrize("name", names())
def test_every_profile_is_complete(name: str) -> None:
    risk = profile(name)
    below = [bucket.below for bucket in risk.buckets]
    starts = [level.from_minutes for level in risk.levels]
    assert below == sorted(set(below))
    assert starts == sorted(set(starts))
    assert risk.source
    assert set(risk.note) == {"vi", "en"}
    assert all(bucket.distance in explain.WORDS["vi"] for bucket in risk.buckets)
    assert all(level.level in explain.WORDS["en"] for level in risk.levels)


def test_an_unknown_profile_names_the_choices() -> None:
    with pytest.raises(UserError) as caught:
        profile("../cwa")
    assert "cwa" in str(caught.value.params["choices"])


def test_a_day_is_explained_in_both_languages() -> None:
    risk = profile("cwa")
    found = score([window((65, 600), (50, 90))], risk)
    assert explain.sentence(found.days[0], risk, "vi") == (
        "10 phút gần, 1.5 phút rất gần; sau khi tính khoảng cách và khả năng lây: 11.2 phút. Mức cao (từ 9 phút)."
    )
    assert explain.sentence(found.days[0], risk, "en").startswith(
        "10 minutes near, 1.5 minutes very near; weighted"
    )


def meet(minutes: list[int], rssi: int = -80, power: int = 0, since: int = 0) -> list[Window]:
    """Windows of hearing one key at these minutes after 09:00 in Viet Nam, from a phone sending at `power` dBm."""
    rows = []
    for minute in minutes:
        interval = START + 12 + minute // 10
        rpi = gaen.identifier(TEK, interval)
        aem = gaen.crypt_metadata(TEK, rpi, gaen.Metadata(power).to_bytes())
        rows.append((rpi, (START + 12) * 600 + minute * 60, rssi, aem, since))
    keys, heard = keys_of([DiagnosisKey(TEK, START, days_since_onset=1)]), table_of(rows)
    return windows_of(keys, heard, match(keys, heard))


def test_sightings_become_one_window_with_attenuation() -> None:
    found = meet([0, 5, 10], rssi=-80, power=-15)
    assert len(found) == 1
    assert found[0].day == DAY
    assert found[0].onset == 1
    # two minutes where the scan before is unknown, then the five between scans
    assert found[0].scans == (Scan(65, 65, 120), Scan(65, 65, 300), Scan(65, 65, 300))


def test_a_device_that_knows_its_scans_says_so() -> None:
    assert [scan.seconds for scan in meet([0, 5], since=240)[0].scans] == [240, 240]
    assert [scan.seconds for scan in meet([0, 5], since=4000)[0].scans] == [300, 300]


def test_a_gap_of_more_than_ten_minutes_is_not_filled_in() -> None:
    assert [scan.seconds for scan in meet([0, 10])[0].scans] == [120, 300]
    assert [scan.seconds for scan in meet([0, 11])[0].scans] == [120, 120]


def test_windows_are_cut_at_thirty_minutes() -> None:
    found = meet([0, 10, 20, 29, 30, 40])
    assert sorted(len(one.scans) for one in found) == [2, 4]


def test_windows_are_read_in_the_names_of_the_german_cases() -> None:
    case = {
        "exposureWindows": [
            {
                "ageInDays": 1,
                "reportType": 2,
                "infectiousness": 1,
                "calibrationConfidence": 0,
                "scanInstances": [{"minAttenuation": 65, "typicalAttenuation": 25, "secondsSinceLastScan": 540}],
            }
        ]
    }
    found = windows_from_json(case, date(2022, 3, 1))
    assert found == [Window(date(2022, 2, 28), 2, None, (Scan(25, 65, 540),), 0, "standard")]
    assert score(found, profile("cwa")).level == "high"


@pytest.mark.parametrize(
    "document",
    [
        {},
        [1],
        [{}],
        [{"date": "2022-01-03", "scans": [{"minimum": 1}]}],
        [{"date": "yesterday", "scans": []}],
        [{"date": "2022-01-03", "report_type": 9, "scans": []}],
        [{"date": "2022-01-03", "infectiousness": 7, "scans": []}],
        [{"ageInDays": 10**12, "scans": []}],
    ],
)
def test_bad_windows_are_refused(document: object) -> None:
    with pytest.raises(UserError) as caught:
        windows_from_json(document, date(2022, 3, 1))
    assert caught.value.code == "exposure.bad-windows"
