"""Codes that stand for people: printed cards, rotating codes that were shown, layouts that others made."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PersonCard(models.Model):
    """A card that was printed here. It carries a number and a tag, never what reads anybody's history."""

    number = models.BigIntegerField(unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"card {self.pk} of person {self.person_id}"


class UsedCode(models.Model):
    """A rotating personal code that a gate has read: nobody else's gate reads it again."""

    key = models.BinaryField(max_length=16, unique=True)
    place = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"code used at {self.place}"


class CodeTemplate(models.Model):
    """The layout of somebody else's code (a new card, another app), completed by an administrator."""

    class Purpose(models.TextChoices):
        IDENTITY = "identity"
        DECLARATION = "declaration"

    name = models.CharField(max_length=80, unique=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.IDENTITY)
    prefix = models.CharField(max_length=80, blank=True)
    separator = models.CharField(max_length=4)
    fields = ArrayField(models.CharField(max_length=20))
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.name
