"""Rules of the templates: nothing inline, nothing from another host, nothing in English."""

import re
from pathlib import Path

from tests.house.sources import ROOT, files, name_of, templates

INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
HOST = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+", re.IGNORECASE)
NAMESPACES = {"http://www.w3.org", "https://www.w3.org"}
PROGRAM = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"\b(?:title|placeholder|aria-label|alt)=\"([^\"]*)\"")
LATIN = re.compile(r"[A-Za-z]{2,}")
# Names of programs and file types that clerks say in English themselves.
SPOKEN_IN_OFFICES = {"Excel", "WPS", "xlsx", "xls", "csv", "et", "ID", "API", "Ctrl", "Enter", "Esc", "nbsp"}


def test_templates_hold_no_inline_code() -> None:
    found = _hits(INLINE)
    assert not found, f"move it to static/ and use classes and data attributes: {found}"


def test_pages_ask_no_other_host() -> None:
    own = [
        *templates(),
        *(p for p in files() if p.is_relative_to(ROOT / "static") and p.suffix in {".css", ".js"}),
    ]
    found = [
        f"{name_of(path)}: {match[0]}"
        for path in own
        for match in HOST.finditer(path.read_text(encoding="utf-8"))
        if match[0] not in NAMESPACES
    ]
    assert not found, f"serve it ourselves (package.json and embedded/assets.py): {found}"


def test_pages_speak_chinese() -> None:
    found = [
        f"{name_of(path)}: {word}"
        for path in templates()
        for text in _spoken(path)
        for word in LATIN.findall(text)
        if word not in SPOKEN_IN_OFFICES
    ]
    assert not found, f"say it in Chinese: {found}"


def _hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {match[0].strip()}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def _spoken(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    attributes = [PROGRAM.sub(" ", value) for value in SPOKEN.findall(text)]
    return [PROGRAM.sub(" ", text).replace("&nbsp;", " "), *attributes]
