"""Partners as the operator names them: a folder each, `VUNGXANH_HOME/federation/NAME`.

`partner.toml`: `url`, `countries` (origins that are taken from it, two letters each), and the names of files
beside it: `signing_certificate`, `signing_key` (PEM, P-256; the certificate says `C=VN`), and where the hub asks
for them `tls_certificate`, `tls_key`, `authority`.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from vungxanh.core.errors import OperatorError, UserError
from vungxanh.core.home import home
from vungxanh.exposure.codec.signature import load_private_key
from vungxanh.exposure.federation.hub import Https, Hub, HubError


@dataclass(frozen=True, slots=True)
class Partner:
    """`countries` empty: every origin but our own."""

    name: str
    hub: Hub
    countries: frozenset[str]


def partners() -> list[Partner]:
    """Every partner that is set up. Raises OperatorError `exposure.bad-partner`."""
    folder = home() / "federation"
    return [_read(file) for file in sorted(folder.glob("*/partner.toml"))]


def _read(file: Path) -> Partner:
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        client = (
            (str(file.parent / raw["tls_certificate"]), str(file.parent / raw["tls_key"]))
            if "tls_key" in raw
            else None
        )
        authority = str(file.parent / raw["authority"]) if "authority" in raw else None
        certificate = x509.load_pem_x509_certificate((file.parent / raw["signing_certificate"]).read_bytes())
        key = load_private_key((file.parent / raw["signing_key"]).read_bytes())
        hub = Hub(Https(raw["url"], client, authority), certificate, key)
        return Partner(file.parent.name, hub, frozenset(raw.get("countries", [])))
    except (KeyError, TypeError, ValueError, OSError, UserError, HubError) as exc:
        raise OperatorError("exposure.bad-partner", file=str(file)) from exc
