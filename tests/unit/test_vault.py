"""The vault: nothing readable at rest, tampering found, keys turn over while old texts stay readable."""

import base64
from pathlib import Path

import pytest
from django.db import transaction

from vungxanh.core import vault, vault_keys
from vungxanh.core.errors import OperatorError
from vungxanh.core.models import DataKey

pytestmark = pytest.mark.django_db
NAME = "Nguyễn Thị Lan"


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secrets folder and a memory of keys of the test's own."""
    monkeypatch.setattr(vault_keys, "secrets_dir", lambda: tmp_path)
    monkeypatch.setattr(vault, "_keys", vault._Keys())
    vault_keys.provider.cache_clear()
    DataKey.objects.all().delete()
    yield  # type: ignore[misc]
    vault_keys.provider.cache_clear()


def test_what_went_in_comes_out_and_nothing_of_it_shows() -> None:
    one, two = vault.encrypt("person", NAME), vault.encrypt("person", NAME)
    assert vault.decrypt("person", one) == vault.decrypt("person", two) == NAME
    assert one != two
    assert NAME.encode() not in one


@pytest.mark.parametrize("place", [0, 4, 8, 20, -1])
def test_one_changed_byte_is_found(place: int) -> None:
    raw = bytearray(vault.encrypt("person", NAME))
    raw[place] ^= 1
    with pytest.raises(OperatorError) as caught:
        vault.decrypt("person", bytes(raw))
    assert caught.value.code in {"core.vault-unreadable", "core.vault-key-missing"}


def test_a_text_does_not_pass_for_another_class() -> None:
    with pytest.raises(OperatorError):
        vault.decrypt("phone", vault.encrypt("person", NAME))


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x02" + bytes(40)])
def test_what_is_no_ciphertext_is_refused(raw: bytes) -> None:
    with pytest.raises(OperatorError):
        vault.decrypt("person", raw)


def test_after_a_rotation_old_and_new_texts_are_read() -> None:
    old = vault.encrypt("person", NAME)
    new_key = vault.rotate("person")
    new = vault.encrypt("person", NAME)
    assert vault.key_id_of(new) == new_key != vault.key_id_of(old)
    assert vault.decrypt("person", old) == vault.decrypt("person", new) == NAME
    assert DataKey.objects.filter(record_class="person", retired_at=None).count() == 1


def test_a_new_wrapping_key_takes_over_and_the_old_one_may_go() -> None:
    raw = vault.encrypt("person", NAME)
    added = vault_keys.add_wrapping_key()
    assert vault.rewrap() == 1
    assert {row.wrapping_key for row in DataKey.objects.all()} == {added}
    vault.forget_keys()
    assert vault.decrypt("person", raw) == NAME
    assert vault.rewrap() == 0


def test_a_lost_wrapping_key_is_said_plainly(tmp_path: Path) -> None:
    raw = vault.encrypt("person", NAME)
    vault.forget_keys()
    DataKey.objects.update(wrapping_key="k9")
    with pytest.raises(OperatorError) as caught:
        vault.decrypt("person", raw)
    assert caught.value.params == {"key": "k9"}


def test_a_key_whose_row_was_rolled_back_is_not_used_again() -> None:
    with transaction.atomic():
        vault.encrypt("person", NAME)
        transaction.set_rollback(True)
    raw = vault.encrypt("person", NAME)
    assert DataKey.objects.filter(pk=vault.key_id_of(raw)).exists()


def test_hashes_are_keyed_by_kind_and_by_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    here = vault.keyed_hash("phone", "+84944713700")
    assert here == vault.keyed_hash("phone", "+84944713700")
    assert here != vault.keyed_hash("document", "+84944713700")
    other = base64.b64encode(bytes(32)).decode()
    monkeypatch.setenv("VUNGXANH_VAULT", "env")
    monkeypatch.setenv("VUNGXANH_VAULT_KEYS", f"k1:{other}")
    monkeypatch.setenv("VUNGXANH_VAULT_HASH_KEY", other)
    vault_keys.provider.cache_clear()
    assert vault.keyed_hash("phone", "+84944713700") != here


def test_keys_from_the_environment_must_be_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGXANH_VAULT", "env")
    vault_keys.provider.cache_clear()
    with pytest.raises(OperatorError):
        vault.encrypt("person", NAME)
    monkeypatch.setenv("VUNGXANH_VAULT_KEYS", "k1:" + base64.b64encode(b"short").decode())
    monkeypatch.setenv("VUNGXANH_VAULT_HASH_KEY", base64.b64encode(bytes(32)).decode())
    with pytest.raises(OperatorError) as caught:
        vault.encrypt("person", NAME)
    assert caught.value.params == {"length": 5}


def test_the_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    vault.encrypt("person", NAME)
    assert (tmp_path / "vault.json").stat().st_mode & 0o077 == 0
