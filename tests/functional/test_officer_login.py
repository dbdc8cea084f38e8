"""Officers log in: password and second factor, locked out after five wrong ones, nobody signs up."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

from vungxanh.people.models import Officer

pytestmark = pytest.mark.django_db
PASSWORD = "đúng-mật-khẩu-dài"


@pytest.fixture
def officer() -> Officer:
    return Officer.objects.create_user("lan.cdc", "lan@cdc.example", PASSWORD, name="Nguyễn Thị Lan")


def log_in(client: Client, name: str, password: str) -> str:
    """-> the address that the answer leads to, or its status."""
    answer = client.post(reverse("account_login"), {"login": name, "password": password})
    return answer.headers.get("Location", str(answer.status_code))


@pytest.mark.parametrize("name", ["lan.cdc", "LAN.CDC", "lan@cdc.example", "Lan@CDC.example"])
def test_by_user_name_or_address_in_any_case(client: Client, officer: Officer, name: str) -> None:
    assert log_in(client, name, PASSWORD) == "/desk"


def test_with_a_totp_app_the_password_is_not_enough(client: Client, officer: Officer) -> None:
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    assert log_in(client, "lan.cdc", PASSWORD) == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer.headers["Location"] == "/desk"
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_the_totp_secret_is_not_readable_in_the_table(officer: Officer) -> None:
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    assert secret not in Authenticator.objects.get(user=officer, type="totp").data["secret"]


def test_without_a_second_factor_every_page_leads_to_setting_one_up(
    client: Client, officer: Officer, settings: object
) -> None:
    settings.OFFICER_MFA = True  # type: ignore[attr-defined]
    client.force_login(officer)
    for address in ("/", "/healthy", "/no-such-page"):
        assert client.get(address).headers["Location"] == reverse("mfa_index"), address
    assert client.get(reverse("mfa_index")).status_code == 200
    TOTP.activate(officer, generate_totp_secret())
    assert client.get("/").status_code == 200


def test_five_wrong_passwords_lock_the_account_for_this_address(client: Client, officer: Officer) -> None:
    answers = [log_in(client, "lan.cdc", "sai") for _ in range(5)]
    assert answers == ["200", "200", "200", "200", "429"]
    assert log_in(client, "lan.cdc", PASSWORD) == "429"
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, "lan.cdc", PASSWORD) == "/desk"


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    page = client.post(
        reverse("account_signup"), {"username": "ai", "email": "ai@x.example", "password1": PASSWORD}
    )
    assert page.status_code == 200
    assert Officer.objects.count() == 0


def test_a_switched_off_officer_does_not_enter(client: Client, officer: Officer) -> None:
    officer.is_active = False
    officer.save()
    assert log_in(client, "lan.cdc", PASSWORD) != "/desk"
    assert "_auth_user_id" not in client.session


def test_the_log_in_page_is_in_vietnamese(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "Đăng nhập" in page
    assert "Sign" not in page
