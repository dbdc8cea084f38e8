"""Headers of every answer, and a person's mistake shown as a page instead of a failure."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.core.errors import OperatorError, VungXanhError

#: camera for gates and codes, place for "near me"; nothing else of the device is asked for
PERMISSIONS = (
    "camera=(self), geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "screen-wake-lock=(self), microphone=(), payment=(), usb=(), bluetooth=(), midi=(), serial=(), "
    "browsing-topics=(), display-capture=()"
)

Answer = Callable[[HttpRequest], HttpResponseBase]


class HouseHeaders:
    """Permissions policy everywhere; noindex while drilling; officers' pages stay in no cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if settings.DEMO:
            response["X-Robots-Tag"] = "noindex, nofollow"
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class PlainErrors:
    """A `UserError` or `OperatorError` that a page let through becomes a sentence in the reader's language."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, VungXanhError):
            return None
        status = 503 if isinstance(exception, OperatorError) else 422
        if exception.code.endswith("not-allowed"):
            status = 403
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(exception.as_json(), status=status, json_dumps_params={"default": str})
        return render(request, "web/error.html", _page(exception), status=status)


def _page(exception: VungXanhError) -> dict[str, str]:
    language = "vi" if (get_language() or "vi").startswith("vi") else "en"
    is_ours = isinstance(exception, OperatorError)
    return {
        "title": _("This cannot be answered now") if is_ours else _("Please check what was entered"),
        "what": exception.text(language),
        "safe": _("Nothing was changed."),
    }


class KeepNewSession(SessionMiddleware):
    """A page's own fetch that began under an older session may not take the newer one away.

    Proving a number or logging in gives the session a new key. Django answers a request that still carries the old
    one by deleting the cookie, and a fetch that comes back late would delete the new.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answered = super().process_response(request, response)
        cookie = answered.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and not cookie.value and request.headers.get("Sec-Fetch-Dest") == "empty":
            del answered.cookies[settings.SESSION_COOKIE_NAME]
        return answered
