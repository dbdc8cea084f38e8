"""Photographs of a declaration: of the person, of a test result. Cleaned, sealed, kept through a correction."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from vungxanh.border.models import Declaration, Picture
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.exchange.photos import LARGEST, cleaned

#: photographs of one declaration; more is a flood
MOST = 6


class Taken(NamedTuple):
    """A photograph that may be kept: what it shows, the picture, its type."""

    kind: str
    picture: bytes
    content_type: str


def taken(files: Mapping[str, "UploadedFile[Any]"]) -> list[Taken]:
    """What was sent under the names of the kinds, cleaned; nothing is kept yet.

    Raises UserError `exchange.photo-too-large`, `exchange.photo-unreadable` with the kind as its field.
    """
    found = []
    for kind in Picture.Kind.values:
        file = files.get(kind)
        if file:
            try:
                found.append(Taken(kind, *cleaned(file.read(LARGEST + 1))))
            except UserError as exc:
                raise UserError(exc.code, field=kind, **exc.params) from exc
    return found


@transaction.atomic
def keep(*, declaration: Declaration, pictures: list[Taken], by: By = None) -> None:
    """Raises UserError `border.too-many-pictures`; then nothing is kept."""
    if not pictures:
        return
    if declaration.pictures.count() + len(pictures) > MOST:
        raise UserError("border.too-many-pictures", most=MOST)
    officer = by if by is None or isinstance(by, int) else by.pk
    for one in pictures:
        Picture.objects.create(  # scope: of the declaration in hand
            declaration=declaration,
            kind=one.kind,
            content=b64encode(one.picture).decode(),
            content_type=one.content_type,
            by=officer,
        )
    kinds = [one.kind for one in pictures]
    audit.record(
        by=by, action="border:picture:kept", subject=f"declaration:{declaration.pk}", details={"kinds": kinds}
    )
