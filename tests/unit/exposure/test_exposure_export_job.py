"""From keys in the table to files: windows, padding stored first, files made anew equal, recall, explanation."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.exposure.phone import NOW, Phone, today
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.exposure import actions, queries, retention, signing
from vungxanh.exposure.codec.export_file import ExportFile
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.index import read_index
from vungxanh.exposure.codec.keys import ReportType, keys_of
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.export_job import build, worker
from vungxanh.exposure.export_job.days import publish_days
from vungxanh.exposure.export_job.table import keys_of_window
from vungxanh.exposure.export_job.windows import due
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Code, File, Key, Recall, SigningKey, Upload, Window
from vungxanh.people.models import Officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
LIMITS = limits().export
PERIOD = LIMITS.period_seconds
SLOT = int(NOW.timestamp()) // PERIOD * PERIOD
CLOSES = SLOT + PERIOD + LIMITS.grace_seconds


@pytest.mark.parametrize(
    ("last_end", "first_slot", "now", "expected"),
    [
        (None, None, 100_000, []),
        (None, 7_200, 14_459, []),  # ends 14,400; a minute of grace
        (None, 7_200, 14_460, [(7_200, 14_400)]),
        (None, 7_201, 14_460, [(7_200, 14_400)]),
        (14_400, 7_200, 14_460, []),
        (14_400, None, 36_060, [(14_400, 21_600), (21_600, 28_800), (28_800, 36_000)]),  # the server was off
    ],
)
def test_windows_that_are_due(
    last_end: int | None, first_slot: int | None, now: int, expected: list[tuple[int, int]]
) -> None:
    assert due(last_end, first_slot, now, LIMITS) == expected


def read(files: Path, name: str) -> ExportFile:
    row = SigningKey.objects.filter(purpose="export").first()
    assert row is not None
    return read_export((files / name).read_bytes(), [load_public_key(row.public_pem.encode())])


def names(files: Path) -> list[str]:
    return [entry.name for entry in read_index((files / "index.txt").read_text())]


def test_a_window_becomes_one_padded_signed_file_in_the_index(files: Path, phone: Phone) -> None:
    phone.publish()
    assert worker.run(now=CLOSES - 1, limits=LIMITS).files == 0
    done = worker.run(now=CLOSES, limits=LIMITS)
    assert (done.closed, done.windows, done.files) == (1, 1, 1)
    found = read(files, names(files)[0])
    data = [key.data for key in found.keys]
    assert found.verified is True
    assert (found.header.start, found.header.end) == (SLOT, SLOT + PERIOD)
    assert 1_000 <= len(data) <= 1_100
    assert data == sorted(data)
    assert {key.data for key in phone.keys[1:4]} <= set(data)
    assert phone.keys[0].data not in data  # still in use
    assert {(k.rolling_start, k.days_since_onset) for k in found.keys} == {
        (today() - 144 * n, 1 - n) for n in (1, 2, 3)
    }


def test_every_key_of_a_file_stands_in_the_table_padding_too(files: Path, phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    stored = set(Key.objects.filter(slot=SLOT).values_list("data", flat=True))
    assert {key.data for key in read(files, names(files)[0]).keys} == {bytes(data) for data in stored}


def test_two_outputs_of_one_window_are_equal_byte_for_byte(files: Path, phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    name = names(files)[0]
    first = (files / name).read_bytes()
    (files / name).unlink()
    build.build(Window.objects.get(start=SLOT), LIMITS)
    assert (files / name).read_bytes() == first


def test_a_key_is_published_once_and_only_after_nobody_can_send_it(files: Path, phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES + 40 * PERIOD, limits=LIMITS)
    where = [name for name in names(files) if phone.keys[0].data in {k.data for k in read(files, name).keys}]
    assert len(where) == 1
    assert int(where[0][:10]) >= (today() + 144) * 600 + LIMITS.hold_seconds


def test_an_upload_after_its_window_was_closed_goes_to_the_next(phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    late = Phone()
    late.publish(NOW)  # a clock behind: the window is closed already
    assert Key.objects.get(data=late.keys[1].data).slot == SLOT + PERIOD


def test_an_empty_window_writes_no_file(files: Path, phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES + PERIOD, limits=LIMITS)
    assert Window.objects.get(start=SLOT + PERIOD).state == Window.State.DONE
    assert File.objects.filter(window_id=SLOT + PERIOD).count() == 0


def test_a_large_window_is_split_evenly(phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=replace(LIMITS, minimum=10, jitter=0, split=4))
    files = File.objects.order_by("number")
    assert [f.keys for f in files] == [3, 3, 4]
    assert len(keys_of(keys_of_window(SLOT, SLOT + PERIOD))) == 10


def test_a_lost_index_mends_itself(files: Path, phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    before = names(files)
    (files / "index.txt").unlink()
    worker.run(now=CLOSES, limits=LIMITS)
    assert names(files) == before


def test_during_rotation_files_carry_both_signatures(files: Path, phone: Phone) -> None:
    signing.in_force(signing.EXPORT, NOW)
    new = signing.rotate(purpose="export", now=NOW, by=None)
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    raw = (files / names(files)[0]).read_bytes()
    assert new.version == "v2"
    for row in SigningKey.objects.filter(purpose="export"):
        assert read_export(raw, [load_public_key(row.public_pem.encode())]).verified
    after = int((NOW + timedelta(days=15)).timestamp())
    assert [row.version for row in signing.in_force("export", NOW + timedelta(days=15))] == ["v2"]
    assert after > CLOSES


def officers() -> tuple[Officer, Officer]:
    return tuple(Officer.objects.create_user(f"officer{n}", name=f"O{n}") for n in (1, 2))  # type: ignore[return-value]


def test_a_recall_takes_two_officers_and_reaches_the_files(files: Path, phone: Phone) -> None:
    one, two = officers()
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    recall = actions.ask_recall(case_id=1, reason="laboratory mixed up two samples", by=one, now=NOW)
    with pytest.raises(UserError) as caught:
        actions.agree_recall(recall=recall, by=one, now=NOW)
    assert caught.value.code == "exposure.four-eyes"
    assert actions.agree_recall(recall=recall, by=two, now=NOW + timedelta(hours=2)) == 4
    # the key in use was never published, so it is simply gone
    assert not Key.objects.filter(data=phone.keys[0].data).exists()
    worker.run(now=CLOSES + PERIOD, limits=LIMITS)
    found = read(files, names(files)[-1])
    revoked = {key.data for key in found.revised}
    assert found.keys == []
    assert {key.data for key in phone.keys[1:4]} <= revoked
    assert {key.report_type for key in found.revised} == {ReportType.REVOKED}
    assert 100 <= len(revoked) <= 200  # one person's three days do not stand alone
    assert Recall.objects.get().revised == 4
    assert AuditEvent.objects.filter(action="exposure:recall:agreed", subject="case:1").count() == 1
    with pytest.raises(UserError) as again:
        actions.agree_recall(recall=recall, by=two)
    assert again.value.code == "exposure.recall-done"


def test_a_person_takes_their_keys_back_with_the_receipt(phone: Phone) -> None:
    receipt = phone.publish()["receipt"]
    assert actions.withdraw_upload(receipt=receipt, now=NOW) == 4
    assert Key.objects.count() == 0
    with pytest.raises(UserError):
        actions.withdraw_upload(receipt=receipt, now=NOW)


def test_explain_follows_a_key(files: Path, phone: Phone) -> None:
    phone.publish()
    data, moment = phone.keys[1].data, int(NOW.timestamp())

    def state(now: int) -> tuple[str, str | None, str]:
        story = queries.explain(data, now=now, limits=LIMITS)
        return story.state, story.file, story.reason["en"]

    assert queries.explain(bytes(16), now=moment, limits=LIMITS).state == "unknown"
    assert queries.explain(phone.keys[0].data, now=moment, limits=LIMITS).state == "held"
    assert state(moment)[:2] == ("waiting", None)
    assert "see whether the export worker runs" in state(CLOSES + LIMITS.lease_seconds + 1)[2]
    worker.run(now=CLOSES, limits=LIMITS)
    assert state(CLOSES)[:2] == ("published", names(files)[0])


def test_a_receipt_tells_where_its_keys_are(phone: Phone) -> None:
    receipt = phone.publish()["receipt"]
    worker.run(now=CLOSES, limits=LIMITS)
    found = queries.receipt_files(receipt, now=CLOSES, limits=LIMITS)
    assert found is not None
    assert sorted(story.state for story in found) == ["held", "published", "published", "published"]
    assert queries.receipt_files("none", now=CLOSES, limits=LIMITS) is None


def test_lists_of_codes_need_a_second_officer() -> None:
    from vungxanh.exposure.schemas import CodeAsked

    one, two = officers()
    cases = [CodeAsked(n, None) for n in range(12)]
    batch = actions.ask_codes(cases=cases, by=one, now=NOW)
    assert Code.objects.filter(short_hash=None, approved=False).count() == 12
    with pytest.raises(UserError) as caught:
        actions.agree_codes(batch=batch, by=one, now=NOW)
    assert caught.value.code == "exposure.four-eyes"
    issued = actions.agree_codes(batch=batch, by=two, now=NOW)
    assert [case for case, _ in issued] == list(range(12))
    assert len({code.short for _, code in issued}) == 12
    with pytest.raises(UserError):
        actions.agree_codes(batch=batch, by=two, now=NOW)


def test_an_office_has_a_quota_and_a_sudden_day_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(limits(), code=replace(limits().code, quota_a_day=31, bulk_from=5))
    monkeypatch.setattr(actions, "limits", lambda: small)
    for day in range(14, 0, -1):
        actions.issue_code(case_id=day, onset=None, by=None, now=NOW - timedelta(days=day))
    for n in range(5):
        actions.issue_code(case_id=n, onset=None, by=None, now=NOW)
    assert queries.Alarm.objects.count() == 0
    for n in range(26):
        actions.issue_code(case_id=n, onset=None, by=None, now=NOW)
    assert [(a.kind, a.count) for a in queries.Alarm.objects.all()] == [("many-codes", 6)]
    with pytest.raises(UserError) as caught:
        actions.issue_code(case_id=1, onset=None, by=None, now=NOW)
    assert caught.value.code == "exposure.code-quota"


def test_the_same_request_gives_one_code() -> None:
    from uuid import uuid4

    request = uuid4()
    actions.issue_code(case_id=1, onset=None, by=None, request=request, now=NOW)
    with pytest.raises(UserError) as caught:
        actions.issue_code(case_id=1, onset=None, by=None, request=request, now=NOW)
    assert caught.value.code == "exposure.code-request-used"


def test_an_onset_tomorrow_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        actions.issue_code(case_id=1, onset=(NOW + timedelta(days=1)).date(), by=None, now=NOW)
    assert caught.value.code == "exposure.onset-in-future"


def test_keys_and_files_are_kept_fourteen_days_from_their_window(files: Path, phone: Phone) -> None:
    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    end = NOW.fromtimestamp(SLOT + PERIOD, NOW.tzinfo) + timedelta(days=14)
    name = names(files)[0]
    retention.purge(now=end - timedelta(seconds=1), limits=limits())
    assert Key.objects.filter(slot=SLOT).count() >= 1_000
    assert (files / name).exists()
    retention.purge(now=end, limits=limits())
    assert Key.objects.filter(slot=SLOT).count() == 0
    assert not (files / name).exists()
    assert Key.objects.count() == 1  # the key that was held is younger
    worker.run(now=int(end.timestamp()), limits=LIMITS)
    assert name not in names(files)
    retention.purge(now=end + timedelta(days=3), limits=limits())
    assert (Key.objects.count(), Upload.objects.count()) == (0, 0)
    assert not Code.objects.exclude(short_hash=None).exists()


def test_a_finished_day_has_a_file_of_its_own_with_the_same_keys(files: Path, phone: Phone) -> None:
    phone.publish()
    end = (SLOT // 86_400 + 1) * 86_400
    worker.run(now=end + LIMITS.grace_seconds, limits=LIMITS)
    assert publish_days(now=end - 1, limits=LIMITS) == 0  # the day is not over
    assert publish_days(now=end + 60, limits=LIMITS) == 0  # its first windows were never closed: no worker ran
    for start in range(end - 86_400, SLOT, PERIOD):
        Window.objects.create(start=start, end=start + PERIOD, state=Window.State.DONE)
    assert publish_days(now=end + 60, limits=LIMITS) == 1
    assert publish_days(now=end + 60, limits=LIMITS) == 0
    name = read_index((files / "days.txt").read_text())[0].name
    row = SigningKey.objects.get(purpose="export")
    whole = read_export((files / "days" / name).read_bytes(), [load_public_key(row.public_pem.encode())])
    parts = [key.data for part in names(files) for key in read(files, part).keys]
    assert sorted(parts) == [key.data for key in whole.keys]
    assert (whole.header.start, whole.header.end) == (end - 86_400, end)
    assert publish_days(now=end + 15 * 86_400, limits=LIMITS) == 0
    assert list((files / "days").glob("*.zip")) == []
    assert (files / "days.txt").read_text() == ""


def _written_until(end: int, days: int) -> None:
    """Every window of the last days is done, as after a time without a case."""
    for start in range(end - days * 86_400, end, PERIOD):
        Window.objects.get_or_create(start=start, defaults={"end": start + PERIOD, "state": Window.State.DONE})


def test_who_was_away_for_days_takes_one_file_with_the_same_keys(files: Path, phone: Phone) -> None:
    phone.publish()
    end = (SLOT // 86_400 + 1) * 86_400
    worker.run(now=end + LIMITS.grace_seconds, limits=LIMITS)
    _written_until(end, 8)
    assert (
        publish_days(now=end + 60, limits=LIMITS) == 1 + 2
    )  # a day with keys; the last three days, the last seven
    spans = read_index((files / "spans.txt").read_text())
    assert [(one.end, (one.end - one.start) // 86_400) for one in spans] == [(end, 7), (end, 3)]
    row = SigningKey.objects.get(purpose="export")
    signers = [load_public_key(row.public_pem.encode())]
    parts = sorted(key.data for part in names(files) for key in read(files, part).keys)
    for one in spans:
        assert [key.data for key in read_export((files / "spans" / one.name).read_bytes(), signers).keys] == parts
    # the oldest day falls out of the fourteen while the file still holds it: the file goes first
    publish_days(now=spans[0].start + 14 * 86_400 + 1, limits=LIMITS)
    assert spans[0].name not in {path.name for path in (files / "spans").glob("*.zip")}


def test_a_large_file_of_days_is_not_made(files: Path, phone: Phone) -> None:
    phone.publish()
    end = (SLOT // 86_400 + 1) * 86_400
    worker.run(now=end + LIMITS.grace_seconds, limits=LIMITS)
    _written_until(end, 8)
    assert publish_days(now=end + 60, limits=replace(LIMITS, spans_keys=999)) == 1
    assert (files / "spans.txt").read_text() == ""


def test_who_was_cut_off_asks_for_the_rest_and_who_has_the_index_gets_none(files: Path, phone: Phone) -> None:
    from django.test import Client

    phone.publish()
    worker.run(now=CLOSES, limits=LIMITS)
    name, browser = names(files)[0], Client()
    whole = (files / name).read_bytes()
    rest = browser.get(f"/exposure/files/vn/{name}", HTTP_RANGE="bytes=1000-")
    assert (rest.status_code, b"".join(rest.streaming_content)) == (206, whole[1000:])  # type: ignore[attr-defined]
    assert rest["Content-Range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"
    for odd in ("bytes=-5", "bytes=0-", f"bytes={len(whole)}-", "lines=1-", "bytes=1-2,4-"):
        again = browser.get(f"/exposure/files/vn/{name}", HTTP_RANGE=odd)
        assert (again.status_code, b"".join(again.streaming_content)) == (200, whole)  # type: ignore[attr-defined]
    index = browser.get("/exposure/files/index.txt")
    same = browser.get("/exposure/files/index.txt", HTTP_IF_NONE_MATCH=index["ETag"])
    assert (same.status_code, same.content) == (304, b"")


def test_the_configuration_is_signed_by_a_key_that_devices_pin() -> None:
    from django.test import Client

    from vungxanh.exposure.configuration import verified
    from vungxanh.exposure.jws import BadTokenError

    token = Client().get("/exposure/v1/configuration").content.decode()
    row = SigningKey.objects.get(purpose="export")
    pinned = [load_public_key(row.public_pem.encode())]
    now = NOW.fromtimestamp(0, NOW.tzinfo).now(NOW.tzinfo).timestamp()
    found = verified(token, pinned, now)
    assert found["profiles"]["vn-covid19"]["bucket"]
    assert found["reply_bytes"] == limits().publish.reply_bytes
    for bad, when in ((token[:-4] + "AAAA", now), (token, now + 8 * 86_400)):
        with pytest.raises(BadTokenError):
            verified(bad, pinned, when)
