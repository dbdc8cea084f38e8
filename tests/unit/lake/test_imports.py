"""Files into the lake: each bad row is named, no good one lost, nothing half-written, twice is as once."""

import csv
import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vungxanh.core.errors import UserError
from vungxanh.lake.imports import Import, Summary, run
from vungxanh.lake.rows import Encounter, Flag, Visit
from vungxanh.lake.store import open_lake


def put(tmp_path: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def take(tmp_path: Path, text: str | bytes, **options: object) -> Summary:
    return run(Import(put(tmp_path, text), tmp_path / "lake", **options))  # type: ignore[arg-type]


def visits(tmp_path: Path) -> list[Visit]:
    return open_lake(tmp_path / "lake").evidence().rows("visits")


def reasons(summary: Summary) -> dict[int, str]:
    assert summary.rejects
    with Path(summary.rejects).open(encoding="utf-8") as file:
        return {int(row["line"]): row["code"] for row in csv.DictReader(file)}


def test_times_are_floored_ceiled_and_local_without_an_offset(tmp_path: Path) -> None:
    take(tmp_path, "person,place,start,end\n1,7,2022-01-03T16:30:59+07:00,2022-01-03T16:31:01\n")

    (visit,) = visits(tmp_path)

    # 16:30 in Viet Nam is 09:30 UTC: 18,995 days and 570 minutes after the epoch
    assert (visit.start, visit.end) == (18_995 * 1440 + 570, 18_995 * 1440 + 572)


def test_an_empty_interval_is_one_minute_and_bare_numbers_are_minutes(tmp_path: Path) -> None:
    take(tmp_path, "person,place,start,end\n1,7,27353370,27353370\n")
    assert [(v.start, v.end) for v in visits(tmp_path)] == [(27_353_370, 27_353_371)]


def test_day0_is_the_local_day_on_which_bare_numbers_begin(tmp_path: Path) -> None:
    take(tmp_path, "person,place,start,end\n1,7,0,60\n", day0=date(2022, 1, 3))
    assert visits(tmp_path)[0].start == 18_995 * 1440 - 420


BAD_ROWS = {
    2: ("1,7,100,90", "lake.end-before-start"),
    3: ("1,7,1900-01-01T00:00,1900-01-01T01:00", "lake.year-out-of-range"),
    4: (",7,100,160", "lake.missing"),
    5: ("-4,7,100,160", "lake.code-out-of-range"),
    6: ("1,-7,100,160", "lake.code-out-of-range"),
    7: ("1,seven,100,160", "lake.not-a-number"),
    8: ("1,7,yesterday,160", "core.bad-time"),
    9: ("1,7,100", "lake.cells"),
    10: ("1,7,,160", "lake.missing"),
    11: ("9223372036854775808,7,100,160", "lake.code-out-of-range"),
}


def test_every_bad_row_is_named_with_its_line_and_the_good_ones_are_in(tmp_path: Path) -> None:
    text = "person,place,start,end\n" + "".join(f"{row}\n" for row, _ in BAD_ROWS.values()) + "1,7,100,160\n"

    summary = take(tmp_path, text)

    assert reasons(summary) == {line: code for line, (_, code) in BAD_ROWS.items()}
    assert (summary.accepted, summary.refusals, summary.lines) == (1, 10, 12)
    assert len(visits(tmp_path)) == 1


def test_strict_writes_nothing_where_a_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="1 rows are refused"):
        take(tmp_path, "person,place,start,end\n1,7,100,160\n1,7,100,90\n", strict=True)
    assert not (tmp_path / "lake" / "manifest.json").exists()


def test_a_missing_end_is_assumed_and_said_so(tmp_path: Path) -> None:
    places = put(tmp_path, "place,kind\n7,market\n", "places.csv")
    run(Import(places, tmp_path / "lake"))

    summary = take(tmp_path, "person,place,start,end\n1,7,1000,\n2,7,1000,\n2,8,1030,1040\n")

    ends = {(v.person, v.start): (v.end, v.flags) for v in visits(tmp_path)}
    assert ends == {
        (1, 1000): (1060, Flag.ASSUMED_END),  # an hour at a market
        (2, 1000): (1030, Flag.ASSUMED_END),  # was elsewhere half an hour later
        (2, 1030): (1040, 0),
    }
    assert summary.assumed_ends == 2


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    text = "person,place,start,end\n1,7,100,160\n2,7,100,\n1,7,100,160\n"
    first = take(tmp_path, text)
    state = open_lake(tmp_path / "lake").state

    again = take(tmp_path, text)

    assert (first.accepted, first.duplicates) == (2, 1)
    assert (again.accepted, again.duplicates) == (0, 3)
    assert open_lake(tmp_path / "lake").state == state


def test_one_id_with_two_contents_keeps_the_first_and_names_the_second(tmp_path: Path) -> None:
    head = "id,person,place,start,end\n"
    within = take(tmp_path, head + "a,1,7,100,160\na,1,7,100,170\n")
    assert reasons(within) == {3: "lake.id-with-other-content"}

    later = take(tmp_path, head + "a,1,7,100,180\nb,1,7,300,310\n")
    assert reasons(later) == {2: "lake.id-with-other-content"}
    assert sorted(v.end for v in visits(tmp_path)) == [160, 310]


def test_a_line_of_megabytes_is_one_refusal(tmp_path: Path) -> None:
    text = b"person,place,start,end\n" + b"x" * 3_000_000 + b"\n1,7,100,160\n"

    summary = take(tmp_path, text)

    assert reasons(summary) == {2: "lake.line-too-long"}
    assert summary.accepted == 1


def test_wrong_encoding_and_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    text = b"person,place,start,end\n1,ch\xee,100,160\n1,\x00,100,160\n1,7,100,160\n"
    assert reasons(take(tmp_path, text)) == {2: "lake.wrong-encoding", 3: "lake.not-text"}


def test_utf16_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="UTF-16"):
        take(tmp_path, "person,place,start,end\n".encode("utf-16"))


@pytest.mark.parametrize(("text", "code"), [("", "lake.unreadable"), ("who,where\n1,2\n", "lake.columns")])
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        take(tmp_path, text)
    assert caught.value.code == code


def test_a_packed_file_cut_in_the_middle_keeps_nothing_unnamed(tmp_path: Path) -> None:
    lines = "".join(f"{n},7,{n},{n + 5}\n" for n in range(100, 50_000))
    packed = gzip.compress(("person,place,start,end\n" + lines).encode())
    path = put(tmp_path, packed[: len(packed) // 2], "file.csv.gz")

    with pytest.raises(UserError, match="cut or damaged after line"):
        run(Import(path, tmp_path / "lake"))


def test_a_file_without_a_last_line_end_says_so(tmp_path: Path) -> None:
    assert take(tmp_path, "person,place,start,end\n1,7,100,16").unended
    assert not take(tmp_path, "person,place,start,end\n1,7,100,160\n").unended


def test_semicolons_unknown_heads_and_a_byte_order_mark(tmp_path: Path) -> None:
    summary = take(tmp_path, "\ufeffPerson;Place;Start;End;Colour\n1;7;100;160;red\n")
    assert (summary.accepted, summary.unused_columns) == (1, ["colour"])


def test_encounters_carry_true_seconds(tmp_path: Path) -> None:
    text = (
        "a,b,start,end,seconds,distance_m\n"
        "1,2,2022-01-03T10:00:10,2022-01-03T10:00:50,,1.2\n1,3,100,110,90,\n4,4,1,2,,\n1,2,100,101,61,\n"
    )
    summary = take(tmp_path, text)
    rows: list[Encounter] = open_lake(tmp_path / "lake").evidence().rows("encounters")

    assert {(r.b, r.seconds) for r in rows} == {(2, 40), (3, 90)}
    assert reasons(summary) == {4: "lake.with-oneself", 5: "lake.more-seconds-than-time"}


def test_parquet_goes_in_like_csv(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"person": [1, 2], "place": [7, 7], "start": [100, 50], "end": [160, 40]}), tmp_path / "v.parquet"
    )

    summary = run(Import(tmp_path / "v.parquet", tmp_path / "lake"))

    assert summary.accepted == 1
    assert reasons(summary) == {2: "lake.end-before-start"}


def test_sociopatterns_rows_of_a_pair_join_while_they_follow_each_other(tmp_path: Path) -> None:
    text = "20 1 2\n40 2 1\n60 1 2\n60 3 4\n100 1 2\nx 1 2\n"
    summary = run(
        Import(put(tmp_path, text, "t.dat"), tmp_path / "lake", format="sociopatterns", day0=date(2022, 1, 3))
    )

    rows: list[Encounter] = open_lake(tmp_path / "lake").evidence().rows("encounters")
    zero = 18_995 * 1440 - 420
    # 1 and 2 met from 0 to 60 s and again from 80 to 100 s
    assert {(r.a, r.b, r.start - zero, r.end - zero, r.seconds) for r in rows} == {
        (1, 2, 0, 1, 60),
        (1, 2, 1, 2, 20),
        (3, 4, 0, 1, 20),
    }
    assert reasons(summary) == {6: "lake.not-a-number"}


def test_a_killed_import_is_completed_by_running_it_again(tmp_path: Path) -> None:
    rows = 120_000
    path = put(tmp_path, "person,place,start,end\n" + "".join(f"{n},7,{n},{n + 5}\n" for n in range(rows)))
    code = (
        "import vungxanh.lake.imports as i, sys; from pathlib import Path; i.BATCH = 10_000;"
        f"i.run(i.Import(Path({str(path)!r}), Path({str(tmp_path / 'lake')!r})), lambda s: print(s, flush=True))"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    acknowledged = int(child.stdout.readline().split()[0].replace(",", ""))
    time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()

    assert len(visits(tmp_path)) >= acknowledged == 10_000
    again = run(Import(path, tmp_path / "lake"))

    assert again.accepted + again.duplicates == rows
    assert len(visits(tmp_path)) == rows
