"""The gate judges by content and says in Chinese what is wrong."""

import re
import zipfile
from dataclasses import replace

import pytest

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate import DEFAULT_LIMITS, FileFormat, FileKind, inspect
from tests.workbooks import builders

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'
UTF16 = "<workbook/>".encode("utf-16")
NOISE = bytes(range(256)) * 40
DOCTYPE = '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>'
MACRO_TYPES = "<Types>sheet.macroEnabled.main+xml</Types>"
BOF = builders.record(0x0809, b"\x00\x06\x05\x00" + b"\x00" * 12)
EOF = builders.record(0x000A)
PASSWORD = builders.record(0x2F, b"\x01\x00")
MACRO_SHEET = builders.record(0x85, b"\x00" * 5 + b"\x01\x01A")


def encrypted_entry() -> bytes:
    data = bytearray(builders.roster())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(data)):
            data[found.start() + offset] |= 1
    return bytes(data)


REFUSED = {
    "empty_file": ("EMPTY_FILE", "名单.xlsx", b""),
    "blank_text": ("EMPTY_FILE", "名单.csv", b"\xef\xbb\xbf \r\n,,,\r\n"),
    "pdf_renamed_xlsx": ("NOT_A_WORKBOOK", "名单.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"),
    "picture_renamed_xls": ("NOT_A_WORKBOOK", "名单.xls", PNG),
    "picture_renamed_csv": ("NOT_TEXT", "名单.csv", PNG),
    "noise_called_csv": ("NOT_TEXT", "名单.csv", NOISE),
    "noise_called_xlsx": ("NOT_A_WORKBOOK", "名单.xlsx", NOISE),
    "html_without_table": ("NOT_A_WORKBOOK", "名单.xls", b"<html><body>404</body></html>"),
    "html_of_frames": (
        "NOT_A_WORKBOOK", "名单.xls", b'<html><frameset><frame src="sheet001.htm"></frameset></html>',
    ),
    "html_with_script": ("NOT_A_WORKBOOK", "名单.xls", HTML.replace(b"1", b"<SCRIPT >x</script>")),
    "xml_of_another_kind": ("NOT_A_WORKBOOK", "名单.xls", b'<?xml version="1.0"?><list/>'),
    "xml_with_doctype": ("UNSAFE_XML", "名单.xls", b'<!DOCTYPE x SYSTEM "x.dtd"><Workbook/>'),
    "xml_with_entities": ("UNSAFE_XML", "名单.xml", ENTITY),
    "zip_of_other_things": ("NOT_A_WORKBOOK", "名单.xlsx", builders.zipped({"a.txt": "x"})),
    "word_document": (
        "NOT_A_WORKBOOK", "名单.xlsx",
        builders.zipped({"[Content_Types].xml": "<Types>wordprocessingml.document.main+xml</Types>"}),
    ),
    "truncated_zip": ("DAMAGED", "名单.xlsx", builders.roster()[:-200]),
    "half_a_zip": ("DAMAGED", "名单.xlsx", builders.roster()[:900]),
    "path_traversal": ("DAMAGED", "名单.xlsx", builders.raw_xlsx("", more={"../../etc/passwd": "x"})),
    "absolute_path": ("DAMAGED", "名单.xlsx", builders.raw_xlsx("", more={"/etc/passwd": "x"})),
    "same_part_twice": ("DAMAGED", "名单.xlsx", builders.raw_xlsx("", more={"XL/workbook.xml": "<x/>"})),
    "doctype_in_sheet": ("UNSAFE_XML", "名单.xlsx", builders.raw_xlsx("", sheet_head=DOCTYPE)),
    "doctype_behind_comment": (
        "UNSAFE_XML", "名单.xlsx", builders.raw_xlsx("", sheet_head=f"<!--{'x' * 70_000}-->{DOCTYPE}"),
    ),
    "utf16_part": (
        "UNSAFE_XML", "名单.xlsx", builders.raw_xlsx("", more={"xl/workbook.xml": UTF16}),
    ),
    "macro_part": ("MACRO_FILE", "名单.xlsm", builders.raw_xlsx("", more={"xl/vbaProject.bin": b"\x00"})),
    "macro_content_type": (
        "MACRO_FILE", "名单.xlsx",
        builders.raw_xlsx("", more={"[Content_Types].xml": MACRO_TYPES}),
    ),
    "xlsb": ("NOT_A_WORKBOOK", "名单.xlsb", builders.raw_xlsx("", more={"xl/workbook.bin": b"\x00"})),
    "encrypted_entry": ("ENCRYPTED", "名单.xlsx", encrypted_entry()),
    "encrypted_package": ("ENCRYPTED", "名单.xlsx", builders.compound({"EncryptedPackage": b"x"})),
    "encrypted_xls": (
        "ENCRYPTED", "名单.xls", builders.compound({"Workbook": BOF + PASSWORD + EOF}),
    ),
    "encrypted_ods": (
        "ENCRYPTED", "名单.ods",
        builders.ods("", more={"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}),
    ),
    "macro_xls": ("MACRO_FILE", "名单.xls", builders.compound({"Workbook": BOF + EOF, "VBA": b"x"})),
    "macro_sheet_xls": (
        "MACRO_FILE", "名单.xls",
        builders.compound({"Workbook": BOF + MACRO_SHEET + EOF}),
    ),
    "word_97": ("NOT_A_WORKBOOK", "名单.xls", builders.compound({"WordDocument": b"x"})),
    "truncated_ole": ("DAMAGED", "名单.xls", builders.compound({"Workbook": BOF + EOF})[:600]),
    "ole_head_only": ("DAMAGED", "名单.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "zip_bomb": ("TOO_LARGE_UNPACKED", "名单.xlsx", builders.bomb()),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_gate_refuses(fault: str) -> None:
    reason, name, data = REFUSED[fault]
    with pytest.raises(RefusedFile) as refusal:
        inspect(name, data)
    assert refusal.value.reason_key == reason
    assert re.search(r"请.*。$", refusal.value.message)
    assert not re.search(r"Error|Traceback|None", refusal.value.message)


def test_gate_refuses_large_file() -> None:
    with pytest.raises(RefusedFile) as refusal:
        inspect("名单.csv", b"a,b\n" * 1000, replace(DEFAULT_LIMITS, file_bytes=1000))
    assert refusal.value.reason_key == "TOO_LARGE"


def test_gate_refuses_too_many_entries() -> None:
    data = builders.raw_xlsx("", more={f"xl/media/{number}.png": "x" for number in range(50)})
    with pytest.raises(RefusedFile) as refusal:
        inspect("名单.xlsx", data, replace(DEFAULT_LIMITS, entries=40))
    assert refusal.value.reason_key == "TOO_LARGE_UNPACKED"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("名单.xlsx", builders.roster(), FileKind(FileFormat.XLSX)),
        ("没有后缀", builders.roster(), FileKind(FileFormat.XLSX)),
        ("名单.csv", builders.roster(), FileKind(FileFormat.XLSX)),
        ("../" * 100 + "etc/passwd", builders.roster(), FileKind(FileFormat.XLSX)),
        ("名" * 300 + ".xlsx", builders.roster(), FileKind(FileFormat.XLSX)),
        ("名单.ods", builders.ods(builders.ods_row(["姓名"])), FileKind(FileFormat.ODS)),
        ("名单.et", builders.compound({"Workbook": BOF + EOF}), FileKind(FileFormat.XLS)),
        ("名单.csv", "姓名,金额\n张三,5\n".encode(), FileKind(FileFormat.TEXT, "utf-8", ",")),
        ("名单.csv", "姓名,金额\n张三,5\n".encode("utf-8-sig"), FileKind(FileFormat.TEXT, "utf-8-sig", ",")),
        ("名单.xls", "姓名\t金额\n张三\t5\n".encode("gb18030"), FileKind(FileFormat.TEXT, "gb18030", "\t")),
        ("名单.txt", "姓名;金额\n张,三;5\n".encode("gbk"), FileKind(FileFormat.TEXT, "gb18030", ";")),
        ("名单.csv", "姓名\t金额\n张三\t5\n".encode("utf-16"), FileKind(FileFormat.TEXT, "utf-16", "\t")),
        ("名单.csv", "name,no\nabc,12345\n".encode("utf-16-le"), FileKind(FileFormat.TEXT, "utf-16-le", ",")),
    ],
)
def test_gate_lets_pass(name: str, data: bytes, kind: FileKind) -> None:
    assert inspect(name, data) == kind


def test_gate_lets_text_with_few_broken_bytes_pass() -> None:
    data = ("姓名,金额\n" + "张三,5\n" * 500).encode("gb18030") + b"\xff\xff,6\n"
    assert inspect("名单.csv", data) == FileKind(FileFormat.TEXT, "gb18030", ",")


def test_gate_does_not_unpack_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    original = zipfile.ZipFile.open

    def watched(self: zipfile.ZipFile, name: str, *rest: object, **more: object) -> object:
        opened.append(str(name))
        return original(self, name, *rest, **more)

    monkeypatch.setattr(zipfile.ZipFile, "open", watched)
    with pytest.raises(RefusedFile):
        inspect("名单.xlsx", REFUSED["zip_bomb"][2])
    assert opened == []
