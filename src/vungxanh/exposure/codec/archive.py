"""The zip around an export: two members, `export.bin` and `export.sig`.

A reader ignores members of other names (a national server ships one), and refuses two of one name, encrypted
ones and any that unpack to more than their limit.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from vungxanh.core.errors import UserError

BODY, SIGNATURE = "export.bin", "export.sig"
#: 600,000 keys, the greatest bundle that any national server published, take 20 MB
MAX_BODY, MAX_SIGNATURE, MAX_MEMBERS = 64 << 20, 64 << 10, 16
#: no file tells when it was packed
PACKED_AT = (1980, 1, 1, 0, 0, 0)

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
)


@dataclass(frozen=True, slots=True)
class Members:
    body: bytes
    signature: bytes


def pack(body: bytes, signature: bytes) -> bytes:
    """Both members -> zip; the same input gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in ((BODY, body), (SIGNATURE, signature)):
            info = zipfile.ZipInfo(name, PACKED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def unpack(raw: bytes) -> Members:
    """Zip -> both members.

    Raises UserError `exposure.export-not-zip`, `-member-twice`, `-member-missing`, `-unsigned`, `-too-large`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_names([info.filename for info in archive.infolist()])
            return Members(
                _member(archive, BODY, MAX_BODY),
                _member(archive, SIGNATURE, MAX_SIGNATURE),
            )
    except UNREADABLE as exc:
        raise UserError("exposure.export-not-zip") from exc


def _check_names(names: list[str]) -> None:
    if len(names) > MAX_MEMBERS:
        raise UserError("exposure.export-too-large")
    for name in (BODY, SIGNATURE):
        if names.count(name) > 1:
            raise UserError("exposure.export-member-twice", name=name)
    if BODY not in names:
        raise UserError("exposure.export-member-missing", name=BODY)
    if SIGNATURE not in names:
        raise UserError("exposure.export-unsigned")


def _member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise UserError("exposure.export-not-zip")
    with archive.open(info) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise UserError("exposure.export-too-large")
    return data
