"""Log-in through an identity provider, against one that speaks OpenID Connect on this machine."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from tests.contract.oidc_provider import CLIENT, SECRET, Provider, running
from vungxanh.core.errors import OperatorError
from vungxanh.people.login_settings import openid_connect
from vungxanh.people.models import Officer

pytestmark = pytest.mark.django_db
CLAIMS = {"sub": "079-123", "email": "lan@cdc.example", "email_verified": True, "name": "Nguyễn Thị Lan"}


@pytest.fixture
def provider(settings: object) -> Iterator[Provider]:
    with running() as found:
        found.claims = dict(CLAIMS)
        settings.SOCIALACCOUNT_PROVIDERS = openid_connect(found.url, "Tỉnh", CLIENT, SECRET)  # type: ignore[attr-defined]
        yield found


@pytest.fixture
def officer() -> Officer:
    return Officer.objects.create_user("lan", "lan@cdc.example", None, name="Nguyễn Thị Lan")


def begin(client: Client) -> dict[str, str]:
    """Press the button. -> what the browser carries to the provider."""
    answer = client.post("/account/oidc/oidc/login/")
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def log_in(client: Client, provider: Provider) -> str:
    """The whole way there and back. -> where it ends, or the status of the page that it ends on."""
    back = urlsplit(provider.authorize(begin(client)))
    answer = client.get(f"{back.path}?{back.query}")
    return answer.headers.get("Location", str(answer.status_code))


def entered(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_officer_whose_address_the_provider_has_verified_enters(
    client: Client, provider: Provider, officer: Officer
) -> None:
    assert log_in(client, provider) == "/desk"
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_the_second_factor_is_asked_all_the_same(client: Client, provider: Provider, officer: Officer) -> None:
    TOTP.activate(officer, generate_totp_secret())
    assert log_in(client, provider) == reverse("mfa_authenticate")
    assert not entered(client)


def test_who_is_no_officer_does_not_enter_and_no_account_is_made(client: Client, provider: Provider) -> None:
    log_in(client, provider)
    assert not entered(client)
    assert Officer.objects.count() == 0


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": ""}, {"email": "hoa@cdc.example"}])
def test_an_address_that_is_not_proven_opens_nothing(
    client: Client, provider: Provider, officer: Officer, claims: dict[str, object]
) -> None:
    provider.claims |= claims
    log_in(client, provider)
    assert not entered(client)


def test_a_code_without_our_state_opens_nothing(client: Client, provider: Provider, officer: Officer) -> None:
    asked = begin(client) | {"state": "somebody-elses"}
    back = urlsplit(provider.authorize(asked))
    client.get(f"{back.path}?{back.query}")
    assert not entered(client)


def test_a_provider_without_tls_is_refused_at_the_start() -> None:
    with pytest.raises(OperatorError) as caught:
        openid_connect("http://id.province.example", "x", "y", "z")
    assert caught.value.code == "people.oidc-needs-tls"
    assert openid_connect("", "x", "y", "z") == {}


def test_a_token_for_another_application_opens_nothing(
    client: Client, provider: Provider, officer: Officer
) -> None:
    provider.claims |= {"aud": "another"}
    log_in(client, provider)
    assert not entered(client)


def test_the_log_in_page_names_the_provider(client: Client, provider: Provider) -> None:
    assert "Tỉnh" in client.get(reverse("account_login")).content.decode()
