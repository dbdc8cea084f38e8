"""From the registered sources into the lake: incremental, in whole batches, the same however often it stops."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vungxanh.lake import sources
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter


@dataclass(frozen=True, slots=True)
class Exported:
    """What one source gave. `conflicts`: rows that came again with other content; the lake keeps its own."""

    source: str
    new: int
    same: int
    conflicts: int
    watermark: int


#: rows that become durable at once: a batch costs a few file syncs, whatever it holds
AT_ONCE = 500_000


def export(directory: Path, say: Callable[[str], None] = lambda _: None, *, index: bool = True) -> list[Exported]:
    """Take what every source has closed since the last time; keep the files few and the index segment ready.

    A batch and its watermark become durable together: a kill loses nothing and doubles nothing.
    """
    writer = LakeWriter(directory)
    done = [take(writer, source, say) for source in sources.registered()]
    writer.compact()
    if index and any(source.new for source in done):
        open_lake(directory).index()
    return done


def take(writer: LakeWriter, source: sources.EvidenceSource, say: Callable[[str], None]) -> Exported:
    watermark = writer.manifest().watermarks.get(source.name, 0)
    new = same = conflicts = 0
    for batch in gathered(source.closed_since(watermark)):
        written = writer.append(batch.evidence, {source.name: batch.watermark}, final=True)
        new, same, conflicts = new + written.new, same + written.same, conflicts + len(written.conflicts)
        watermark = batch.watermark
        say(f"{source.name}: {new:,} …")
    return Exported(source.name, new, same, conflicts, watermark)


def gathered(batches: Iterator[sources.Batch]) -> Iterator[sources.Batch]:
    """Batches joined until they are worth a write."""
    held: list[sources.Batch] = []
    for batch in batches:
        held.append(batch)
        if sum(each.evidence.num_rows for each in held) >= AT_ONCE:
            yield joined(held)
            held = []
    if held:
        yield joined(held)


def joined(held: list[sources.Batch]) -> sources.Batch:
    first, *more = (batch.evidence for batch in held)
    return sources.Batch(held[-1].watermark, first.joined(*more) if more else first)
