"""Publishing: what is accepted, what is refused with which code, and what a thief of the tables would see."""

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.exposure.phone import NOW, ONSET, Phone, answer, as_sent, some_keys, today
from vungxanh.exposure import actions, jws, verification
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key, Upload
from vungxanh.exposure.publish.certificate import INVALID
from vungxanh.exposure.publish.request import RefusedError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
WINDOW = 7_200
SLOT = int(NOW.timestamp()) // WINDOW * WINDOW


def test_days_outside_the_infectious_window_are_left_out(phone: Phone) -> None:
    """Onset 2 May: two days before it (30 April) to today (3 May) count, six older days do not."""
    found = phone.publish()
    assert found["status"] == 200
    assert found["insertedExposures"] == 4
    assert found["code"] == "partial_failure"
    assert found["error"] == "; ".join(f"key {n}: not-infectious" for n in range(5, 11))
    assert {bytes(k.data) for k in Key.objects.all()} == {key.data for key in phone.keys[:4]}
    assert sorted(Key.objects.values_list("onset", flat=True)) == [-2, -1, 0, 1]


def test_without_an_onset_the_last_ten_days_count(phone: Phone) -> None:
    phone.keys = some_keys(12)
    found = phone.publish(certificate=phone.certificate(onset=None))
    assert found["insertedExposures"] == 11
    assert not Key.objects.filter(has_onset=True).exists()


def test_a_key_in_use_is_held_until_nobody_can_send_its_identifiers(phone: Phone) -> None:
    phone.publish()
    ended, in_use = Key.objects.get(data=phone.keys[1].data), Key.objects.get(data=phone.keys[0].data)
    assert ended.slot == SLOT
    # today's key ends at 00:00 UTC; two hours later is the window from 02:00
    assert in_use.slot == (today() + 144) * 600 + 7_200


def test_certificate_is_good_for_one_upload(phone: Phone) -> None:
    certificate = phone.certificate()
    assert phone.publish(certificate=certificate)["status"] == 200
    again = phone.publish(certificate=certificate)
    assert (again["status"], again["code"]) == (401, INVALID)
    assert Upload.objects.count() == 1


def refused(phone: Phone, *keys: DiagnosisKey, **changes: Any) -> tuple[int, str, str]:
    phone.keys = list(keys) or phone.keys
    found = phone.publish(**changes)
    assert Key.objects.count() == 0
    assert Upload.objects.count() == 0
    return found["status"], found["code"], found["error"]


def test_keys_of_another_hmac_are_refused(phone: Phone) -> None:
    certificate = phone.certificate()
    phone.keys = [replace(key, rolling_period=143) for key in phone.keys]
    assert refused(phone, certificate=certificate) == (401, INVALID, "hmac")


def test_swapped_keys_are_refused(phone: Phone) -> None:
    certificate = phone.certificate()
    assert refused(phone, *some_keys(), certificate=certificate) == (401, INVALID, "hmac")


def _segment(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_algorithm_none_is_refused(phone: Phone) -> None:
    _, claims, _ = phone.certificate().split(".")
    for alg in ("none", "None", "HS256", "ES384"):
        forged = f"{_segment({'alg': alg, 'kid': 'v1'})}.{claims}."
        assert refused(phone, certificate=forged) == (401, INVALID, "certificate")


def test_a_certificate_of_another_key_is_refused(phone: Phone) -> None:
    from vungxanh.exposure.codec.signature import new_private_key

    own = jws.verify(phone.certificate(), lambda kid: _public(kid))
    forged = jws.sign(own, new_private_key(), "v1")
    assert refused(phone, certificate=forged) == (401, INVALID, "certificate")
    assert refused(phone, certificate=jws.sign(own, new_private_key(), "v9")) == (401, INVALID, "certificate")


def _public(kid: str) -> Any:
    from vungxanh.exposure import signing

    return signing.certificate_public_key(kid, NOW)


@pytest.mark.parametrize(
    ("late", "status"), [(timedelta(minutes=15, seconds=4), 200), (timedelta(minutes=15, seconds=6), 401)]
)
def test_a_certificate_lasts_fifteen_minutes_and_five_seconds(phone: Phone, late: timedelta, status: int) -> None:
    certificate = phone.certificate()
    assert phone.publish(NOW + late, certificate=certificate)["status"] == status


def test_a_certificate_from_a_clock_a_day_ahead_is_refused(phone: Phone) -> None:
    certificate = phone.certificate(NOW + timedelta(days=1))
    assert refused(phone, certificate=certificate) == (401, INVALID, "certificate")


def test_another_authority_is_refused(phone: Phone) -> None:
    assert refused(phone, healthAuthorityID="elsewhere")[1] == "unknown_health_authority_id"


START = today()


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ([], "key-count"),
        ([DiagnosisKey(bytes([n] * 16), START - 144 * (n // 3)) for n in range(31)], "key-count"),
        ([DiagnosisKey(bytes([n] * 16), START) for n in range(4)], "same-start"),
        ([DiagnosisKey(bytes(16), START), DiagnosisKey(bytes(16), START - 144)], "key-twice"),
        ([DiagnosisKey(bytes(16), START - 144), DiagnosisKey(bytes([1] * 16), START - 143)], "overlap"),
        ([DiagnosisKey(bytes(16), START + 144)], "future"),
        ([DiagnosisKey(bytes(16), START - 16 * 144)], "too-old"),
        ([DiagnosisKey(bytes(16), START, 145)], "period"),
        ([DiagnosisKey(bytes(16), START, -1)], "period"),
        ([DiagnosisKey(bytes(16), START, transmission_risk=9)], "risk"),
        ([DiagnosisKey(bytes(16), START - 3 * 144)], None),
        ([DiagnosisKey(bytes(16), START - 4 * 144)], "not-infectious"),
    ],
)
def test_each_rule_refuses_with_its_name(phone: Phone, keys: list[DiagnosisKey], rule: str | None) -> None:
    phone.keys = keys or some_keys(1)
    certificate = phone.certificate()
    phone.keys = keys
    found = phone.publish(certificate=certificate)
    if rule is None:
        assert found["status"] == 200
    else:
        assert (found["status"], found["code"], found["error"]) == (400, "bad_request", rule)
        assert Key.objects.count() == 0


@pytest.mark.parametrize("length", [15, 17, 0])
def test_a_key_of_another_length_refuses_the_request(phone: Phone, length: int) -> None:
    sent = [as_sent(key) for key in phone.keys]
    sent[3]["key"] = b64encode(bytes(length)).decode()
    assert refused(phone, temporaryExposureKeys=sent) == (400, "bad_request", "key-length")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"temporaryExposureKeys": 1}',
        b'{"temporaryExposureKeys": [1]}',
        b"\xff\xfe",
        b"[" * 60_000,
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    found = answer(body)
    assert (found["status"], found["code"]) == (400, "bad_request")


def test_a_body_of_64_kb_is_read_and_one_byte_more_is_not(phone: Phone) -> None:
    certificate = phone.certificate()
    bare = len(phone.body(certificate, padding=""))
    assert answer(phone.body(certificate, padding="x" * (65_536 - bare + 1)))["status"] == 413
    assert answer(phone.body(certificate, padding="x" * (65_536 - bare)))["status"] == 200


def test_refusals_tell_nothing_of_the_request(phone: Phone) -> None:
    certificate = phone.certificate()
    phone.keys = some_keys()
    found = phone.publish(certificate=certificate)
    text = json.dumps({k: v for k, v in found.items() if k != "padding"})
    assert all(as_sent(key)["key"] not in text and key.data.hex() not in text for key in phone.keys)
    assert certificate not in text


def test_the_same_keys_again_need_the_token_of_the_first_upload(phone: Phone) -> None:
    first = phone.publish()
    assert phone.publish()["code"] == "missing_revision_token"
    assert phone.publish(revisionToken="made up")["code"] == "invalid_revision_token"
    again = phone.publish(revisionToken=first["revisionToken"])
    assert (again["status"], again["insertedExposures"]) == (200, 0)
    other = Phone()
    stranger = other.publish()
    assert phone.publish(revisionToken=stranger["revisionToken"])["code"] == "invalid_revision_token"


def test_a_clinical_report_may_be_confirmed_once_and_never_the_other_way(phone: Phone) -> None:
    clinical = phone.certificate(report_type=ReportType.CONFIRMED_CLINICAL)
    first = phone.publish(certificate=clinical)
    token = first["revisionToken"]
    confirmed = phone.publish(certificate=phone.certificate(), revisionToken=token)
    assert confirmed["insertedExposures"] == 4
    assert set(Key.objects.values_list("report", flat=True)) == {ReportType.CONFIRMED_TEST}
    back = phone.certificate(report_type=ReportType.CONFIRMED_CLINICAL)
    found = phone.publish(certificate=back, revisionToken=token)
    assert found["code"] == "invalid_report_type_transition"


def test_a_thief_of_the_tables_cannot_tell_which_keys_came_together(phone: Phone) -> None:
    phone.publish()
    upload = Upload.objects.get()
    raw = bytes(upload.keys.raw)  # type: ignore[attr-defined]
    assert all(key.data.hex().encode() not in raw for key in phone.keys)
    assert {field.name for field in Key._meta.get_fields()} & {"upload", "case", "code", "person"} == set()
    assert upload.hour * 3_600 <= NOW.timestamp() < upload.hour * 3_600 + 3_600


def test_a_fake_is_answered_like_a_real_one_and_leaves_no_key(phone: Phone) -> None:
    fake = Phone().body("x.y.z")
    found = answer(fake, chaff=True)
    assert found["status"] == 200
    assert set(found) == {"insertedExposures", "revisionToken", "receipt", "padding", "status"}
    assert Key.objects.filter(slot__gte=0).count() == 0
    assert Upload.objects.filter(withdrawn=False).count() == 0
    assert Key.objects.filter(slot__lt=0).count() == 10


def test_a_wrong_digit_is_refused_and_the_code_still_works() -> None:
    code = actions.issue_code(case_id=7, onset=ONSET, by=None, now=NOW)
    wrong = code.short[:-1] + str((int(code.short[-1]) + 1) % 10)
    with pytest.raises(RefusedError) as caught:
        verification.verify(wrong, now=NOW, limits=limits().code)
    assert caught.value.code == "code_invalid"
    assert verification.verify(code.short, now=NOW, limits=limits().code).onset == "2022-05-02"


def test_a_code_works_once_in_either_spelling() -> None:
    code = actions.issue_code(case_id=7, onset=ONSET, by=None, now=NOW)
    spoken = f" {code.long[:4].lower()}-{code.long[4:8]} {code.long[8:]}"
    assert verification.verify(spoken, now=NOW, limits=limits().code).report_type == ReportType.CONFIRMED_TEST
    for spelling in (code.long, code.short):
        with pytest.raises(RefusedError) as caught:
            verification.verify(spelling, now=NOW, limits=limits().code)
        assert caught.value.code == "code_invalid"


@pytest.mark.parametrize(
    ("which", "late", "works"),
    [
        ("short", timedelta(minutes=15), False),
        ("short", timedelta(minutes=14, seconds=59), True),
        ("long", timedelta(hours=23), True),
        ("long", timedelta(hours=24), False),
    ],
)
def test_codes_expire(which: str, late: timedelta, works: bool) -> None:
    code = actions.issue_code(case_id=7, onset=ONSET, by=None, now=NOW)
    if works:
        assert verification.verify(getattr(code, which), now=NOW + late, limits=limits().code).token
        return
    with pytest.raises(RefusedError) as caught:
        verification.verify(getattr(code, which), now=NOW + late, limits=limits().code)
    assert caught.value.code == "code_expired"


def test_guessing_pauses_short_codes_and_long_ones_go_on() -> None:
    code, other = (actions.issue_code(case_id=n, onset=ONSET, by=None, now=NOW) for n in (1, 2))
    for n in range(limits().code.wrong_tries_a_minute):
        with pytest.raises(RefusedError):
            verification.verify(f"{n:08d}", now=NOW, limits=limits().code)
    with pytest.raises(RefusedError) as caught:
        verification.verify(code.short, now=NOW, limits=limits().code)
    assert caught.value.code == "code_paused"
    assert verification.verify(other.long, now=NOW, limits=limits().code).token
    assert verification.verify(code.short, now=NOW + timedelta(minutes=1), limits=limits().code).token


def test_codes_are_not_in_the_table() -> None:
    code = actions.issue_code(case_id=7, onset=date(2022, 5, 1), by=None, now=NOW)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT exposure_code::text FROM exposure_code")
        row = cursor.fetchone()[0]
    assert code.short not in row
    assert code.long not in row


def test_another_hmac_key_is_refused(phone: Phone) -> None:
    assert phone.publish(hmacKey=b64encode(bytes(32)).decode())["error"] == "hmac"
