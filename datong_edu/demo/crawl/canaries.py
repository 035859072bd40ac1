"""Words and numbers planted in one territory each, which must not be met from another.

A territory is a county, or within the caller's county another school.  Its word stands in every text planted
there; its numbers are check-sum valid and nobody else's.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from datong_edu.core.idnumber import check_character

FIELDS = ("id_no", "student_no", "account", "phone")
COMMON = "界外"
"""How the words of rows begin; a search for it must find one's own rows only."""
_DIGITS = re.compile(rb"[0-9A-Za-z]{9,25}")
_UNPACKED = 20_000_000
"""Most bytes taken out of one download."""


@dataclass
class Territory:
    """Whose rows: a county's, a school's within it, or the city's own."""

    letter: str
    area: str
    numbers: dict[str, str] = field(default_factory=dict)
    """Every number planted, with what it is."""
    _order: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def word(self) -> str:
        """In names, files, notes, findings and staged rows."""
        return f"{COMMON}{self.letter}"

    @property
    def staff(self) -> str:
        """In names of those who work there."""
        return f"属员{self.letter}"

    @property
    def place(self) -> str:
        """In names of schools, which are no secret of a person and stand outside the database's wall."""
        return f"校址{self.letter}"

    def number(self, kind: str) -> str:
        """A fresh number: id_no, student_no, account or phone."""
        order = next(self._order)
        place = ord(self.letter) % 10
        body = f"{self.area}2010{1 + order // 28 % 12:02}{1 + order % 28:02}{place}{order % 100:02}"
        number = {
            "id_no": body + check_character(body),
            "student_no": f"G{body}{check_character(body)}",
            "account": f"6217{self.area}{place}{order:08}",
            "phone": f"13{place}{self.area[-2:]}{order:06}",
        }[kind]
        self.numbers[number] = kind
        return number


class Search:
    """What of all territories stands in an answer."""

    def __init__(self, territories: list[Territory]) -> None:
        self.words = {territory.word.encode(): territory for territory in territories}
        self.staff = {territory.staff.encode(): territory for territory in territories}
        self.schools = {territory.place.encode(): territory for territory in territories}
        self.numbers = {
            number.encode(): territory for territory in territories for number in territory.numbers
        }

    def in_numbers(self, text: bytes) -> Iterator[tuple[str, Territory]]:
        """Whole numbers in clear, also run together with letters around them."""
        for found in set(_DIGITS.findall(text)):
            for number in (found, found[1:]):
                if number in self.numbers:
                    yield number.decode(), self.numbers[number]


def unpacked(content: bytes) -> bytes:
    """A download as text: members of a workbook or archive, escapes of JSON undone."""
    if not content.startswith(b"PK"):
        return content + _unescaped(content) if b"\\u" in content else content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts, left = [], _UNPACKED
        for member in archive.infolist():
            part = archive.read(member)[:left]
            left -= len(part)
            parts += [member.filename.encode(), part]
    return b"\n".join(parts)


def _unescaped(content: bytes) -> bytes:
    return re.sub(rb"\\u([0-9a-f]{4})", lambda hit: chr(int(hit[1], 16)).encode(errors="replace"), content)
