"""Row ids: a positive int64 from sender + the sender's own id, or from the row's content where it has none.

The same row gives the same id on every machine, so sending or importing twice changes nothing.
"""

from hashlib import blake2b

_MASK = (1 << 63) - 1


def _hash(parts: tuple[object, ...]) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") & _MASK


def sender_id(sender: str, own_id: str) -> int:
    """Id of a record that `sender` calls `own_id`."""
    return _hash(("s", sender, own_id))


def content_id(*fields: object) -> int:
    """Id of a record that has none: identical rows are one."""
    return _hash(("c", *fields))
