"""Zip containers: xlsx, ods and what only looks like them."""

import io
import re
import zipfile
import zlib

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate.kinds import FileFormat, FileKind, Limits

# The prolog of an honest part is one line; a document type can only stand before the root element.
PROLOG_BYTES = 64 * 1024
ROOT = re.compile(rb"<[A-Za-z_]")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
SHEET_MAIN = re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)

DAMAGED = "文件已损坏或没有传完整，请用Excel或WPS打开并重新保存后再上传。"
ODD_INSIDE = "文件内部结构不正常，请把表格内容复制到新建的xlsx中再上传。"
MACROS = "文件带有宏，不能上传；请另存为不带宏的“Excel 工作簿（.xlsx）”后再上传。"
PASSWORD = "文件设有打开密码，请在Excel或WPS中取消密码、重新保存后再上传。"
UNSAFE = "文件含有不安全的XML声明，请把表格内容复制到新建的xlsx中再上传。"
BOMB = "文件展开后过大，请删除多余的空白行列和图片，或拆分后再上传。"
STRANGER = "压缩包里不是电子表格，请先解压，再上传其中的xlsx、xls、ods或csv文件。"


def inspect_archive(data: bytes, limits: Limits) -> FileKind:
    """Tell xlsx and ods from every other zip; raises `RefusedFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries, packed=len(data), limits=limits)
            names = {entry.filename for entry in entries}
            found = _open_document(archive, names) or _office_open_xml(archive, names)
            _check_prologs(archive, entries)
    except UNREADABLE as error:
        raise RefusedFile("DAMAGED", DAMAGED) from error
    return FileKind(found)


def _check_directory(entries: list[zipfile.ZipInfo], *, packed: int, limits: Limits) -> None:
    if not entries:
        raise RefusedFile("NOT_A_WORKBOOK", STRANGER)
    unpacked = sum(entry.file_size for entry in entries)
    bomb = unpacked > limits.bomb_bytes and unpacked > limits.ratio * packed
    if bomb or unpacked > limits.unpacked_bytes or len(entries) > limits.entries:
        raise RefusedFile("TOO_LARGE_UNPACKED", BOMB)
    seen: set[str] = set()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise RefusedFile("ENCRYPTED", PASSWORD)
        # Two parts of one name would let two readers see two different files.
        name = entry.filename.replace("\\", "/").lower()
        if name.startswith("/") or ".." in name.split("/") or name in seen or len(name) > 512:
            raise RefusedFile("DAMAGED", ODD_INSIDE)
        seen.add(name)


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> FileFormat | None:
    if "mimetype" not in names or "content.xml" not in names:
        return None
    if not _head(archive, "mimetype").startswith(ODS_TYPE):
        raise RefusedFile("NOT_A_WORKBOOK", "这不是电子表格，请上传xlsx、xls、ods或csv格式的名单。")
    if "META-INF/manifest.xml" in names:
        manifest = archive.read("META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise RefusedFile("ENCRYPTED", PASSWORD)
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise RefusedFile("MACRO_FILE", MACROS)
    return FileFormat.ODS


def _office_open_xml(archive: zipfile.ZipFile, names: set[str]) -> FileFormat:
    lower = {name.lower() for name in names}
    if "[content_types].xml" not in lower:
        raise RefusedFile("NOT_A_WORKBOOK", STRANGER)
    types = archive.read(next(name for name in names if name.lower() == "[content_types].xml"))
    macro_parts = any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in lower)
    if macro_parts or b"macroEnabled" in types:
        raise RefusedFile("MACRO_FILE", MACROS)
    if "xl/workbook.bin" in lower:
        message = "这是xlsb二进制工作簿，请在Excel中另存为“Excel 工作簿（.xlsx）”后再上传。"
        raise RefusedFile("NOT_A_WORKBOOK", message)
    if not SHEET_MAIN.search(types):
        message = "这是Word、PowerPoint等文档，不是电子表格，请把名单做成xlsx后再上传。"
        raise RefusedFile("NOT_A_WORKBOOK", message)
    return FileFormat.XLSX


def _check_prologs(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a document type or entity in any XML part, and encodings a spreadsheet program never writes."""
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")) or not entry.file_size:
            continue
        head = _head(archive, entry.filename)
        root = ROOT.search(head)
        prolog = head[: root.start()] if root else head
        odd = root is None or b"<!DOCTYPE" in prolog.upper() or b"<!ENTITY" in prolog.upper()
        if odd or b"\x00" in head[:64]:
            raise RefusedFile("UNSAFE_XML", UNSAFE)


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(PROLOG_BYTES)
