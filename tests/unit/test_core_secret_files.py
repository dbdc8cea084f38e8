"""A secret is whole from its first moment, one for all who ask, and readable by its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from vungxanh.core import secret_files


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "one.key"
    assert secret_files.kept(file, lambda: b"first") == b"first"
    assert secret_files.kept(file, lambda: b"second") == b"first"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_who_starts_together_agrees(tmp_path: Path) -> None:
    file = tmp_path / "one.key"
    with ThreadPoolExecutor(16) as pool:
        seen = set(pool.map(lambda number: secret_files.kept(file, lambda: bytes([number]) * 999), range(64)))
    assert len(seen) == 1
    assert len(seen.pop()) == 999


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "one.key"
    file.write_bytes(b"theirs")
    assert not secret_files.write_new(file, b"ours")
    assert file.read_bytes() == b"theirs"


def test_keys_written_as_der_by_earlier_versions_still_open(tmp_path: Path) -> None:
    made = ec.generate_private_key(ec.SECP256R1())
    file = tmp_path / "old.der"
    file.write_bytes(made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    assert secret_files.p256(file).private_numbers() == made.private_numbers()


def test_a_key_made_here_is_the_same_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "new.key"
    first = secret_files.p256(file).private_numbers()
    secret_files.p256.cache_clear()
    assert secret_files.p256(file).private_numbers() == first
