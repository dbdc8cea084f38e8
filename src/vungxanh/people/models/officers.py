"""Officers and what they were assigned: role × place × organisation × sector, for a time."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import ANY_PATH, Grant
from vungxanh.people.roles import ROLES


class OfficerManager(BaseUserManager["Officer"]):
    """Makes officers; an address is compared without regard to case."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> "Officer":
        officer = self.model(username=username.lower(), email=self.normalize_email(email).lower(), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer

    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(username=(username or "").lower())


class Officer(AbstractBaseUser):
    """Somebody who logs in. What they may do is in their assignments, never in a flag of their own."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("position"), max_length=120, blank=True)
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[OfficerManager] = OfficerManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["email"], condition=~models.Q(email=""), name="one_officer_an_email"),
        )

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def grants(self) -> Sequence[Grant]:
        """What this officer may see and do today; nothing when switched off."""
        from vungxanh.people.scope import grants_today

        return grants_today(self)

    def may(self, permission: str) -> bool:
        """Does any assignment of today carry this permission, wherever?"""
        return any(permission in grant.permissions for grant in self.grants())


class Assignment(models.Model):
    """An officer in a role within a scope, from `since` to `until` (both inclusive; None is open).

    `organisation=None`: rows of every organisation in the area. `sectors=[]`: the sectors of the role.
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=40, choices=[(key, key) for key in ROLES])
    scope_path = models.CharField(max_length=120, default=ANY_PATH, db_collation="C")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    sectors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    made_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.officer_id} as {self.role} in {self.scope_path}"
