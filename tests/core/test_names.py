"""Names of persons and schools: stored spelling and comparison keys."""

import pytest

from datong_edu.core import names


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("张　三", "张三"),
        (" 廖 海 瑞\xa0", "廖海瑞"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("Abdul  Karim", "Abdul Karim"),
        ("𬎆明", "𬎆明"),
        ("\ufeff张三\u200b", "张三"),
    ],
)
def test_normalise_name(sent: str, stored: str) -> None:
    assert names.normalise_name(sent) == stored


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("秦林锐(大)", ("秦林锐", "大")),
        ("张三(小", ("张三", "小")),
        ("张三", ("张三", "")),
        ("(张三)", ("(张三)", "")),
    ],
)
def test_split_note(name: str, parts: tuple[str, str]) -> None:
    assert names.split_note(name) == parts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("张昇", "张升", True),
        ("买买提·艾力", "买买提艾力", True),
        ("张 三(大)", "张三", True),
        ("abdul karim", "ABDUL KARIM", True),
        ("张三", "张山", False),
    ],
)
def test_same_name(one: str, other: str, same: bool) -> None:
    assert names.same_name(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("浑源县 第三中学校", "浑源县第三中学校", True),
        ("大同市浑源县第三中学校", "浑源县第三中学校", True),
        ("山西省大同市浑源县第三中学校", "浑源县第三中学校", True),
        ("浑源县第三中学（东校区）", "浑源县第三中学(东校区)", True),
        ("大同市第一中学", "第一中学", False),
        ("大同市城区三中", "城区三中", False),
        ("浑源三中", "浑源县第三中学校", False),
    ],
)
def test_school_name_key_never_shortens(one: str, other: str, same: bool) -> None:
    assert (names.school_name_key(one) == names.school_name_key(other)) is same
