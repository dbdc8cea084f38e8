"""Settings of log-in, in one place; `web.settings` takes them all in."""

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from vungxanh.core.errors import OperatorError

DEMO = os.environ.get("VUNGXANH_DEMO") == "1"
#: a second factor is demanded of every officer; demonstration accounts have none
OFFICER_MFA = not DEMO

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked account is not even asked for its password
    "allauth.account.auth_backends.AuthenticationBackend",
]

ACCOUNT_ADAPTER = "vungxanh.people.login.OfficerAdapter"
ACCOUNT_FORMS = {"login": "vungxanh.people.login_forms.OfficerLoginForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
#: axes counts wrong passwords, in the database and so for all processes together
ACCOUNT_RATE_LIMITS = {"login_failed": None}

MFA_ADAPTER = "vungxanh.people.login.VaultedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Vùng Xanh"
#: browsers allow passkeys without TLS on localhost alone
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("VUNGXANH_HTTPS", "") not in {"1", "proxy"}

SOCIALACCOUNT_ADAPTER = "vungxanh.people.login.ProviderAdapter"
#: an officer is known by the e-mail address that the provider has verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False

#: five wrong passwords for one account from one address lock that pair for a quarter of an hour
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "vungxanh.people.login.attempted_name"
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False


def openid_connect(server: str, name: str, client: str, secret: str) -> dict[str, Any]:
    """One provider; an empty address is none.

    The identity token comes straight from the provider and is trusted for that (OpenID Connect Core 3.1.3.7, 6),
    so the way there must be TLS. Raises OperatorError `people.oidc-needs-tls`.
    """
    if not server:
        return {}
    parts = urlsplit(server)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise OperatorError("people.oidc-needs-tls", server=server)
    app = {
        "provider_id": "oidc",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server, "oauth_pkce_enabled": True, "fetch_userinfo": False},
    }
    return {"openid_connect": {"APPS": [app]}}


SOCIALACCOUNT_PROVIDERS = openid_connect(
    os.environ.get("VUNGXANH_OIDC_URL", ""),
    os.environ.get("VUNGXANH_OIDC_NAME", "OpenID Connect"),
    os.environ.get("VUNGXANH_OIDC_CLIENT", ""),
    os.environ.get("VUNGXANH_OIDC_SECRET", ""),
)
