"""Officers log in with a second factor (TOTP or a passkey), outside demonstration mode always."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from vungxanh.people.models import Officer


class RequireSecondFactor:
    """An officer without a second factor reaches nothing but the pages that set one up.

    A wall of its own rather than a line in the page's decorator: a page that forgets the decorator is behind it
    too. Switched off only by `OFFICER_MFA`, which demonstration mode does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not settings.OFFICER_MFA or not isinstance(user, Officer) or is_open_before(request.path):
            return self.get_response(request)
        if has_second_factor(user):
            return self.get_response(request)
        return redirect("mfa_index")


def is_open_before(path: str) -> bool:
    """Log-in, log-out, setting the factor up, language, static files: nothing that shows a row."""
    static = "/" + settings.STATIC_URL.lstrip("/")
    return path.startswith(("/account/", static)) or path in (reverse("set_language"), reverse("logout"))


def has_second_factor(officer: Officer) -> bool:
    """Has the officer a TOTP app or a passkey?"""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=officer, type__in=kinds).exists())
