"""What devices speak to: verify, certify, publish, withdraw, keys and files. Google's names where it has them.

Every reply of a POST has one size, whatever happened; nothing here reads a cookie, an address or an account.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.exposure import actions, queries, share_actions, signing, verification
from vungxanh.exposure import configuration as configured
from vungxanh.exposure.codec.index import NAME
from vungxanh.exposure.codec.signature import VIETNAM
from vungxanh.exposure.export_job import days, folder
from vungxanh.exposure.incoming import encounter
from vungxanh.exposure.limits import limits
from vungxanh.exposure.publish.accept import publish as accept
from vungxanh.exposure.publish.certificate import NAMES
from vungxanh.exposure.publish.reply import Reply, refusal
from vungxanh.exposure.publish.request import RefusedError, parse_object, text_of

Answer = Callable[[dict[str, Any], datetime], dict[str, object]]
#: a file never changes, so nobody needs to ask for it twice; the index may be a minute old
FILE_CACHE, INDEX_CACHE = "public, max-age=1209600, immutable", "public, max-age=60"


REST = re.compile(r"bytes=(\d{1,12})-")
INDEXES = {folder.INDEX, days.INDEX, days.SPANS_INDEX}


def _reply(reply: Reply) -> HttpResponse:
    body = reply.body(limits().publish.reply_bytes)
    response = HttpResponse(body, content_type="application/json", status=reply.status)
    response["Cache-Control"] = "no-store"
    return response


def _is_chaff(request: HttpRequest) -> bool:
    return "X-Chaff" in request.headers


def device(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """A POST of JSON, answered in one size; a fake one is read, thrown away and answered with nothing."""

    def view(request: HttpRequest) -> HttpResponse:
        try:
            document = parse_object(request.body, limits().publish.body_bytes)
            return _reply(Reply(200, {} if _is_chaff(request) else answer(document, timezone.now())))
        except RefusedError as refused:
            return _reply(Reply() if _is_chaff(request) else refusal(refused))

    return csrf_exempt(require_POST(view))


def _verify(document: dict[str, Any], now: datetime) -> dict[str, object]:
    found = verification.verify(text_of(document, "code"), now=now, limits=limits().code)
    return {"token": found.token, "testtype": NAMES[found.report_type], "symptomDate": found.onset}


def _certificate(document: dict[str, Any], now: datetime) -> dict[str, object]:
    token, key_hmac = text_of(document, "token"), text_of(document, "ekeyhmac")
    return {"certificate": verification.certify(token, key_hmac, now=now, limits=limits().code)}


def _receipt(document: dict[str, Any], now: datetime) -> dict[str, object]:
    receipt = text_of(document, "receipt")
    found = queries.receipt_files(receipt, now=int(now.timestamp()), limits=limits().export)
    if found is None:
        raise RefusedError("no_such_receipt", "receipt")
    return {"keys": [{"state": s.state, "file": s.file, "at": s.published_from} for s in found]}


def _withdraw(document: dict[str, Any], now: datetime) -> dict[str, object]:
    try:
        return {"withdrawn": actions.withdraw_upload(receipt=text_of(document, "receipt"), now=now)}
    except UserError as exc:
        raise RefusedError("no_such_receipt", "receipt") from exc


def _share(document: dict[str, Any], now: datetime) -> dict[str, object]:
    given = document.get("encounters")
    if not isinstance(given, list):
        raise RefusedError("bad_request", "no-encounters")
    shared = share_actions.share(code=text_of(document, "code"), given=[encounter(one) for one in given], now=now)
    return {"receipt": shared.receipt, "days": {day.isoformat(): count for day, count in shared.days.items()}}


def _unshare(document: dict[str, Any], now: datetime) -> dict[str, object]:
    try:
        day = date.fromisoformat(text_of(document, "day")) if document.get("day") else None
        gone, final = share_actions.withdraw(receipt=text_of(document, "receipt"), day=day, now=now)
    except (UserError, ValueError) as exc:
        raise RefusedError("no_such_receipt", "receipt") from exc
    return {"withdrawn": gone, "final": final}


share, unshare = device(_share), device(_unshare)
verify, certificate, receipt, withdraw = device(_verify), device(_certificate), device(_receipt), device(_withdraw)


@csrf_exempt
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Google's publish request and reply; `X-Chaff` marks a fake one."""
    length = int(request.headers.get("Content-Length") or 0)
    body = request.body if length <= limits().publish.body_bytes else b" " * (limits().publish.body_bytes + 1)
    return _reply(accept(body, now=timezone.now(), limits=limits(), chaff=_is_chaff(request)))


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Public keys that files are signed with, and until when."""
    rows = signing.in_force(signing.EXPORT, timezone.now())
    found = [
        {
            "key_id": VIETNAM,
            "key_version": row.version,
            "pem": row.public_pem,
            "retires_at": row.retires_at.astimezone(UTC).isoformat() if row.retires_at else None,
        }
        for row in rows
    ]
    response = JsonResponse({"keys": found})
    response["Cache-Control"] = INDEX_CACHE
    return response


@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    """What clients are told to do, signed with the oldest key in force, which every client pins."""
    now = timezone.now()
    signer = signing.export_signers(now)[0]
    token = configured.signed(now, limits(), signer.key, signer.key_version)
    response = HttpResponse(token, content_type="application/jwt")
    response["Cache-Control"] = INDEX_CACHE
    return response


@require_GET
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """Names of the files, oldest first; 304 where the asker has them."""
    name = request.path.rpartition("/")[2]
    path = folder.folder() / name
    text = path.read_text() if name in INDEXES and path.exists() else ""
    response = HttpResponse(text, content_type="text/plain")
    response["Cache-Control"] = INDEX_CACHE
    return response


@require_GET
def file(request: HttpRequest, region: str, name: str) -> HttpResponseBase:
    """One export file, or the rest of it for who was cut off (`Range: bytes=N-`)."""
    ours = limits().export.region.lower()
    folders = {ours: "", f"{ours}-{days.FOLDER}": days.FOLDER, f"{ours}-{days.SPANS}": days.SPANS}
    path = folder.folder() / folders.get(region, "") / name
    if region not in folders or not NAME.fullmatch(name) or not path.exists():
        raise Http404
    size, begin = path.stat().st_size, _rest(request)
    content = path.open("rb")
    if 0 < begin < size:
        content.seek(begin)
    is_part = 0 < begin < size
    response = FileResponse(content, content_type="application/zip", status=206 if is_part else 200)
    if is_part:
        response["Content-Range"] = f"bytes {begin}-{size - 1}/{size}"
        response["Content-Length"] = str(size - begin)
    response["Accept-Ranges"], response["Cache-Control"] = "bytes", FILE_CACHE
    return response


def _rest(request: HttpRequest) -> int:
    """From which byte on; 0 where the whole is asked for, or something that is not served here."""
    found = REST.fullmatch(request.headers.get("Range", ""))
    return int(found[1]) if found else 0
