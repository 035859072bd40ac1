"""公示名单: a whitelist of columns, and cells that are looked into."""

from dataclasses import fields

import pytest

from datong_edu.core.publicity import LABELS, NotPublic, PublicLine, headings, public_lines

ROW = {"name": "侯明远", "school": "示例小学", "grade": "四年级", "class_name": "1班"}


def test_lawful_rows_become_lines() -> None:
    lines = public_lines([ROW, ROW | {"scheme": "义务教育生活补助", "level": "寄宿 625 元"}])
    assert lines[0] == PublicLine("侯明远", "示例小学", "四年级", "1班")
    assert headings(lines) == ["姓名", "学校", "年级", "班级", "资助项目", "资助档次"]
    assert headings(lines[:1]) == ["姓名", "学校", "年级", "班级"]


def test_whitelist_and_line_are_the_same() -> None:
    assert list(LABELS) == [field.name for field in fields(PublicLine)]


@pytest.mark.parametrize(
    "column",
    ["id_no", "id_no_masked", "phone", "address", "birth_on", "account", "category", "note", "reason"],
)
def test_column_outside_the_whitelist_raises(column: str) -> None:
    with pytest.raises(NotPublic, match=column):
        public_lines([ROW | {column: ""}])  # the column itself, even when it is empty


@pytest.mark.parametrize("column", [name for name in LABELS if name != "name"])
@pytest.mark.parametrize(
    "text",
    [
        "140225201103080017",
        "140225********0017",
        "138 1234 5678",
        "6217 0001 2345",
        "2011年3月8日",
        "2011-03-08",
        "残疾学生补助",
        "孤儿",
        "建档立卡",
        "低保家庭",
        "永安镇某村民委员会",
    ],
)
def test_cell_that_tells_too_much_raises(column: str, text: str) -> None:
    with pytest.raises(NotPublic, match=LABELS[column]):
        public_lines([ROW | {column: text}])


@pytest.mark.parametrize("missing", ["name", "school"])
def test_line_without_name_or_school_raises(missing: str) -> None:
    with pytest.raises(NotPublic):
        public_lines([{**ROW, missing: ""}])


def test_amount_that_is_no_text_raises() -> None:
    with pytest.raises(NotPublic, match="只能是文字"):
        PublicLine("侯明远", "示例小学", level=625)  # type: ignore[arg-type]
