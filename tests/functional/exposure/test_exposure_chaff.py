"""Can somebody who sees only sizes and times tell a real upload from a fake? A classifier is trained and asked."""

import gc
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.unit.exposure.phone import NOW, SECRET, Phone, some_keys, today

from vungxanh.exposure import signing
from vungxanh.exposure.codec.gaen import new_key
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType, table_of
from vungxanh.exposure.codec.padding import padding_for
from vungxanh.exposure.export_job import folder, worker
from vungxanh.exposure.export_job.close import close
from vungxanh.exposure.export_job.table import keys_of_window
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key, Upload, Window
from vungxanh.exposure.publish import certificate, chaff
from vungxanh.exposure.publish.accept import publish
from vungxanh.exposure.publish.store import insert
from vungxanh.exposure.tokens import secret

#: the nightly size narrows what chance may do
PAIRS = int(os.environ.get("VUNGXANH_PAIRS") or (20_000 if os.environ.get("VUNGXANH_LONG") else 2_500))


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    chaff.forget()
    yield
    signing.forget()
    chaff.forget()


def auc(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Chance that a value of `one` exceeds one of `other`, whichever way round is better for the guesser."""
    ordered = np.sort(other)
    below, upto = np.searchsorted(ordered, one, "left"), np.searchsorted(ordered, one, "right")
    found = float((below + upto).mean() / 2 / len(other))
    return max(found, 1 - found)


def fresh_body(phone: Phone) -> bytes:
    """A request that holds, its certificate made as the server makes it."""
    onset = today() - 144
    mac = key_hmac(phone.keys, SECRET)
    claims = certificate.Claims(ReportType.CONFIRMED_TEST, onset, mac, secret())
    return phone.body(certificate.make(claims, NOW, limits().code), revisionToken=None)


def exact(real: int, fake: int) -> float:
    """What chance alone would have to do: three standard deviations of the AUC of two equal crowds."""
    return 3 * math.sqrt((real + fake + 1) / (12 * real * fake))


@pytest.mark.django_db(transaction=True)
def test_sizes_are_equal_and_times_tell_nothing() -> None:
    """Real and fake uploads in pairs, in either order: AUC at most 0.52, of wall time and of CPU time."""
    limit = limits()
    times: dict[bool, list[tuple[float, float, int]]] = {False: [], True: []}
    phone = Phone()
    for number in range(PAIRS):
        phone.keys = some_keys(4)
        body = fresh_body(phone)
        for fake in (False, True) if number % 2 else (True, False):
            gc.disable()
            wall, cpu = time.perf_counter(), time.thread_time()
            reply = publish(body, now=NOW, limits=limit, chaff=fake)
            raw = reply.body(limit.publish.reply_bytes)
            took = (time.perf_counter() - wall, time.thread_time() - cpu, len(raw))
            gc.enable()
            assert reply.status == 200
            times[fake].append(took)
    real, fakes = (np.array(times[fake][20:]) for fake in (False, True))
    assert set(real[:, 2]) == set(fakes[:, 2]) == {limit.publish.reply_bytes}
    slack = max(0.0, exact(len(real), len(fakes)) - 0.02)
    assert auc(real[:, 0], fakes[:, 0]) <= 0.52 + slack
    assert auc(real[:, 1], fakes[:, 1]) <= 0.52 + slack


@pytest.mark.django_db
def test_a_fake_upload_leaves_the_same_rows_and_none_that_is_read() -> None:
    phone = Phone()
    phone.keys = some_keys(4)
    body = fresh_body(phone)
    publish(body, now=NOW, limits=limits(), chaff=True)
    rows = list(Key.objects.all())
    assert len(rows) == 4
    assert all(row.slot < 0 for row in rows)
    assert not {bytes(row.data) for row in rows} & {key.data for key in phone.keys}
    assert Upload.objects.get().withdrawn
    publish(body, now=NOW, limits=limits())
    assert sorted(row.slot > 0 for row in Key.objects.all()) == [False] * 4 + [True] * 4
    done = worker.run(now=int(NOW.timestamp()) + 40 * 7_200, limits=limits().export)
    assert done.keys >= 1_000
    published = Key.objects.filter(slot__gt=0).count()
    assert published == done.keys


def test_padding_keys_say_what_real_ones_say() -> None:
    """A classifier on day, period, report, onset and bytes: trained on half, asked about the other half."""
    rng = np.random.default_rng(452)
    count = 20_000
    days = rng.integers(0, 14, count)
    real = table_of([DiagnosisKey(new_key(), 2_752_000 + 144 * int(d), 144, 1, int(d) - 3) for d in days])
    fake = padding_for(real, count)

    def features(table: NDArray[np.void]) -> NDArray[np.float64]:
        columns = [table[name].astype(float) for name in ("start", "period", "report", "onset", "risk")]
        bits = np.unpackbits(table["data"], axis=1).astype(float)
        return np.column_stack([*columns, table["data"].astype(float), bits])

    x = np.vstack([features(real), features(fake)])
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-9)
    y = np.concatenate([np.ones(count), np.zeros(count)])
    order = rng.permutation(2 * count)
    train, test = order[:count], order[count:]
    weights = np.linalg.lstsq(np.column_stack([x[train], np.ones(count)]), y[train], rcond=None)[0]
    guess = np.column_stack([x[test], np.ones(count)]) @ weights
    assert auc(guess[y[test] == 1], guess[y[test] == 0]) <= 0.52


@pytest.mark.django_db
def test_padding_of_a_file_is_not_told_by_its_order_or_its_days() -> None:
    """From a published file: where a key stands and what it says does not tell whose it is."""
    real, fake = [], []
    for turn in range(30):
        Key.objects.all().delete()
        Window.objects.all().delete()
        keys = [DiagnosisKey(new_key(), 2_752_000 + 144 * n, 144, 1, n - 3) for n in range(14) for _ in range(7)]
        slot = 1_651_200_000 + turn * 7_200
        insert("exposure_key", keys, [slot] * len(keys), "VN")
        assert close(slot, slot + 7_200, limits().export)
        ours = {key.data for key in keys}
        for at, row in enumerate(keys_of_window(slot, slot + 7_200)):
            value = [at / 1_050, float(row["start"]), float(row["onset"])]
            (real if row["data"].tobytes() in ours else fake).append(value)
    for column in range(3):
        one, other = (np.array(rows)[:, column] for rows in (real, fake))
        slack = max(0.0, exact(len(one), len(other)) - 0.02)
        assert auc(one, other) <= 0.52 + slack
