"""三方数据核对: what registry, poverty register and aid roll say about the same person, side by side.

Pure functions.  A field that only one book knows is adopted from it; where books differ, the book that keeps
the fact by law is adopted (the registry for school, grade and boarding), and for who somebody is (name,
number, sex, birth) nothing is adopted until a person has looked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datong_edu.core.codes import STUDENT_STATUSES, Boarding
from datong_edu.core.names import same_name
from datong_edu.desk.facts import PersonFacts, origin_of
from datong_edu.web.grades import grade_words
from datong_edu.web.parts import Badge, Cell, CompareRow, Comparison, Source

REGISTRY, POVERTY, AID = "学籍", "脱贫户", "资助"
AGREED = Badge("一致", "green")
DOUBTFUL = Badge("待核实", "amber")


@dataclass(frozen=True)
class Line:
    """One field: text in each book, which book is adopted ("" for none), and when two texts are the same."""

    label: str
    texts: Sequence[str]
    adopted: str = ""
    keys: Sequence[str] = ()
    same: Callable[[str, str], bool] = str.__eq__


def compare(facts: PersonFacts) -> Comparison:
    """The comparison of the latest row of each book."""
    pupil, member = facts.enrolment, facts.membership
    award = facts.awards[0] if facts.awards else None
    three = (pupil, member, award)

    def of(name: str) -> list[str]:
        return [_text(getattr(row, name, "")) for row in three]

    on_day = origin_of(pupil).on if pupil else None
    categories = "、".join(
        dict.fromkeys(spell.get_category_display() for spell in facts.spells if spell.until_on is None)
    )
    lines = [
        Line("姓名", of("name"), same=same_name),
        Line("性别", of("sex")),
        Line("出生日期", of("birth_on")),
        Line("身份证号", of("id_no_masked"), keys=of("id_no_index")),
        Line("学籍号", of("student_no_masked"), REGISTRY, keys=of("student_no_index")),
        Line(
            "学校",
            [str(pupil.school) if pupil else "", "", str(award.school or "") if award else ""],
            REGISTRY,
        ),
        Line(
            "学段年级",
            [_grade(pupil), _status(member), _grade(award)],
            REGISTRY,
            keys=[_taught(pupil), _stated(member), _taught(award)],
            same=_may_be_same_grade,
        ),
        Line("就读方式", [_boarding(pupil), "", _boarding(award)], REGISTRY),
        Line("困难身份", ["", categories, award.category_text if award else ""], POVERTY, same=_overlap),
        Line(
            "监护人",
            [pupil.guardian if pupil else "", "", award.guardian if award else ""],
            REGISTRY,
            same=same_name,
        ),
    ]
    sources = [
        Source(REGISTRY, on_day),
        Source(POVERTY, origin_of(member).on if member else None),
        Source(AID, origin_of(award).on if award else None),
    ]
    return Comparison(sources, [row for line in lines if (row := row_of(line))])


def row_of(line: Line) -> CompareRow | None:
    """One line: differences marked against the adopted book; None when no book knows the field."""
    books = (REGISTRY, POVERTY, AID)
    keys = line.keys or line.texts
    given = [place for place, text in enumerate(line.texts) if text]
    if not given:
        return None
    base = books.index(line.adopted) if line.adopted and books.index(line.adopted) in given else given[0]
    differs = [bool(text) and not line.same(keys[base], keys[place]) for place, text in enumerate(line.texts)]
    cells = [Cell(text, differs=differs[place]) for place, text in enumerate(line.texts)]
    if len(given) == 1:
        return CompareRow(line.label, cells, adopted=f"仅{books[base]}提供")
    if not any(differs):
        return CompareRow(line.label, cells, badge=AGREED)
    if line.adopted:
        return CompareRow(line.label, cells, adopted=f"采信{books[base]}")
    return CompareRow(line.label, cells, badge=DOUBTFUL)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _grade(row: Any) -> str:
    return grade_words(row.stage, row.grade) if row else ""


def _status(member: Any) -> str:
    """What the poverty register says of school, as a grade where it names one."""
    if member is None or not member.student_status:
        return ""
    stage, grade = STUDENT_STATUSES.get(member.student_status, (None, None))
    return grade_words(stage, grade) if stage and grade else member.student_status


def _taught(row: Any) -> str:
    return f"{row.stage}:{row.grade or ''}" if row else ""


def _stated(member: Any) -> str:
    stage, grade = STUDENT_STATUSES.get(member.student_status if member else "", (None, None))
    return f"{stage or ''}:{grade or ''}"


def _may_be_same_grade(one: str, other: str) -> bool:
    """Same stage, and the same grade where both name one: 小学 agrees with 三年级."""
    (stage, grade), (stage_beside, grade_beside) = one.split(":"), other.split(":")
    return stage == stage_beside and (grade == grade_beside or not grade or not grade_beside)


def _boarding(row: Any) -> str:
    return Boarding(row.boarding).label if row and row.boarding else ""


def _overlap(one: str, other: str) -> bool:
    """Whether two lists of categories share a word; rolls write 建档立卡 for 脱贫家庭（建档立卡）."""
    words = {part for text in one.replace("（", "、").replace("）", "").split("、") if (part := text.strip())}
    return any(word in other or other in word for word in words)
