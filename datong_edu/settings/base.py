"""Settings shared by every portal."""

from datetime import timedelta
from typing import Any

import pghistory
from csp.constants import NONCE, NONE, SELF

from datong_edu.core.wall.roles import CREATION as AS_SUPERUSER
from datong_edu.core.wall.standing import WalledCursor
from datong_edu.embedded import redis
from datong_edu.settings import env, logs
from datong_edu.settings.api import *  # noqa: F403 - every name there is a setting
from datong_edu.settings.limits import LIMITS as LIMITS
from datong_edu.settings.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE
from datong_edu.settings.schedule import FOLLOW_UP_LABELS as FOLLOW_UP_LABELS
from datong_edu.settings.schedule import FOLLOW_UPS as FOLLOW_UPS

BASE_DIR = env.BASE_DIR
PORTAL_DATA = env.data_folder()
DEBUG = env.flag("DJANGO_DEBUG")

INSTALLED_APPS = [
    "datong_edu.core",
    "datong_edu.accounts",
    "datong_edu.web.apps.WebConfig",
    "datong_edu.standards",
    "datong_edu.importing",
    "datong_edu.crosschecks.engine",
    "datong_edu.crosschecks.rules",
    "datong_edu.registry",
    "subsidies",
    "dropout",
    "teachers",
    "schools",
    "nutrition",
    "datong_edu.desk",
    "datong_edu.dashboards",
    "datong_edu.demo",
    "datong_edu.embedded",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_tables2",
    "import_export",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "rest_framework",
    "template_partials",
    "whitenoise.runserver_nostatic",
    "datong_edu.web.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "datong_edu.web.middleware.Headers",
    "datong_edu.web.middleware.NoStore",
    "datong_edu.web.middleware.RowSecurity",
    "datong_edu.web.middleware.NoNumbersInAddresses",
    "datong_edu.web.middleware.HtmxLogin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "datong_edu.web.doorkeeper.Doorkeeper",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "datong_edu.web.middleware.WholeLogIn",
    "datong_edu.web.middleware.RowSecurityOfUser",
    "django_htmx.middleware.HtmxMiddleware",
    "datong_edu.settings.logs.RequestLog",
    "datong_edu.web.middleware.History",
]

ROOT_URLCONF = "datong_edu.urls"
WSGI_APPLICATION = "datong_edu.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "datong_edu.web.context.shell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"

# Language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Database: the city's PostgreSQL, or the embedded one when DATABASE_URL is unset
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_URL = env.text("DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(DATABASE_URL)
    if DATABASE_URL
    else {"ENGINE": "datong_edu.embedded.postgresql", "NAME": "portal", "USER": "portal_app", "PORT": "5432"}
}
EMBEDDED_POSTGRES: dict[str, Any] = {
    "folder": PORTAL_DATA,
    "name": "pg",
    "durable": True,
    "as_superuser": AS_SUPERUSER,
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {})["cursor_factory"] = WalledCursor

# Keys: who hands them out, and how blind indexes are made (sha256, or sm3 where 国密 is asked for; chosen
# once, at set-up).  A field key whose id begins with sm4 seals with SM4-GCM, any other with AES-256-GCM.
KEY_PROVIDER = env.text("PORTAL_KEY_PROVIDER", "datong_edu.core.keys.SettingsKeys")
INDEX_HASH = env.one_of("PORTAL_INDEX_HASH", ("sha256", "sm3"))

# Uploads are scanned by ClamAV through this unix socket; unset, they are not
CLAMAV_SOCKET = env.text("PORTAL_CLAMAV_SOCKET")

# Events are looked for by their row and by their context.  Nobody looks for those of a school or a county: an
# index on each would double what an import costs.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(null=True, db_index=True)

# People: passwords and second factor. Of allauth only MFA is in use: no sign-up, e-mail or social log-in
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = [
    "datong_edu.accounts.lockout.Gate",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "first_name", "last_name", "email")},
    },
    {"NAME": "datong_edu.accounts.passwords.LengthRule", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
MFA_ADAPTER = "datong_edu.accounts.second_factor.SealingAdapter"
MFA_TOTP_ISSUER = "大同教育扶贫"
MFA_TOTP_TOLERANCE = 1  # phones of a county office run up to half a minute off
PENDING_LOG_IN_MINUTES = 10
DEMO_CODES = False  # `manage.py demo_code` works in development only

# Lockout after failures, counted in PostgreSQL by name and by address, for half an hour after the last one
LOCKOUT_FAILURES_OF_NAME = 5
LOCKOUT_FAILURES_OF_ADDRESS = 25  # thirty clerks of a county share one address
AXES_HANDLER = "datong_edu.accounts.lockout.Lockout"
AXES_FAILURE_LIMIT = LOCKOUT_FAILURES_OF_NAME
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else anybody could keep a colleague out for ever
AXES_USERNAME_CALLABLE = "datong_edu.accounts.lockout.name_key"
AXES_CLIENT_IP_CALLABLE = "datong_edu.accounts.addresses.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "proof", "next", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# axes.W002: its middleware would answer a locked user otherwise than a wrong password
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
TRUSTED_PROXIES = env.networks("PORTAL_TRUSTED_PROXIES")

# Sessions end after half an hour unused and twelve hours in all; accounts.session_store holds it
SESSION_ENGINE = "datong_edu.accounts.session_store"
SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=12)
CONFIRMED_FOR = timedelta(minutes=10)
SESSION_COOKIE_NAME = "datong_session"
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
AUDIT_YEARS = env.at_least("PORTAL_AUDIT_YEARS", least=3)  # the law keeps logs that long
REVEALS_PER_DAY = 30  # full numbers one person may look at in a day
NUMBER_EXPORTS_PER_DAY = 3  # exports of full numbers one person may ask for in a day
NUMBER_EXPORT_ROWS = 20_000  # rows one of them may hold

CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "datong_edu.web.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = False  # htmx sends the token from the page; the cookie is only compared

# What a browser may do with our pages: nothing inline, nothing from elsewhere
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), publickey-credentials-get=(), serial=(), usb=()"
)

# Files
STATIC_URL = "static/"
STATIC_ROOT = PORTAL_DATA / "static"
ASSETS_DIR = PORTAL_DATA / "assets"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", ASSETS_DIR)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = PORTAL_DATA / "files"
FILE_UPLOAD_TEMP_DIR = env.private_folder(PORTAL_DATA / "tmp")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MAX_ROSTER_BYTES = 60 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Background jobs. Late acknowledgement and the short restore interval bring a task back after its worker was
# killed; the job row in PostgreSQL, its heartbeat and core.reap_jobs do not rely on it.
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = env.redis_database(REDIS_URL, 0) if REDIS_URL else redis.url(PORTAL_DATA, 0)
CELERY_RESULT_BACKEND = env.redis_database(REDIS_URL, 1) if REDIS_URL else redis.url(PORTAL_DATA, 1)
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # without Redis the page answers at once and the job waits in its table
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
CELERY_RESULT_EXPIRES = 24 * 3600

LOGGING = logs.configure(json=False)
