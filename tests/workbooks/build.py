"""Write the golden workbooks and their manifest: `python -m tests.workbooks.build` from the checkout.

The files are kept in the repository, so that what a test reads does not change with a library; building them
again from the same descriptions gives the same files.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from tests.workbooks.golden import GOLDEN, Golden

FOLDER = Path(__file__).parent
MANIFEST = FOLDER / "manifest.yaml"
PARTS = "identity layout tables repeats values files county county_files"
CASES = tuple(f"cases_{part}" for part in PARTS.split())
HEAD = """\
# What the portal must make of each golden workbook; written by build.py.
# about: points of the list of messes. Rows are sheet rows, `sheet!row` where a file has several tables.
# reasons: rows that are not stored. warnings: rows that are stored and shown; all others have none.
# exit: 0 some row can be stored, 2 none or the file is refused.
"""


def described() -> list[Golden]:
    """All golden workbooks in the order of the case modules."""
    if not GOLDEN:
        for name in CASES:
            import_module(f"tests.workbooks.{name}")
    paths = [case.path for case in GOLDEN]
    twice = {path for path in paths if paths.count(path) > 1}
    if twice:
        raise ValueError(f"described twice: {twice}")
    return GOLDEN


def manifest() -> list[dict[str, Any]]:
    """The manifest as it was written."""
    entries: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return entries


def main() -> None:
    """Write everything, and take away files nobody describes any more."""
    cases = described()
    wanted = {FOLDER / case.path for case in cases}
    for verdict in FOLDER.glob("*/should_*"):
        for file in verdict.iterdir():
            if file not in wanted:
                file.unlink()
    for case in cases:
        path = FOLDER / case.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.data)
    entries = [case.entry() for case in sorted(cases, key=lambda case: case.path)]
    body = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=110)
    MANIFEST.write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    main()
