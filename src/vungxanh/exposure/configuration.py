"""What clients are told to do, signed with the keys that they pin: profiles, duty cycle, sizes, addresses.

A token (ES256) like a certificate's; a client that cannot verify it goes on with what it had.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.exposure import jws
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.server import FILL_FROM, FILL_MORE
from vungxanh.exposure.limits import Limits
from vungxanh.exposure.risk.profile import DEFAULT, FOLDER, names

AUDIENCE = "vungxanh-device"
VERSION = 1
VALID_SECONDS = 7 * 86_400
MOST = 64 << 10


@cache
def _profiles() -> dict[str, Any]:
    read = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in names()}
    return {name: {key: _plain(value) for key, value in raw.items()} for name, raw in read.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def document(now: datetime, limits: Limits) -> dict[str, Any]:
    """The configuration in force."""
    issued = int(now.timestamp())
    return {
        "aud": AUDIENCE,
        "version": VERSION,
        "iat": issued,
        "exp": issued + VALID_SECONDS,
        "region": limits.export.region,
        "authority": "vungxanh",
        "index": "files/index.txt",
        "days": "files/days.txt",
        "spans": "files/spans.txt",
        "duty": asdict(duty()),
        "keys": {"most": limits.publish.keys, "age_days": limits.publish.age_days},
        "request_bytes": [FILL_FROM, FILL_FROM + FILL_MORE],
        "reply_bytes": limits.publish.reply_bytes,
        "profile": DEFAULT,
        "profiles": _profiles(),
    }


def signed(now: datetime, limits: Limits, key: ec.EllipticCurvePrivateKey, version: str) -> str:
    return jws.sign(document(now, limits), key, version)


def verified(token: str, pinned: Sequence[ec.EllipticCurvePublicKey], now: float) -> dict[str, Any]:
    """Configuration that a pinned key signed and whose time it is. Raises BadTokenError."""
    for key in pinned:
        try:
            found = jws.verify(token, lambda _: key, MOST)  # noqa: B023 called at once
        except jws.BadTokenError:
            continue
        if found.get("aud") == AUDIENCE and isinstance(found.get("exp"), int) and now < found["exp"]:
            return found
    raise jws.BadTokenError("configuration")
