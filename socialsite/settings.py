"""All settings, in one file.

Without any environment the site runs from a clone, on SQLite, for this computer alone. Every
environment variable that is read here stands in the README's table.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

ON = ("on", "true", "yes", "1")
OFF = ("off", "false", "no", "0")
SQLITE_FILE = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}
LOG_FORMATS = {
    "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    "json": {"()": "socialsite.logs.Json"},
}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
LOCAL_KEY = "for-this-computer-only-and-refused-wherever-others-can-reach-the-site"


def switch(name: str, *, default: bool) -> bool:
    """An environment variable that is on or off; anything else is refused."""
    text = env.str(name, default="on" if default else "off").lower()
    if text not in ON + OFF:
        allowed = ", ".join(ON + OFF)
        raise ImproperlyConfigured(f"{name} must be one of {allowed}; it is {text!r}.")
    return text in ON


def database(url: str) -> dict[str, Any]:
    """The database at an address, or without one a file beside this project."""
    refusal = ImproperlyConfigured(
        "DATABASE_URL must be sqlite:////path/to/file or postgres://user:password@host/name."
    )
    if url and not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise refusal
    try:
        found: dict[str, Any] = env.db_url_config(url) if url else SQLITE_FILE
    except ValueError as error:
        raise refusal from error
    if url.startswith("postgres"):
        # An instance that waits answers nobody, and a migration that waits for a table makes all
        # wait who come after it: seconds until either gives up.
        waits = {"connect_timeout": 3, "options": "-c lock_timeout=20s"}
        options = waits | found.get("OPTIONS", {})
        return found | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    # Readers never wait for a writer, and a transaction that will write takes its turn at once:
    # one that reads first and writes later would fail however long it may wait.
    options = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
    return found | {"CONN_MAX_AGE": None, "OPTIONS": options}


def pictures_at(url: str) -> dict[str, Any]:
    """A bucket at an address, or without one the folder MEDIA_ROOT."""
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    refusal = ImproperlyConfigured(
        "MEDIA_STORAGE must be s3://key:secret@host/bucket, or s3+http://… for a service that does"
        " not speak HTTPS, with ?region=name at its end where the service has regions. In key and"
        " secret, write / as %2F, + as %2B and % as %25."
    )
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise refusal from error
    schemes = {"s3": "https", "s3+http": "http"}
    bucket = parts.path.removeprefix("/").removesuffix("/")
    region = asked.pop("region", ["us-east-1"])[0]  # which stands for none
    given = parts.username, parts.password, parts.hostname, bucket, region
    if parts.scheme not in schemes or not all(given) or "/" in bucket or asked or parts.fragment:
        raise refusal
    options = {
        "endpoint_url": f"{schemes[parts.scheme]}://{host}",
        "bucket_name": bucket,
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "region_name": region,
    }
    return {"BACKEND": "feed.storage.Bucket", "OPTIONS": options}


# Who can reach the site, and what that asks for

DEBUG = switch("DEBUG", default=False)
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=[])] or LOCAL_HOSTS
PUBLIC = not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS)
HTTPS = switch("HTTPS", default=PUBLIC)
SECRET_KEY = env.str("SECRET_KEY", default="") or LOCAL_KEY

if PUBLIC and (SECRET_KEY == LOCAL_KEY or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured(
        f"ALLOWED_HOSTS={','.join(ALLOWED_HOSTS)} opens the site to others, so it needs a "
        "SECRET_KEY of its own, of at least 50 characters that nobody else knows. This prints "
        'one: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
if PUBLIC and DEBUG:
    raise ImproperlyConfigured(
        f"ALLOWED_HOSTS={','.join(ALLOWED_HOSTS)} opens the site to others, and DEBUG would show "
        f"them its insides. Leave DEBUG off, or name only {', '.join(LOCAL_HOSTS)}."
    )

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Other names under the same domain are not for this site to bind to HTTPS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

# What the site is made of

INSTALLED_APPS = [
    "explainer",
    "feed",
    "django_htmx",
    "template_partials",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "socialsite.health.health",
    "socialsite.logs.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "socialsite.pages.permissions_policy",
    "socialsite.pages.largest_body",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "feed.throttle.signed_in_here",
]

ROOT_URLCONF = "socialsite.urls"
WSGI_APPLICATION = "socialsite.wsgi.application"
ASGI_APPLICATION = "socialsite.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "socialsite.tags",
                "socialsite.version",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Where things are kept

DATABASES = {"default": database(env.str("DATABASE_URL", default=""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Looking around asks nothing of the database.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LARGEST_BODY = 16 * 2**20
"""Bytes; a posted picture with all that is said about it fits into this."""

# Posted pictures are small enough to be held: a full disk cannot stop what is said about it.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY

MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default="") or BASE_DIR / "media"

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default="") or BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": pictures_at(env.str("MEDIA_STORAGE", default="")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The rest

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# Whoever sends a wrong password too often waits, at the site's sign-in and at the admin's.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "feed.throttle.Throttle"
AXES_LOCKOUT_CALLABLE = "feed.throttle.wait"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False  # its own tables stay empty
AXES_VERBOSE = False
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "admin:index"  # only the admin asks for it

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in LOG_LEVELS:
    raise ImproperlyConfigured(
        f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}; it is {LOG_LEVEL!r}."
    )
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if PUBLIC else "plain").lower()
if LOG_FORMAT not in LOG_FORMATS:
    raise ImproperlyConfigured(
        f"LOG_FORMAT must be one of {', '.join(LOG_FORMATS)}; it is {LOG_FORMAT!r}."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": LOG_FORMATS,
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Without this, Django mails errors to ADMINS, of whom there are none.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # What is refused or not there has its line as a request.
        "django.request": {"level": "CRITICAL" if LOG_LEVEL == "CRITICAL" else "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # At lower levels it says how it signs, and what for.
        "botocore": {"level": "CRITICAL"},
        "urllib3": {"level": "CRITICAL"},
    },
}
