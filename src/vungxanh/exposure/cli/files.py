"""`read` and `write`: export files."""

from pathlib import Path

import click
import numpy as np

from vungxanh.core.errors import EXIT_USER, UserError
from vungxanh.exposure.cli.io import INPUT, OUTPUT, load_json, note, show
from vungxanh.exposure.codec.export_file import ExportFile
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.export_write import write_export
from vungxanh.exposure.codec.key_json import key_as_json, keys_from_json
from vungxanh.exposure.codec.keys import KeyTable, table_of
from vungxanh.exposure.codec.padding import padding_count, padding_for
from vungxanh.exposure.codec.signature import VIETNAM, Signer, load_private_key, load_public_key


def as_json(file: ExportFile) -> dict[str, object]:
    head = file.header
    return {
        "verified": file.verified,
        "region": head.region,
        "start": head.start,
        "end": head.end,
        "batch": {"num": head.batch_num, "size": head.batch_size},
        "signers": [
            {"key_id": s.key_id, "key_version": s.key_version, "algorithm": s.algorithm} for s in head.signers
        ],
        "counts": {"keys": len(file.keys), "revised": len(file.revised)},
        "keys": [key_as_json(key) for key in file.keys],
        "revised_keys": [key_as_json(key) for key in file.revised],
    }


@click.command()
@click.argument("file", type=INPUT)
@click.option("--public-key", "pem", type=INPUT, default=None, help="PEM of the signer, curve P-256.")
def read(file: Path, pem: Path | None) -> None:
    """Read an export file; with --public-key nothing is shown that this key did not sign."""
    keys = [load_public_key(pem.read_bytes())] if pem else None
    try:
        found = read_export(file.read_bytes(), keys)
    except UserError as exc:
        show({"verified": False, "counts": {"keys": 0, "revised": 0}, "keys": [], **exc.as_json()})
        note(exc.text("vi"))
        raise SystemExit(EXIT_USER) from exc
    if keys is None:
        note("Chưa kiểm tra chữ ký (thiếu --public-key). / The signature was not checked.")
    show(as_json(found))


@click.command()
@click.option("--keys", "source", required=True, type=INPUT, help="JSON list of keys.")
@click.option("--private-key", "pem", required=True, type=INPUT, help="PEM, curve P-256.")
@click.option("--out", required=True, type=OUTPUT)
@click.option("--start", required=True, type=int, help="Window, Unix seconds.")
@click.option("--end", required=True, type=int)
@click.option("--region", default="VN", show_default=True)
@click.option("--key-id", default=VIETNAM, show_default=True)
@click.option("--key-version", default="v1", show_default=True)
@click.option("--pad/--no-pad", default=True, help="Fill up to 1,000 keys with keys of nobody.")
def write(
    source: Path,
    pem: Path,
    out: Path,
    start: int,
    end: int,
    region: str,
    key_id: str,
    key_version: str,
    *,
    pad: bool,
) -> None:
    """Write a signed export file from JSON: {"keys": […], "revised_keys": […]}."""
    document = load_json(source)
    keys = table_of(keys_from_json(document))
    revised = revised_of(document)
    padding = padding_for(keys, padding_count(len(keys)) if pad else 0)
    signer = Signer(load_private_key(pem.read_bytes()), key_id, key_version)
    data = write_export(
        start=start,
        end=end,
        keys=np.concatenate([keys, padding]),
        revised=revised,
        region=region,
        signers=[signer],
    )
    out.write_bytes(data)
    show(
        {"file": str(out), "bytes": len(data), "keys": len(keys), "padding": len(padding), "revised": len(revised)}
    )


def revised_of(document: object) -> KeyTable:
    has = isinstance(document, dict) and "revised_keys" in document
    return table_of(keys_from_json(document, ("revised_keys",)) if has else [])
