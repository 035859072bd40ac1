"""Settings of pytest: its own embedded servers and keys under ``test/`` of the data folder."""

from datong_edu.embedded import redis
from datong_edu.settings import env, keys
from datong_edu.settings.base import *  # noqa: F403 - the usual way to extend Django settings
from datong_edu.settings.base import DATABASES, EMBEDDED_POSTGRES, PORTAL_DATA, REDIS_URL, STORAGES

# faster; may be lost with its machine
EMBEDDED_POSTGRES |= {"name": "pg-test", "durable": False}
PORTAL_DATA = env.private_folder(PORTAL_DATA / "test")

_KEYS = keys.for_development(PORTAL_DATA)
SECRET_KEY = _KEYS.secret_key
FIELD_KEY_ID = _KEYS.field_key_id
FIELD_KEYS = _KEYS.field_keys
INDEX_KEY = _KEYS.index_key

DEMO_CODES = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DEBUG = False
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Each pytest-xdist worker (gw0, gw1, …) has a pair of Redis databases: none takes another's tasks.
_NUMBER = 2 * int(env.text("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CELERY_BROKER_URL = env.redis_database(REDIS_URL, _NUMBER) if REDIS_URL else redis.url(PORTAL_DATA, _NUMBER)
CELERY_RESULT_BACKEND = (
    env.redis_database(REDIS_URL, _NUMBER + 1) if REDIS_URL else redis.url(PORTAL_DATA, _NUMBER + 1)
)
CELERY_TASK_ALWAYS_EAGER = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = env.private_folder(PORTAL_DATA / "static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = PORTAL_DATA / "files"
FILE_UPLOAD_TEMP_DIR = env.private_folder(PORTAL_DATA / "tmp")
