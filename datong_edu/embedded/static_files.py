"""Static files of the portal: collected, hashed and compressed once, and again when one changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".stamp"
# Never served: source maps, the next major version of htmx, the browsable API, and what the documentation of
# the API does not use.
LEFT_OUT = [
    "*.js.map", "*.min.css.map", "htmx-4*", "htmax-4*", "ext", "rest_framework/*", "oauth2_provider/*",
    "redoc", "oauth2-redirect.*", "swagger-ui-standalone-preset.js", ".stamp",
]  # fmt: skip


def are_current() -> bool:
    """Return whether the served files were made from the present sources."""
    stamp = _stamp()
    return stamp.exists() and stamp.read_text(encoding="ascii") == _fingerprint()


def collect() -> None:
    """Collect, hash and compress; files of earlier versions are removed."""
    patterns = {"ignore_patterns": LEFT_OUT}
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, **patterns)
    _stamp().write_text(_fingerprint(), encoding="ascii")


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT or "") / STAMP


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(LEFT_OUT):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
