"""Pages of the house itself: what is shown when something fails, the pattern page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def healthy(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server: it answers."""
    return HttpResponse("ok", content_type="text/plain")


def _error(request: HttpRequest, status: int, title: str, what: str, safe: str = "") -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "what": what, "safe": safe}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400, _("This request cannot be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    what = _("Your account may not open this page. Whoever manages the accounts of your office can change that.")
    return _error(request, 403, _("Not allowed"), what)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    what = _(
        "The form was open too long, or cookies are switched off. Go back, reload the page and send it again."
    )
    return _error(request, 403, _("The form has expired"), what, _("Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    what = _("The address may be mistyped, or the page is gone.")
    return _error(request, 404, _("There is no such page"), what)


def failed(request: HttpRequest) -> HttpResponse:
    what = _(
        "The fault is ours and has been noted. Try again in a few minutes; if it is urgent, use the telephone."
    )
    return _error(request, 500, _("Something went wrong here"), what, _("What you had saved before is safe."))
