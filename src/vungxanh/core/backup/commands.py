"""`vungxanh backup`, `vungxanh restore`, `vungxanh migrate-store`."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from vungxanh.core.errors import OperatorError
from vungxanh.core.minutes import parse_instant
from vungxanh.core.secret_files import write_new

SOMEWHERE = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--to", type=SOMEWHERE, help="Folder of the backups, best on another disk; asked for once.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("vungxanh-backup.key"),
    show_default=True,
    help="Where the key is written when the folder is new. Keep it on another machine.",
)
@click.option("--status", is_flag=True, help="Say how old the backups are, and change nothing.")
def backup(to: Path | None, key_file: Path, status: bool) -> None:  # noqa: FBT001
    """A whole, encrypted copy of this house; from then on the worker ships its log and files each minute."""
    from vungxanh.core.house import house

    with house():
        from vungxanh.core.backup import backup as work
        from vungxanh.core.backup.vault import BackupFolder

        known = work.configured()
        where = to or (known.root if known else None)
        if where is None:
            raise OperatorError("core.backup-where")
        if status:
            click.echo(json.dumps(work.state(BackupFolder(where.resolve()))))
            return
        if key_file.exists() and not BackupFolder(where).exists:
            raise OperatorError("core.backup-key-there", file=str(key_file))
        folder, identity = work.begin(where)
        if identity:
            _write_key(key_file, identity)
        made = work.make(folder)
    click.echo(json.dumps(asdict(made) | ({"key_file": str(key_file.resolve())} if identity else {})))


def _write_key(file: Path, identity: str) -> None:
    write_new(file, f"{identity}\n".encode())
    said = f"Khoá khôi phục / the key that restores: {file}. Cất ở máy khác / keep it on another machine."
    click.echo(said, err=True)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True)
@click.option(
    "--at", "at", help="A moment, as 2026-11-22T09:30+07:00; the last that was shipped where it is left out."
)
def restore(source: Path, key_file: Path, at: str | None) -> None:
    """Bring an empty home (VUNGXANH_HOME) to a moment of a backup."""
    from vungxanh.core import database
    from vungxanh.core.backup.restore import restore as bring_back
    from vungxanh.core.backup.vault import BackupFolder

    moment: datetime | None = parse_instant(at) if at else None
    try:
        done = bring_back(BackupFolder(source.resolve(), key_file.read_text()), moment)
    finally:
        database.stop()
    click.echo(json.dumps(asdict(done)))


@click.command(name="migrate-store")
@click.option("--to", "url", required=True, help="postgresql:// address of the working role, as DATABASE_URL.")
@click.option("--owner", required=True, help="The same for the role that migrates, as DATABASE_OWNER_URL.")
def migrate_store(url: str, owner: str) -> None:
    """Move the embedded database to a server, table by table, verified; it takes no more writes afterwards."""
    from vungxanh.core.house import house

    with house():
        from vungxanh.core.store_move import move

        moved = move(url, owner, lambda line: click.echo(line, err=True))
    click.echo(json.dumps({"tables": len(moved), "rows": sum(one.rows for one in moved)}))
    click.echo("Từ nay khởi động với / start from now on with: DATABASE_URL, DATABASE_OWNER_URL", err=True)
