"""Django's settings, made from the county's choices (`yigongti.toml` in `YIGONGTI_HOME`)."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yigongti.spine.home import Home, home

HOME: Home = home()
CHOICES = HOME.choices
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = HOME.secret("django").hex()
ALLOWED_HOSTS = os.environ.get("YIGONGTI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

CAPABILITIES = [
    "measure", "record", "ledger", "registry", "contract", "booking", "referral", "portal", "payment", "finance",
    "supervision",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "django_tasks_db",
    *(f"yigongti.spine.{app}" for app in ("places", "people", "record", "notices", "access", "audit", "cases")),
    "yigongti.analytics.lake",
    "yigongti.pages",
    "yigongti.pages.work",
    *(f"yigongti.capabilities.{name}" for name in CAPABILITIES),
    "yigongti.exchange.files",
    "yigongti.exchange.web",
    "yigongti.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yigongti.pages.headers.content_security",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yigongti.spine.access.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yigongti.spine.access.middleware.IdleMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yigongti.pages.failures.Refusals",
    "axes.middleware.AxesMiddleware",
    "yigongti.spine.access.middleware.AccessMiddleware",
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "yigongti.spine.access.backend.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("username", "display_name")},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
OTP_TOTP_ISSUER = CHOICES.county
SESSION_ENGINE = "yigongti.spine.access.sessions"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 30 * 60
API_TOKEN_DAYS = 365  # a token works no longer

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]  # a hospital shares one address: locking it out would stop everybody
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # which asks for the address
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "yigongti.spine.access.views.locked_out"
AXES_VERBOSE = False

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
                "yigongti.site.context.surroundings",
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
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},  # asked a fifth time, it is parsed no more
    }


DATABASES = {"default": _database(os.environ.get("YIGONGTI_DATABASE") or CHOICES.database)}

LANGUAGE_CODE = CHOICES.languages[0]
LANGUAGES = [(code, {"zh-hans": "中文", "en": "English"}.get(code, code)) for code in CHOICES.languages]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME.path / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "yigongti.pages.storage.Storage"},
}
WHITENOISE_USE_FINDERS = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
UPLOAD_LARGEST, UPLOAD_MOST = 200 << 20, 40  # bytes and files sent at once by a browser
FORM_RENDERER = "yigongti.pages.forms.Renderer"
CSRF_FAILURE_VIEW = "yigongti.pages.failures.stale_form"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # pages that are not there are no trouble of ours
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
