"""Keys of nobody, so that a small file does not tell how few fell ill.

Each clones what a real key says (day, length, report, onset) and has random bytes of its own. It must be
stored before any output reads it: a padding key that stands in one file and not in another gives itself away.
"""

from collections.abc import Callable
from secrets import randbelow, token_bytes

import numpy as np

from vungxanh.exposure.codec.export_file import MIN_KEYS, PADDING_JITTER
from vungxanh.exposure.codec.keys import KEY_BYTES, KeyTable

Below = Callable[[int], int]


def padding_count(
    real: int, minimum: int = MIN_KEYS, jitter: int = PADDING_JITTER, below: Below = randbelow
) -> int:
    """How many padding keys a window with `real` keys needs; none where nobody fell ill."""
    if real == 0 or real >= minimum:
        return 0
    return minimum - real + below(jitter + 1)


def padding_for(table: KeyTable, count: int, below: Below = randbelow) -> KeyTable:
    """`count` padding keys whose metadata are drawn from the real ones, in equal shares and then at random."""
    whole, rest = divmod(count, len(table)) if len(table) else (0, 0)
    extra = [below(len(table)) for _ in range(rest)]
    chosen = np.concatenate([np.tile(np.arange(len(table)), whole), np.array(extra, np.int64)]).astype(np.intp)
    made = table[chosen].copy()
    random = np.frombuffer(token_bytes(KEY_BYTES * len(made)), np.uint8)
    made["data"] = random.reshape(len(made), KEY_BYTES)
    return made
