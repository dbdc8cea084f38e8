"""Signing keys: made on first use, rotated with an overlap in which every file carries both signatures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import Q

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.exposure.codec.signature import (
    VIETNAM,
    Signer,
    load_private_key,
    load_public_key,
    new_private_key,
    private_pem,
    public_pem,
)
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import SigningKey

EXPORT, CERTIFICATE = SigningKey.Purpose.EXPORT, SigningKey.Purpose.CERTIFICATE


def in_force(purpose: str, now: datetime) -> list[SigningKey]:
    """Keys that sign now, oldest first; the first one is made where there is none."""
    found = list(
        SigningKey.objects.filter(Q(retires_at=None) | Q(retires_at__gt=now), purpose=purpose).order_by("pk")
    )
    return found or [_make(purpose, now)]


def _make(purpose: str, now: datetime) -> SigningKey:
    with transaction.atomic():
        number = SigningKey.objects.filter(purpose=purpose).count() + 1
        key = new_private_key()
        made, _ = SigningKey.objects.get_or_create(
            purpose=purpose,
            version=f"v{number}",
            defaults={
                "private_pem": private_pem(key).decode(),
                "public_pem": public_pem(key.public_key()).decode(),
                "made_at": now,
            },
        )
        made.refresh_from_db()
        audit.record(by=None, action="exposure:signing-key:made", subject=f"signing-key:{purpose}-{made.version}")
    return made


@transaction.atomic
def rotate(*, purpose: str, now: datetime, by: By) -> SigningKey:
    """A new key signs from now on; the ones before go on signing for the days of the limits."""
    overlap = timedelta(days=limits().export.overlap_days)
    SigningKey.objects.filter(purpose=purpose, retires_at=None).update(retires_at=now + overlap)
    made = _make(purpose, now)
    audit.record(by=by, action="exposure:signing-key:rotated", subject=f"signing-key:{purpose}-{made.version}")
    return made


def export_signers(now: datetime) -> list[Signer]:
    return [Signer(_private(row), VIETNAM, row.version) for row in in_force(EXPORT, now)]


@dataclass(frozen=True, slots=True)
class CertificateKey:
    version: str
    key: ec.EllipticCurvePrivateKey


_certificate_keys: dict[tuple[int, str], CertificateKey] = {}


def certificate_key(now: datetime) -> CertificateKey:
    """The newest key signs certificates."""
    row = in_force(CERTIFICATE, now)[-1]
    name = (row.pk, row.public_pem)
    if name not in _certificate_keys:
        _certificate_keys[name] = CertificateKey(row.version, _private(row))
    return _certificate_keys[name]


_public_keys: dict[str, tuple[datetime, dict[str, ec.EllipticCurvePublicKey]]] = {}
REMEMBERED = timedelta(seconds=30)


def certificate_public_key(version: str, now: datetime) -> ec.EllipticCurvePublicKey | None:
    """Public half of a certificate key in force; remembered for half a minute."""
    at, keys = _public_keys.get(CERTIFICATE, (datetime.min.replace(tzinfo=now.tzinfo), {}))
    if not at <= now < at + REMEMBERED or version not in keys:
        keys = {row.version: load_public_key(row.public_pem.encode()) for row in in_force(CERTIFICATE, now)}
        _public_keys[CERTIFICATE] = (now, keys)
    return keys.get(version)


def forget() -> None:
    """Drop remembered keys (after a rotation, between tests)."""
    _public_keys.clear()
    _certificate_keys.clear()


def _private(row: SigningKey) -> ec.EllipticCurvePrivateKey:
    return load_private_key(row.private_pem.open().encode())
