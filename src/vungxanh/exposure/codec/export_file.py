"""What an export says, apart from how it is written."""

from dataclasses import dataclass, field

from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.codec.signature import SHA256_OID, VIETNAM

#: 16 bytes before the protobuf
MAGIC = b"EK Export v1    "
#: keys of a file, revised ones included; a longer window is split
MAX_KEYS = 500_000
#: a file with fewer is padded up to this many, plus a random few
MIN_KEYS, PADDING_JITTER = 1_000, 100


@dataclass(frozen=True, slots=True)
class SignerInfo:
    key_id: str = VIETNAM
    key_version: str = "v1"
    algorithm: str = SHA256_OID


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """`start`, `end`: Unix seconds of the window in which the keys reached the server."""

    start: int
    end: int
    region: str = "VN"
    batch_num: int = 1
    batch_size: int = 1
    signers: tuple[SignerInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportFile:
    """An export as read. `verified`: None where no public key was given to check it with."""

    header: ExportHeader
    keys: list[DiagnosisKey] = field(default_factory=list)
    revised: list[DiagnosisKey] = field(default_factory=list)
    verified: bool | None = None
