"""Export workers die at any moment, by kill -9: no key is lost, none doubled, the index is always valid."""

import os
import random
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections

from vungxanh.exposure import signing
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.gaen import new_key
from vungxanh.exposure.codec.index import read_index
from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.export_job import folder, worker
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import File, Key, SigningKey, Window
from vungxanh.exposure.publish.store import insert

#: the nightly size is the promise
KILLS = int(os.environ.get("VUNGXANH_KILLS") or (1_000 if os.environ.get("VUNGXANH_LONG") else 100))
WINDOWS, KEYS_A_WINDOW, START = 12, 40, 1_651_536_000
RULES = replace(limits().export, period_seconds=600, minimum=60, jitter=5, split=25, lease_seconds=0)
END = START + WINDOWS * 600 + RULES.grace_seconds


def killed_after(seconds: float) -> None:
    """One worker in a process of its own, killed after a while unless it is done before."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            worker.run(now=END, limits=RULES)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def published(files: Path) -> list[bytes]:
    """Every key of every file that the index names; each file is there and verifies."""
    row = SigningKey.objects.filter(purpose="export").first()
    if row is None or not (files / "index.txt").exists():
        return []
    signer = [load_public_key(row.public_pem.encode())]
    found: list[bytes] = []
    for entry in read_index((files / "index.txt").read_text()):
        found += [key.data for key in read_export((files / entry.name).read_bytes(), signer).keys]
    return found


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_and_double_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    chance, killed = random.Random(452), 0
    files = tmp_path / "exposure-files"
    while killed < KILLS:
        for file in files.glob("*") if files.exists() else ():
            file.unlink()
        for table in (File, Window, Key):
            table.objects.all().delete()
        slots = [START + n % WINDOWS * 600 for n in range(WINDOWS * KEYS_A_WINDOW)]
        keys = [DiagnosisKey(new_key(), START // 600 - 144) for _ in slots]
        insert("exposure_key", keys, slots, "VN")
        for _ in range(8):
            killed_after(chance.uniform(0.0, 0.35))
            killed += 1
            found = published(files)
            assert len(found) == len(set(found))
        worker.run(now=END, limits=RULES)
        found = published(files)
        assert len(found) == len(set(found))
        assert {key.data for key in keys} <= set(found)
        stored = {bytes(data) for data in Key.objects.values_list("data", flat=True)}
        assert set(found) == stored
        assert 60 * WINDOWS <= len(found) <= 65 * WINDOWS
        assert not Window.objects.exclude(state=Window.State.DONE).exists()
    signing.forget()
