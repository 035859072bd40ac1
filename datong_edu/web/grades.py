"""Grades as schools say them."""

from datong_edu.core.codes import Stage

_NUMERALS = "一二三四五六七八九"
_FIRST_GRADE = {Stage.JUN: 7, Stage.HS: 10, Stage.VOC: 1, Stage.COL: 1, Stage.UNI: 1, Stage.PG: 1}
_SPOKEN = {
    Stage.JUN: "初",
    Stage.HS: "高",
    Stage.VOC: "中职",
    Stage.COL: "高职",
    Stage.UNI: "大",
    Stage.PG: "研",
    Stage.SPE: "特教",
}
_PRE_CLASSES = {1: "小班", 2: "中班", 3: "大班"}


def grade_words(stage: str, grade: int | None, class_no: int | None = None) -> str:
    """三年级, 初二, 高一, 大班; with its class 初二(4)."""
    if grade is None:
        return Stage(stage).label if stage else ""
    if stage == Stage.PRE:
        text = _PRE_CLASSES.get(grade, "学前")
    elif stage in _SPOKEN:
        text = _SPOKEN[Stage(stage)] + _numeral(grade - _FIRST_GRADE.get(Stage(stage), 1) + 1)
    else:
        text = f"{_numeral(grade)}年级"
    return f"{text}({class_no})" if class_no else text


def _numeral(number: int) -> str:
    return _NUMERALS[number - 1] if 1 <= number <= len(_NUMERALS) else str(number)
