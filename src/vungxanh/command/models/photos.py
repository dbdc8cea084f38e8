"""Photographs that officers or citizens gave, without what a camera writes into them."""

from typing import ClassVar

from django.db import models

from vungxanh.core.scope import Scope
from vungxanh.core.vault import EncryptedTextField


class Photo(models.Model):
    """`subject` says what it shows ("use:12", "inspection:3"); `content` is base64: faces stand in it."""

    SCOPE: ClassVar[Scope] = Scope(org=None)

    subject = models.CharField(max_length=60, db_index=True)
    content = EncryptedTextField(record_class="photo")
    content_type = models.CharField(max_length=20)
    taken_in_at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.subject
