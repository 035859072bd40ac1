"""The gate: says by content, never by name, what an uploaded file is, or refuses it in a clerk's words.

Nothing here parses a cell.  The gate looks at a file's outside only: size, the directory of a zip, the
streams of an OLE container, the beginning of every XML part, the encoding of text.
"""

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate import archive, compound, plain
from datong_edu.importing.gate.kinds import DEFAULT_LIMITS, FileFormat, FileKind, Limits

__all__ = ["DEFAULT_LIMITS", "FileFormat", "FileKind", "Limits", "inspect"]

# What people upload by mistake: (first bytes, what to call it).
STRANGERS = (
    (b"%PDF", "PDF文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "RAR压缩包"),
    (b"7z\xbc\xaf", "7Z压缩包"),
    (b"\x1f\x8b", "GZ压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"{\\rtf", "RTF文档"),
)
TEXT_ENDINGS = (".csv", ".tsv", ".txt")


def inspect(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> FileKind:
    """What kind of roster file the bytes are.

    `name` is only used to choose the words of a refusal; it is never used as a path.
    Raises `RefusedFile` with EMPTY_FILE, NOT_A_WORKBOOK, NOT_TEXT, DAMAGED, ENCRYPTED, MACRO_FILE,
    UNSAFE_XML, TOO_LARGE or TOO_LARGE_UNPACKED.
    """
    if not data:
        raise RefusedFile("EMPTY_FILE", "文件是空的（0字节），请重新导出或保存后再上传。")
    if len(data) > limits.file_bytes:
        size, most = len(data) / 2**20, limits.file_bytes // 2**20
        message = f"文件有{size:.0f}MB，超过上限{most}MB，请按学校或乡镇拆分后分批上传。"
        raise RefusedFile("TOO_LARGE", message)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return archive.inspect_archive(data, limits)
    if data.startswith(compound.SIGNATURE):
        return compound.inspect_compound(data)
    called_text = name.lower().endswith(TEXT_ENDINGS)
    for start, what in STRANGERS:
        # Two letters may also begin an honest text file; a stranger is binary.
        if data.startswith(start) and (len(start) > 2 or b"\x00" in data[:4096]):
            if called_text:
                raise RefusedFile("NOT_TEXT", f"这是{what}，不是文本表格，请上传csv或xlsx格式的名单。")
            message = f"这是{what}，不是电子表格，请上传xlsx、xls、ods或csv格式的名单。"
            raise RefusedFile("NOT_A_WORKBOOK", message)
    return plain.inspect_text(data, called_text=called_text)
