"""Keys that seal personal fields and sign sessions.

They never stand in the database. Production takes them from the environment and refuses to start without
them; a developer's portal makes its own once, in ``keys.env`` of the data folder, readable by its owner only.
Losing the field key means losing every sealed value.
"""

import base64
import binascii
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from datong_edu.settings import env

KEY_BYTES = 32
KEY_FILE = "keys.env"
PURPOSES = {
    "DJANGO_SECRET_KEY": "会话签名密钥",
    "PORTAL_FIELD_KEY_ID": "字段加密密钥的编号",
    "PORTAL_FIELD_KEY": "字段加密密钥",
    "PORTAL_INDEX_KEY": "盲索引密钥",
}


@dataclass(frozen=True)
class Keys:
    """What settings need: the session secret, field keys by id (old ones still open), index key."""

    secret_key: str
    field_key_id: str
    field_keys: dict[str, bytes]
    index_key: bytes


def from_environment() -> Keys:
    """Return the keys of the environment; raise ImproperlyConfigured naming what is missing or malformed."""
    return _read({name: env.required(name, purpose) for name, purpose in PURPOSES.items()})


def for_development(folder: Path) -> Keys:
    """Return the environment's keys if it has them all, else those of ``keys.env``, made on first use."""
    values = {name: env.text(name) for name in PURPOSES}
    return _read(values if all(values.values()) else _kept_in(folder / KEY_FILE))


def _read(values: dict[str, str]) -> Keys:
    key_id = values["PORTAL_FIELD_KEY_ID"]
    field_keys = {key_id: _bytes("PORTAL_FIELD_KEY", values["PORTAL_FIELD_KEY"])}
    for pair in env.words("PORTAL_OLD_FIELD_KEYS", []):
        old_id, _, old_key = pair.partition(":")
        field_keys.setdefault(old_id, _bytes("PORTAL_OLD_FIELD_KEYS", old_key))
    index_key = _bytes("PORTAL_INDEX_KEY", values["PORTAL_INDEX_KEY"])
    return Keys(values["DJANGO_SECRET_KEY"], key_id, field_keys, index_key)


def _bytes(name: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(
            f"{name} 必须是 {KEY_BYTES} 字节随机数的 Base64 编码（openssl rand -base64 32）。"
        )
    return key


def _kept_in(path: Path) -> dict[str, str]:
    if not path.exists():
        _make(path)
    lines = path.read_text(encoding="ascii").splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    missing = [name for name in PURPOSES if not values.get(name)]
    if missing:
        raise ImproperlyConfigured(
            f"{path} 缺少 {'、'.join(missing)}。密钥丢失后已加密的数据无法解开，请从备份恢复此文件。"
        )
    return values


def _make(path: Path) -> None:
    """Write the file under another name and link it, so that of two first starts one set of keys wins."""
    values = {
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "PORTAL_FIELD_KEY_ID": f"dev{secrets.token_hex(2)}",
        "PORTAL_FIELD_KEY": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        "PORTAL_INDEX_KEY": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
    }
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
