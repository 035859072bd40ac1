"""Settings of ./run and of a developer's command line: embedded servers, keys of its own, local address."""

from datong_edu.settings import env, keys
from datong_edu.settings.base import *  # noqa: F403 - the usual way to extend Django settings
from datong_edu.settings.base import DEBUG, LOGGING, PORTAL_DATA, STORAGES

_KEYS = keys.for_development(PORTAL_DATA)
SECRET_KEY = _KEYS.secret_key
FIELD_KEY_ID = _KEYS.field_key_id
FIELD_KEYS = _KEYS.field_keys
INDEX_KEY = _KEYS.index_key

DEMO_CODES = True
ALLOWED_HOSTS = env.words("PORTAL_HOSTS", ["127.0.0.1", "localhost", "[::1]"])

# The terminal of ./run shows what goes wrong, not every request.
LOGGING["loggers"]["django_structlog"] = {"level": "WARNING"}

if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
