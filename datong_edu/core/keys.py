"""Where keys come from, which cipher a key belongs to, and whether the keys at hand are those of the data.

A provider hands out keys by their id; today they come from the environment through the settings, a certified
module can take the place (`KEY_PROVIDER`).  The id of a field key names its cipher: ids that begin with `sm4`
seal with SM4-GCM, all others with AES-256-GCM.  The key of the blind indexes is another one, and `INDEX_HASH`
says whether indexes are HMAC-SHA-256 or HMAC-SM3; both stay as they were chosen at set-up.
"""

import hashlib
import hmac
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.module_loading import import_string

SM4_PREFIX = "sm4"
INDEX = "index"
CHECK_BYTES = 8
_checked: set[str] = set()


class KeyProvider(Protocol):
    """Hands out keys; never writes one anywhere."""

    def current_id(self) -> str:
        """Id of the field key that seals new values."""

    def field_key(self, key_id: str) -> bytes:
        """A field key of 32 bytes; KeyError when it is not at hand."""

    def field_ids(self) -> list[str]:
        """Ids of all field keys at hand, old ones among them."""

    def index_key(self) -> bytes:
        """The key of the blind indexes and signatures."""


class SettingsKeys:
    """Keys of the environment, as the settings have read them."""

    def current_id(self) -> str:
        """`PORTAL_FIELD_KEY_ID`."""
        return str(settings.FIELD_KEY_ID)

    def field_key(self, key_id: str) -> bytes:
        """`PORTAL_FIELD_KEY` or one of `PORTAL_OLD_FIELD_KEYS`."""
        return bytes(settings.FIELD_KEYS[key_id])

    def field_ids(self) -> list[str]:
        """Those two together."""
        return list(settings.FIELD_KEYS)

    def index_key(self) -> bytes:
        """`PORTAL_INDEX_KEY`."""
        return bytes(settings.INDEX_KEY)


@cache
def provider() -> KeyProvider:
    """The provider the settings name."""
    made: KeyProvider = import_string(settings.KEY_PROVIDER)()
    return made


def is_sm4(key_id: str) -> bool:
    """Whether a field key seals with SM4-GCM."""
    return key_id.startswith(SM4_PREFIX)


def check_value(purpose: str, key: bytes) -> bytes:
    """What the database keeps to recognise a key by; the key cannot be worked out from it."""
    return hmac.new(key, f"datong_edu key check {purpose}".encode(), hashlib.sha256).digest()[:CHECK_BYTES]


def require(*, using: Any = connection) -> None:
    """Compare the keys at hand with those of the data; ImproperlyConfigured when one is wrong or missing.

    Keys seen for the first time are written down by their check values.  Before the first set-up there is
    nothing to compare.
    """
    with using.cursor() as cursor:
        cursor.execute("SELECT to_regclass('core_keycheck') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT purpose, value, retired_at IS NULL FROM core_keycheck")
        known = {purpose: (bytes(value), in_use) for purpose, value, in_use in cursor.fetchall()}
        mine = _purposes()
        for purpose, (value, in_use) in known.items():
            _compare(purpose, value, in_use, mine)
        for purpose in mine.keys() - known.keys():
            cursor.execute(
                "INSERT INTO core_keycheck (purpose, value, since) VALUES (%s, %s, now())"
                " ON CONFLICT DO NOTHING",
                [purpose, check_value(purpose, mine[purpose])],
            )


def _compare(purpose: str, value: bytes, in_use: bool, mine: dict[str, bytes]) -> None:
    if purpose in mine:
        if not hmac.compare_digest(value, check_value(purpose, mine[purpose])):
            raise ImproperlyConfigured(
                f"{_named(purpose)}与数据库中的数据不符，系统拒绝启动。请检查密钥配置，或从备份恢复正确的密钥。"
            )
    elif in_use and purpose.startswith(INDEX):
        raise ImproperlyConfigured("盲索引算法（INDEX_HASH）与建库时不同，系统拒绝启动。请改回原来的设置。")
    elif in_use:
        raise ImproperlyConfigured(
            f"缺少{_named(purpose)}，数据库中还有用它加密的数据，系统拒绝启动。"
            "请把它加入 PORTAL_OLD_FIELD_KEYS，轮换完成后再移除。"
        )


def _purposes() -> dict[str, bytes]:
    at_hand = provider()
    found = {f"field:{key_id}": at_hand.field_key(key_id) for key_id in at_hand.field_ids()}
    return found | {f"{INDEX}:{settings.INDEX_HASH}": at_hand.index_key()}


def _named(purpose: str) -> str:
    kind, _, key_id = purpose.partition(":")
    return "盲索引密钥" if kind == INDEX else f"字段加密密钥 {key_id}"


def require_once(connection: Any, **_: Any) -> None:
    """At a process's first connection to a database: refuse to work with the wrong keys."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql" and name not in _checked:
        require(using=connection)
        _checked.add(name)


def require_at_start() -> None:
    """With wrong or missing keys no process begins to serve; no connection outlives a fork."""
    require()
    connection.close()
