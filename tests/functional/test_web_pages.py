"""The house itself: both languages, the drill mark, the headers, and mistakes shown as sentences."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from vungxanh.core.errors import UserError
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import ROLES
from vungxanh.web.middleware import PlainErrors
from vungxanh.web.navigation import desk_items

pytestmark = pytest.mark.django_db
DRILL = "DIỄN TẬP – KHÔNG CÓ THẬT"


def test_first_page_speaks_vietnamese_and_english(client: Client) -> None:
    assert "Dành cho cán bộ" in client.get("/", headers={"Accept-Language": "vi"}).content.decode()
    page = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "For officers" in page
    assert '<html lang="en">' in page


def test_language_switch_is_remembered(client: Client) -> None:
    client.post("/language", {"language": "en", "next": "/"})
    assert "For officers" in client.get("/", headers={"Accept-Language": "vi"}).content.decode()


def test_policy_lets_nothing_inline_run(client: Client) -> None:
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=(self)" in response["Permissions-Policy"]
    page = response.content.decode()
    assert " style=" not in page
    assert "onclick" not in page


def test_drill_is_marked_on_every_page_and_not_indexed(client: Client, settings: Settings) -> None:
    assert DRILL not in client.get("/").content.decode()
    settings.DEMO = True
    for address in ("/", "/login", "/patterns", "/no-such-page"):
        response = client.get(address)
        assert response.content.decode().count(DRILL) >= 2, address
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_pattern_page_is_not_for_the_public(client: Client) -> None:
    assert client.get("/patterns").status_code == 404


def test_missing_page_says_so(client: Client) -> None:
    response = client.get("/no-such-page", headers={"Accept-Language": "vi"})
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_failure_page_needs_nothing_but_the_request(rf: RequestFactory) -> None:
    from vungxanh.web.pages import failed

    response = failed(rf.get("/"))
    assert response.status_code == 500


def test_users_mistake_becomes_a_sentence(rf: RequestFactory) -> None:
    answer = PlainErrors(lambda request: HttpResponse())
    mistake = UserError("core.bad-date", value="31/31")
    page = answer.process_exception(rf.get("/"), mistake)
    assert page is not None
    assert (page.status_code, "31/31" in page.content.decode()) == (422, True)
    data = answer.process_exception(rf.get("/", headers={"Accept": "application/json"}), mistake)
    assert data is not None
    assert b'"error": "core.bad-date"' in data.content


def test_bug_is_not_hidden(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/")
    assert PlainErrors(lambda r: HttpResponse()).process_exception(request, ValueError("bug")) is None


@pytest.mark.parametrize(
    ("role", "offered", "not_offered"),
    [
        ("cdc-officer", {"outbreak:cases", "outbreak:chains", "work:today"}, set()),
        ("chairman", {"zoning:zones", "command:home"}, {"outbreak:cases", "outbreak:today", "border:desk"}),
        ("border-officer", {"border:desk"}, {"outbreak:cases", "zoning:zones"}),
    ],
)
def test_navigation_offers_what_the_officer_may_open(
    client: Client, settings: Settings, role: str, offered: set[str], not_offered: set[str]
) -> None:
    settings.DEMO = True
    officer = Officer.objects.create_user("someone", name="Cán bộ Thử")
    Assignment.objects.create(officer=officer, role=role, scope_path="/")
    client.force_login(officer)
    links = {item.url for item in client.get("/patterns", headers={"Accept-Language": "vi"}).context["navigation"]}
    assert {reverse(name) for name in offered} <= links
    assert not {reverse(name) for name in not_offered} & links


@pytest.mark.django_db
def test_a_late_fetch_does_not_take_a_newer_session_away() -> None:
    """The key that it carries is gone; a page's own fetch leaves the cookie alone, a visit lets it go."""
    client = Client()
    client.cookies["sessionid"] = "a-key-that-is-gone"
    assert "sessionid" not in client.get("/venues/", headers={"Sec-Fetch-Dest": "empty"}).cookies
    client.cookies["sessionid"] = "a-key-that-is-gone"
    assert client.get("/venues/").cookies["sessionid"].value == ""


@pytest.mark.parametrize("role", ROLES)
def test_every_room_that_a_role_is_offered_opens(client: Client, role: str) -> None:
    officer = Officer.objects.create_user("one", name="Một")
    Assignment.objects.create(officer=officer, role=role, scope_path="/19/05443/")
    client.force_login(officer)
    offered = [client.get("/desk").url]  # type: ignore[attr-defined]
    page = client.get(offered[0])
    offered += [item.url for item in desk_items(page.wsgi_request)]
    assert {address: client.get(address).status_code for address in offered} == dict.fromkeys(offered, 200)
