"""The only reader of the environment.

Every setting that differs between machines comes through one of these functions, so that a wrong value is
refused at start with a sentence that names the variable.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
OWNER_ONLY = 0o700
OWNER_AND_SERVER = 0o710


def text(name: str, default: str = "") -> str:
    """Return the variable, stripped; the default when unset or blank."""
    return os.environ.get(name, "").strip() or default


def required(name: str, purpose: str) -> str:
    """Return the variable or refuse to start, saying in Chinese what the variable is for."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"缺少环境变量 {name}（{purpose}），系统拒绝启动。请在 .env 或部署环境中设置后再启动。"
        )
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable: 1, true, yes, on are yes; 0, false, no, off are no."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 1 或 0，现在是“{value}”。")
    return default


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """Return one of some words, the first when unset, or refuse to start."""
    value = text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 {'、'.join(choices)}，现在是“{value}”。")
    return value


def at_least(name: str, *, least: int) -> int:
    """Return a whole number that may not be smaller than the least, which it is when unset."""
    value = whole_number(name, least)
    if value < least:
        raise ImproperlyConfigured(f"环境变量 {name} 不能小于 {least}，现在是 {value}。")
    return value


def whole_number(name: str, default: int) -> int:
    """Return a whole number, or refuse to start."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"环境变量 {name} 必须是整数，现在是“{value}”。")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated list."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return a comma-separated list of addresses and networks, e.g. ``10.1.0.5,172.18.0.0/16``."""
    try:
        return [ip_network(word) for word in words(name, [])]
    except ValueError:
        raise ImproperlyConfigured(
            f"环境变量 {name} 应写成地址或网段，以逗号分隔，例如 10.1.0.5,172.18.0.0/16。"
        ) from None


def data_folder() -> Path:
    """Return the folder of everything the portal writes, made for its owner's eyes only.

    PORTAL_DATA names it (default ``var/`` of the checkout). Under root the embedded database's account may
    pass through by its group, never the world.
    """
    return private_folder(Path(text("PORTAL_DATA", str(BASE_DIR / "var"))).expanduser().absolute())


def private_folder(folder: Path) -> Path:
    """Make the folder with mode 0700 when missing, and take away what others may do in it."""
    folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_mode & 0o777 & ~OWNER_AND_SERVER and status.st_uid == os.geteuid():
        folder.chmod(OWNER_ONLY)
    return folder


def database(url: str) -> dict[str, Any]:
    """Read ``postgres://user:password@host:port/name?sslmode=require`` into Django's form."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL 应写成 postgres://用户:口令@主机:端口/库名。")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def redis_database(url: str, number: int) -> str:
    """Return the same server's URL with another database number (broker 0, results 1)."""
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL 应写成 redis://主机:端口/0。")
    return parts._replace(path=f"/{number}").geturl()
