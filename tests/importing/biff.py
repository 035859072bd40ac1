"""Large .xls workbooks of text cells, written record by record: no maintained library writes the old format.

Source: [MS-XLS] BIFF8 records and [MS-CFB] compound files with 512-byte sectors.
"""

import struct
from collections.abc import Mapping, Sequence

from tests.workbooks.builders import record

BOF, EOF, CODE_PAGE, BOUND_SHEET, LABEL = 0x0809, 0x000A, 0x0042, 0x0085, 0x0204
GLOBALS, WORKSHEET = 0x0005, 0x0010
SECTOR, HEADER_PLACES, PER_SECTOR = 512, 109, 128
FREE, END, IS_FAT, IS_DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def biff_workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """An .xls of these sheets, every cell a text."""
    bodies = [_sheet(rows) for rows in sheets.values()]
    size = len(_globals(sheets, [0] * len(bodies)))
    places = [size + sum(map(len, bodies[:at])) for at in range(len(bodies))]
    return _container(_globals(sheets, places) + b"".join(bodies))


def _begin(kind: int) -> bytes:
    return record(BOF, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1997, 0, 6))


def _globals(names: Mapping[str, object], places: Sequence[int]) -> bytes:
    bound = b"".join(
        record(BOUND_SHEET, struct.pack("<IBB", place, 0, 0) + struct.pack("<B", len(name)) + _text(name))
        for name, place in zip(names, places, strict=True)
    )
    return _begin(GLOBALS) + record(CODE_PAGE, struct.pack("<H", 1200)) + bound + record(EOF)


def _sheet(rows: Sequence[Sequence[str]]) -> bytes:
    cells = [
        record(LABEL, struct.pack("<HHHH", number, column, 0, len(cell)) + _text(cell))
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    return _begin(WORKSHEET) + b"".join(cells) + record(EOF)


def _text(text: str) -> bytes:
    return b"\x00" + text.encode("latin-1") if text.isascii() else b"\x01" + text.encode("utf-16-le")


def _container(stream: bytes) -> bytes:
    """An OLE container of one stream, with as many allocation sectors as it takes."""
    stream = stream.ljust(4096, b"\x00")
    data = -(-len(stream) // SECTOR)
    fat = difat = 0
    while True:
        total = data + 1 + fat + difat
        need = -(-total // PER_SECTOR)
        need_difat = max(0, -(-(need - HEADER_PLACES) // (PER_SECTOR - 1)))
        if (need, need_difat) == (fat, difat):
            break
        fat, difat = need, need_difat
    directory, first_fat, first_difat = data, data + 1, data + 1 + fat
    table = [*range(1, data), END, END, *[IS_FAT] * fat, *[IS_DIFAT] * difat]
    table += [FREE] * (fat * PER_SECTOR - len(table))
    places = [*range(first_fat, first_fat + fat)]
    chain = b""
    for at in range(difat):
        part = places[HEADER_PLACES + at * (PER_SECTOR - 1) :][: PER_SECTOR - 1]
        part += [FREE] * (PER_SECTOR - 1 - len(part))
        chain += struct.pack("<128I", *part, first_difat + at + 1 if at + 1 < difat else END)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, fat, directory, 0, 4096, END, 0, first_difat if difat else END, difat, 0,
    )[:-4]  # fmt: skip
    head = places[:HEADER_PLACES] + [FREE] * (HEADER_PLACES - len(places[:HEADER_PLACES]))
    entries = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 0, len(stream))
    return (
        header
        + struct.pack("<109I", *head)
        + stream.ljust(data * SECTOR, b"\x00")
        + entries.ljust(SECTOR, b"\x00")
        + struct.pack(f"<{len(table)}I", *table)
        + chain
    )


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    raw = (name + "\x00").encode("utf-16-le")
    head = raw.ljust(64, b"\x00") + struct.pack("<HBBIII", len(raw), kind, 1, FREE, FREE, child)
    return head + b"\x00" * 36 + struct.pack("<III", start, size, 0)
