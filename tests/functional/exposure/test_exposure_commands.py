"""`vungxanh exposure …` from the outside: JSON on stdout, exit codes, no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vungxanh.exposure.codec.signature import new_private_key, private_pem, public_pem


def run(tmp_path: Path, *args: str, code: int = 0) -> dict[str, object]:
    """One command in its own process and an empty home, which must stay without a database."""
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "vungxanh", "exposure", *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "VUNGXANH_HOME": str(home)},
    )
    assert done.returncode == code, done.stderr
    assert not (home / "postgres").exists()
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.fixture
def pems(tmp_path: Path) -> tuple[str, str]:
    key = new_private_key()
    (tmp_path / "private.pem").write_bytes(private_pem(key))
    (tmp_path / "public.pem").write_bytes(public_pem(key.public_key()))
    return str(tmp_path / "private.pem"), str(tmp_path / "public.pem")


def test_derive_prints_the_published_vector(tmp_path: Path) -> None:
    found = run(tmp_path, "derive", "--tek", "75c734c6dd1a782de7a965da5eb93125", "--interval", "2642976")
    assert found["rpik"] == "185ad91db69ec7dd048960f1f3ba6175"
    assert found["aemk"] == "d57c46af7a1d83965b9bed8bd152936a"
    assert isinstance(found["rpis"], list)
    assert len(found["rpis"]) == 144
    assert found["rpis"][0] == "8be6cd371c5c891604bfbe49df845096"


def test_bluezone_prints_slot_and_id(tmp_path: Path) -> None:
    base = "66B07D33DA4E16A359B590EDA1E8DC90892D341C86A6491376041FE44505FFB5"
    found = run(tmp_path, "bluezone", "--base-key", base, "--day0", "1596844800", "--at", "1596887252275")
    assert (found["slot"], found["id"]) == (47, "286bce589ab994efa5f73cad")


def test_write_then_read(tmp_path: Path, pems: tuple[str, str]) -> None:
    private, public = pems
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [{"key": "ab" * 16, "rolling_start": 2649980, "days_since_onset": 2}]}))
    out = str(tmp_path / "out.zip")
    window = ["--start", "1596844800", "--end", "1596848400"]
    made = run(tmp_path, "write", "--keys", str(keys), "--private-key", private, "--out", out, *window)
    assert made["keys"] == 1
    assert 999 <= int(str(made["padding"])) <= 1099
    found = run(tmp_path, "read", out, "--public-key", public)
    counts = found["counts"]
    assert isinstance(counts, dict)
    assert found["verified"] is True
    assert counts["keys"] == 1 + int(str(made["padding"]))
    assert "ab" * 16 in json.dumps(found["keys"])


def test_a_file_of_another_signer_shows_no_keys(tmp_path: Path, pems: tuple[str, str]) -> None:
    private, _ = pems
    other = tmp_path / "other.pem"
    other.write_bytes(public_pem(new_private_key().public_key()))
    keys = tmp_path / "keys.json"
    keys.write_text('[{"key": "Fy/EgOWYSQw0F3YEM5sVQw==", "rollingStartNumber": 2649980}]')
    out = str(tmp_path / "out.zip")
    run(
        tmp_path,
        "write",
        "--keys",
        str(keys),
        "--private-key",
        private,
        "--out",
        out,
        "--start",
        "0",
        "--end",
        "1",
    )
    found = run(tmp_path, "read", out, "--public-key", str(other), code=1)
    assert (found["verified"], found["keys"], found["error"]) == (False, [], "exposure.export-bad-signature")


@pytest.mark.parametrize("tek", ["75c7", "zz" * 16, ""])
def test_a_bad_key_is_the_callers_mistake(tmp_path: Path, tek: str) -> None:
    found = run(tmp_path, "derive", "--tek", tek, "--interval", "1", code=1)
    assert found["error"] == "exposure.bad-hex"


def test_match_and_score_from_a_file_to_a_level(tmp_path: Path, pems: tuple[str, str]) -> None:
    private, public = pems
    tek, start = "75c734c6dd1a782de7a965da5eb93125", 2642976
    keys, out, heard = tmp_path / "keys.json", str(tmp_path / "out.zip"), tmp_path / "heard.csv"
    keys.write_text(json.dumps([{"key": tek, "rolling_start": start, "days_since_onset": 0}]))
    run(
        tmp_path, "write", "--keys", str(keys), "--private-key", private, "--out", out,
        "--start", "1585785600", "--end", "1585789200",
    )  # fmt: skip
    derived = run(tmp_path, "derive", "--tek", tek, "--interval", str(start), "--metadata", "40080000")
    rpis, aems = derived["rpis"], derived["aems"]
    assert isinstance(rpis, list)
    assert isinstance(aems, list)
    rows = [f"{rpis[n]},{(start + n) * 600 + 60 * m},-60,{aems[n]}" for n in (0, 1) for m in (0, 5)]
    heard.write_text("\n".join(["rpi,at,rssi,aem", *rows, "ff" * 16 + ",1585785600,-50,00000000"]))
    found = run(
        tmp_path, "match", "--keys", out, "--sightings", str(heard), "--public-key", public, "--profile", "cwa"
    )
    assert (found["matched_keys"], len(found["matches"])) == (1, 4)  # type: ignore[arg-type]
    windows = tmp_path / "windows.json"
    windows.write_text(json.dumps(found["windows"]))
    judged = run(tmp_path, "score", "--profile", "cwa", "--windows", str(windows))
    # 8 dBm sent, -60 heard: 68 dB, whole weight; 2 + 5 + 5 + 5 minutes, by 1.6
    assert judged["level"] == "high"
    assert judged["days"][0]["score"] == 27.2  # type: ignore[index]
    assert judged["days"] == found["risk"]["days"]  # type: ignore[index]
