"""Columns whose headings tell nothing: what their cells propose, and what they never do."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from datong_edu.importing.cleaners import boarding, grade
from datong_edu.importing.content import (
    ENOUGH,
    Cells,
    Guess,
    People,
    Sought,
    certainty,
    doubt,
    guess_columns,
)
from datong_edu.importing.enums import BatchState
from datong_edu.importing.headings import is_lookalike
from datong_edu.importing.models import ImportBatch
from tests.factories import id_number
from tests.importing.command import import_roster
from tests.importing.test_views import clerk, confirm, page, uploaded
from tests.workbooks import builders

__all__ = ["clerk"]

ON = date(2020, 9, 30)
PUPILS = People(ON, (2, 22))
ANYBODY = People(ON)
FIELDS = frozenset(
    {"id_no", "guardian_id", "student_no", "phone", "account", "name", "amount", "school", "grade", "birth"}
)
CHILDREN = [id_number(date(2010, 1, 1) + timedelta(days=31 * at)) for at in range(20)]
PARENTS = [id_number(date(1980, 1, 1) + timedelta(days=31 * at)) for at in range(20)]
NAMES = ["侯明远", "姚玉兰", "贺小雨", "韩一诺", "冯子轩", "高嘉禾", "邓思雨", "曹晓彤", "彭建国", "曾秀英"]


def guess(cells: Sequence[Any], people: People = PUPILS, **more: Any) -> Guess | None:
    """What one column alone speaks for."""
    [found] = guess_columns([Cells("某列", cells, **more)], Sought(FIELDS, people))
    return found


def field(cells: Sequence[Any], people: People = PUPILS, **more: Any) -> str:
    """The field of `guess`, "" for none."""
    found = guess(cells, people, **more)
    return found.field if found else ""


def wrong(number: str) -> str:
    """The number with another check character."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def test_certainty_grows_with_the_cells() -> None:
    assert certainty(2, 2) == ENOUGH > certainty(1, 1)
    assert guess(CHILDREN) == Guess("id_no", 95, "前 20 个中 20 个像有效身份证号")


@pytest.mark.parametrize(("valid", "expected"), [(2, "id_no"), (1, "")])
def test_fewest_cells_that_are_enough(valid: int, expected: str) -> None:
    assert field(CHILDREN[:valid]) == expected


@pytest.mark.parametrize(("bad", "expected"), [(4, "id_no"), (5, "")])
def test_share_of_wrong_check_characters(bad: int, expected: str) -> None:
    # 16 of 20: (16 + 1) / 22 = 0.77; 15 of 20: 0.73
    assert field([wrong(one) for one in CHILDREN[:bad]] + CHILDREN[bad:]) == expected


def test_blank_cells_do_not_count() -> None:
    assert field(["", None, *CHILDREN[:3], " "]) == "id_no"


def test_guardians_numbers_are_never_the_pupils() -> None:
    assert field(PARENTS) == "guardian_id"
    assert field(PARENTS, People(ON, (18, 75))) == "id_no"


@pytest.mark.parametrize(("parents", "expected"), [(2, "id_no"), (3, "")])
def test_share_of_adults_among_pupils(parents: int, expected: str) -> None:
    assert field(CHILDREN[: 20 - parents] + PARENTS[:parents]) == expected


@pytest.mark.parametrize(("born", "expected"), [(date(1997, 10, 1), "id_no"), (date(1997, 9, 30), "")])
def test_oldest_pupil_is_22_on_the_census_day(born: date, expected: str) -> None:
    assert field([id_number(born, serial) for serial in range(1, 6)]) in (expected or "guardian_id",)


@pytest.mark.parametrize(("times", "expected"), [(1, "id_no"), (2, "")])
def test_number_that_comes_back_is_a_fathers(times: int, expected: str) -> None:
    # 4 of 5 differ, or 3 of 5
    assert field(CHILDREN[: 5 - times] + CHILDREN[:1] * times, ANYBODY) == expected


def test_two_columns_of_numbers_are_left_to_the_clerk() -> None:
    columns = [Cells("甲", CHILDREN), Cells("乙", list(reversed(CHILDREN)))]
    assert guess_columns(columns, Sought(FIELDS, PUPILS)) == [None, None]


def test_age_tells_the_pupil_beside_the_guardian() -> None:
    columns = [Cells("证件", PARENTS), Cells("证件1", CHILDREN)]
    found = guess_columns(columns, Sought(FIELDS, PUPILS))
    assert [one and one.field for one in found] == ["guardian_id", "id_no"]


def test_numbers_that_lost_digits_still_tell_their_column() -> None:
    assert field([float(one[:-1] + "0") for one in CHILDREN]) == "id_no"
    assert field(["1.40225E+17"] * 3) == ""  # no birth date tells whose they are
    assert field([6217000011112222333.0 + at * 10**6 for at in range(5)]) == "account"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([f"G{one}" for one in CHILDREN[:4]], "student_no"),
        ([f"1380000{at:04}" for at in range(4)], "phone"),
        ([13800000000.0 + at for at in range(4)], "phone"),
        ([f"62170000111122{at:05}" for at in range(4)], "account"),
        ([f"62170000111{at:03}" for at in range(4)], ""),
        (NAMES, "name"),
        (["一班", "二班", "三班", "四班"], ""),
        (["王庄堡镇", "吴城乡", "裴村乡", "官儿乡"], ""),
        (["侯明远"] * 10, ""),
        ([625, "500.00", "312.5", "1,000元"], "amount"),
        ([626, 501, 313, 1001], ""),
        ([1, 2, 3, 4], ""),
        ([True, False, True], ""),
    ],
)  # fmt: skip
def test_shapes(cells: list[Any], expected: str) -> None:
    assert field(cells) == expected


def test_school_is_one_the_portal_knows() -> None:
    sought = Sought(FIELDS, PUPILS, known={"school": lambda text: text.startswith("浑源县")})
    [known] = guess_columns([Cells("点", ["浑源县一小", "浑源县二小", "浑源三小"] * 3)], sought)
    assert known is None  # 6 of 9: 0.64
    [known] = guess_columns([Cells("点", ["浑源县一小"] * 5 + ["三小"])], sought)
    assert known == Guess("school", 75, "前 6 个中 5 个像本市学校名称")


def test_words_are_told_by_their_cleaner() -> None:
    sought = Sought(frozenset({"grade", "boarding"}), PUPILS, {"grade": grade, "boarding": boarding})
    columns = [
        Cells("甲", ["三年级", "四年级"] * 3),
        Cells("乙", ["寄宿", "走读"]),
        Cells("丙", ["是", "否"] * 3),
    ]
    found = guess_columns(columns, sought)
    assert [one and one.field for one in found] == ["grade", "boarding", None]


def test_birth_date_is_told_by_the_number_beside_it() -> None:
    born = [f"{one[6:10]}-{one[10:12]}-{one[12:14]}" for one in CHILDREN]
    columns = [Cells("甲", CHILDREN), Cells("乙", born), Cells("丙", ["2020-09-01"] * 20)]
    found = guess_columns(columns, Sought(FIELDS, PUPILS))
    assert [one and one.field for one in found] == ["id_no", "birth", None]


def test_heading_that_says_another_thing_is_believed() -> None:
    assert field(CHILDREN, said=("head_id",)) == ""
    assert field(CHILDREN, said=("id_no", "guardian_id")) == "id_no"
    assert field(CHILDREN, barred=frozenset({"id_no"})) == ""


@pytest.mark.parametrize(
    "heading",
    [
        "家长证件",
        "父亲身份证",
        "户主身份证明",
        "监护人信息/证件",
        "成员2/证件号",
        "学号",
        "学籍辅号",
        "开户人证件号",
    ],
)
def test_words_of_relatives_make_a_heading_a_lookalike(heading: str) -> None:
    assert is_lookalike(heading, "id_no")


@pytest.mark.parametrize("heading", ["学生身份号", "证件", "身份证号码（必填）", "幼儿身份证号"])
def test_unusual_headings_are_no_lookalikes(heading: str) -> None:
    assert not is_lookalike(heading, "id_no")


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("id_no", PARENTS, "家长"),
        ("id_no", CHILDREN[:10] + PARENTS[:10], ""),
        ("id_no", CHILDREN[:9] + PARENTS[:11], "家长"),
        ("id_no", [f"621700001111222{at:04}" for at in range(3)], "不像身份证号"),
        ("id_no", ["621700001111222333"] * 2, ""),
        ("id_no", [wrong(one) for one in CHILDREN], ""),
        ("id_no", [float(one[:-1] + "0") for one in CHILDREN], ""),
        ("student_no", ["20200001"] * 3, "不像学籍号"),
        ("student_no", [f"G{CHILDREN[0]}", "20200001"] * 2, ""),
        ("phone", ["无", "无", "13800001234"], "不像电话号码"),
        ("account", NAMES, "不像银行账号"),
        ("grade", NAMES, ""),
    ],
)  # fmt: skip
def test_cells_may_contradict_their_heading(name: str, cells: list[Any], words: str) -> None:
    told = doubt(name, Cells("列", cells), PUPILS)
    assert (words in told) if words else not told


# --- in the browser ------------------------------------------------------------------------------------


def roll(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of 名单."""
    return builders.saved(builders.workbook([list(headings), *rows]))


def lines(*columns: Sequence[Any]) -> list[list[Any]]:
    """Rows of these columns."""
    return [list(row) for row in zip(*columns, strict=False)]


def send_roll(client: Client, content: bytes, kind: str = "r2_living_allowance") -> ImportBatch:
    """Upload it and let it be read."""
    return uploaded(client, content=content, name="名单.xlsx", kind=kind)


PUPIL_ROWS = lines(
    ["浑源县第一小学校"] * 6, NAMES, CHILDREN, ["四年级"] * 6, ["寄宿"] * 6, [500] * 6, ["低保"] * 6
)


@pytest.mark.usefixtures("books")
def test_unusual_headings_are_proposed_and_confirmed(clerk: Client) -> None:
    headings = ["所属", "孩子", "学生身份号", "读几", "住不住", "发多少", "缘由"]
    batch = send_roll(clerk, roll(headings, PUPIL_ROWS))
    assert batch.state == BatchState.MAPPING
    [mapping] = batch.mapping.values()
    assert mapping == {
        "A": "school",
        "B": "name",
        "C": "id_no",
        "D": "grade",
        "E": "boarding",
        "F": "amount",
        "G": "category",
    }
    shown = page(clerk, batch)
    assert "按内容判断 87%" in shown
    assert "前 6 个中 6 个像有效身份证号" in shown
    assert CHILDREN[0] not in shown
    done = confirm(clerk, batch)
    assert (done.state, done.counts["new"]) == (BatchState.READY, 6)
    again = send_roll(clerk, roll([*headings, "备注"], [[*row, ""] for row in PUPIL_ROWS]))
    assert again.state == BatchState.READY  # what was confirmed is remembered


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("heading", ["家长证件", "监护人身份证号", "户主证件号码", "父亲身份证", "学号"])
def test_guardians_column_is_not_taken_when_the_pupils_is_missing(clerk: Client, heading: str) -> None:
    headings = ["学校", "姓名", heading, "年级", "就读方式", "金额", "困难类型"]
    batch = send_roll(clerk, roll(headings, PUPIL_ROWS))
    assert "id_no" not in next(iter(batch.mapping.values()), {}).values()


@pytest.mark.usefixtures("books")
def test_adults_below_the_pupils_heading_are_doubted_even_when_remembered(clerk: Client) -> None:
    headings = ["学校", "姓名", "身份证号", "年级", "就读方式", "金额", "困难类型"]
    confirm(clerk, send_roll(clerk, roll(headings, PUPIL_ROWS)))
    rows = [[*row[:2], parent, *row[3:]] for row, parent in zip(PUPIL_ROWS, PARENTS, strict=False)]
    batch = send_roll(clerk, roll(headings, rows))
    assert batch.state == BatchState.MAPPING
    assert "家长或他人的号码" in page(clerk, batch)


@pytest.mark.usefixtures("books")
def test_column_without_a_heading_is_shown(clerk: Client) -> None:
    headings = ["学校", "姓名", "", "年级", "就读方式", "金额", "困难类型"]
    batch = send_roll(clerk, roll(headings, PUPIL_ROWS))
    [mapping] = batch.mapping.values()
    assert mapping["C"] == "id_no"
    assert "（没有列名）" in page(clerk, batch)
    assert confirm(clerk, batch).counts["new"] == 6


@pytest.mark.usefixtures("books")
def test_file_without_any_heading_is_refused(clerk: Client) -> None:
    batch = send_roll(clerk, roll(PUPIL_ROWS[0], PUPIL_ROWS[1:]))
    assert (batch.state, batch.refusal_key) == (BatchState.REFUSED, "NO_HEADER")


@pytest.mark.usefixtures("books")
def test_content_alone_is_never_enough_on_the_command_line(tmp_path: Any) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(roll(["学校", "姓名", "证件", "年级", "就读方式", "金额", "困难类型"], PUPIL_ROWS))
    refused = import_roster(path, "r2_living_allowance")
    assert (refused.code, refused.said["reason"]) == (2, "NO_HEADER")
    given = tmp_path / "对应.json"
    given.write_text(
        '{"*": {"A": "school", "B": "name", "C": "id_no", "D": "grade", "E": "boarding", "F": "amount"}}'
    )
    assert import_roster(path, "r2_living_allowance", mapping=given, apply=False).count("accepted") == 6
