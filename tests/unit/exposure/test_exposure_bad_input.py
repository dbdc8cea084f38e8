"""Bad input by the list: whatever is on it is refused with a documented code, and the message leaks nothing.

`LIST` names the test of each item; the tests that stand nowhere else stand here.
"""

from base64 import b64encode
from datetime import timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import connection

from tests.unit.exposure.phone import NOW, SECRET, Phone, some_keys
from vungxanh.core.errors import catalogue
from vungxanh.exposure import actions, jws, signing, verification
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key, SigningKey, Upload
from vungxanh.exposure.publish.request import RefusedError

PUBLISH, EXPORT = "tests.unit.exposure.test_exposure_publish", "tests.unit.exposure.test_exposure_export"
PARSERS, HERE = "tests.generative.exposure.test_exposure_parsers", "tests.unit.exposure.test_exposure_bad_input"
#: item of the list -> where it is tested, by name
LIST = {
    "alg: none": (PUBLISH, "test_algorithm_none_is_refused"),
    "swapped keys": (PUBLISH, "test_swapped_keys_are_refused"),
    "HMAC of other keys": (PUBLISH, "test_keys_of_another_hmac_are_refused"),
    "precise timestamps": (HERE, "test_no_row_tells_the_moment_of_an_upload"),
    "two members of one name": (EXPORT, "test_a_third_member_is_ignored_and_a_second_of_one_name_is_not"),
    "a third member": (EXPORT, "test_a_third_member_is_ignored_and_a_second_of_one_name_is_not"),
    "header of another version": (EXPORT, "test_another_header_is_refused_even_if_signed"),
    "bit flips anywhere in a file": (PARSERS, "test_a_flipped_bit_is_refused_or_changes_nothing"),
    "bit flips anywhere in a certificate": (HERE, "test_a_flipped_bit_of_a_certificate_is_refused"),
    "truncated protobuf": (EXPORT, "test_a_truncated_body_is_refused_even_if_signed"),
    "64 KB + 1": (PUBLISH, "test_a_body_of_64_kb_is_read_and_one_byte_more_is_not"),
    "31 keys": (HERE, "test_thirty_keys_are_read_and_one_more_is_not"),
    "replayed code": (PUBLISH, "test_a_code_works_once_in_either_spelling"),
    "code read with a wrong digit": (PUBLISH, "test_a_wrong_digit_is_refused_and_the_code_still_works"),
    "clock a day off": (HERE, "test_a_phone_whose_clock_is_a_day_off_is_refused"),
    "expired signer": (HERE, "test_a_certificate_of_a_retired_signer_is_refused"),
    "nothing leaked": (PUBLISH, "test_refusals_tell_nothing_of_the_request"),
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@pytest.mark.parametrize("item", LIST)
def test_every_item_of_the_list_has_its_test(item: str) -> None:
    module, name = LIST[item]
    assert callable(getattr(import_module(module), name))


def test_no_row_tells_the_moment_of_an_upload(phone: Phone) -> None:
    """A thief of the tables cannot join an upload to a log of traffic: hours and windows are all there is."""
    moment = NOW.replace(minute=37, second=53, microsecond=123_456)
    phone.publish(moment)
    assert Upload.objects.get().hour * 3_600 <= moment.timestamp() < (Upload.objects.get().hour + 1) * 3_600
    assert all(slot % limits().export.period_seconds == 0 for slot in Key.objects.values_list("slot", flat=True))
    seconds = str(int(moment.timestamp()))
    for table in ("exposure_upload", "exposure_key", "exposure_token"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = " ".join(row[0] for row in cursor.fetchall())
        assert "37:53" not in rows, table
        assert seconds not in rows, table


def test_thirty_keys_are_read_and_one_more_is_not(phone: Phone) -> None:
    phone.keys = some_keys(10) + some_keys(10) + some_keys(10)
    assert phone.publish()["status"] == 200
    more = Phone(keys=some_keys(10) + some_keys(10) + some_keys(11))
    refused = more.publish()
    assert (refused["status"], refused["code"], refused["error"]) == (400, "bad_request", "key-count")


def test_a_flipped_bit_of_a_certificate_is_refused(phone: Phone) -> None:
    certificate = phone.certificate()
    for at in range(0, len(certificate), 7):
        flipped = certificate[:at] + chr(ord(certificate[at]) ^ 1) + certificate[at + 1 :]
        refused = phone.publish(certificate=flipped)
        assert refused["status"] == 401, at
        assert refused["code"] == "health_authority_verification_certificate_invalid"
    assert Key.objects.count() == 0
    assert phone.publish(certificate=certificate)["status"] == 200


@pytest.mark.parametrize(("days", "reason"), [(1, "future"), (-20, "too-old")])
def test_a_phone_whose_clock_is_a_day_off_is_refused(phone: Phone, days: int, reason: str) -> None:
    """Its keys lie in the future, or in a time that nobody asks about any more."""
    phone.keys = some_keys(1, NOW + timedelta(days=days))
    found = phone.publish()
    assert found["error"] == reason
    assert found["status"] == 400


def test_a_certificate_of_a_retired_signer_is_refused(phone: Phone) -> None:
    """The old key goes on for two weeks; after that, what it signs is nothing."""
    old = signing.certificate_key(NOW)
    signing.rotate(purpose="certificate", now=NOW, by=None)
    signing.forget()
    for late, status in ((timedelta(days=13), 200), (timedelta(days=15), 401)):
        now = NOW + late
        phone = Phone(keys=some_keys(3, now))
        code = actions.issue_code(case_id=1, onset=now.date(), by=None, now=now)
        token = verification.verify(code.short, now=now, limits=limits().code).token
        mac = b64encode(key_hmac(phone.keys, SECRET)).decode()
        fresh = verification.certify(token, mac, now=now, limits=limits().code)
        claims = jws.verify(fresh, partial(signing.certificate_public_key, now=now))
        signed = jws.sign(claims, old.key, old.version)
        assert phone.publish(now, certificate=signed)["status"] == status
    assert SigningKey.objects.filter(purpose="certificate").count() == 2


def test_every_refusal_of_a_file_is_documented() -> None:
    codes = {f"exposure.{name}" for name in catalogue("exposure")}
    for name in ("not-zip", "member-twice", "member-missing", "unsigned", "too-large", "header", "bad-signature"):
        assert f"exposure.export-{name}" in codes


def test_a_code_that_comes_too_late_says_so_and_no_more() -> None:
    code = actions.issue_code(case_id=7, onset=None, by=None, now=NOW)
    with pytest.raises(RefusedError) as caught:
        verification.verify(code.short, now=NOW + timedelta(days=1), limits=limits().code)
    assert (caught.value.code, caught.value.rule) == ("code_expired", "code-late")
