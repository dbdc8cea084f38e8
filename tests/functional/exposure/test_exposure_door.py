"""Devices' addresses are answered before sessions, accounts and languages; pages are not."""

import json

import pytest
from django.http import HttpRequest
from django.test import Client

from vungxanh.core.errors import OperatorError, UserError, VungXanhError
from vungxanh.exposure.door import DeviceDoor
from vungxanh.exposure.urls import urlpatterns

pytestmark = pytest.mark.django_db


def test_a_device_gets_no_cookie_and_no_language() -> None:
    answer = Client().post("/exposure/v1/verify", {"code": "1"}, content_type="application/json")
    assert (answer.status_code, len(answer.content)) == (400, 2_048)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (answer.headers["X-Frame-Options"], answer.headers["Content-Length"]) == ("DENY", "2048")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert {"Vary", "Content-Language"} & set(answer.headers) == set()


def test_every_address_of_devices_passes_the_door_and_no_page_does() -> None:
    asked: list[str] = []

    def page(request: HttpRequest) -> None:
        asked.append(request.path_info)

    door = DeviceDoor(page)  # type: ignore[arg-type]
    devices = {f"/exposure/{one.pattern}" for one in urlpatterns if str(one.pattern).startswith("v1/")}
    assert set(door._known()) == devices
    for path in (
        "/exposure/",
        "/exposure/codes",
        "/exposure/v1/",
        "/exposure/v1/verify/",
        "/exposure/files/index.txt",
    ):
        request = HttpRequest()
        request.path_info = path
        door(request)
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("error", "status"),
    [(UserError("exposure.bad-key", field="key"), 422), (OperatorError("core.vault-key-missing", key=1), 503)],
)
def test_what_a_view_lets_through_is_an_answer(error: VungXanhError, status: int) -> None:
    door = DeviceDoor(lambda _: None)  # type: ignore[arg-type,return-value]

    def view(_: HttpRequest) -> None:
        raise error

    door._views = {"/x": view}  # type: ignore[dict-item]
    request = HttpRequest()
    request.path_info = "/x"
    answer = door(request)
    assert answer.status_code == status
    assert json.loads(answer.content)["error"] == error.code  # type: ignore[attr-defined]
