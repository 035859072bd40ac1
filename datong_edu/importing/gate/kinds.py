"""What the gate can let through, and how much of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Word(StrEnum):
    """A word that travels between processes by its value.

    Python before 3.11.4 would send a call of `getattr`, which the parent's unpickler rightly refuses.
    """

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Class and value, whatever the Python."""
        return type(self), (self.value,)


class FileFormat(Word):
    """The formats a roster is read from; WPS .et files are one of the first two by content."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    WEB_PAGE = "web_page"
    XML_2003 = "xml_2003"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file that passed the gate; `encoding` is set for text, web pages and XML, `delimiter` for text."""

    format: FileFormat
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be before and after unpacking, and what its reader may use up.

    The defaults let 500,000 rows of 20 columns pass (about 50 MB, 700 MB unpacked).
    """

    file_bytes: int = 100 * 2**20
    unpacked_bytes: int = 2 * 2**30
    # A workbook of real rows packs 8 to 40 times; beyond this and above `bomb_bytes` it is a bomb.
    ratio: int = 250
    bomb_bytes: int = 100 * 2**20
    entries: int = 5_000
    # Rows × columns of one sheet's used area: a parser keeps the whole rectangle.
    area: int = 30_000_000
    columns: int = 1_024
    memory_bytes: int = 1_536 * 2**20
    cpu_seconds: int = 300
    silence_seconds: float = 120.0


DEFAULT_LIMITS = Limits()
