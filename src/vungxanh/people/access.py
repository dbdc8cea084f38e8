"""The door of every officer's page: logged in, and holding the permission somewhere. Rows are scoped beyond it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

View = Callable[..., HttpResponse]


class OfficerRequest(HttpRequest):
    """What a view behind `officer_required` is given."""

    officer: Officer


def officer_of(request: HttpRequest) -> Officer:
    """The officer who is logged in. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, Officer):
        raise PermissionDenied
    return request.user


def officer_required(*permissions: Permission) -> Callable[[View], View]:
    """A view for officers with any of `permissions` (any officer where none is named); sets `request.officer`.

    Others are asked to log in, or refused.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            officer = officer_of(request)
            if permissions and not any(officer.may(permission) for permission in permissions):
                raise PermissionDenied
            request.officer = officer  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return wrap
