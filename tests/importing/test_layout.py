"""Headings are found and rows sorted as a clerk would do it: sample rosters, then one mess at a time."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.gate import inspect
from datong_edu.importing.layout import SheetLayout, SheetRole, Vocabulary, below, find
from datong_edu.importing.reader import read
from tests.workbooks import builders

SAMPLES = sorted((Path(__file__).parents[1] / "workbooks" / "samples").glob("*.expected.json"))
FIELDS = ("seq", "school", "name", "id_no", "amount", "grade", "guardian", "guardian_id")
VOCABULARY = Vocabulary.of_fields(dict.fromkeys(FIELDS, ()), [{"name", "id_no"}])
PUPIL = ["1", "浑源县第一小学校", "邵亮燃", "140225201405128513", "625"]


def laid_out(data: bytes, vocabulary: Vocabulary = VOCABULARY) -> list[SheetLayout]:
    return find(read(inspect("名单", data), data), vocabulary)


def sheet_of(*rows: Iterable[object], merges: Iterable[str] = ()) -> SheetLayout:
    book = builders.workbook(rows)
    for merge in merges:
        book.active.merge_cells(merge)
    return laid_out(builders.saved(book))[0]


def reasons(layout: SheetLayout) -> dict[int, str]:
    return {row: str(reason) for row, reason in layout.ignored_rows}


@pytest.mark.parametrize("expected_path", SAMPLES, ids=lambda path: path.name[:2])
def test_layout_of_sample(expected_path: Path) -> None:
    expected = json.loads(expected_path.read_text())
    stem = expected_path.name.removesuffix(".expected.json")
    source = next(path for path in expected_path.parent.glob(f"{stem}.*") if path.suffix != ".json")
    data = source.read_bytes()
    columns = [column for sheet in expected["sheets"] for column in sheet.get("columns", ())]
    fields = {column["field"]: () for column in columns if column["field"]}
    ignored = [column["heading"] for column in columns if not column["field"]]
    kind = inspect(source.name, data)
    assert (kind.encoding, kind.delimiter) == (expected.get("encoding"), expected.get("delimiter"))
    for sheet in expected["sheets"]:
        for column in sheet.get("columns", ()):
            del column["field"]
    found = laid_out(data, Vocabulary.of_fields(fields, also_known=ignored))
    assert [sheet.description() for sheet in found] == expected["sheets"]


def test_header_below_title_and_form_line_in_pieces() -> None:
    layout = sheet_of(
        ["浑源县补助花名册"],
        ["编报单位：浑源县", "", "", "单位：元"],
        builders.HEADINGS,
        *builders.ROWS,
        merges=["A1:E1", "A2:C2", "D2:E2"],
    )
    assert (layout.header_rows, layout.data_rows) == ((3,), 2)
    assert reasons(layout) == {1: "TITLE", 2: "TITLE"}


def test_header_of_two_rows_without_merges() -> None:
    text = (
        "序号,姓名,身份证号,家长情况,\n,,,姓名,身份证号\n1,张三,140225201405128513,李四,140225198902230864\n"
    )
    layout = laid_out(text.encode())[0]
    assert layout.header_rows == (1, 2)
    assert [column.heading for column in layout.columns][3:] == ["家长情况/姓名", "家长情况/身份证号"]


def test_header_of_groups_only() -> None:
    book = builders.workbook([["学校", "", "学生", "", ""], builders.HEADINGS, PUPIL])
    for merge in ("A1:B1", "C1:E1"):
        book.active.merge_cells(merge)
    layout = laid_out(builders.saved(book), Vocabulary(frozenset(builders.HEADINGS)))[0]
    assert layout.header_rows == (1, 2)
    assert layout.columns[2].heading == "学生/姓名"


def test_header_texts_may_have_spaces_breaks_and_stars() -> None:
    layout = sheet_of(["序 号", "学校\n名称", "姓　名*", "身份证号（必填）", "金额(元)"], PUPIL)
    assert [column.heading for column in layout.columns][:3] == ["序号", "学校名称", "姓名*"]
    assert layout.data_rows == 1


def test_first_data_row_is_never_taken_for_a_heading() -> None:
    layout = sheet_of(builders.HEADINGS, ["1", "学校", "姓名", "140225201405128513", "625"], PUPIL)
    assert (layout.header_rows, layout.first_data_row, layout.data_rows) == ((1,), 2, 2)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["小 计", "", "", "", 625], "SUBTOTAL"),
        (["本页合计", "", "", "", 625], "SUBTOTAL"),
        (["", "浑源县第一小学校小计", "", "", 625], "SUBTOTAL"),
        (["合　　计：", "", "", "", 625], "TOTAL"),
        (["总计", "2人", "", "", 625], "TOTAL"),
        (["全县合计", "", "", "", 625], "TOTAL"),
        (["注：按标准的50%发放。"], "NOTE"),
        (["制表人：张三", "", "审核人：李四"], "NOTE"),
        (["", "", "校长（签字）："], "NOTE"),
        (["以上人员均已公示无异议。"], "NOTE"),
        (["第 1 页 共 3 页"], "NOTE"),
        ([3], "BLANK"),
        (["", "　", " "], "BLANK"),
        (builders.HEADINGS, "REPEATED_HEADER"),
    ],
)
def test_row_that_is_not_data(row: list[object], reason: str) -> None:
    layout = sheet_of(builders.HEADINGS, PUPIL, row, PUPIL)
    assert reasons(layout) == {3: reason}
    assert layout.data_rows == 2


@pytest.mark.parametrize(
    "row",
    [
        [3, "", "张三"],
        ["", "", "计小明", "140225201405128513", 1],
        [3, "会计中学", "合计生", "140225201405128513", 1],
        ["", "", "", "140225201405128513"],
        ["", "", "", "", 625],
        [3, "浑源县第一小学校", "单位"],
    ],
)
def test_row_that_is_data_although_odd(row: list[object]) -> None:
    layout = sheet_of(builders.HEADINGS, PUPIL, row, PUPIL)
    assert layout.data_rows == 3
    assert not layout.ignored_rows


def test_merged_cells_fill_only_their_range() -> None:
    rows = [
        builders.HEADINGS,
        PUPIL,
        [2, None, "韩冉迎"],
        ["小计", None],
        [3, None, "张三"],
        [4, None, "李四"],
    ]
    book = builders.workbook(rows)
    book.active.merge_cells("B2:B5")
    data = builders.saved(book)
    workbook = read(inspect("名单", data), data)
    layout = find(workbook, VOCABULARY)[0]
    schools = [(row.number, row.cells[1]) for row in layout.rows()]
    assert schools == [(2, PUPIL[1]), (3, PUPIL[1]), (5, PUPIL[1]), (6, "")]


def test_blank_rows_inside_a_merge_stay_blank() -> None:
    layout = sheet_of(builders.HEADINGS, PUPIL, [], PUPIL, merges=["B2:B3"])
    assert reasons(layout) == {3: "BLANK"}


def test_hidden_data_rows_are_listed() -> None:
    book = builders.workbook([builders.HEADINGS, PUPIL, PUPIL, ["合计"]])
    for row in (3, 4, 9):
        book.active.row_dimensions[row].hidden = True
    layout = laid_out(builders.saved(book))[0]
    assert layout.hidden_rows == [3]


def test_sheets_that_do_not_fit_are_ignored() -> None:
    book = builders.workbook([["说明"], ["请认真填写"]], title="填表说明")
    for title in ("一年级", "二年级"):
        sheet = book.create_sheet(title)
        sheet.append(builders.HEADINGS)
        sheet.append(PUPIL)
    layouts = laid_out(builders.saved(book))
    assert [layout.role for layout in layouts] == [SheetRole.IGNORE, SheetRole.DATA, SheetRole.DATA]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b,c\n1,2,3\n",
        "随便写的一段话，没有表头。\n".encode(),
        "年月,上课天数\n202009,21\n".encode(),
        "姓名,出生日期,金额\n张三,20140512,5\n".encode(),
        b"x,y\n" * 200_000,
        builders.saved(builders.workbook([])),
        builders.raw_xlsx("".join(f'<row r="{row}" spans="1:20"/>' for row in range(1, 1_048_577))),
    ],
    ids=[
        "letters",
        "prose",
        "other roster",
        "fields missing",
        "rubbish",
        "no rows",
        "a million formatted rows",
    ],
)
def test_file_without_headings_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile) as refusal:
        laid_out(data)
    assert refusal.value.reason_key == "NO_HEADER"
    assert "表头" in refusal.value.message


def test_file_without_data_is_refused() -> None:
    data = builders.saved(builders.workbook([["花名册"], builders.HEADINGS, [1], ["合计"], ["注：无"]]))
    with pytest.raises(RefusedFile) as refusal:
        laid_out(data)
    assert refusal.value.reason_key == "NO_DATA"


SIDE = ["序号", "姓名", "身份证号"]


def test_side_by_side_tables_are_two_blocks() -> None:
    book = builders.workbook(
        [
            ["领取名单"],
            [*SIDE, "", *SIDE],
            [1, "张三", "140225201405128513", "", 3, "李四", "140225198902230864"],
            [2, "王五", "140225201405128513", "", 4, "赵六", ""],
            ["", "孙七", "140225201405128513"],
            ["合计", "3", "", "", "合计", "2"],
        ]
    )
    book.active.merge_cells("A1:G1")
    left, right = laid_out(builders.saved(book))
    assert (left.name, right.name) == ("名单", "名单·右栏")
    assert (left.header_rows, right.header_rows) == ((2,), (2,))
    assert [column.letter for column in right.columns] == ["E", "F", "G"]
    assert [(row.number, row.cells[1]) for row in left.rows()] == [(3, "张三"), (4, "王五"), (5, "孙七")]
    assert [(row.number, row.cells[5]) for row in right.rows()] == [(3, "李四"), (4, "赵六")]
    assert reasons(left) == {1: "TITLE", 6: "TOTAL"}
    assert reasons(right)[6] == "TOTAL"
    assert right.description()["data_rows"] == 2


def test_side_by_side_blocks_fill_their_own_merges_down() -> None:
    book = builders.workbook(
        [
            ["学校", *SIDE[1:], "学校", *SIDE[1:]],
            ["第一小学", "张三", "140225201405128513", "第二小学", "李四", "140225198902230864"],
            ["", "王五", "140225201405128513", "", "赵六", "140225198902230864"],
        ]
    )
    book.active.merge_cells("D2:D3")
    left, right = laid_out(builders.saved(book))
    assert [row.cells[0] for row in left.rows()] == ["第一小学", ""]
    assert [row.cells[3] for row in right.rows()] == ["第二小学", "第二小学"]


@pytest.mark.parametrize(
    "headings",
    [
        ["姓名", "身份证号", "姓名", "家长身份证号"],
        ["姓名", "身份证号", "身份证号", "姓名"],
        ["序号", "姓名", "身份证号", "序号", "姓名"],
    ],
)
def test_headings_that_only_look_repeated_stay_one_table(headings: list[str]) -> None:
    book = builders.workbook([headings, ["张三", "140225201405128513", "李四", ""]])
    loose = Vocabulary.of_fields(dict.fromkeys(FIELDS, ()))
    assert len(laid_out(builders.saved(book), loose)) == 1


def table_far_below(kind: str) -> bytes:
    """Fifty pupils, and below them a table of other columns; xlsx or csv."""
    lower = ["姓名", "身份证号", "学校", "监护人姓名"]
    lines = [builders.HEADINGS, *[PUPIL] * 50, lower, ["邵亮燃", PUPIL[3], PUPIL[1], "邵建国"]]
    if kind == "csv":
        return "\n".join(",".join(line) for line in lines).encode()
    return builders.saved(builders.workbook(lines))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_table_below_is_a_sheet_of_its_own(kind: str) -> None:
    upper, lower = laid_out(table_far_below(kind), VOCABULARY.of_a_roster())
    assert (upper.data_rows, upper.last_data_row) == (50, 51)
    assert (lower.header_rows, lower.data_rows, lower.first_data_row) == ((52,), 1, 53)
    assert lower.name == f"{upper.name}·下表"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_table_below_a_long_one_is_refused_with_its_row(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "SEARCHED_BELOW", 40)
    with pytest.raises(RefusedFile, match="第 52 行起是另一张表") as refusal:
        laid_out(table_far_below(kind), VOCABULARY.of_a_roster())
    assert refusal.value.reason_key == "TABLE_BELOW"
