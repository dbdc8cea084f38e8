"""The border desk's service worker: the desk on a device stays there, so that it opens without network.

It stands in `web` because it must name the built files; its scope is /border/offline/.
"""

import json
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from vungxanh.web.gate_worker import SCRIPT, closure

PAGE = "/border/offline/"


def files() -> list[str]:
    """Every built file of the page. The page itself is kept when an officer opens it: it needs their log-in."""
    built = closure("src/entries/border_offline.js") | closure("src/desk.js")
    return [static(f"dist/{name}") for name in sorted(built)]


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    listed = files()
    name = "border-" + blake2b("\n".join(listed).encode(), digest_size=6).hexdigest()
    script = SCRIPT % {"name": json.dumps(name), "files": json.dumps(listed)}
    script = script.replace('"/gate/"', json.dumps(PAGE)).replace('"gate-"', '"border-"')
    response = HttpResponse(script, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
