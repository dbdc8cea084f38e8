"""A sender's ids and our records: looked up for many at once, written once."""

from collections.abc import Iterable, Sequence

from vungxanh.core.vault import encrypt, keyed_hash
from vungxanh.outbreak.models import Reference
from vungxanh.people.register import copy_rows


def digest(own: str) -> bytes:
    """Hash of a sender's id; case and blanks make no other id."""
    return keyed_hash("reference", "".join(own.split()).upper())


def known(sender: str, kind: str, owns: Iterable[str]) -> dict[bytes, Reference]:
    """Hash -> reference of those ids that came before."""
    hashes = [digest(own) for own in owns if own]
    rows = Reference.objects.filter(sender=sender, kind=kind, own_hash__in=hashes).select_related(
        "case", "contact"
    )
    return {bytes(row.own_hash): row for row in rows}


def cases_of(sender: str, owns: Iterable[str]) -> dict[str, int]:
    """Id -> case, for ids of the sender's cases and numbers of our own (`VX-12`)."""
    wanted = list(owns)
    by_hash = known(sender, "cases", wanted)
    found = {own: by_hash[digest(own)].case_id for own in wanted if digest(own) in by_hash}
    return {own: case for own, case in found.items() if case is not None}


def new(sender: str, kind: str, rows: Sequence[tuple[str, int, int | None, int | None]]) -> None:
    """(own id, person, case, contact) of new records."""
    seen: dict[bytes, tuple[object, ...]] = {}
    for own, person, case, contact in rows:
        if own:
            mark = digest(own)
            seen.setdefault(mark, (sender, mark, encrypt("import", own), kind, person, case, contact))
    held = set(
        Reference.objects.filter(sender=sender, kind=kind, own_hash__in=seen).values_list("own_hash", flat=True)
    )
    known = {bytes(one) for one in held}
    columns = ("sender", "own_hash", "own", "kind", "person", "case_id", "contact_id")
    copy_rows("outbreak_reference", columns, (row for mark, row in seen.items() if mark not in known))
