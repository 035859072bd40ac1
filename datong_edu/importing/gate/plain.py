"""Text files: encoding, delimiter, and the web pages and XML that call themselves workbooks."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate.kinds import FileFormat, FileKind

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = (",", "\t", ";")
SAMPLE_CHARACTERS = 64 * 1024
SAMPLE_RECORDS = 60
# Of a text cut or garbled here and there, this share of the characters may be unreadable; more is no text.
BAD_SHARE = 0.02
# Control characters no spreadsheet program writes into text
BLANK = "\ufeff \t\r\n,;"
PAGE_SIGNS = ("<html", "<table", "<!doctype html", "<meta")
TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
ACTIVE = re.compile(r"<(?:script|iframe|frame|object|embed|applet)[\s>/]", re.IGNORECASE)
XML_2003 = re.compile(r"<(?:\w+:)?workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet")
WEB_ARCHIVE = re.compile(r"\s*mime-version:[^<]{0,1000}multipart/related", re.IGNORECASE)
ARCHIVE = "这是网页存档（mht），请用Excel或WPS打开后另存为“Excel 工作簿（.xlsx）”再上传。"
UNSAFE = "文件含有不安全的XML声明，请把表格内容复制到新建的xlsx中再上传。"
BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def inspect_text(data: bytes, *, called_text: bool) -> FileKind:
    """Encoding and delimiter of a text file; raises `RefusedFile` when it is none.

    `called_text` says whether the name ends in .csv, .tsv or .txt; it chooses between the reasons only.
    """
    encoding = encoding_of(data)
    if encoding is None:
        if called_text:
            message = "文件不是文本表格，或编码无法识别；请另存为UTF-8编码的csv，或xlsx后再上传。"
            raise RefusedFile("NOT_TEXT", message)
        message = "这不是电子表格，请用Excel或WPS打开后另存为xlsx再上传。"
        raise RefusedFile("NOT_A_WORKBOOK", message)
    sample = data.decode(encoding, "replace")[:SAMPLE_CHARACTERS]
    if not sample.strip(BLANK) and not data.decode(encoding, "replace").strip(BLANK):
        raise RefusedFile("EMPTY_FILE", "文件里没有内容，请重新导出或保存后再上传。")
    if sample.lstrip(BLANK).startswith("<"):
        return FileKind(_format_of_markup(data.decode(encoding, "replace")), encoding=encoding)
    if WEB_ARCHIVE.match(sample):
        raise RefusedFile("NOT_A_WORKBOOK", ARCHIVE)
    return FileKind(FileFormat.TEXT, encoding=encoding, delimiter=_delimiter_of(sample))


def encoding_of(data: bytes) -> str | None:
    """The Python codec that reads the bytes, or None for binary data.

    Strict UTF-8 first, then GB18030, the superset of what Chinese Windows writes.  When a few bytes fit
    neither, the better of the two is taken and the broken cells are marked one by one.
    """
    for mark, codec in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return codec if _is_text(data, codec) else None
    head = data[:4096]
    if head.count(b"\x00") > len(head) // 8:
        # UTF-16 without a mark: the zero bytes of Latin letters and digits all stand on one side.
        codec = "utf-16-le" if head[1::2].count(b"\x00") > head[::2].count(b"\x00") else "utf-16-be"
        return codec if _is_text(data, codec) else None
    for codec in ("utf-8", "gb18030"):
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec if _is_text(data, codec) else None
    best = min(("utf-8", "gb18030"), key=lambda codec: data.decode(codec, "replace").count("\ufffd"))
    return best if _is_text(data, best) else None


def _is_text(data: bytes, codec: str) -> bool:
    text = data.decode(codec, "replace")
    if BINARY.search(text[:SAMPLE_CHARACTERS]) and len(BINARY.findall(text)) > len(text) * BAD_SHARE / 10:
        return False
    return text.count("\ufffd") <= max(3, len(text) * BAD_SHARE)


def _format_of_markup(text: str) -> FileFormat:
    """A page with a table or an XML spreadsheet; raises `RefusedFile` for the rest and for active pages."""
    start = text.lstrip("\ufeff \t\r\n")[:2048].lower()
    if "<!entity" in start:
        raise RefusedFile("UNSAFE_XML", UNSAFE)
    is_spreadsheet = bool(XML_2003.search(start))
    if not is_spreadsheet and any(sign in start for sign in PAGE_SIGNS):
        if ACTIVE.search(text):
            message = "网页表格中含有脚本或外部内容，请用Excel或WPS打开后另存为xlsx再上传。"
            raise RefusedFile("NOT_A_WORKBOOK", message)
        if not TABLE.search(text):
            message = "这是网页，里面没有表格；请在原系统重新导出，或用Excel打开后另存为xlsx再上传。"
            raise RefusedFile("NOT_A_WORKBOOK", message)
        return FileFormat.WEB_PAGE
    if "<!doctype" in start:
        raise RefusedFile("UNSAFE_XML", UNSAFE)
    if is_spreadsheet:
        return FileFormat.XML_2003
    raise RefusedFile("NOT_A_WORKBOOK", "这是XML或网页文件，不是电子表格，请另存为xlsx后再上传。")


def _delimiter_of(sample: str) -> str:
    """The delimiter by which most of the first records fall into the same number of fields."""

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in islice(_records(sample, delimiter), SAMPLE_RECORDS))
        widths.pop(1, None)
        if not widths:
            return (0, 0)
        width, records = widths.most_common(1)[0]
        return (records, width)

    return max(DELIMITERS, key=regularity)


def _records(sample: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    except csv.Error:
        return
