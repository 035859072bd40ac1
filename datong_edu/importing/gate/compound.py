"""OLE containers: .xls and WPS .et workbooks, encrypted packages, and the documents of other programs.

Source: [MS-CFB] Compound File Binary Format and [MS-XLS] record types.
"""

import struct
from collections.abc import Iterator

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate.archive import DAMAGED, MACROS, PASSWORD
from datong_edu.importing.gate.kinds import FileFormat, FileKind

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_CHAIN = 0xFFFFFFFA  # this and every larger sector number means "no further sector"
HEADER_FAT_SECTORS = 109
ENTRY_BYTES = 128

# BIFF records of the workbook's globals
BOF, EOF, FILE_PASS, BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0085
MACRO_SHEETS = (1, 6)


def inspect_compound(data: bytes) -> FileKind:
    """Accept a workbook without password and macros; raises `RefusedFile`."""
    try:
        container = _Container(data)
        streams = container.streams()
        names = {name.lower() for name in streams}
        if "encryptedpackage" in names:
            raise RefusedFile("ENCRYPTED", PASSWORD)
        if any("vba" in name for name in names):
            raise RefusedFile("MACRO_FILE", MACROS)
        book = next((streams[name] for name in streams if name.lower() in {"workbook", "book"}), None)
        if book is None:
            message = "这是Word等其他文档，不是电子表格，请把名单另存为xlsx后再上传。"
            raise RefusedFile("NOT_A_WORKBOOK", message)
        _check_globals(container.read(*book))
    except (struct.error, IndexError, ValueError) as error:
        raise RefusedFile("DAMAGED", DAMAGED) from error
    return FileKind(FileFormat.XLS)


class _Container:
    """Just enough of a compound file to list its streams and read one."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or mini_shift != 6:
            raise ValueError("sector size")
        self.sector_bytes = 1 << shift
        self.directory_start, self.mini_limit, self.mini_start = (
            struct.unpack_from("<I", data, 48)[0],
            struct.unpack_from("<I", data, 56)[0],
            struct.unpack_from("<I", data, 60)[0],
        )
        self.fat = self._allocation_table()
        self.root: tuple[int, int] = (END_OF_CHAIN, 0)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_bytes
        return self.data[start : start + self.sector_bytes]

    def _allocation_table(self) -> list[int]:
        places = list(struct.unpack_from(f"<{HEADER_FAT_SECTORS}I", self.data, 76))
        following, per_sector = struct.unpack_from("<I", self.data, 68)[0], self.sector_bytes // 4
        seen: set[int] = set()
        while following < END_OF_CHAIN and following not in seen:
            seen.add(following)
            *more, following = struct.unpack(f"<{per_sector}I", self._sector(following))
            places += more
        table: list[int] = []
        for place in places:
            sector = self._sector(place) if place < END_OF_CHAIN else b""
            table += struct.unpack(f"<{len(sector) // 4}I", sector)
        return table

    def _chain(self, start: int, table: list[int]) -> Iterator[int]:
        seen: set[int] = set()
        while start < END_OF_CHAIN:
            if start in seen:
                raise ValueError("sectors run in a circle")
            seen.add(start)
            yield start
            start = table[start]

    def _big(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(start, self.fat))

    def streams(self) -> dict[str, tuple[int, int]]:
        """Name → (first sector, size) of every entry of the directory, storages included."""
        directory, found = self._big(self.directory_start), {}
        for at in range(0, len(directory) - ENTRY_BYTES + 1, ENTRY_BYTES):
            entry = directory[at : at + ENTRY_BYTES]
            name_bytes, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            if kind == 5:
                self.root = (start, size)
            elif kind in {1, 2} and 2 < name_bytes <= 64:
                found[entry[: name_bytes - 2].decode("utf-16-le", "replace")] = (start, size)
        return found

    def read(self, start: int, size: int) -> bytes:
        """The bytes of one stream; small streams live in the mini stream."""
        if size >= self.mini_limit:
            return self._big(start)[:size]
        table_bytes = self._big(self.mini_start)
        table = list(struct.unpack(f"<{len(table_bytes) // 4}I", table_bytes))
        mini = self._big(self.root[0])
        return b"".join(mini[number * 64 : number * 64 + 64] for number in self._chain(start, table))[:size]


def _check_globals(book: bytes) -> None:
    """Walk the workbook's global records: a password or a macro sheet refuses the file."""
    at, records = 0, 0
    while at + 4 <= len(book):
        record, length = struct.unpack_from("<HH", book, at)
        if record == FILE_PASS:
            raise RefusedFile("ENCRYPTED", PASSWORD)
        if record == BOUND_SHEET and length > 5 and book[at + 4 + 5] in MACRO_SHEETS:
            raise RefusedFile("MACRO_FILE", MACROS)
        if record == EOF and records:
            return
        at += 4 + length
        records += 1
    raise ValueError("the workbook ends too early")
