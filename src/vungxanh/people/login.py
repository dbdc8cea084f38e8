"""Log-in of officers: what django-allauth and django-axes ask of us."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from vungxanh.core.vault import decrypt, encrypt

#: record class of what officers log in with
SECRETS = "officer-secret"


class OfficerAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody makes an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """An identity provider proves who somebody is; that they are an officer, only our register says."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class VaultedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """TOTP secrets and recovery seeds are kept in the vault, not in plain text."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(SECRETS, text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(SECRETS, base64.b64decode(encrypted_text))


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Which account a failed log-in was for, in one spelling: the lock counts by it."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login") or ""
    return str(name).strip().lower()
