"""What went wrong on the servers of others, each a test: whoever repeats it here fails by name.

`LIST` names the test of each failure; those that stand nowhere else stand here.
"""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from tests.unit.exposure.phone import NOW, Phone, as_sent, some_keys, today
from vungxanh.core.errors import UserError
from vungxanh.exposure import actions
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.gaen import new_key
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.export_job import worker
from vungxanh.exposure.imports import take_in
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Alarm, Code, Key, SigningKey
from vungxanh.exposure.publish.store import insert
from vungxanh.people.models import Officer

UNIT, FUNCTIONAL = "tests.unit.exposure.test_exposure_", "tests.functional.exposure.test_exposure_"
GENERATIVE, CONTRACT = "tests.generative.exposure.test_exposure_", "tests.contract.exposure.test_exposure_"
LIST = {
    "code run from validation messages built from input": (
        UNIT + "past_failures",
        "test_no_text_of_a_request_is_ever_a_template",
    ),
    "alg: none accepted (CVE-2020-15957)": (UNIT + "publish", "test_algorithm_none_is_refused"),
    "uploads joined to traffic by precise times": (
        UNIT + "bad_input",
        "test_no_row_tells_the_moment_of_an_upload",
    ),
    "requests of another size without the fake header": (
        FUNCTIONAL + "contract",
        "test_our_client_keeps_the_whole_contract",
    ),
    "parser errors that tell": (UNIT + "publish", "test_what_is_no_request_is_refused"),
    "fakes some milliseconds off for ever": (
        FUNCTIONAL + "chaff",
        "test_sizes_are_equal_and_times_tell_nothing",
    ),
    "metadata of a second upload ignored": (
        UNIT + "past_failures",
        "test_a_known_key_that_says_other_times_is_refused",
    ),
    "no revision token asked for on the same day": (
        UNIT + "publish",
        "test_the_same_keys_again_need_the_token_of_the_first_upload",
    ),
    "worker stuck on padding with a revision": (UNIT + "past_failures", "test_padding_and_revision_in_one_window"),
    "a key in two files of a split": (UNIT + "past_failures", "test_no_key_stands_in_two_files_of_a_split"),
    "self reports dropped by the importer": (UNIT + "past_failures", "test_self_reports_of_a_partner_are_kept"),
    "keys lost between the upload and a closed window": (
        UNIT + "export_job",
        "test_an_upload_after_its_window_was_closed_goes_to_the_next",
    ),
    "two thirds of the padding not stored": (
        UNIT + "export_job",
        "test_every_key_of_a_file_stands_in_the_table_padding_too",
    ),
    "an index that a dead worker leaves behind": (
        FUNCTIONAL + "crashes",
        "test_killed_workers_lose_and_double_nothing",
    ),
    "ten thousand keys a run": (UNIT + "past_failures", "test_one_run_publishes_a_day_however_large"),
    "few keys held back for days": (UNIT + "past_failures", "test_one_key_alone_is_published_in_its_window"),
    "quota used up by what failed": (UNIT + "past_failures", "test_what_failed_uses_up_no_quota"),
    "quota ruined on the first day": (UNIT + "past_failures", "test_the_first_day_of_an_office_rings_nothing"),
    "alarm computed and not applied": (UNIT + "export_job", "test_an_office_has_a_quota_and_a_sudden_day_rings"),
    "data deleted an hour early": (
        GENERATIVE + "retention",
        "test_random_clocks_and_every_edge",
    ),
    "a batch refused for one old key": (
        CONTRACT + "federation",
        "test_a_hub_that_refuses_all_for_one_old_key_gets_the_others",
    ),
    "the whole history pulled by a push": (FUNCTIONAL + "contract", "test_our_client_keeps_the_whole_contract"),
    "identifiers of the first day underivable": (
        UNIT + "device",
        "test_a_key_a_day_is_made_once_and_every_advert_follows_from_it",
    ),
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
LIMITS = limits().export
SLOT = int(NOW.timestamp()) // LIMITS.period_seconds * LIMITS.period_seconds
CLOSES = SLOT + LIMITS.period_seconds + LIMITS.grace_seconds


@pytest.mark.parametrize("failure", LIST)
def test_every_failure_has_its_test(failure: str) -> None:
    module, name = LIST[failure]
    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize(
    "text", ["${7*191}", "{{7*191}}", "#{7*191}", "{0.__class__}", "%(code)s", "<%= 7*191 %>"]
)
def test_no_text_of_a_request_is_ever_a_template(phone: Phone, text: str) -> None:
    certificate = phone.certificate()
    sent = [as_sent(key) for key in phone.keys]
    for change in (
        {"healthAuthorityID": text},
        {"verificationPayload": text},
        {"revisionToken": text},
        {"hmacKey": text},
        {text: text},
        {"temporaryExposureKeys": [{**sent[0], "key": text}]},
        {"temporaryExposureKeys": [{**sent[0], "rollingPeriod": text}]},
    ):
        found = phone.publish(certificate=certificate, **change)
        found.pop("padding")
        said = json.dumps(found)
        assert text not in said
        assert "1337" not in said
        assert "class" not in said


@pytest.mark.parametrize("change", [{"rolling_period": 100}, {"rolling_start": today() - 144 + 6}])
def test_a_known_key_that_says_other_times_is_refused(phone: Phone, change: dict[str, int]) -> None:
    first = phone.publish()
    phone.keys = [replace(phone.keys[1], **change)]  # type: ignore[arg-type]
    again = phone.publish(revisionToken=first["revisionToken"])
    assert (again["status"], again["code"], again["error"]) == (400, "bad_request", "known-key-differs")
    row = Key.objects.get(data=phone.keys[0].data)
    assert (row.start, row.period) == (today() - 144, 144)


def read(files: Path, name: str) -> tuple[set[bytes], set[bytes]]:
    row = SigningKey.objects.get(purpose="export")
    found = read_export((files / name).read_bytes(), [load_public_key(row.public_pem.encode())])
    return {key.data for key in found.keys}, {key.data for key in found.revised}


def names(files: Path) -> list[str]:
    return [line.rpartition("/")[2] for line in (files / "index.txt").read_text().splitlines()]


def test_padding_and_revision_in_one_window(files: Path, phone: Phone) -> None:
    """A window that is filled up and revises an earlier one; the worker goes on to the windows after it."""
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    one, two = (Officer.objects.create_user(f"o{n}", name="O") for n in (1, 2))
    recall = actions.ask_recall(case_id=1, reason="mixed up", by=one, now=NOW)
    later = NOW.fromtimestamp(CLOSES + 60, NOW.tzinfo)
    actions.agree_recall(recall=recall, by=two, now=later)
    other = Phone(keys=some_keys(4))
    other.publish(later)
    for turn in (1, 2):
        worker.run(now=CLOSES + turn * LIMITS.period_seconds, limits=LIMITS)
    new, revised = read(files, names(files)[1])
    assert len(new) >= LIMITS.minimum
    assert len(revised) >= LIMITS.revised_minimum
    assert {key.data for key in phone.keys[1:4]} <= revised
    assert {key.data for key in other.keys[1:4]} <= new


def _many(count: int) -> list[DiagnosisKey]:
    rng = np.random.default_rng(452)
    raw = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    return [DiagnosisKey(row.tobytes(), today() - 144) for row in raw]


def test_no_key_stands_in_two_files_of_a_split(files: Path) -> None:
    keys = _many(2_500)
    insert("exposure_key", keys, [SLOT] * len(keys), "VN")
    worker.run(now=CLOSES, limits=replace(LIMITS, split=1_000))
    parts = [read(files, name)[0] for name in names(files)]
    assert [len(part) for part in parts] == [833, 833, 834]
    assert set.union(*parts) == {key.data for key in keys}


def test_one_run_publishes_a_day_however_large(files: Path) -> None:
    keys = _many(12_000)
    insert("exposure_key", keys, [SLOT] * len(keys), "VN")
    assert worker.run(now=CLOSES, limits=LIMITS).keys == 12_000


def test_one_key_alone_is_published_in_its_window(files: Path) -> None:
    key = DiagnosisKey(new_key(), today() - 144)
    insert("exposure_key", [key], [SLOT], "VN")
    worker.run(now=CLOSES, limits=LIMITS)
    (name,) = names(files)
    found, _ = read(files, name)
    assert key.data in found
    assert LIMITS.minimum <= len(found) <= LIMITS.minimum + LIMITS.jitter


def test_self_reports_of_a_partner_are_kept() -> None:
    key = DiagnosisKey(new_key(), today() - 144, 144, ReportType.SELF_REPORT, 0)
    found = take_in(keys=[key], revised=[], origin="DE", now=NOW, limits=limits())
    assert (found.new, found.refused) == (1, {})
    assert Key.objects.get().report == ReportType.SELF_REPORT


def test_what_failed_uses_up_no_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(limits(), code=replace(limits().code, quota_a_day=1))
    monkeypatch.setattr(actions, "limits", lambda: small)
    for _ in range(3):
        with pytest.raises(UserError) as caught:
            actions.issue_code(case_id=1, onset=NOW.date().replace(year=2030), by=None, now=NOW)
        assert caught.value.code == "exposure.onset-in-future"
    assert actions.issue_code(case_id=1, onset=None, by=None, now=NOW).short
    assert Code.objects.count() == 1


def test_the_first_day_of_an_office_rings_nothing() -> None:
    for case in range(limits().code.bulk_from * 2):
        actions.issue_code(case_id=case, onset=None, by=None, now=NOW)
    assert not Alarm.objects.exists()
