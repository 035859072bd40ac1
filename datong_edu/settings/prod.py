"""Settings of the city's servers. Everything secret comes from the environment; without it nothing starts."""

from datong_edu.settings import env, keys, logs
from datong_edu.settings.base import *  # noqa: F403 - the usual way to extend Django settings
from datong_edu.settings.base import SILENCED_SYSTEM_CHECKS

_KEYS = keys.from_environment()
SECRET_KEY = _KEYS.secret_key
FIELD_KEY_ID = _KEYS.field_key_id
FIELD_KEYS = _KEYS.field_keys
INDEX_KEY = _KEYS.index_key

env.required("DATABASE_URL", "PostgreSQL 地址")
env.required("REDIS_URL", "Redis 地址")
env.required("PORTAL_HOSTS", "允许访问的域名，以逗号分隔")

DEBUG = False
PUBLIC_HOSTS = env.words("PORTAL_HOSTS", [])
ALLOWED_HOSTS = [*PUBLIC_HOSTS, "127.0.0.1"]  # the container asks itself for /healthz
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in PUBLIC_HOSTS]

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.flag("PORTAL_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
# W005: the portal cannot know whether other hosts lie below its own name; W021: a list built into browsers is
# for sites of the public internet, and a name on it does not come off again.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
if env.flag("PORTAL_BEHIND_PROXY"):
    # Without it everybody would come from the proxy's address and be locked out together.
    env.required("PORTAL_TRUSTED_PROXIES", "反向代理的地址或网段，用于识别用户的真实地址")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logs.configure(json=True)
