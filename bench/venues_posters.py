"""500 posters in one file: a page of A4 each, and cards.

python -m bench.venues_posters [POSTERS]
"""

import statistics
import sys
import time
from datetime import date

from vungxanh.codes.signed import Kind, TagKey, link, short
from vungxanh.venues.posters import Poster, Sheet, draw

RUNS = 3
KEY = TagKey(1, b"bench")


def poster(number: int) -> Poster:
    address = link("https://vungxanh.thainguyen.gov.vn", short(Kind.POSTER, number, KEY))
    return Poster(
        f"Dãy A – {number} · Chợ Thái",
        "Phan Đình Phùng",
        f"VX-{number}",
        "0208 000 000",
        address,
        date(2026, 1, 1),
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    posters = [poster(number) for number in range(count)]
    sheets: tuple[Sheet, ...] = ("a4", "cards")
    for sheet in sheets:
        walls, cpus, size = [], [], 0
        for _ in range(RUNS):
            wall, cpu = time.perf_counter(), time.process_time()
            size = len(draw(posters, sheet=sheet))
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        print(
            f"{count} posters, {sheet}: {statistics.median(walls):.1f} s, {statistics.median(cpus):.1f} s of CPU,"
            f" {size / 1e6:.1f} MB (median of {RUNS})"
        )


if __name__ == "__main__":
    main()
