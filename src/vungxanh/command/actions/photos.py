"""A photograph is cleaned and kept."""

from base64 import b64encode
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from vungxanh.command.models import Photo
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.vault import encrypt
from vungxanh.exchange.photos import LARGEST, cleaned

#: photographs of one thing; more is a flood
MOST = 6


@transaction.atomic
def keep(
    *, files: "list[UploadedFile[Any]]", subject: str, scope_path: str, scope_sector: str, by: By
) -> list[Photo]:
    """Raises UserError `exchange.photo-too-large`, `exchange.photo-unreadable`; then nothing is kept."""
    made = []
    for file in files[:MOST]:
        picture, kind = cleaned(file.read(LARGEST + 1))
        made.append(
            Photo.objects.create(
                subject=subject,
                content=encrypt("photo", b64encode(picture).decode()),
                content_type=kind,
                by=by if by is None or isinstance(by, int) else by.pk,
                scope_path=scope_path,
                scope_sector=scope_sector,
            )
        )
    if made:
        audit.record(by=by, action="command:photo:kept", subject=subject, details={"count": len(made)})
    return made
