"""Django settings. What an operator sets comes from the environment; each limit says why it is what it is."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from vungxanh.core import database, logs
from vungxanh.core.home import secrets_dir
from vungxanh.core.secret_files import kept
from vungxanh.people.login_settings import *  # noqa: F403 (every name there is a setting)

HERE = Path(__file__).resolve().parent


def _secret_key() -> str:
    """Made on first start and kept beside the other keys."""
    import secrets

    made = kept(secrets_dir() / "django.key", lambda: secrets.token_urlsafe(48).encode())
    return made.decode().strip()


#: Demonstration and drill: marked on every page and paper, no message leaves, MFA not demanded.
DEMO = os.environ.get("VUNGXANH_DEMO") == "1"
DEBUG = os.environ.get("VUNGXANH_DEBUG") == "1"
SECRET_KEY = os.environ.get("VUNGXANH_SECRET_KEY") or _secret_key()
ALLOWED_HOSTS = os.environ.get("VUNGXANH_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

#: One line an app; the room's `AppConfig` registers its evidence, forms and panels.
INSTALLED_APPS = [
    "vungxanh.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "vungxanh.core",
    "vungxanh.rules.store",
    "vungxanh.places",
    "vungxanh.people",
    "vungxanh.notify",
    "vungxanh.work",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "vungxanh.zoning",
    "vungxanh.forms",
    "vungxanh.declarations",
    "vungxanh.venues",
    "vungxanh.border",
    "vungxanh.exposure",
    "vungxanh.safetymap",
    "vungxanh.command",
    "vungxanh.privacy",
    "vungxanh.outbreak",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vungxanh.exposure.door.DeviceDoor",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vungxanh.web.middleware.KeepNewSession",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vungxanh.web.middleware.HouseHeaders",
    "vungxanh.web.middleware.PlainErrors",
    "allauth.account.middleware.AccountMiddleware",
    "vungxanh.people.second_factor.RequireSecondFactor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "vungxanh.web.urls"
WSGI_APPLICATION = "vungxanh.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vungxanh.web.context.house",
            ],
        },
    },
]

DATABASES = {"default": database.django_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Officer"

LOGGING = logs.settings("DEBUG" if DEBUG else "INFO")

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
NUMBER_GROUPING = 3

STATIC_URL = "static/"
#: Assets are served where they lie, with their compressed twins; there is no collecting step to forget.
WHITENOISE_USE_FINDERS = True


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802 (the name is whitenoise's)
    """A built asset carries its hash in its name, so a browser may keep it for ever."""
    return "/dist/assets/" in url


LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "vungxanh.web.pages.form_expired"

#: Nothing inline, nothing from elsewhere: an injected script has nowhere to stand.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

#: Behind TLS ("1": the server's own; "proxy": one that sets X-Forwarded-Proto and lets nobody else set it),
#: cookies travel only there, and browsers keep to it for a year.
HTTPS = os.environ.get("VUNGXANH_HTTPS", "") in {"1", "proxy"}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if os.environ.get("VUNGXANH_HTTPS") == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
