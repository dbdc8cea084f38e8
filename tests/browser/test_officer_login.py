"""An officer's first day: password, then nothing but the second factor, then the desk; by app and by passkey."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from vungxanh.people.models import Officer
from vungxanh.people.second_factor import has_second_factor

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "đúng-mật-khẩu-dài"
#: a security key inside the machine that says yes by itself
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def officer(settings: Settings) -> Officer:
    settings.OFFICER_MFA = True
    return Officer.objects.create_user("lan.cdc", "lan@cdc.example", PASSWORD, name="Nguyễn Thị Lan")


def enter_password(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("Tên đăng nhập").fill("lan.cdc")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("heading", name="Xác thực hai lớp")).to_be_visible()


def confirm_password(page: Page) -> None:
    """Setting a factor up asks for the password again."""
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def test_the_first_day_with_an_app(
    page: Page, live_server: LiveServer, officer: Officer, check_page: Callable[..., None]
) -> None:
    enter_password(page, live_server.url)
    check_page("second-factor")
    page.goto(f"{live_server.url}/cases/")
    expect(page.get_by_role("heading", name="Xác thực hai lớp")).to_be_visible()
    page.goto(f"{live_server.url}/account/2fa/totp/activate/")
    confirm_password(page)
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    check_page("second-factor-totp")
    page.get_by_role("button", name="Bật", exact=True).click()
    page.wait_for_url(lambda url: "totp/activate" not in url)
    assert has_second_factor(officer)


def test_a_passkey_is_made_and_then_opens_the_door(page: Page, live_server: LiveServer, officer: Officer) -> None:
    address = live_server.url.replace("127.0.0.1", "localhost")
    radio = page.context.new_cdp_session(page)
    radio.send("WebAuthn.enable")
    radio.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    enter_password(page, address)
    page.goto(f"{address}/account/2fa/webauthn/add/")
    confirm_password(page)
    page.locator("input[name=name]").fill("Máy của tôi")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    assert has_second_factor(officer)

    page.context.clear_cookies()
    page.goto(f"{address}/login")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{address}/account/2fa/")
    expect(page.get_by_role("heading", name="Xác thực hai lớp")).to_be_visible()
