"""Django's settings, made from the county's choices (`yigongti.toml` in `YIGONGTI_HOME`)."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yigongti.spine.home import Home, home

HOME: Home = home()
CHOICES = HOME.choices
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = HOME.secret("django").hex()
ALLOWED_HOSTS = os.environ.get("YIGONGTI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

CAPABILITIES = ["measure"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    *(f"yigongti.spine.{app}" for app in ("places", "people", "record", "access", "audit", "cases")),
    "yigongti.analytics.lake",
    "yigongti.pages",
    *(f"yigongti.capabilities.{name}" for name in CAPABILITIES),
    "yigongti.exchange.files",
    "yigongti.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

ROOT_URLCONF = "yigongti.site.urls"
WSGI_APPLICATION = "yigongti.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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


def _database(url: str) -> dict[str, object]:
    if not url:
        pragmas = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
        )
        options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HOME.sqlite), "OPTIONS": options}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
    }


DATABASES = {"default": _database(os.environ.get("YIGONGTI_DATABASE") or CHOICES.database)}

LANGUAGE_CODE = CHOICES.languages[0]
LANGUAGES = [(code, {"zh-hans": "中文", "en": "English"}.get(code, code)) for code in CHOICES.languages]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME.path / "static"
