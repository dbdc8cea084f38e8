"""What this room keeps and for how long. Cases, contacts and orders are the health service's own file: an archive
rule decides over them, and none is claimed here."""

from collections.abc import Iterator

from vungxanh.core.retention import Kind, stated
from vungxanh.outbreak.models import ImportFile

PACKAGE = "vungxanh.outbreak"


def kinds() -> Iterator[Kind]:
    # scope: by the worker
    yield stated(PACKAGE, "imports", lambda before: ImportFile.objects.filter(finished_at__lt=before).delete()[0])
