"""The overview: every number equals the list it opens, for the city and for a county."""

import gzip
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Role
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.dashboards.overview import Overview
from datong_edu.dashboards.reading import wall_for
from tests import factories as make
from tests.dashboards.conftest import TODAY

pytestmark = pytest.mark.django_db
Browse = Callable[[User], Client]


def _total(client: Client, address: str) -> int:
    text = client.get(unescape(address)).content.decode()
    found = re.search(r'dt-narrow-sum">共 ([\d,]+) ', text)
    assert found, address
    return int(found[1].replace(",", ""))


def _linked_numbers(text: str) -> list[tuple[str, int]]:
    """Every whole number that is a link into a list, with its address."""
    body = text[text.index('id="dt-figures"') :]
    pairs = re.findall(r'<a href="([^"]+)"[^>]*>([\d,]+)</a>', body)
    return [(address, int(number.replace(",", ""))) for address, number in pairs]


@pytest.mark.parametrize("office", [(Role.LEADER, None), (Role.COUNTY_HEAD, "140225")])
def test_every_number_equals_the_list_it_opens(
    office: Any, browse: Browse, findings: list[Finding], lines: list[Any], sent: Any
) -> None:
    role, code = office
    client = browse(make.user(role, make.county(code) if code else make.city()))
    numbers = _linked_numbers(client.get(reverse("dashboards:overview")).content.decode())
    assert len(numbers) > 15
    wrong = [(address, number) for address, number in numbers if _total(client, address) != number]
    assert wrong == []


def test_overview_tells_who_has_not_reported(
    leader: User, browse: Browse, lines: list[Any], sent: Any
) -> None:
    text = browse(leader).get(reverse("dashboards:overview")).content.decode()
    assert "数据截至 2020-12-15" in text
    assert "1 个县区已报" in text
    assert "天镇县本学期资助名册、学籍名册未上报" in text
    assert "灵丘县本学期学籍名册未上报" in text
    assert text.count("dt-missing") == 9 + 1  # tiles, and the legend
    assert "经济技术开发区（" not in text.partition("未报</span>")[0]


def test_county_without_books_is_no_nought(leader: User, lines: list[Any], sent: Any) -> None:
    overview = Overview(wall_for(leader, today=TODAY), term=make.term(), labels={}, today=TODAY)
    tiles, below = overview.tiles()
    shades = {tile.code: tile.shade for tile in tiles}
    assert shades["140225"] == 0
    assert shades["140222"] is None
    assert [line["name"] for line in below] == ["大同经济技术开发区"]


def test_attention_names_unit_deadline_and_list(leader: User, findings: list[Finding], lines: Any) -> None:
    overview = Overview(wall_for(leader, today=TODAY), term=make.term(), labels={}, today=TODAY)
    assert overview.todo
    for item in overview.todo:
        assert re.search(r"责任单位 \S+教育局", item.note)
        assert re.search(r"\d{4}-\d\d-\d\d", item.note)
        assert item.url
    first = overview.todo[0]
    assert (first.tag, first.tone, first.figure) == ("超期", "red", "超 2 天")


def test_grave_overdue_findings_stand_in_the_list_they_open(
    leader: User, browse: Browse, findings: list[Finding]
) -> None:
    overview = Overview(wall_for(leader, today=TODAY), term=make.term(), labels={}, today=TODAY)
    grave = [item for item in overview.todo if item.tag == "超期"]
    assert grave
    for item in grave:
        number = re.search(r" (\d+) 条", item.text)
        assert number
        assert _total(browse(leader), item.url) == int(number[1])


def test_kpis_carry_their_denominator(leader: User, findings: list[Finding], lines: list[Any]) -> None:
    overview = Overview(wall_for(leader, today=TODAY), term=make.term(), labels={}, today=TODAY)
    uncovered, out, misspent, paid, pupils = overview.kpis()
    assert (uncovered.value, out.value, misspent.value, pupils.value) == ("3", "2", "3", "2")
    assert "占应助" in uncovered.foot
    assert "目标 0" in out.foot
    assert "涉及金额 1,062.50 元" in misspent.foot
    assert paid.value == "70.6"
    assert "应发" in paid.foot


def test_overview_of_an_empty_city_renders(leader: User, browse: Browse) -> None:
    text = browse(leader).get(reverse("dashboards:overview")).content.decode()
    assert "还没有资助明细" in text
    assert "占应助 0 人的 —" in text


def test_office_without_county_is_told_so(browse: Browse) -> None:
    officer = make.user(Role.STANDARDS_OFFICER, make.city())
    text = browse(officer).get(reverse("dashboards:overview")).content.decode()
    assert "没有可查看的县区" in text


def test_school_does_not_see_the_overview(browse: Browse) -> None:
    clerk = make.user(Role.SCHOOL_CLERK, make.school_unit(make.school()))
    assert browse(clerk).get(reverse("dashboards:overview")).status_code == 403


def test_county_overview_names_no_other_county(browse: Browse, findings: list[Finding]) -> None:
    text = browse(make.user()).get(reverse("dashboards:overview")).content.decode()
    assert "浑源县态势总览" in text
    assert "灵丘县" not in text


def test_big_screen_is_the_same_page_in_the_dark(
    leader: User, browse: Browse, findings: list[Finding]
) -> None:
    client = browse(leader)
    address = reverse("dashboards:overview") + "?screen=1"
    page = client.get(address).content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "every 300s" in page
    assert "退出大屏" in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="dt-figures"')
    plain = client.get(reverse("dashboards:overview")).content.decode()
    assert set(_linked_numbers(part)) <= set(_linked_numbers(plain))


def test_overview_reads_the_summary_in_few_queries(
    leader: User, browse: Browse, findings: list[Finding], lines: Any, django_assert_max_num_queries: Any
) -> None:
    client = browse(leader)
    client.get(reverse("dashboards:overview"))
    with django_assert_max_num_queries(6):
        client.get(reverse("dashboards:overview"))


def test_overview_weighs_little(leader: User, browse: Browse, findings: list[Finding], lines: Any) -> None:
    page = browse(leader).get(reverse("dashboards:overview"))
    assert len(gzip.compress(page.content)) < 20_000


def test_links_carry_the_filters_by_name(leader: User, findings: list[Finding]) -> None:
    overview = Overview(wall_for(leader, today=TODAY), term=make.term(), labels={}, today=TODAY)
    query = parse_qs(urlsplit(overview.kpis()[0].url).query)
    assert query == {"rule": ["C01"], "status": ["open"], "term": ["2020-2021-1"]}
