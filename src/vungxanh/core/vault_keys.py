"""Where the wrapping keys come from: a file beside the database (default) or the environment.

A provider wraps and unwraps data keys and gives the hash key; a hardware module or a cloud service is one more
class with these four methods. `VUNGXANH_VAULT=file` (default) or `env`.
"""

import base64
import json
import os
import secrets
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vungxanh.core.errors import OperatorError
from vungxanh.core.home import secrets_dir
from vungxanh.core.secret_files import kept


class KeyProvider(Protocol):
    """What the vault asks of a keeper of keys."""

    def current(self) -> str:
        """Id of the wrapping key in use."""

    def wrap(self, key: bytes, context: str) -> tuple[str, bytes]:
        """(id of the wrapping key, wrapped key); the context must be given again to unwrap."""

    def unwrap(self, key_id: str, wrapped: bytes, context: str) -> bytes:
        """Raises OperatorError `core.vault-key-missing` or `core.vault-unreadable`."""

    def hash_key(self) -> bytes:
        """Key of the look-up hashes; it never changes while rows carry them."""


class LocalKeys:
    """Wrapping keys held in this process: id -> 32 bytes; the last one is current."""

    def __init__(self, keys: dict[str, bytes], hash_key: bytes) -> None:
        self._keys = keys
        self._hash = hash_key

    def current(self) -> str:
        return list(self._keys)[-1]

    def wrap(self, key: bytes, context: str) -> tuple[str, bytes]:
        key_id, nonce = self.current(), os.urandom(12)
        return key_id, nonce + AESGCM(self._keys[key_id]).encrypt(nonce, key, context.encode())

    def unwrap(self, key_id: str, wrapped: bytes, context: str) -> bytes:
        if key_id not in self._keys:
            raise OperatorError("core.vault-key-missing", key=key_id)
        try:
            return AESGCM(self._keys[key_id]).decrypt(wrapped[:12], wrapped[12:], context.encode())
        except InvalidTag as exc:
            raise OperatorError("core.vault-unreadable", record_class=context) from exc

    def hash_key(self) -> bytes:
        return self._hash


def _decoded(text: str) -> bytes:
    raw = base64.b64decode(text)
    if len(raw) != 32:
        raise OperatorError("core.vault-key-bad", length=len(raw))
    return raw


def _made() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _first() -> bytes:
    return json.dumps({"wrapping": {"k1": _made()}, "hash": _made()}).encode()


def from_file() -> LocalKeys:
    """`secrets/vault.json`, made on first use, readable by the owner only."""
    found = json.loads(kept(secrets_dir() / "vault.json", _first))
    return LocalKeys({key: _decoded(text) for key, text in found["wrapping"].items()}, _decoded(found["hash"]))


def from_environment() -> LocalKeys:
    """`VUNGXANH_VAULT_KEYS=k1:base64,k2:base64` (the last is current) and `VUNGXANH_VAULT_HASH_KEY=base64`."""
    try:
        pairs = [item.split(":", 1) for item in os.environ["VUNGXANH_VAULT_KEYS"].split(",")]
        return LocalKeys(
            {key: _decoded(text) for key, text in pairs}, _decoded(os.environ["VUNGXANH_VAULT_HASH_KEY"])
        )
    except (KeyError, ValueError) as exc:
        raise OperatorError("core.vault-key-missing", key="VUNGXANH_VAULT_KEYS") from exc


def add_wrapping_key() -> str:
    """Put a new current wrapping key into the file; data keys are rewrapped by `core.vault.rewrap`. -> its id."""
    provider().current()
    file = secrets_dir() / "vault.json"
    found = json.loads(file.read_text())
    key_id = f"k{len(found['wrapping']) + 1}"
    found["wrapping"][key_id] = _made()
    new = file.with_suffix(".new")
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as out:
        json.dump(found, out)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
    provider.cache_clear()
    return key_id


@cache
def provider() -> KeyProvider:
    """The provider of this installation, read once a process."""
    return from_environment() if os.environ.get("VUNGXANH_VAULT") == "env" else from_file()
