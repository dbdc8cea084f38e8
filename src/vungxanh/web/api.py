"""The JSON interface of the house: one router a room, described at /api/openapi.json."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from vungxanh.core.errors import OperatorError, VungXanhError
from vungxanh.declarations.api import router as declarations
from vungxanh.notify.api import router as notify
from vungxanh.venues.api import router as venues

api = NinjaAPI(title="Vùng Xanh", version="1", urls_namespace="api", docs_url=None)
api.add_router("/notify", notify)
api.add_router("/venues", venues)
api.add_router("/declarations", declarations)


@api.exception_handler(VungXanhError)
def answer_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """The same JSON as everywhere: code, both languages, parameters."""
    assert isinstance(error, VungXanhError)
    status = 503 if isinstance(error, OperatorError) else 422
    return api.create_response(request, error.as_json(), status=status)
