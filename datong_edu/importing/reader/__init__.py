"""The reader: turns a file that passed the gate into sheets of typed cells and interprets none of them."""

from datong_edu.importing.gate.kinds import DEFAULT_LIMITS, FileFormat, FileKind, Limits
from datong_edu.importing.reader import ods, plain, web_page, xls, xlsx, xml_2003
from datong_edu.importing.reader.book import Merge, Sheet, Workbook, column_letter

__all__ = ["Merge", "Sheet", "Workbook", "column_letter", "read"]


def read(kind: FileKind, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Open a workbook; cells are only turned into Python values while `Sheet.rows()` is walked.

    Raises `RefusedFile` with DAMAGED, UNSAFE_XML or TOO_LARGE_UNPACKED.  Parsers are fed whatever the gate
    lets through, so this belongs into a child process with limits (`importing.child`).
    """
    match kind.format:
        case FileFormat.XLSX:
            return xlsx.read_xlsx(data, limits)
        case FileFormat.XLS:
            return xls.read_xls(data, limits)
        case FileFormat.ODS:
            return ods.read_ods(data, limits)
        case FileFormat.TEXT:
            return plain.read_text(data, encoding=kind.encoding or "utf-8", delimiter=kind.delimiter or ",")
        case FileFormat.WEB_PAGE:
            return web_page.read_web_page(data, limits, encoding=kind.encoding or "utf-8")
        case FileFormat.XML_2003:
            return xml_2003.read_xml_2003(data, limits, encoding=kind.encoding or "utf-8")
