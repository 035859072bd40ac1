"""Code tables and divisions keep what the standards say."""

import pytest

from datong_edu.core import codes, divisions


def test_nations_are_56_and_two_more() -> None:
    assert len(codes.NATIONS) == 58
    assert (codes.NATIONS["01"], codes.NATIONS["03"], codes.NATIONS["56"]) == ("汉族", "回族", "基诺族")


@pytest.mark.parametrize(
    ("kind", "stages"),
    [
        ("111", ["PRE"]),
        ("218", ["PRI"]),
        ("312", ["PRI", "JUN"]),
        ("341", ["JUN", "HS"]),
        ("361", ["VOC"]),
        ("514", ["SPE"]),
        ("", []),
    ],
)
def test_stages_of_kind(kind: str, stages: list[str]) -> None:
    assert list(codes.stages_of_kind(kind)) == stages


def test_every_stage_has_grades() -> None:
    assert set(codes.STAGE_GRADES) == set(codes.Stage.values)


def test_relation_codes_follow_the_registry() -> None:
    picked = [codes.RELATION_CODES[code] for code in ("01", "02", "03", "12", "99")]
    assert picked == ["户主", "配偶", "之子", "之母", "其他"]


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("平城区", None, "140213"),
        ("大同市城区", None, "140213"),
        ("城区", "140214", "140214"),
        ("大同县", "140213", "140215"),
        ("140227", None, "140215"),
        ("142125", None, "140225"),
        ("山西省大同市浑源县", None, "140225"),
        ("140225100", None, "140225"),
        ("大同市东城区", None, None),
        ("朔州市", None, None),
    ],
)
def test_find_county_knows_former_names(text: str, within: str | None, code: str | None) -> None:
    assert divisions.find_county(text, within) == code


def test_six_poverty_counties() -> None:
    poor = [county.name for county in divisions.COUNTIES if county.is_poverty_county]
    assert poor == ["云州区", "阳高县", "天镇县", "广灵县", "灵丘县", "浑源县"]


def test_townships_belong_to_a_county() -> None:
    assert divisions.TOWNSHIPS["140225103"] == "沙圪坨镇"
    assert {code[:6] for code in divisions.TOWNSHIPS} <= set(divisions.COUNTY_BY_CODE)
    assert all(len(code) == 9 for code in divisions.TOWNSHIPS)


def test_present_name_lists_every_successor() -> None:
    assert divisions.present_name("140202") == "平城区、云冈区"
    assert divisions.present_name("110105") == ""
