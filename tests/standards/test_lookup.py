"""at(): both sides of every change day, scope, and the cache."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from datong_edu.accounts.models import Unit, User
from datong_edu.core.models import Term
from datong_edu.core.reference import load as load_terms
from datong_edu.standards import lookup as standards
from datong_edu.standards.actions import add_value
from datong_edu.standards.declarations import Source
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.models import Standard, StandardsVersion, StandardValue

SOURCE = Source("市级通知", "同教〔2021〕1号")

CASES: list[tuple[str, dict[str, str], str, object]] = [
    ("PRE_AID", {}, "2016-03-01", "1000"),
    ("PRE_FEE", {}, "2020-09-01", None),
    ("CE_BOARD", {"stage": "PRI"}, "2015-12-31", None),
    ("CE_BOARD", {"stage": "PRI"}, "2016-01-01", "1000"),
    ("CE_BOARD", {"stage": "PRI"}, "2024-02-29", "1000"),
    ("CE_BOARD", {"stage": "PRI"}, "2024-03-01", "1250"),
    ("CE_BOARD", {"stage": "JUN"}, "2020-09-01", "1250"),
    ("CE_BOARD", {"stage": "JUN"}, "2024-02-29", "1250"),
    ("CE_BOARD", {"stage": "JUN"}, "2024-03-01", "1500"),
    ("CE_BOARD", {"stage": "HS"}, "2024-03-01", None),
    ("CE_NONBOARD", {"stage": "PRI"}, "2019-08-31", None),
    ("CE_NONBOARD", {"stage": "PRI"}, "2019-09-01", "500"),
    ("CE_NONBOARD", {"stage": "JUN"}, "2019-09-01", "625"),
    ("CE_NONBOARD", {"stage": "PRI"}, "2024-02-29", "500"),
    ("CE_NONBOARD", {"stage": "PRI"}, "2024-03-01", "625"),
    ("CE_NONBOARD", {"stage": "JUN"}, "2024-02-29", "625"),
    ("CE_NONBOARD", {"stage": "JUN"}, "2024-03-01", "750"),
    ("HS_GRANT", {"tier": "low"}, "2025-02-28", "1000"),
    ("HS_GRANT", {"tier": "middle"}, "2015-03-01", "2000"),
    ("HS_GRANT", {"tier": "middle"}, "2025-02-28", "2000"),
    ("HS_GRANT", {"tier": "high"}, "2025-02-28", "3000"),
    ("HS_GRANT", {"tier": "low"}, "2025-03-01", "1200"),
    ("HS_GRANT", {"tier": "middle"}, "2025-03-01", "2300"),
    ("HS_GRANT", {"tier": "high"}, "2025-03-01", "3500"),
    ("HS_GRANT_AVG", {}, "2015-02-28", "1500"),
    ("HS_GRANT_AVG", {}, "2015-03-01", "2000"),
    ("HS_GRANT_AVG", {}, "2025-03-01", "2300"),
    ("HS_FEE", {}, "2016-08-31", None),
    ("HS_FEE", {}, "2016-09-01", "按核定学费标准免除"),
    ("VOC_FEE_ALL", {}, "2024-02-29", False),
    ("VOC_FEE_ALL", {}, "2024-03-01", True),
    ("VOC_GRANT", {}, "2015-02-28", None),
    ("VOC_GRANT", {}, "2015-03-01", "2000"),
    ("VOC_GRANT", {}, "2025-02-28", "2000"),
    ("VOC_GRANT", {}, "2025-03-01", "2300"),
    ("VOC_GRANT_GRADES", {}, "2025-02-28", 2),
    ("VOC_GRANT_GRADES", {}, "2025-03-01", 3),
    ("YULU", {}, "2020-09-01", None),
    ("UNI_ONE", {}, "2024-09-01", None),
    ("LOAN", {"stage": "UNI"}, "2014-08-31", None),
    ("LOAN", {"stage": "UNI"}, "2014-09-01", "8000"),
    ("LOAN", {"stage": "COL"}, "2020-09-01", "8000"),
    ("LOAN", {"stage": "PG"}, "2021-08-31", "12000"),
    ("LOAN", {"stage": "PG"}, "2021-09-01", "16000"),
    ("LOAN", {"stage": "UNI"}, "2021-09-01", "12000"),
    ("LOAN", {"stage": "UNI"}, "2023-08-31", "12000"),
    ("LOAN", {"stage": "UNI"}, "2023-09-01", "16000"),
    ("LOAN", {"stage": "PG"}, "2023-09-01", "20000"),
    ("LOAN", {"stage": "UNI"}, "2024-08-31", "16000"),
    ("LOAN", {"stage": "UNI"}, "2024-09-01", "20000"),
    ("LOAN", {"stage": "PG"}, "2024-09-01", "25000"),
    ("LOAN_MIN", {}, "2020-09-01", "1000"),
    ("LOAN_RATE_SPREAD", {}, "2024-08-31", 60),
    ("LOAN_RATE_SPREAD", {}, "2024-09-01", 70),
    ("MEAL", {}, "2012-03-31", None),
    ("MEAL", {}, "2012-04-01", "3"),
    ("MEAL", {}, "2014-10-31", "3"),
    ("MEAL", {}, "2014-11-01", "4"),
    ("MEAL", {}, "2021-08-31", "4"),
    ("MEAL", {}, "2021-09-01", "5"),
    ("MEAL_CITY", {}, "2020-09-01", None),
    ("MEAL_DAYS_YEAR", {}, "2020-09-01", 200),
    ("RURAL_T", {}, "2020-09-01", "300"),
    ("TG_CENTRAL", {}, "2014-09-30", "24000"),
    ("TG_CENTRAL", {}, "2014-10-01", "28000"),
    ("TG_CENTRAL", {}, "2016-06-30", "28000"),
    ("TG_CENTRAL", {}, "2016-07-01", "31600"),
    ("TG_CENTRAL", {}, "2018-01-01", "35200"),
    ("ROTATE", {}, "2020-09-01", "0.1"),
    ("ROTATE_BACKBONE", {}, "2020-09-01", "0.2"),
    ("NOTICE_DAYS", {}, "2020-09-01", 5),
    ("CV_BALANCED", {"stage": "JUN"}, "2020-09-01", "0.55"),
    ("FOOD_SAMPLE_GRAMS", {}, "2019-03-31", None),
    ("FOOD_SAMPLE_GRAMS", {}, "2019-04-01", 125),
    ("RETENTION_TARGET", {}, "2020-01-01", "1"),
    ("SCHOOL_AGE_CUTOFF", {}, "2020-09-01", "08-31"),
    ("AGE_STAGE_TOLERANCE", {}, "2020-09-01", 4),
    ("FINDING_DUE_DAYS", {"tier": "H"}, "2020-09-01", 7),
]


def expected(value: object) -> object:
    """Amounts of the table above are written as text."""
    is_number = isinstance(value, str) and value.replace(".", "", 1).isdigit()
    return Decimal(str(value)) if is_number else value


def test_values_on_both_sides_of_every_change_day(loaded: None) -> None:
    book = standards.book()
    wrong = [
        (key, scope, day, answer)
        for key, scope, day, value in CASES
        if (answer := book.at(key, date.fromisoformat(day), **scope)) != expected(value)
    ]
    assert not wrong


def test_sql_function_answers_like_python(loaded: None) -> None:
    book = standards.book()
    with connection.cursor() as cursor:
        for key, scope, day, _value in CASES:
            names = "".join(f", {name} => %s" for name in scope)
            cursor.execute(f"SELECT standards_number(%s, %s::date{names})", [key, day, *scope.values()])
            number = cursor.fetchone()[0]
            answer = book.at(key, date.fromisoformat(day), **scope)
            assert number == (None if isinstance(answer, str) else answer), (key, scope, day)


def test_year_halves_are_exact(loaded: None) -> None:
    year = standards.amount("CE_NONBOARD", date(2024, 3, 1), stage="PRI")
    assert year is not None
    assert str(year) == "625.00"
    assert year / 2 == Decimal("312.50")


def test_types_are_those_code_expects(loaded: None) -> None:
    day = date(2020, 9, 1)
    assert isinstance(standards.limit("NOTICE_DAYS", day), int)
    assert str(standards.amount("ROTATE", day)) == "0.1"
    with pytest.raises(StandardsError, match="不是金额"):
        standards.amount("NOTICE_DAYS", day)
    with pytest.raises(StandardsError, match="没有可用的数值"):
        standards.limit("NOTICE_DAYS", date(2001, 1, 1))


@pytest.mark.parametrize(
    ("key", "scope", "words"),
    [
        ("NO_SUCH_KEY", {}, "没有代码为"),
        ("CE_BOARD", {}, "缺少维度 stage"),
        ("CE_BOARD", {"stage": "PRI", "grade": "1"}, "多了维度 grade"),
    ],
)
def test_wrong_question_is_an_error(loaded: None, key: str, scope: dict[str, Any], words: str) -> None:
    with pytest.raises(StandardsError, match=words):
        standards.at(key, date(2020, 9, 1), **scope)


def test_county_value_wins_over_the_city(officer: User, counties: dict[str, Unit]) -> None:
    hunyuan, lingqiu, day = counties["浑源县"], counties["灵丘县"], date(2021, 9, 1)
    rural = Standard.objects.get(key="RURAL_T")
    add_value(by=officer, standard=rural, written="500", from_on=day, source=SOURCE, county=hunyuan)
    assert standards.at("RURAL_T", day, county=hunyuan) == 500
    assert standards.at("RURAL_T", date(2021, 8, 31), county=hunyuan) == 300
    assert standards.at("RURAL_T", day, county=lingqiu) == 300
    assert standards.at("RURAL_T", day) == 300
    with connection.cursor() as cursor:
        cursor.execute("SELECT standards_number('RURAL_T', %s::date, county => %s)", [day, hunyuan.pk])
        assert cursor.fetchone()[0] == 500


def test_county_end_wins_over_the_city(officer: User, counties: dict[str, Unit]) -> None:
    hunyuan, day = counties["浑源县"], date(2021, 9, 1)
    rural = Standard.objects.get(key="RURAL_T")
    add_value(by=officer, standard=rural, written="500", from_on=day, source=SOURCE, county=hunyuan)
    add_value(by=officer, standard=rural, written="", from_on=date(2022, 9, 1), source=SOURCE, county=hunyuan)
    assert standards.at("RURAL_T", date(2022, 9, 1), county=hunyuan) is None
    assert standards.at("RURAL_T", date(2022, 9, 1)) == 300


def test_aid_centre_of_the_zone_is_another_district(loaded: None, counties: dict[str, Unit]) -> None:
    zone = next(unit for unit in counties.values() if unit.code == "140271")
    assert standards.at("AID_CENTRE", date(2020, 9, 1), county=zone) == "140213"
    assert standards.at("AID_CENTRE", date(2020, 9, 1), county=counties["浑源县"]) is None


def test_rate_names_its_document(loaded: None) -> None:
    rate = standards.rate_at("HS_GRANT", date(2025, 3, 1), tier="middle")
    assert rate is not None
    assert (rate.from_on, rate.source_number) == (date(2025, 3, 1), "财教〔2024〕181号")


def test_cache_is_kept_until_any_row_changes(loaded: None, django_assert_num_queries: Any) -> None:
    day = date(2020, 9, 1)
    standards.at("NOTICE_DAYS", day)
    kept = standards.book()
    with django_assert_num_queries(1):
        assert standards.at("NOTICE_DAYS", day) == 5
    assert standards.book() is kept
    StandardValue.objects.filter(standard__key="NOTICE_DAYS").update(number=7)  # no save(), as bulk SQL does
    assert standards.at("NOTICE_DAYS", day) == 7
    assert standards.book() is not kept


def test_cache_does_not_outlive_a_missing_version(loaded: None) -> None:
    StandardsVersion.objects.all().delete()
    first = standards.book()
    assert standards.book() is not first
    assert first.at("NOTICE_DAYS", date(2020, 9, 1)) == 5


def test_term_days_agree_with_the_term_table(loaded: None) -> None:
    load_terms()
    for term in Term.objects.filter(starts_on__gte=date(2016, 1, 1)):
        tier = "autumn" if term.code.endswith("-1") else "spring"
        assert standards.at("TERM_START", term.starts_on, tier=tier) == f"{term.starts_on:%m-%d}"
        assert standards.at("TERM_CENSUS", term.starts_on, tier=tier) == f"{term.census_on:%m-%d}"
