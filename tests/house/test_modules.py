"""Rules of the source: who imports whom, how modules are named, how long they are, what they mention."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT, calls, files, modules, name_of, prose

LONGEST = 500
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "signals",
    "misc",
    "common",
}
READS_ENVIRONMENT = {
    "datong_edu/settings/env.py": "the one reader of settings",
    "datong_edu/importing/warm.py": "hands the reading process two variables and keeps back the rest",
    "datong_edu/embedded/supervisor.py": "hands the portal's processes the environment of ./run",
    "datong_edu/asgi.py": "names the settings, as Django's own template does",
    "datong_edu/wsgi.py": "names the settings, as Django's own template does",
    "datong_edu/celery.py": "names the settings, as Celery's manual does",
}
# What belongs to the place the portal was built at, not to the portal; in halves, for this file counts too.
FOREIGN = re.compile(
    "|".join(
        (
            r"\.\./" + "shared",
            r"(?<![\w.])/" + "work/",
            r"\." + "library",
            "pypi" + r"\.org",
            "npm" + "js",
            "files" + r"\.pythonhosted",
            r"\bregistry" + r"\.(?:npm|yarn|docker|hub)",
            r"/tmp/" + "team",
        )
    )
)
FOOTNOTE = re.compile(r"\((?:A|B|C|GK)\)|(?<![A-Za-z0-9_\])}\\'\"^|(])\[\d{1,2}\](?![+*?{])")
READ_BY_PEOPLE = {".py", ".md", ".html", ".yaml", ".yml", ".toml", ".css", ".js", ".in", ".sh", ""}


def test_rooms_import_downwards_only() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"import only from lower floors (pyproject.toml):\n{done.stdout[-2000:]}"


def test_modules_are_named_after_what_they_hold() -> None:
    found = [name_of(path) for path in modules() if NAMES_THAT_SAY_NOTHING & {path.stem, *path.parent.parts}]
    assert not found, f"name the module after its nouns or verbs: {found}"


def test_modules_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    found = {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert not found, f"make it a package of its name, each part under {LONGEST} lines: {found}"


def test_every_module_says_what_it_is_for() -> None:
    found = [
        name_of(path)
        for path in modules()
        if (tree := ast.parse(path.read_text(encoding="utf-8"))).body and not ast.get_docstring(tree)
    ]
    assert not found, f"begin the module with a docstring: {found}"


def test_only_the_settings_read_the_environment() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in modules()
        if name_of(path) not in READS_ENVIRONMENT
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\bos\.(environ|getenv)\b", line)
    ]
    assert not found, f"make it a setting (datong_edu/settings/env.py): {found}"


def test_nothing_prints() -> None:
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules()
        for call, name in calls(path)
        if name == "print"
    ]
    assert not found, f"commands write to self.stdout, everything else to its logger: {found}"


def test_repository_mentions_only_what_belongs_to_it() -> None:
    found = [
        f"{name_of(path)}:{number}: {match[0]}"
        for path in files()
        if path.suffix in READ_BY_PEOPLE
        for number, line in _lines(path)
        for match in FOREIGN.finditer(line)
    ]
    assert not found, f"say it without naming the place it was built at: {found}"


def test_nothing_cites_footnotes_of_another_paper() -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in files()
        if path.suffix in {".py", ".md", ".html", ".yaml"} and not path.is_relative_to(ROOT / "tests")
        for number, line in prose(path)
        if FOOTNOTE.search(line)
    ]
    assert not found, f"write out the source: title, number, date: {found}"


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:  # a picture or a workbook
        return []
    return list(enumerate(text.splitlines(), start=1))
