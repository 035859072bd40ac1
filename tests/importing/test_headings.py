"""Headings of county files and the fields they become."""

import pytest

from datong_edu.importing.headings import ALIASES, is_lookalike, match_columns, normalise_heading


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("金额 (元)*", "金额"),
        ("*身份证号（必填）", "身份证号"),
        ("县(市、区、旗)", "县"),
        ("学校(机构)标识码", "学校标识码"),
        ("姓\n名", "姓名"),
        ("No.", "NO"),
        ("成员1/身份证件号", "成员1/身份证件号"),
        ("(备注)", "(备注)"),
    ],
)
def test_normalise_heading(heading: str, plain: str) -> None:
    assert normalise_heading(heading) == plain


def fields_of(headings: str, fields: str, **extra: tuple[str, ...]) -> list[str | None]:
    matches = match_columns(headings.split(), {field: extra.get(field, ()) for field in fields.split()})
    return [match.field if match else None for match in matches]


def test_match_columns_reads_a_preschool_roll() -> None:
    headings = "序号 县区 幼儿园名称 姓名 身份证号 班级 家长姓名 家长身份证号 补助标准 资助金额 银行账号 户名"
    fields = "seq county school name id_no grade guardian guardian_id amount account holder"
    assert fields_of(headings, fields, grade=("班级",)) == [
        "seq", "county", "school", "name", "id_no", "grade", "guardian", "guardian_id", None, "amount",
        "account", "holder",
    ]  # fmt: skip


def test_match_columns_reads_two_row_headings() -> None:
    headings = "学籍号 姓名 身份证件号 成员1/姓名 成员1/关系 成员1/身份证件号 成员2/身份证件号"
    fields = "student_no name id_no guardian relation guardian_id"
    assert fields_of(headings, fields) == [
        "student_no", "name", "id_no", "guardian", "relation", "guardian_id", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("家长身份证号", "id_no"),
        ("户主证件号码", "id_no"),
        ("学号", "student_no"),
        ("班内学号", "student_no"),
        ("学籍辅号", "student_no"),
        ("补助标准(元)", "amount"),
        ("户主姓名", "name"),
    ],
)
def test_lookalikes_are_never_taken(heading: str, field: str) -> None:
    assert is_lookalike(heading, field)
    assert match_columns([heading], {field: ()}) == [None]


def test_match_columns_leaves_a_tie_to_the_clerk() -> None:
    assert fields_of("应发金额 实发金额", "amount") == [None, None]
    assert fields_of("金额 实发金额", "amount") == ["amount", None]
    assert fields_of("学校名称 学校", "school") == ["school", None]


def test_match_columns_prefers_the_field_a_heading_names_first() -> None:
    assert fields_of("户主姓名", "guardian head_name") == ["head_name"]
    assert fields_of("户主姓名", "guardian") == ["guardian"]
    assert fields_of("是否残疾", "category is_disabled") == ["is_disabled"]


def test_no_alias_is_a_lookalike_of_its_own_field() -> None:
    wrong = [(field, text) for field, texts in ALIASES.items() for text in texts if is_lookalike(text, field)]
    assert wrong == []
