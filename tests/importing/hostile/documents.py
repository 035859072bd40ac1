"""Parts of a workbook: XML and OLE that attack their parser."""

import io
import struct
import zipfile
from collections.abc import Iterator

from tests.importing.hostile.base import FIRST, GOOD_ROWS, HEAD, READ, SECOND, good, hostile
from tests.workbooks import builders
from tests.workbooks.builders import raw_xlsx, zipped
from tests.workbooks.golden import text

BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 12))
    + "]>"
)
EXTERNAL_ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@hostile("UNSAFE_XML")
def billion_laughs() -> bytes:
    return raw_xlsx(GOOD_ROWS.replace("浑源", "&a11;", 1), sheet_head=BILLION_LAUGHS)


@hostile("UNSAFE_XML")
def entity_names_a_file() -> bytes:
    return raw_xlsx(GOOD_ROWS.replace("浑源", "&a;", 1), sheet_head=EXTERNAL_ENTITY)


@hostile("UNSAFE_XML")
def entities_in_content_types() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"[Content_Types].xml": BILLION_LAUGHS + builders.CONTENT_TYPES})


@hostile("UNSAFE_XML", name="名单.ods")
def entities_in_ods() -> bytes:
    good_ods = builders.ods("")
    with zipfile.ZipFile(io.BytesIO(good_ods)) as archive:
        content = archive.read("content.xml").decode().replace('<?xml version="1.0"?>', BILLION_LAUGHS)
    return builders.ods("", more={"content.xml": content})


@hostile("UNSAFE_XML")
def parts_in_utf16() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"xl/workbook.xml": builders.BOOK.encode("utf-16")})


@hostile("UNSAFE_XML", "DAMAGED")
def parts_in_utf7() -> bytes:
    head = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-'
    return raw_xlsx(GOOD_ROWS, more={"xl/workbook.xml": head + builders.BOOK})


@hostile("DAMAGED")
def fifty_thousand_nested_tags() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"xl/workbook.xml": "<a>" * 50_000})


@hostile("DAMAGED")
def tag_without_end() -> bytes:
    return raw_xlsx(GOOD_ROWS + '<row r="9"><c r="A9" ' + "x" * 2_000_000)


@hostile("DAMAGED", "NO_HEADER")
def no_workbook_part() -> bytes:
    types = builders.CONTENT_TYPES
    sheet = "<worksheet/>"
    return zipped({"[Content_Types].xml": types, "xl/worksheets/sheet1.xml": sheet})


@hostile("DAMAGED", "NO_HEADER")
def no_relations() -> bytes:
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    return raw_xlsx(GOOD_ROWS, more={"xl/_rels/workbook.xml.rels": empty})


@hostile("NOT_A_WORKBOOK")
def wrong_content_types() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"[Content_Types].xml": "<Types><Default/></Types>"})


@hostile("NOT_A_WORKBOOK", "DAMAGED")
def binary_workbook() -> bytes:
    return raw_xlsx("", more={"xl/workbook.bin": bytes(100)})


@hostile("DAMAGED")
def two_sheets_of_one_name() -> bytes:
    twice = builders.BOOK.replace("</sheets>", '<sheet name="名单" sheetId="2" r:id="rId1"/></sheets>')
    return raw_xlsx(GOOD_ROWS, more={"xl/workbook.xml": twice})


@hostile(READ, "DAMAGED", stored=2)
def external_links_and_connections() -> bytes:
    link = '<externalLink xmlns="x"><externalBook r:id="rId1" xmlns:r="y"/></externalLink>'
    return good(
        xl__externalLinks__externalLink1_xml=link,
        xl__connections_xml="<connections><connection dbPr='x' connection='http://127.0.0.1:9/'/></connections>",
    )


@hostile(READ, "MACRO_FILE", stored=2)
def embedded_ole_object() -> bytes:
    return good(xl__embeddings__oleObject1_bin=builders.compound({"\x01Ole10Native": b"MZ" * 500}))


@hostile("MACRO_FILE", name="名单.xlsm")
def macros_in_xlsm() -> bytes:
    types = builders.CONTENT_TYPES.replace(".sheet.main+xml", ".sheet.macroEnabled.main+xml")
    return raw_xlsx(GOOD_ROWS, more={"[Content_Types].xml": types})


@hostile("MACRO_FILE")
def macros_in_xlsx() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"xl/vbaProject.bin": bytes(10)})


@hostile("MACRO_FILE")
def macro_sheet() -> bytes:
    return raw_xlsx(GOOD_ROWS, more={"xl/macrosheets/sheet1.xml": "<x/>"})


BOF = builders.record(0x0809, b"\x00\x06\x05\x00" + b"\x00" * 12)
EOF = builders.record(0x000A)


@hostile("MACRO_FILE", name="名单.xls")
def macros_in_xls() -> bytes:
    return builders.compound({"Workbook": BOF + EOF, "_VBA_PROJECT_CUR": b"x", "VBA": b"x"})


@hostile("ENCRYPTED")
def agile_encryption() -> bytes:
    info = b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>"
    return builders.compound({"EncryptionInfo": info, "EncryptedPackage": bytes(5000)})


@hostile("ENCRYPTED", name="名单.xls")
def rc4_encryption() -> bytes:
    return builders.compound(
        {"Workbook": BOF + builders.record(0x2F, b"\x01\x00\x01\x00\x01\x00" + bytes(48)) + EOF}
    )


@hostile("DAMAGED", name="名单.xls")
def xls_of_rubbish() -> bytes:
    rubbish = b"".join(builders.record(at % 0x1200, bytes(at % 30)) for at in range(1, 1_500))
    return builders.compound({"Workbook": BOF + rubbish + EOF})


@hostile("DAMAGED", name="名单.xls")
def sectors_in_a_circle() -> bytes:
    data = bytearray(builders.compound({"Workbook": BOF + EOF}))
    fat = struct.unpack_from("<I", data, 76)[0]
    at = (fat + 1) * 512
    struct.pack_into("<II", data, at, 1, 0)
    return bytes(data)


def truncated() -> Iterator[tuple[str, bytes]]:
    """A workbook, an .ods, an OLE container and a text, each cut at many places."""
    whole = {
        "名单.xlsx": raw_xlsx(GOOD_ROWS),
        "名单.ods": builders.ods(builders.ods_row(["姓名"])),
        "名单.xls": builders.compound({"Workbook": BOF + EOF}),
        "名单.csv": text([HEAD, FIRST, SECOND], "gb18030"),
    }
    for name, data in whole.items():
        for part in range(1, 16):
            yield name, data[: len(data) * part // 16]
