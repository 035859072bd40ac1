"""Zip containers that are more than they seem, polyglots and strangers."""

import gzip
import io
import struct
import zipfile
import zlib

from tests.importing.hostile.base import GOOD_ROWS, READ, good, hostile
from tests.workbooks import builders
from tests.workbooks.builders import raw_xlsx, zipped


@hostile("TOO_LARGE_UNPACKED")
def bomb_flat() -> bytes:
    return builders.bomb(300)


@hostile("TOO_LARGE_UNPACKED", "DAMAGED")
def bomb_in_the_sheet() -> bytes:
    return raw_xlsx(b" " * (150 * 2**20))


@hostile("NOT_A_WORKBOOK")
def bomb_nested() -> bytes:
    inner = zipped({"0": bytes(10 * 2**20)})
    for depth in range(6):
        inner = zipped({f"{depth}-{copy}.zip": inner for copy in range(10)})
    return inner


@hostile("TOO_LARGE_UNPACKED", "DAMAGED")
def bomb_of_overlapping_entries() -> bytes:
    """Two thousand directory entries that all point at the same packed megabytes."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(bytes(2**20)) + body.flush()
    crc = zlib.crc32(bytes(2**20))
    name = b"xl/worksheets/sheet1.xml"
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(packed), 2**20, len(name), 0)
    stream = local + name + packed
    entries = b""
    for order in range(2_000):
        called = b"xl/worksheets/sheet%d.xml" % order
        entries += struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(packed), 2**20, len(called),
            0, 0, 0, 0, 0, 0,
        ) + called  # fmt: skip
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2_000, 2_000, len(entries), len(stream), 0)
    return stream + entries + end


@hostile("DAMAGED", "TOO_LARGE_UNPACKED")
def bomb_with_false_sizes() -> bytes:
    """The directory says a sheet has sixty bytes; it has many megabytes."""
    data = bytearray(raw_xlsx(GOOD_ROWS + " " * (40 * 2**20)))
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = (60).to_bytes(4, "little")
    return bytes(data)


@hostile("TOO_LARGE_UNPACKED")
def twenty_thousand_entries() -> bytes:
    return good(**{f"xl__media__a{at}_png": b"" for at in range(20_000)})


@hostile("DAMAGED")
def path_traversal() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"xl/../../../../tmp/datong_owned": "x"})


@hostile("DAMAGED")
def path_traversal_with_backslashes() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"xl\\..\\..\\windows\\owned": "x"})


@hostile("DAMAGED")
def absolute_path() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"/tmp/datong_owned": "x"})


@hostile(READ, "DAMAGED", stored=2)
def symlink_entry() -> bytes:
    stream = io.BytesIO(raw_xlsx(GOOD_ROWS))
    with zipfile.ZipFile(stream, "a") as archive:
        link = zipfile.ZipInfo("xl/media/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


@hostile("DAMAGED", "UNSAFE_XML", "NOT_A_WORKBOOK")
def symlink_for_the_workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw_xlsx(GOOD_ROWS))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)
            if name == "xl/workbook.xml":
                entry.create_system, entry.external_attr = 3, 0o120777 << 16
                new.writestr(entry, "/etc/passwd")
            else:
                new.writestr(entry, old.read(name))
    return stream.getvalue()


@hostile("DAMAGED")
def same_part_twice() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"XL/WORKBOOK.XML": "<x/>"})


@hostile("DAMAGED")
def bad_checksum() -> bytes:
    data = bytearray(raw_xlsx(GOOD_ROWS))
    at = data.find(b"xl/worksheets/sheet1.xml") - 30
    for place in (at, data.rfind(b"xl/worksheets/sheet1.xml") - 46 + 2):
        data[place + 14] ^= 0xFF
    return bytes(data)


@hostile("DAMAGED")
def unknown_compression() -> bytes:
    data = bytearray(raw_xlsx(GOOD_ROWS))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] = 99
            at = data.find(mark, at + 4)
    return bytes(data)


@hostile("ENCRYPTED")
def entries_with_password() -> bytes:
    data = bytearray(raw_xlsx(GOOD_ROWS))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


@hostile("NOT_A_WORKBOOK")
def zip_of_workbooks() -> bytes:
    return zipped({"一.xlsx": raw_xlsx(GOOD_ROWS), "二.xlsx": raw_xlsx(GOOD_ROWS)})


@hostile("NOT_A_WORKBOOK")
def polyglot_pdf_and_zip() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + raw_xlsx(GOOD_ROWS)


@hostile(READ, "DAMAGED", stored=2)
def zip_with_rubbish_behind() -> bytes:
    return raw_xlsx(GOOD_ROWS) + b"<script>alert(1)</script>" * 100


@hostile("NOT_A_WORKBOOK", name="名单.xls")
def web_archive_as_xls() -> bytes:
    return b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n<html></html>'


@hostile("NOT_A_WORKBOOK", name="名单.xls")
def web_page_as_xls() -> bytes:
    return b"<html><script>alert(1)</script><table><tr><td>1</td></tr></table></html>"


@hostile("NOT_A_WORKBOOK", name="名单.xls")
def rich_text_as_xls() -> bytes:
    return rb"{\rtf1\ansi{\object\objocx}}"


@hostile("NOT_A_WORKBOOK", name="名单.xlsx")
def picture_as_xlsx() -> bytes:
    return b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20


@hostile("NOT_TEXT", name="名单.csv")
def program_as_csv() -> bytes:
    return b"MZ\x90\x00" + bytes(4096)


@hostile("NOT_TEXT", name="名单.csv")
def noise_as_csv() -> bytes:
    return bytes((at * at * 31 + 7) % 256 for at in range(60_000))


@hostile("NOT_A_WORKBOOK")
def gz() -> bytes:
    return gzip.compress(raw_xlsx(GOOD_ROWS), mtime=0)


@hostile("NOT_A_WORKBOOK")
def rar() -> bytes:
    return b"Rar!\x1a\x07\x01\x00" + bytes(200)


@hostile("NOT_A_WORKBOOK")
def seven_zip() -> bytes:
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(200)
