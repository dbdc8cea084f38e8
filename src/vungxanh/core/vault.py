"""The vault: names, numbers and addresses encrypted at rest, and keyed hashes to find them again.

AES-256-GCM. Each class of records ("person", "phone") has data keys of its own, stored wrapped by a key that
only the key provider holds (`core.vault_keys`); a ciphertext begins with the id of its data key, so keys turn
over while old texts stay readable. Hash keys are separate from encryption keys: who can search cannot read.
"""

import hmac
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models, transaction
from django.utils import timezone

from vungxanh.core.errors import OperatorError
from vungxanh.core.vault_keys import KeyProvider, provider

_VERSION = 1
_NONCE = 12
_HEADER = 5


@dataclass(frozen=True)
class Sealed:
    """An encrypted text as it stands in a row. It prints as dots: only `open()` shows it."""

    raw: bytes
    record_class: str

    def open(self) -> str:
        return decrypt(self.record_class, self.raw)

    def __str__(self) -> str:
        return "•••"

    __repr__ = __str__


class _Keys:
    """Data keys that this process has unwrapped: id -> cipher, class -> current id."""

    def __init__(self) -> None:
        self.ciphers: dict[int, AESGCM] = {}
        self.current: dict[str, int] = {}
        self.uncommitted: set[int] = set()
        self.lock = threading.Lock()

    def forget(self) -> None:
        self.ciphers.clear()
        self.current.clear()


_keys = _Keys()


def forget_keys() -> None:
    """Drop unwrapped keys from memory (after a rotation, between tests)."""
    _keys.forget()


def encrypt(record_class: str, text: str) -> bytes:
    """version (1 byte), data key id (4), nonce (12), ciphertext with tag; the class is authenticated too."""
    key_id = _current_id(record_class)
    nonce = os.urandom(_NONCE)
    header = bytes([_VERSION]) + key_id.to_bytes(4, "big")
    body = _cipher(key_id).encrypt(nonce, text.encode(), header + record_class.encode())
    return header + nonce + body


def decrypt(record_class: str, raw: bytes) -> str:
    """Raises OperatorError `core.vault-unreadable`: the key is missing or the text was tampered with."""
    header, nonce, body = raw[:_HEADER], raw[_HEADER : _HEADER + _NONCE], raw[_HEADER + _NONCE :]
    if len(raw) < _HEADER + _NONCE or header[0] != _VERSION:
        raise OperatorError("core.vault-unreadable", record_class=record_class)
    try:
        cipher = _cipher(int.from_bytes(header[1:], "big"))
        return cipher.decrypt(nonce, body, header + record_class.encode()).decode()
    except InvalidTag as exc:
        raise OperatorError("core.vault-unreadable", record_class=record_class) from exc


def key_id_of(raw: bytes) -> int:
    """Which data key a ciphertext was made with."""
    return int.from_bytes(raw[1:_HEADER], "big")


def keyed_hash(kind: str, text: str) -> bytes:
    """16 bytes that stand for `text` of this kind and cannot be guessed without the hash key."""
    message = kind.encode() + b"\x1f" + text.encode()
    return hmac.digest(provider().hash_key(), message, "sha256")[:16]


def keyed_number(kind: str, text: str) -> int:
    """The same as a signed 64-bit number, for `bigint[]` columns."""
    return int.from_bytes(keyed_hash(kind, text)[:8], "big", signed=True)


def rotate(record_class: str) -> int:
    """Make a new current data key for a class; old texts stay readable until they are written anew. -> its id."""
    from vungxanh.core.models import DataKey

    with transaction.atomic():
        DataKey.objects.filter(record_class=record_class, retired_at=None).update(retired_at=timezone.now())
        made = _make_key(record_class, provider())
    forget_keys()
    return made


def rewrap() -> int:
    """Wrap every data key with the provider's current key, after that one was changed. -> keys rewrapped."""
    from vungxanh.core.models import DataKey

    keys, done = provider(), 0
    with transaction.atomic():
        for row in DataKey.objects.exclude(wrapping_key=keys.current()).select_for_update():
            plain = keys.unwrap(row.wrapping_key, bytes(row.wrapped), row.record_class)
            row.wrapping_key, row.wrapped = keys.wrap(plain, row.record_class)
            row.save(update_fields=["wrapping_key", "wrapped"])
            done += 1
    return done


def ensure_keys(record_classes: Iterable[str]) -> None:
    """Make the first data key of each class that has none; run when the tables have been made."""
    forget_keys()
    for record_class in record_classes:
        _current_id(record_class)


def _current_id(record_class: str) -> int:
    from vungxanh.core.models import DataKey

    found = _keys.current.get(record_class)
    if found is not None:
        return found
    with _keys.lock:
        row = DataKey.objects.filter(record_class=record_class, retired_at=None).first()
        found = row.pk if row else _make_key(record_class, provider())
        if found not in _keys.uncommitted:
            _keys.current[record_class] = found
    return found


def _make_key(record_class: str, keys: KeyProvider) -> int:
    from vungxanh.core.models import DataKey

    wrapping_key, wrapped = keys.wrap(AESGCM.generate_key(256), record_class)
    # somebody else may make the first key of the class in the same moment: the first one stands
    DataKey.objects.bulk_create(
        [DataKey(record_class=record_class, wrapped=wrapped, wrapping_key=wrapping_key)], ignore_conflicts=True
    )
    made = DataKey.objects.get(record_class=record_class, retired_at=None).pk
    # a key whose row may yet be rolled back must not be remembered: what it encrypts would be lost
    _keys.uncommitted.add(made)
    transaction.on_commit(lambda: _keys.uncommitted.discard(made))
    return made


def _cipher(key_id: int) -> AESGCM:
    found = _keys.ciphers.get(key_id)
    if found is None:
        found = _unwrap(key_id)
        if key_id not in _keys.uncommitted:
            _keys.ciphers[key_id] = found
    return found


def _unwrap(key_id: int) -> AESGCM:
    from vungxanh.core.models import DataKey

    row = DataKey.objects.filter(pk=key_id).first()
    if row is None:
        raise OperatorError("core.vault-key-missing", key=key_id)
    return AESGCM(provider().unwrap(row.wrapping_key, bytes(row.wrapped), row.record_class))


if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class EncryptedTextField(_Binary):
    """A text column that is encrypted in the table and `Sealed` in Python; assign a str or a Sealed."""

    def __init__(self, *args: Any, record_class: str, **kwargs: Any) -> None:
        self.record_class = record_class
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "record_class": self.record_class}

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, bytes | memoryview):
            return value
        return value.raw if isinstance(value, Sealed) else encrypt(self.record_class, str(value))

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.record_class)
