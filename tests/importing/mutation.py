"""Broken workbooks by the thousand: seeded mutations of bytes, of the parts of an archive, and of cells."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Iterator

CELL = re.compile(rb"(<(?:v|t|text:p)(?: [^<>]*)?>)([^<]*)(</)")
ATTRIBUTE = re.compile(rb'(\s[\w:]+=")([^"<>]*)(")')
TAG = re.compile(rb"<[^<>]{1,200}>")
WORDS = (
    b"",
    b"0",
    b"-1",
    b"1E+17",
    b"1.40225E+17",
    b"1e400",
    b"nan",
    b"99999999999999999999",
    b"=1+1",
    b"#REF!",
    b"_x0000_",
    b"\xe2\x80\xae",
    b"\xf0\xac\x8e\x86",
    b"&lt;b&gt;",
    b"&#8238;",
    b"\xff\xfe",
    b"\x00",
    b"A" * 40_000,
    "二〇二〇年十三月".encode(),
    "合计".encode(),
    "姓名".encode(),
    b"XFD1048576",
    b"A0",
    b"ZZZ1",
    b"4294967296",
    b"true",
    b"2020-13-45",
    b"60",
    b"2958466",
    b"-693594",
    "三百五".encode(),
    b"1,00",
    "\u3000".encode(),
    b",",
    b'"',
)
EDGES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with one to three things broken."""
    ways = [_bytes, _bytes, _words]
    if data.startswith(b"PK\x03\x04"):
        ways = [_part] * 9 + [_bytes]
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(ways)(data, chance)
    return data


def mutations(seeds: list[bytes], count: int, seed: int) -> Iterator[tuple[int, int, bytes]]:
    """Number of the mutation, number of the file it began with, and the broken file."""
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        at = chance.randrange(len(seeds))
        yield number, at, mutated(seeds[at], chance)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    """Flip, drop, double, insert or cut off bytes."""
    if not data:
        return bytes(chance.choice(EDGES) for _ in range(9))
    at = chance.randrange(len(data))
    size = chance.choice((1, 1, 2, 4, 16, 200))
    way = chance.randrange(6)
    if way == 0:
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if way == 1:
        return data[:at] + data[at + size :]
    if way == 2:
        return data[: at + size] + data[at:]
    if way == 3:
        return data[:at] + bytes(chance.choice(EDGES) for _ in range(size)) + data[at:]
    if way == 4:
        return data[:at] + bytes(chance.choice(EDGES) for _ in range(size)) + data[at + size :]
    return data[:at]


def _words(data: bytes, chance: random.Random) -> bytes:
    """Put a word where another stood between two delimiters."""
    fields = re.split(rb"([,\t;\r\n]+)", data)
    fields[chance.randrange(len(fields))] = chance.choice(WORDS)
    return b"".join(fields)


def _part(data: bytes, chance: random.Random) -> bytes:
    """Break one part of an archive and pack it again with right sizes and checksums."""
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = [(name, old.read(name)) for name in dict.fromkeys(old.namelist())]
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        return _bytes(data, chance)
    if not parts:
        return _bytes(data, chance)
    sheets = [at for at, (name, _) in enumerate(parts) if "sheet" in name or name == "content.xml"]
    at = chance.choice(sheets) if sheets and chance.random() < 0.7 else chance.randrange(len(parts))
    name, content = parts[at]
    if chance.random() < 0.03:
        del parts[at]
    elif chance.random() < 0.03:
        parts[at] = (name, parts[chance.randrange(len(parts))][1])
    else:
        way = chance.choice((_cell, _cell, _cell, _attribute, _attribute, _tag, _bytes))
        parts[at] = (name, way(content, chance))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts:
            new.writestr(name, content)
    return stream.getvalue()


def _cell(content: bytes, chance: random.Random) -> bytes:
    return _replaced(content, CELL, chance)


def _attribute(content: bytes, chance: random.Random) -> bytes:
    return _replaced(content, ATTRIBUTE, chance)


def _replaced(content: bytes, pattern: re.Pattern[bytes], chance: random.Random) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return _bytes(content, chance)
    match = chance.choice(found)
    return content[: match.start(2)] + chance.choice(WORDS) + content[match.end(2) :]


def _tag(content: bytes, chance: random.Random) -> bytes:
    """Drop, double or move a tag."""
    found = list(TAG.finditer(content))
    if not found:
        return _bytes(content, chance)
    match, other = chance.choice(found), chance.choice(found)
    way = chance.randrange(3)
    if way == 0:
        return content[: match.start()] + content[match.end() :]
    if way == 1:
        return content[: match.end()] + match[0] * chance.choice((1, 3, 500)) + content[match.end() :]
    return content[: match.start()] + other[0] + content[match.end() :]
