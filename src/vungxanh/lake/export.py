"""From the registered sources into the lake: incremental, in whole batches, the same however often it stops."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vungxanh.lake import sources
from vungxanh.lake.writer import LakeWriter


@dataclass(frozen=True, slots=True)
class Exported:
    """What one source gave. `conflicts`: rows that came again with other content; the lake keeps its own."""

    source: str
    new: int
    same: int
    conflicts: int
    watermark: int


def export(directory: Path, say: Callable[[str], None] = lambda _: None) -> list[Exported]:
    """Take what every source has closed since the last time; then keep the files few.

    A batch and its watermark become durable together: a kill loses nothing and doubles nothing.
    """
    writer = LakeWriter(directory)
    done = [take(writer, source, say) for source in sources.registered()]
    writer.compact()
    return done


def take(writer: LakeWriter, source: sources.EvidenceSource, say: Callable[[str], None]) -> Exported:
    watermark = writer.manifest().watermarks.get(source.name, 0)
    new = same = conflicts = 0
    for batch in source.closed_since(watermark):
        written = writer.append(batch.evidence, {source.name: batch.watermark})
        new, same, conflicts = new + written.new, same + written.same, conflicts + len(written.conflicts)
        watermark = batch.watermark
        say(f"{source.name}: {new:,} …")
    return Exported(source.name, new, same, conflicts, watermark)
