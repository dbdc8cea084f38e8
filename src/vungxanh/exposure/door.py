"""The addresses that devices speak to, answered before anything of a browser's is looked at.

A device sends no cookie, speaks no language and sees no page; session, account, language and form protection cost
as much as a whole upload, and what never reads a cookie cannot join one to keys.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse

from vungxanh.core.errors import OperatorError, VungXanhError

Answer = Callable[[HttpRequest], HttpResponseBase]
#: what the skipped layers would have said of an answer that is no page
HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Frame-Options": "DENY"}


class DeviceDoor:
    """Middleware: requests of `/exposure/v1/…` go straight to their view."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._views: dict[str, Answer] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = self._known().get(request.path_info)
        if view is None:
            return self.get_response(request)
        try:
            response = view(request)
        except VungXanhError as exc:
            response = JsonResponse(exc.as_json(), status=503 if isinstance(exc, OperatorError) else 422)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if not response.streaming and "Content-Length" not in response.headers:
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        return response

    def _known(self) -> dict[str, Answer]:
        """Address -> view, looked up once when the addresses have been read."""
        if not self._views:
            from vungxanh.exposure.urls import urlpatterns

            base = reverse("exposure:home")
            routes = ((str(one.pattern), one.callback) for one in urlpatterns)
            self._views = {base + route: view for route, view in routes if route.startswith("v1/")}
        return self._views
