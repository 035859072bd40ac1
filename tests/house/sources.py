"""The repository as the house rules see it: its files, its modules, its models."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from datong_edu.settings import env

ROOT = env.BASE_DIR
ROOMS = ("datong_edu", "subsidies", "dropout", "teachers", "schools", "nutrition")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository that git does not ignore, whether already committed or not."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True)
    names = done.stdout.decode().split("\0")
    return tuple(path for name in sorted(names) if name and (path := ROOT / name).is_file())


def name_of(path: Path) -> str:
    """The path as a message names it."""
    return path.relative_to(ROOT).as_posix()


def modules() -> list[Path]:
    """Python modules of the rooms, migrations left out."""
    return [
        path
        for path in files()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] in ROOMS
        and "migrations" not in path.relative_to(ROOT).parts
    ]


def templates() -> list[Path]:
    """Templates of our pages."""
    return [path for path in files() if path.suffix == ".html" and path.is_relative_to(ROOT / "templates")]


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a module with the last word of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            yield node, called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Lines a person reads: comments and strings of a module, every line of any other text."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), start=1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            for offset, line in enumerate(token.string.splitlines()):
                yield token.start[0] + offset, line


def models() -> list[type[Model]]:
    """Models of the rooms, without the event tables of their history."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in ROOMS and not hasattr(model, "pgh_tracked_model")
    ]
