"""Django settings. What an operator sets comes from the environment; each limit says why it is what it is."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from vungxanh.core import database
from vungxanh.core.home import home, secrets_dir

HERE = Path(__file__).resolve().parent


def _secret_key() -> str:
    """Made on first start and kept beside the other keys."""
    import secrets

    file = secrets_dir() / "django.key"
    if not file.exists():
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "vungxanh.web.urls"
WSGI_APPLICATION = "vungxanh.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database.django_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = home() / "static"
STATICFILES_DIRS = [HERE / "static"]
