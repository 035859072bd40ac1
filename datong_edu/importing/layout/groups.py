"""Whose pupils stand below: a school named in a row of its own, above the headings or on the tab.

Lists of several schools often name each school once, in a row above its pupils (一、浑源县第一小学 or
学校：浑源县第一小学), and leave the column of schools blank or out.  Such a row holds for the rows below it
until the next one.  A line above the headings or the name of the sheet is believed only where the table has
no column for schools at all: beside such a column they may name whoever sent the file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from datong_edu.importing.cells import Value
from datong_edu.importing.headings import match_columns
from datong_edu.importing.layout.header import Header
from datong_edu.importing.layout.vocabulary import Column, Vocabulary
from datong_edu.importing.reader.book import Sheet, column_letter

SCHOOL_LABEL = re.compile(
    r"^(?:所在|就读|填报)?(?:学校(?:名称)?|幼儿园(?:名称)?|园所|教学点|(?:填报|编报|上报|报送)?单位)[:：](.*)$"
)
OTHER_LABEL = re.compile(r"\s+(?=\S{1,10}[:：])|[,，;；]|\s{2,}")
NUMBER_BEFORE = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．])"
)
COUNT_BEHIND = re.compile(r"(?:[（(]?(?:合|共)?计?\d+[人名][)）]?|[:：])+$")
A_COUNT = re.compile(r"^(?:合|共)?计?\d*[人名]?数?[:：]?\d*[人名]?$")
A_SCHOOL = re.compile(
    r"^.{0,30}(?:学校|小学校?|中学校?|完小|幼儿园|幼儿班|教学点|中心校|联校|校区|分校|附小|附中|初中|高中"
    r"|职中|职高|职教中心|实验校|[一二三四五六七八九十\d][中小])(?:[（(][^（()）]{1,10}[)）])?$"
)
A_CLASS = re.compile(r"^(?:[初高小]?[一二三四五六七八九\d（(]{1,5}[)）]?(?:年级|年|班|级)|[大中小]班)|.*计")
MOST_BESIDE = 3
"""Cells that may stand in a row beside the name of its school: counts and further labels."""
FROM_ROWS, FROM_TITLE, FROM_TAB = "学校（分组行）", "学校（表头上方）", "学校（工作表名）"
"""Headings of the column that is added, as the clerk sees them; without the note they read 学校."""


def school_named(cells: Sequence[Value], filled: Sequence[int], *, only_labelled: bool = False) -> str:
    """The school that a row of few cells names, or "".

    `filled` are the positions of the cells that say something.  With a label (学校：) the name is what stands
    behind it, in its cell or the next; without one the row must hold nothing but a name that ends as schools'
    names do, and perhaps how many pupils it has.
    """
    texts = [str(cells[at]).strip() for at in filled]
    if not 0 < len(texts) <= MOST_BESIDE + 1 or not all(isinstance(cells[at], str) for at in filled):
        return ""
    for place, text in enumerate(texts):
        label = SCHOOL_LABEL.match(text)
        if label is None:
            continue
        behind = label[1].strip()
        beside = texts[:place] + texts[place + 1 :]
        if not behind and place + 1 < len(texts):
            behind, beside = texts[place + 1], texts[:place] + texts[place + 2 :]
        name = _bare(COUNT_BEHIND.sub("", OTHER_LABEL.split(behind)[0]))
        if A_SCHOOL.match(name) and all(re.search("[:：]", more) or A_COUNT.match(more) for more in beside):
            return name
    if only_labelled:
        return ""
    names = [text for text in texts if not A_COUNT.match(_bare(text))]
    return tab_named(names[0]) if len(names) == 1 else ""


def tab_named(text: str) -> str:
    """A text that is nothing but a school's name, without its number before and its count behind; or ""."""
    name = COUNT_BEHIND.sub("", NUMBER_BEFORE.sub("", _bare(text)))
    return name if A_SCHOOL.match(name) else ""


@dataclass
class Groups:
    """The school of the rows of one sheet that do not name theirs themselves.

    `column` is where the school belongs; `added` says that the sheet has no such column, so that the layout
    gives it one behind its last.
    """

    column: int | None = None
    code_column: int | None = None
    added: bool = False
    school: str = ""
    near: frozenset[int] = frozenset()

    @classmethod
    def of(cls, columns: Sequence[Column], vocabulary: Vocabulary) -> "Groups":
        """How the table with these columns says the schools of its rows."""
        if not vocabulary.has_schools:
            return cls()
        matches = match_columns([column.heading for column in columns], vocabulary.fields)
        places = {match.field: at for at, match in zip(columns, matches, strict=True) if match}
        school, code = places.get("school"), places.get("school_code")
        added = school is not None and school.heading in (FROM_ROWS, FROM_TITLE, FROM_TAB)
        first = columns[0].index if columns else 0
        near = {first, first + 1, first + 2} | ({school.index} if school else set())
        return cls(
            school.index if school else None, code.index if code else None, added, near=frozenset(near)
        )

    def take_up(
        self, cells: Sequence[Value], filled: Sequence[int], *, is_wide: bool, is_remark: bool
    ) -> bool:
        """Whether a row of few cells names the school of the rows below it.

        A lone text that may name one and is not understood ends the group: the rows below it are then without
        a school rather than at the one before.  Remarks and classes within a school end nothing.
        """
        if self.column is None or not filled or not (is_wide or filled[0] in self.near):
            return False
        found = school_named(cells, filled)
        if found:
            self.school = found
        elif len(filled) == 1 and not is_remark and not A_CLASS.match(_bare(str(cells[filled[0]]))):
            self.school = ""
        return bool(found)

    def put_into(self, cells: list[Value]) -> None:
        """Write the school into a row that does not name one; the row is as wide as its sheet."""
        if self.column is None:
            return
        is_open = cells[self.column] == "" and (self.code_column is None or cells[self.code_column] == "")
        if self.added or (self.school and is_open):
            cells[self.column] = self.school


def with_column_for_schools(
    header: Header, sheet: Sheet, top: Sequence[list[Value]], vocabulary: Vocabulary
) -> tuple[Header, str]:
    """The header with a column for schools added, and the school that holds from its first row.

    Nothing is added where the table has such a column, or where no row, no line above and no tab names one.
    `top` are the first rows of the table, the first of them row `sheet.above + 1`.
    """
    groups = Groups.of(header.columns, vocabulary)
    if not vocabulary.has_schools or groups.column is not None or groups.code_column is not None:
        return header, ""
    first, last = header.rows[0] - sheet.above - 1, header.rows[-1] - sheet.above
    above = list(_names(top[:first], only_labelled=True))
    tab = tab_named(sheet.name)
    if any(_names(top[last:])):
        heading, school = FROM_ROWS, above[-1] if above else ""
    elif above:
        heading, school = FROM_TITLE, above[-1]
    elif tab:
        heading, school = FROM_TAB, tab
    else:
        return header, ""
    at = header.columns[-1].index + 1
    added = Column(at, column_letter(at), heading)
    return replace(header, columns=(*header.columns, added)), school


def _names(rows: Sequence[list[Value]], *, only_labelled: bool = False) -> Iterator[str]:
    for cells in rows:
        filled = [at for at, cell in enumerate(cells) if cell != "" and str(cell).strip()]
        if name := school_named(cells, filled, only_labelled=only_labelled):
            yield name


def _bare(text: str) -> str:
    return "".join(text.split())
