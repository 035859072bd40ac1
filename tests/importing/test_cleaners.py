"""Every cleaner, cell in, value or reason out; the cells are those county files really carry."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from datong_edu.importing import cleaners as c
from datong_edu.importing.cells import CellError, MissingFormula
from datong_edu.importing.reasons import REASONS, sentence

evidence = c.identity(strict=False)
money_id = c.identity(strict=True)
yuan = c.money()


def outcome(clean: c.Cleaner, cell: Any) -> Any:
    """Value, (value, warnings) or REFUSED key; a key without a sentence for the clerk fails."""
    try:
        answer = clean(cell)
    except c.Refuse as fault:
        return f"REFUSED {REASONS[fault.key] and fault.key}"
    if isinstance(answer, c.Warned):
        assert all(key in REASONS for key in answer.keys)
        return (answer.value, *answer.keys)
    return answer


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("江东坊", "江东坊"),
        ("廖 海 瑞", "廖海瑞"),
        ("乔\u3000强", "乔强"),
        ("蒋馨兰\xa0", "蒋馨兰"),
        ("买买提•艾力", "买买提·艾力"),
        ("秦林锐(大)", ("秦林锐", "NAME_NOTE")),
        ("秦林锐（小", ("秦林锐", "NAME_NOTE")),
        ("\u3000", None),
        (None, None),
        ("-", None),
        ("=HYPERLINK(1)", "REFUSED NAME_BROKEN"),
        ("张<b>三", "REFUSED NAME_BROKEN"),
        ("张\x07三", "REFUSED NAME_BROKEN"),
        ("张\u202e三", "REFUSED NAME_BROKEN"),
        ("＝1+1", "REFUSED NAME_BROKEN"),
        (123.0, "REFUSED NAME_BROKEN"),
        ("张\ufffd", "REFUSED BAD_BYTES"),
        ("张" * 60, "REFUSED TEXT_TOO_LONG"),
    ],
)
def test_name(cell: Any, expected: Any) -> None:
    assert outcome(c.name, cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("140225201405128513", "140225201405128513"),
        ('="140215201212213225"', "140215201212213225"),
        ("14022520080614814Ｘ", "14022520080614814X"),
        ("140225 20060211 9697", "140225200602119697"),
        ("G140225201405128513", ("140225201405128513", "ID_G_PREFIX")),
        ("140221740514671", ("140221197405146717", "ID_15_DIGIT")),
        (140221740514671.0, ("140221197405146717", "ID_15_DIGIT")),
        ("14022119830201658643B1", ("140221198302016586", "ID_IS_DISABILITY_NO")),
        ("140225********1234", (None, "ID_MASKED")),
        (1.40225200910053e17, "REFUSED ID_PRECISION_LOST"),
        (140225200910053111, "REFUSED ID_PRECISION_LOST"),
        ("1.40227E+17", "REFUSED ID_PRECISION_LOST"),
        ("140215200608045000", "REFUSED ID_PRECISION_LOST"),
        ("140202201211080000", "140202201211080000"),
        ("1" * 80, "REFUSED TEXT_TOO_LONG"),
        ("", None),
        ("无", None),
        (CellError("#N/A"), "REFUSED CELL_ERROR"),
        ("#N/A", "REFUSED CELL_ERROR"),
    ],
)
def test_identity_in_every_roster(cell: Any, expected: Any) -> None:
    assert outcome(evidence, cell) == expected
    assert outcome(money_id, cell) == expected


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("14022520010239613", "ID_LENGTH"),
        ("14022520110115666X", "ID_CHECKSUM"),
        ("140225200713323674", "ID_BIRTHDATE"),
        ("J140225201307204397", "ID_LENGTH"),
    ],
)
def test_identity_keeps_evidence_and_refuses_money(cell: str, key: str) -> None:
    assert outcome(evidence, cell) == (cell, key)
    assert outcome(money_id, cell) == f"REFUSED {key}"


@pytest.mark.parametrize(
    ("clean", "cell", "expected"),
    [
        (c.student_no, "g14022520080614814x", "G14022520080614814X"),
        (c.student_no, "J140225201307204397", "J140225201307204397"),
        (c.student_no, "G1402252012", "REFUSED STUDENT_NO_INVALID"),
        (c.student_no, "140225200806148149", "REFUSED STUDENT_NO_INVALID"),
        (c.student_no, None, None),
        (c.disability_no, "14022419970419606961", "14022419970419606961"),
        (c.disability_no, "已办", ("已办", "ID_LENGTH")),
        (c.account, "6217 0324 8345 9123 123", "6217032483459123123"),
        (c.account, 6.21717032483459e18, "REFUSED ACCOUNT_PRECISION_LOST"),
        (c.account, "6.21716E+18", "REFUSED ACCOUNT_PRECISION_LOST"),
        (c.account, "6217029414979100000", "REFUSED ACCOUNT_PRECISION_LOST"),
        (c.account, "6217000012340000", "6217000012340000"),
        (c.account, 140301040001234.0, "140301040001234"),
        (c.account, "待开户", "REFUSED NUMBER_INVALID"),
        (c.phone, "13868879054", "13868879054"),
        (c.phone, 15924471763.0, "15924471763"),
        (c.phone, "0352-5123456", "03525123456"),
        (c.phone, "138-6887-9054/13868879055", "13868879054"),
        (c.phone, "1.38E+10", (None, "PHONE_INVALID")),
        (c.phone, "无", None),
    ],
)
def test_numbers_of_people(clean: c.Cleaner, cell: Any, expected: Any) -> None:
    assert outcome(clean, cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "20200901",
        20200901.0,
        44075.0,
        "44075",
        "2020-09-01",
        "2020.9.1",
        "2020/9/1",
        "2020年9月1日",
        "二〇二〇年九月一日",
        "二○二○年九月一日",
        "2020-09-01 00:00:00",
        "2020/9/1 8:30",
        datetime(2020, 9, 1, 8, 30),  # noqa: DTZ001 - a sheet's date cell has no zone
        date(2020, 9, 1),
    ],
)
def test_day_in_every_form(cell: Any) -> None:
    assert c.day(cell) == date(2020, 9, 1)


@pytest.mark.parametrize(
    "cell", ["20090230", "2019.13.1", "去年冬天", "2018年二月三十日", "2020年9月", "20.9.1", True, 3.0]
)
def test_day_is_never_guessed(cell: Any) -> None:
    assert outcome(c.day, cell) == "REFUSED DATE_INVALID"


@pytest.mark.parametrize("cell", [None, "", "至今", "长期", "/"])
def test_day_may_be_open(cell: Any) -> None:
    assert c.day(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("202009", "2020-09"),
        (202009.0, "2020-09"),
        ("2020.10", "2020-10"),
        ("2020/9", "2020-09"),
        ("2020年09月", "2020-09"),
        ("1989.07", "1989-07"),
        ("二〇二〇年九月", "2020-09"),
        ("2020-09-15", "2020-09"),
        (2020.09, "2020-09"),
        (2020.1, "REFUSED DATE_INVALID"),
        ("2020年13月", "REFUSED DATE_INVALID"),
        ("9月", "REFUSED DATE_INVALID"),
    ],
)
def test_month(cell: Any, expected: str) -> None:
    assert outcome(c.month, cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2020年秋季学期", "2020-2021-1"),
        ("2021年春季", "2020-2021-2"),
        ("2020-2021学年第一学期", "2020-2021-1"),
        ("2020—2021学年度第二学期", "2020-2021-2"),
        ("2020-2021学年上学期", "2020-2021-1"),
        ("2020-2021-1", "2020-2021-1"),
        ("2020-2022-1", "REFUSED DATE_INVALID"),
    ],
)
def test_term(cell: str, expected: str) -> None:
    assert outcome(c.term, cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"), [("2018", 2018), (2018.0, 2018), ("二〇一八年", 2018), ("", None)]
)
def test_year(cell: Any, expected: int | None) -> None:
    assert c.year(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (312.5, "312.50"),
        ("312.50 ", "312.50"),
        ("￥625", "625.00"),
        ("4,200", "4200.00"),
        ("4200元", "4200.00"),
        ("1.2万元", "12000.00"),
        ("三百五十", "350.00"),
        ("四千八百元", "4800.00"),
        ("陆佰元整", "600.00"),
        ("三百一十二元五角", "312.50"),
        ("一千零五十元", "1050.00"),
        (312.49999999999994, "312.50"),
        (0, "0.00"),
    ],
)
def test_money(cell: Any, expected: str) -> None:
    assert str(yuan(cell)) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "六百元整数",
        "三百一十二元五角x",
        "约三百",
        "三百五",
        -500,
        "(500)",
        "1,0000",
        1.234,
        "元",
        "300元/月",
        True,
        "1e12",
    ],
)
def test_money_refuses_what_it_cannot_read(cell: Any) -> None:
    assert outcome(yuan, cell) == "REFUSED AMOUNT_INVALID"


def test_money_options() -> None:
    assert c.money(negative=True)("-312.50") == Decimal("-312.50")
    assert c.money(exact=False)(4596.666) == Decimal("4596.67")
    assert c.money(rate=True)("4元/天") == Decimal("4.00")
    assert outcome(yuan, CellError("#VALUE!")) == "REFUSED CELL_ERROR"
    assert outcome(yuan, MissingFormula("=J6-K6")) == "REFUSED FORMULA_NO_VALUE"


@pytest.mark.parametrize(
    ("clean", "cell", "expected"),
    [
        (c.months, "12个月", 12),
        (c.months, 4.0, 4),
        (c.months, 13, "REFUSED NUMBER_INVALID"),
        (c.people, "273人", 273),
        (c.people, "约三百", "REFUSED NUMBER_INVALID"),
        (c.people, 4.5, "REFUSED NUMBER_INVALID"),
        (c.people, None, None),
        (c.days, "16天", 16),
        (c.times, "3次", 3),
    ],
)
def test_whole_numbers(clean: c.Cleaner, cell: Any, expected: Any) -> None:
    assert outcome(clean, cell) == expected


@pytest.mark.parametrize(
    ("cell", "stages", "expected"),
    [
        ("三年级", ["PRI"], ("PRI", 3)),
        ("3", ["PRI"], ("PRI", 3)),
        (3.0, [], ("PRI", 3)),
        ("小五", ["PRI"], ("PRI", 5)),
        ("小学五年级", [], ("PRI", 5)),
        ("初二", ["JUN"], ("JUN", 8)),
        ("八年级", ["PRI", "JUN"], ("JUN", 8)),
        ("一年级", ["JUN"], ("JUN", 7)),
        ("一年级", ["HS"], ("HS", 10)),
        ("高三", [], ("HS", 12)),
        ("中职二年级", [], ("VOC", 2)),
        ("大班", [], ("PRE", 3)),
        ("小班", ["PRE"], ("PRE", 1)),
        ("中(2)班", ["PRE"], ("PRE", 2)),
        ("初中2019级", [], ("JUN", 8)),
        ("2018级", ["JUN"], ("JUN", 9)),
        ("2018级", ["PRI"], ("PRI", 3)),
        ("高中2018级", [], ("HS", 12)),
        ("三(2)班", ["PRI"], ("PRI", 3)),
        ("五年级(2)", ["PRI"], ("PRI", 5)),
        ("六二班", ["PRI"], ("PRI", 6)),
        ("五年级", ["SPE"], ("SPE", 5)),
    ],
)
def test_grade_is_placed(cell: Any, stages: list[str], expected: tuple[str, int]) -> None:
    assert c.place(c.grade(cell), school_year=2020, stages=stages) == expected


def test_grade_of_a_nine_year_school_follows_the_age() -> None:
    spoken = c.grade("2018级")
    both = ["PRI", "JUN"]
    assert c.place(spoken, school_year=2020, stages=both, born=date(2006, 3, 1)) == ("JUN", 9)
    assert c.place(spoken, school_year=2020, stages=both, born=date(2012, 3, 1)) == ("PRI", 3)
    with pytest.raises(c.Refuse, match="GRADE_UNKNOWN"):
        c.place(spoken, school_year=2020, stages=both)


def test_grade_follows_the_stage_column() -> None:
    assert c.place(c.grade("2"), school_year=2020, stage="JUN") == ("JUN", 8)
    assert c.place(None, school_year=2020, stage="JUN") == ("JUN", None)


@pytest.mark.parametrize("cell", ["八年机", "一班", "毕业班", "2019", "12班", "103班", "十一班"])
def test_grade_refuses_what_it_cannot_read(cell: str) -> None:
    assert outcome(c.grade, cell) == "REFUSED GRADE_UNKNOWN"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1班", 1), ("(2)班", 2), ("三年级2班", 2), ("十二班", 12), (2.0, 2), ("实验班", None), ("302", None)],
)
def test_class_no(cell: Any, expected: int | None) -> None:
    assert c.class_no(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("脱贫家庭(建档立卡)", ["jdlk"]),
        ("脱贫家庭（2018年脱贫）", ["jdlk"]),
        ("低保、残疾", ["dibao", "disabled"]),
        ("脱贫户；残疾", ["jdlk", "disabled"]),
        ("建档立卡/残疾学生", ["jdlk", "disabled"]),
        ("农村低保 孤儿", ["dibao_rural", "orphan"]),
        ("建档立卡，农村低保", ["jdlk", "dibao_rural"]),
        ("事实无人抚养", ["defacto_orphan"]),
        (None, []),
        ("无", []),
        ("其它情况见附页", "REFUSED CATEGORY_UNKNOWN"),
    ],
)
def test_categories(cell: Any, expected: Any) -> None:
    assert outcome(c.categories, cell) == expected


@pytest.mark.parametrize(
    ("clean", "cell", "expected"),
    [
        (c.sex, "男", "男"),
        (c.sex, 2.0, "女"),
        (c.flag, "√", True),
        (c.flag, "有", True),
        (c.flag, "N", False),
        (c.flag, 0.0, False),
        (c.flag, "否 ", False),
        (c.flag, "", None),
        (c.flag, "不清楚", (None, "FLAG_UNKNOWN")),
        (c.boarding, "寄宿", "boarder"),
        (c.boarding, "走读", "day"),
        (c.boarding, "否", "day"),
        (c.stage, "普高", "HS"),
        (c.county("140213"), "大同市城区", "140213"),
        (c.county("140213"), "平城区 ", "140213"),
        (c.county(), "大同市东城区", "REFUSED COUNTY_UNKNOWN"),
        (c.county(), "南郊区", "REFUSED COUNTY_UNKNOWN"),
        (c.county("140225"), "南郊区", "REFUSED COUNTY_UNKNOWN"),
        (c.county("140214"), "南郊区", "140214"),
        (c.county(), "大同县", "140215"),
        (c.code(), 14022500100.0, "14022500100"),
        (c.code(), 1402250010012345.0, "REFUSED NUMBER_INVALID"),
        (c.code(), "1.40225E+16", "REFUSED NUMBER_INVALID"),
        (c.name, "程?", ("程?", "NAME_DOUBTFUL")),
        (c.name, "赵？", ("赵?", "NAME_DOUBTFUL")),
        (c.name, "张*(大)", ("张*", "NAME_NOTE", "NAME_DOUBTFUL")),
        (c.school_code, "2114 900041", "2114900041"),
        (c.school_code, 2114900035.0, "2114900035"),
        (c.school_code, "99140000012", ("99140000012", "CODE_FORMAT")),
        (c.school_kind, "九年一贯制学校", "312"),
        (c.school_kind, "211", "211"),
        (c.school_kind, "托管班", "REFUSED KIND_UNKNOWN"),
        (c.seat, "镇", "镇区"),
        (c.seat, "山上", (None, "SEAT_UNKNOWN")),
        (c.ownership, "公办", "public"),
        (c.relation, "之女", "之女"),
        (c.relation, "之亲戚", (None, "RELATION_UNKNOWN")),
        (c.guardian_relation, "父亲", "父亲"),
        (c.student_status, "高中一年级", "高中一年级"),
        (c.poverty_attribute, "已脱贫(享受政策)", "已脱贫（享受政策）"),
        (c.result, "交易成功", "success"),
        (c.result, "处理中", "REFUSED RESULT_UNKNOWN"),
        (c.award_status, "已免除", "waived"),
        (c.award_kind, "追回", "recovery"),
        (c.meal_mode, "食堂", "canteen"),
        (c.dropout_type, "疑似", "suspected"),
        (c.dropout_type, "转学", "REFUSED TYPE_UNKNOWN"),
        (c.post_status, "在岗", "on_post"),
        (c.nation, "汉", "汉族"),
        (c.id_type, "居民身份证", "1"),
        (c.enrolment_status, "在校", "在读"),
    ],
)
def test_words(clean: c.Cleaner, cell: Any, expected: Any) -> None:
    assert outcome(clean, cell) == expected


def test_category_flag_reads_yes_and_no() -> None:
    clean = c.category_flag("dibao")
    assert (clean("是"), clean("否"), clean(None)) == (["dibao"], [], [])
    assert clean("农村低保") == ["dibao_rural"]


def test_wrappers_decide_what_a_blank_means() -> None:
    assert outcome(c.required(c.name, "NAME_MISSING"), "") == "REFUSED NAME_MISSING"
    assert outcome(c.wanted(evidence, "ID_MISSING"), None) == (None, "ID_MISSING")
    assert outcome(c.wanted(c.categories, "CATEGORY_MISSING"), None) == ([], "CATEGORY_MISSING")
    assert outcome(c.optional(c.money(exact=False)), CellError("#N/A")) == (None, "CELL_ERROR")


def test_text_has_a_limit_and_no_control_characters() -> None:
    assert c.text(5)(" 浑源\x07县 ") == "浑源县"
    assert c.text()(14022000031001.0) == "14022000031001"
    assert outcome(c.text(5), "浑源县永安镇") == "REFUSED TEXT_TOO_LONG"


def test_checks_across_cells() -> None:
    assert c.sex_mismatch("女", "140225201405128513")
    assert not c.sex_mismatch("女", "140225201405128514")
    assert c.out_of_order(date(2020, 5, 1), None, date(2020, 1, 1)) == 2
    assert c.out_of_order(None, date(2020, 5, 1), date(2020, 5, 1)) is None
    assert c.amount_mismatch(Decimal(300), 4, Decimal(1300))
    assert not c.amount_mismatch(Decimal(300), 4, None)
    assert c.holder_mismatch("无名氏", ["何诗风", "何亭瑞"])
    assert not c.holder_mismatch("何 亭瑞", ["何诗风", "何亭瑞"])
    assert c.education_and_status("小学", "七年级")
    assert not c.education_and_status("小学", "非在校生")
    assert c.guardian_id_missing(None, None)


def test_every_reason_tells_the_clerk_what_to_do() -> None:
    assert all(reason.title and reason.remedy.endswith("。") for reason in REASONS.values())
    assert sentence("ID_MISSING").startswith("缺少身份证号：")


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("低保残疾", ["dibao", "disabled"]),
        ("建档立卡低保户", ["jdlk", "dibao"]),
        ("建档立卡户农村低保残疾学生", ["jdlk", "dibao_rural", "disabled"]),
        ("低保边缘户残疾", ["dibao_edge", "disabled"]),
        ("1.建档立卡 2.低保", ["jdlk", "dibao"]),
        ("1、低保2、残疾", ["dibao", "disabled"]),
        ("①建档立卡②残疾", ["jdlk", "disabled"]),
        ("（1）低保（2）孤儿", ["dibao", "orphan"]),
        ("一、建档立卡；二、低保", ["jdlk", "dibao"]),
        ("低保（农村）", ["dibao_rural"]),
        ("建档立卡贫困户（低保）", ["jdlk", "dibao"]),
        ("建档立卡（2019年脱贫）", ["jdlk"]),
        ("残疾（视力二级）", ["disabled"]),
    ],
)
def test_categories_numbered_run_together_and_in_brackets(written: str, keys: list[str]) -> None:
    assert c.categories(written) == keys


@pytest.mark.parametrize(
    "written",
    ["非建档立卡低保", "残孤", "其他低保", "低保（已退出）", "残疾（非低保）", "低保户之女", "三级残疾"],
)
def test_category_that_may_mean_something_else_is_refused(written: str) -> None:
    with pytest.raises(c.Refuse, match="CATEGORY_UNKNOWN"):
        c.categories(written)
