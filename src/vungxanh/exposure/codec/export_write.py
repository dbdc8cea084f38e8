"""Write export v1.5: `EK Export v1`, protobuf, ECDSA P-256 over the whole of it, two members in a zip."""

from collections.abc import Sequence

import numpy as np

from vungxanh.exposure.codec import archive
from vungxanh.exposure.codec.export_file import MAGIC, ExportHeader, SignerInfo
from vungxanh.exposure.codec.export_pb2 import Export, Signature, SignatureList
from vungxanh.exposure.codec.export_pb2 import Signer as SignerMessage
from vungxanh.exposure.codec.keys import KEY_ROW, KeyTable, key_order
from vungxanh.exposure.codec.records import KEYS_FIELD, REVISED_FIELD, encode
from vungxanh.exposure.codec.signature import Signer, sign

NO_KEYS: KeyTable = np.empty(0, KEY_ROW)


def signer_info(signer: Signer) -> SignerInfo:
    return SignerInfo(signer.key_id, signer.key_version)


def _signer_message(info: SignerInfo) -> SignerMessage:
    return SignerMessage(key_version=info.key_version, key_id=info.key_id, algorithm=info.algorithm)


def body(header: ExportHeader, keys: KeyTable, revised: KeyTable = NO_KEYS) -> bytes:
    """`export.bin`: keys and revised keys each sorted by their bytes."""
    head = Export(
        start=header.start,
        end=header.end,
        region=header.region,
        batch_num=header.batch_num,
        batch_size=header.batch_size,
        signers=[_signer_message(info) for info in header.signers],
    )
    return b"".join(
        [
            MAGIC,
            head.SerializeToString(),
            encode(keys[key_order(keys)], KEYS_FIELD),
            encode(revised[key_order(revised)], REVISED_FIELD),
        ]
    )


def signatures(header: ExportHeader, signers: Sequence[Signer], data: bytes) -> bytes:
    """`export.sig`: one signature a signer, over the whole of `export.bin`, its 16 bytes included."""
    made = [
        Signature(
            signer=_signer_message(signer_info(signer)),
            batch_num=header.batch_num,
            batch_size=header.batch_size,
            signature=sign(signer.key, data),
        )
        for signer in signers
    ]
    return SignatureList(signatures=made).SerializeToString()


def write_export(
    *,
    start: int,
    end: int,
    keys: KeyTable,
    signers: Sequence[Signer],
    revised: KeyTable = NO_KEYS,
    region: str = "VN",
    batch: tuple[int, int] = (1, 1),
) -> bytes:
    """One signed export file. `start`, `end`: Unix seconds; `batch`: number of this file, of how many.

    The same keys, window and signers give the same bytes.
    """
    infos = tuple(signer_info(signer) for signer in signers)
    header = ExportHeader(start, end, region, *batch, infos)
    data = body(header, keys, revised)
    return archive.pack(data, signatures(header, signers, data))
