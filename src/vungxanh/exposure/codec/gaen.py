"""Exposure Notification v1.2: day key -> identifiers, encrypted metadata, the 31-byte advertisement.

Source: the Bluetooth and cryptography specifications v1.2 as implemented by
google/exposure-notifications-internals @aaada6c (`CRYPTO.md`); verified against its 144 + 144 vectors.
Time is the interval number: whole ten minutes since the Unix epoch.
"""

from dataclasses import dataclass
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vungxanh.exposure.codec.keys import INTERVAL_SECONDS, INTERVALS_A_DAY, KEY_BYTES

#: an identifier is accepted this many intervals (2 h) outside the validity of its key
CLOCK_TOLERANCE = 12
SERVICE_UUID = 0xFD6F
METADATA_BYTES = 4
RPI_INFO, AEM_INFO, RPI_PREFIX = b"EN-RPIK", b"EN-AEMK", b"EN-RPI" + bytes(6)


def interval_number(unix_seconds: float) -> int:
    """Unix time (s) -> interval number."""
    return int(unix_seconds // INTERVAL_SECONDS)


def day_start(interval: int) -> int:
    """First interval of the UTC day that `interval` lies in: where a day key begins."""
    return interval // INTERVALS_A_DAY * INTERVALS_A_DAY


def new_key() -> bytes:
    """A fresh day key: 16 bytes from the system's random source, independent of every other day's."""
    return token_bytes(KEY_BYTES)


def _hkdf(key: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def rpi_key(tek: bytes) -> bytes:
    """RPIK of a day key."""
    return _hkdf(tek, RPI_INFO)


def metadata_key(tek: bytes) -> bytes:
    """AEMK of a day key."""
    return _hkdf(tek, AEM_INFO)


def padded_data(start: int, count: int = INTERVALS_A_DAY) -> bytes:
    """Plaintext blocks whose encryption gives the identifiers of intervals start … start+count-1."""
    return b"".join(RPI_PREFIX + j.to_bytes(4, "little") for j in range(start, start + count))


def identifiers(tek: bytes, start: int, count: int = INTERVALS_A_DAY) -> list[bytes]:
    """The rolling proximity identifiers (16 bytes each) of `count` intervals from `start`."""
    cipher = Cipher(algorithms.AES(rpi_key(tek)), modes.ECB()).encryptor()  # noqa: S305 the specification's mode
    out = cipher.update(padded_data(start, count))
    return [out[i : i + KEY_BYTES] for i in range(0, len(out), KEY_BYTES)]


def identifier(tek: bytes, interval: int) -> bytes:
    """The identifier of one interval."""
    return identifiers(tek, interval, 1)[0]


def crypt_metadata(tek: bytes, rpi: bytes, metadata: bytes) -> bytes:
    """Metadata (4 bytes) -> AEM, and back: AES-CTR is its own inverse."""
    cipher = Cipher(algorithms.AES(metadata_key(tek)), modes.CTR(rpi)).encryptor()
    return cipher.update(metadata)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an identifier says of its sender once the key is known."""

    tx_power: int
    major: int = 1
    minor: int = 0
    confidence: int = 0

    def to_bytes(self) -> bytes:
        """4 bytes: version and calibration, signed transmit power (dBm), two reserved zeros."""
        version = self.major << 6 | self.minor << 4 | self.confidence << 2
        return bytes([version, self.tx_power & 0xFF, 0, 0])

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Metadata":
        """Tolerates the reserved bits and bytes; calibration counts from v1.1 on."""
        minor = raw[0] >> 4 & 3
        power = raw[1] - 256 if raw[1] > 127 else raw[1]
        return cls(power, raw[0] >> 6, minor, raw[0] >> 2 & 3 if minor else 0)


def attenuation(tx_power: int, rssi: int, correction: int = 0) -> int:
    """Signal lost between sender and receiver, dB."""
    return tx_power - (rssi + correction)
