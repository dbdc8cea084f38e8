"""Settings of log-in, in one place; `web.settings` takes them all in."""

import os
from datetime import timedelta
from typing import Any

DEMO = os.environ.get("VUNGXANH_DEMO") == "1"
#: a second factor is demanded of every officer; demonstration accounts have none
OFFICER_MFA = not DEMO

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked account is not even asked for its password
    "allauth.account.auth_backends.AuthenticationBackend",
]

ACCOUNT_ADAPTER = "vungxanh.people.login.OfficerAdapter"
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


def _providers() -> dict[str, Any]:
    """One OpenID Connect provider, where the operator names it."""
    server = os.environ.get("VUNGXANH_OIDC_URL")
    if not server:
        return {}
    app = {
        "provider_id": "oidc",
        "name": os.environ.get("VUNGXANH_OIDC_NAME", "OpenID Connect"),
        "client_id": os.environ.get("VUNGXANH_OIDC_CLIENT", ""),
        "secret": os.environ.get("VUNGXANH_OIDC_SECRET", ""),
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


SOCIALACCOUNT_PROVIDERS = _providers()
