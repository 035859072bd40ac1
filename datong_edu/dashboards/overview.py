"""The overview: what is wrong, where, how far the handling has got, the trend, and what needs attention."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from datong_edu.accounts.models import Unit
from datong_edu.core.codes import Stage
from datong_edu.core.models import Term
from datong_edu.crosschecks.engine.checks import CHECKS
from datong_edu.dashboards.links import MISSPENT, awards, findings, linked, linked_count
from datong_edu.dashboards.reading import Total, Wall
from datong_edu.web import numbers
from datong_edu.web.parts import TILE_PLACES, Bar, Column, Kpi, Tile, Todo, Trend, shades

BOOKS = {"aid": "资助名册", "registry": "学籍名册"}
SERIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("学前", (Stage.PRE,)),
    ("义务教育", (Stage.PRI, Stage.JUN, Stage.SPE)),
    ("普通高中", (Stage.HS,)),
    ("中职及以上", (Stage.VOC, Stage.COL, Stage.UNI, Stage.PG, "")),
)
STEPS = (
    ("found", "比对发现", "strong", {"queue": "all"}),
    ("assigned", "已派学校", "strong", {"queue": "all", "assigned": "1"}),
    ("answered", "已核实", "strong", {"status": "answered"}),
    ("false_alarm", "其中误报", "plain", {"status": "false_alarm"}),
    ("fixed", "已整改销号", "done", {"status": "fixed"}),
)
TODO_SHOWN = 5
SERVED = "由平城区代办"
"""The economic zone has no aid centre of its own; 平城区 sends its books."""


@dataclass(frozen=True)
class CountyRow:
    """A county in the table behind the tiles."""

    name: str
    due: str
    uncovered: SafeString | str
    rate: str
    open: SafeString | str
    overdue: SafeString | str
    reported: str


@dataclass(frozen=True)
class TermRow:
    """A term in the table behind the trend."""

    label: str
    pupils: SafeString | str
    stages: list[SafeString | str]
    paid: SafeString | str


class Overview:
    """All that the page shows of one wall for one term, as of a day."""

    def __init__(self, wall: Wall, *, term: Term, labels: dict[str, str], today: date) -> None:
        self.wall, self.term, self.today = wall, term, today
        self.labels = labels
        self.is_city = len(wall.counties) > 1

    @cached_property
    def missing(self) -> dict[int, list[str]]:
        """Books each county has not sent for the term; a zone without an aid centre of its own owes none."""
        return {
            county.pk: gaps
            for county in self.wall.counties
            if county.code in TILE_PLACES
            and (gaps := [title for key, title in BOOKS.items() if not self._has(county, key)])
        }

    def _has(self, county: Unit, book: str) -> bool:
        return self.wall.has("reported", county=county.pk, term=self.term.code, parts=(book,))

    @property
    def reported_count(self) -> int:
        """Counties that have sent all their books."""
        owing = [county for county in self.wall.counties if county.code in TILE_PLACES]
        return len(owing) - len(self.missing)

    @property
    def missing_names(self) -> list[str]:
        """Counties that have not."""
        return [county.name for county in self.wall.counties if county.pk in self.missing]

    def kpis(self) -> list[Kpi]:
        """The five figures at the top."""
        return [self._uncovered(), self._out_of_school(), self._misspent(), self._paid(), self._pupils()]

    def _uncovered(self) -> Kpi:
        code = self.term.code
        found = self.wall.total("open", parts=("C01",), term=code)
        due = self.wall.total("due", term=code)
        late = self.wall.total("overdue", parts=("C01",), term=code).value
        late_url = findings(rule="C01", term=code, overdue="1")
        share = f"占应助 {numbers.count(due.value)} 人的 {_share(found.value, due.value)}"
        return Kpi(
            "应助未助",
            numbers.count(found.value),
            "人",
            findings(rule="C01", status="open", term=code),
            "red" if found.value else "green",
            format_html("{}，超期 {} 人", share, linked_count(late, late_url, "应助未助超期")),
        )

    def _out_of_school(self) -> Kpi:
        found = self.wall.total("open", parts=("C17",))
        late = self.wall.total("overdue", parts=("C17",)).value
        late_url = findings(rule="C17", overdue="1")
        return Kpi(
            "疑似失学辍学（未销号）",
            numbers.count(found.value),
            "人",
            findings(rule="C17", status="open"),
            "red" if found.value else "green",
            format_html("目标 0，超期 {} 人", linked_count(late, late_url, "疑似失学辍学超期")),
        )

    def _misspent(self) -> Kpi:
        found = self.wall.total("open", parts=MISSPENT)
        late = self.wall.total("overdue", parts=MISSPENT).value
        late_url = findings(rule=",".join(MISSPENT), overdue="1")
        return Kpi(
            "重复享受／不再符合",
            numbers.count(found.value),
            "条",
            findings(rule=",".join(MISSPENT), status="open"),
            "amber" if found.value else "green",
            format_html(
                "涉及金额 {}，超期 {} 条",
                numbers.wan(found.amount),
                linked_count(late, late_url, "重复享受超期"),
            ),
        )

    def _paid(self) -> Kpi:
        code = self.term.code
        approved, paid = (self.wall.total(key, term=code) for key in ("approved", "paid"))
        share = paid.amount / approved.amount if approved.amount else None
        return Kpi(
            "资金发放率",
            "—" if share is None else f"{share * 100:.1f}",
            "" if share is None else "%",
            awards(term=code, show="unpaid"),
            "green" if share is None or share >= Decimal("0.95") else "amber",
            format_html(
                "应发 {}／已发 {}",
                linked(numbers.wan(approved.amount), awards(term=code, show="approved"), "应发"),
                linked(numbers.wan(paid.amount), awards(term=code, show="paid"), "已发"),
            ),
        )

    def _pupils(self) -> Kpi:
        code = self.term.code
        found = self.wall.total("pupils", term=code)
        paid = self.wall.total("paid", term=code)
        return Kpi(
            "本学期受助学生",
            numbers.count(found.value),
            "人",
            awards(term=code, show="pupils"),
            "",
            format_html(
                "发放 {} 笔", linked_count(paid.value, awards(term=code, show="paid"), "本学期发放笔数")
            ),
        )

    def tiles(self) -> tuple[list[Tile], list[dict[str, str]]]:
        """Counties on the grid by 应助未助率, and those without a tile."""
        rates = {county.code: self._rate(county) for county in self.wall.counties}
        known = {
            county.code: float(rates[county.code] or 0)
            for county in self.wall.counties
            if county.pk not in self.missing
        }
        shade = shades({code: rate for code, rate in known.items() if code in TILE_PLACES})
        tiles, below = [], []
        for county in self.wall.counties:
            text = numbers.percent(rates[county.code], 2)
            url = findings(rule="C01", status="open", term=self.term.code, unit=county.code)
            if county.code in TILE_PLACES:
                late = self._total("overdue", county, "C01").value > 0
                tiles.append(Tile(county.code, county.name, text, shade.get(county.code), late, url))
            else:
                below.append({"name": county.name, "value": f"{text}（{SERVED}）", "url": url})
        return tiles, below

    def _total(self, figure: str, county: Unit, rule: str) -> Total:
        return self.wall.total(figure, parts=(rule,), county=county.pk, term=self.term.code)

    def _rate(self, county: Unit) -> float | None:
        due = self.wall.total("due", county=county.pk, term=self.term.code).value
        return self._total("open", county, "C01").value / due if due else None

    def county_rows(self) -> list[CountyRow]:
        """The table behind the tiles."""
        rows = []
        for county in self.wall.counties:
            found = self._total("open", county, "C01").value
            due = self.wall.total("due", county=county.pk, term=self.term.code).value
            open_all = self.wall.total("open", county=county.pk).value
            late = self.wall.total("overdue", county=county.pk).value
            code, name = county.code, county.name
            rows.append(
                CountyRow(
                    name,
                    numbers.count(due),
                    linked_count(
                        found,
                        findings(rule="C01", status="open", term=self.term.code, unit=code),
                        f"{name}应助未助",
                    ),
                    "未报" if county.pk in self.missing else _share(found, due),
                    linked_count(open_all, findings(status="open", unit=code), f"{name}未结问题"),
                    linked_count(late, findings(overdue="1", unit=code), f"{name}超期问题"),
                    self._reported_words(county),
                )
            )
        return rows

    def _reported_words(self, county: Unit) -> str:
        if county.code not in TILE_PLACES:
            return SERVED
        return "、".join(f"{gap}未报" for gap in self.missing.get(county.pk, [])) or "已报"

    @property
    def open_total(self) -> int:
        """Open findings in sight."""
        return self.wall.total("open").value

    def open_bars(self) -> list[Bar]:
        """Open findings by county, or by check where one county is in sight; most first, overdue in red."""
        bars = [self._county_bar(c) for c in self.wall.counties] if self.is_city else self._rule_bars()
        return sorted(bars, key=lambda bar: -bar.value)

    def _county_bar(self, county: Unit) -> Bar:
        found, late = (self.wall.total(key, county=county.pk).value for key in ("open", "overdue"))
        note = "未报" if county.pk in self.missing and not found else ""
        return _bar(county.name, found, late, note, unit=county.code)

    def _rule_bars(self) -> list[Bar]:
        bars = []
        for code in self.wall.parts("open"):
            found, late = (self.wall.total(key, parts=(code,)).value for key in ("open", "overdue"))
            label = CHECKS[code].chip if code in CHECKS else code
            bars.append(_bar(label, found, late, "", rule=code))
        return bars

    @cached_property
    def found_count(self) -> int:
        """Findings of the term, whatever became of them."""
        return self._step("found").value

    def _step(self, part: str) -> Total:
        return self.wall.total("handling", parts=(part,), term=self.term.code)

    def handling(self) -> list[Bar]:
        """From found to closed."""
        bars = []
        for part, label, tone, params in STEPS:
            value = self._step(part).value
            url = findings(term=self.term.code, **params)
            share = f"　{value / self.found_count:.0%}" if self.found_count and part != "found" else ""
            text = format_html("{}{}", linked_count(value, url, label), share)
            bars.append(Bar(label, value, text=text, url=url, tone=tone))
        return bars

    def stuck(self) -> SafeString | str:
        """Where the handling sticks: not yet answered though the deadline has passed."""
        stuck = self._step("stuck").value
        if not stuck:
            return "没有超期未核实的问题。"
        url = findings(status="pending", overdue="1", term=self.term.code)
        text = linked(f"超期未核实 {numbers.count(stuck)} 条", url)
        worst = max(self.wall.counties, key=lambda county: self._stuck_in(county))
        where = f"，其中{worst.name} {self._stuck_in(worst)} 条" if self.is_city else ""
        return format_html("卡点：{}{}。", text, where)

    def _stuck_in(self, county: Unit) -> int:
        return self.wall.total("handling", parts=("stuck",), county=county.pk, term=self.term.code).value

    def trend(self) -> Trend:
        """Aided pupils by term and stage."""
        columns = []
        for code in self.wall.terms("pupils"):
            values = [self.wall.total("pupils", parts=stages, term=code).value for _, stages in SERIES]
            paid = self.wall.total("paid", term=code).amount
            columns.append(
                Column(self.labels.get(code, code), values, numbers.count(sum(values)), numbers.wan(paid))
            )
        return Trend("各学期受助学生人数，按学段", [label for label, _ in SERIES], columns)

    def trend_stages(self) -> list[str]:
        """Headings of the table behind the trend."""
        return [_stage_label(part) for part in self._stages]

    @cached_property
    def _stages(self) -> list[str]:
        held = self.wall.parts("pupils")
        return [stage for stage in (*Stage.values, "") if stage in held]

    def trend_rows(self) -> list[TermRow]:
        """The table behind the trend, newest term first."""
        return [self._term_row(code) for code in reversed(self.wall.terms("pupils"))]

    def _term_row(self, code: str) -> TermRow:
        label = self.labels.get(code, code)
        stages = []
        for part in self._stages:
            value = self.wall.total("pupils", parts=(part,), term=code).value
            url = awards(term=code, show="pupils", stage=part) if part else ""
            stages.append(linked_count(value, url, f"{label}{_stage_label(part)}受助学生"))
        return TermRow(
            label,
            linked_count(
                self.wall.total("pupils", term=code).value,
                awards(term=code, show="pupils"),
                f"{label}受助学生",
            ),
            stages,
            linked(
                numbers.wan(self.wall.total("paid", term=code).amount),
                awards(term=code, show="paid"),
                f"{label}已发",
            ),
        )

    @cached_property
    def todo(self) -> list[Todo]:
        """需要您关注, most urgent first: overdue grave findings, books not sent, money not paid."""
        return [*self._grave(), *self._unsent(), *self._unpaid()]

    def _grave(self) -> list[Todo]:
        found = []
        for county in self.wall.counties:
            late = self.wall.total("grave", county=county.pk)
            if late.value and late.due_on:
                found.append((late.due_on, -late.value, county, late))
        return [
            Todo(
                "超期",
                f"{county.name} {numbers.count(late.value)} 条严重问题超期未办结",
                findings(overdue="1", severity="H", unit=county.code),
                f"责任单位 {county.name}教育局　最早期限 {due_on:%Y-%m-%d}",
                numbers.deadline(due_on, self.today),
                "red",
            )
            for due_on, _, county, late in sorted(found, key=lambda row: row[:2])
        ]

    def _unsent(self) -> list[Todo]:
        by = self.term.census_on
        return [
            Todo(
                "未报",
                f"{county.name}本学期{'、'.join(self.missing[county.pk])}未上报",
                awards(term=self.term.code, unit=county.code),
                f"责任单位 {county.name}教育局　上报期限 {by:%Y-%m-%d}（基准日）",
                numbers.deadline(by, self.today),
                "red" if by < self.today else "amber",
            )
            for county in self.wall.counties
            if county.pk in self.missing
        ]

    def _unpaid(self) -> list[Todo]:
        rows = []
        for county in self.wall.counties:
            approved, paid = (
                self.wall.total(key, county=county.pk, term=self.term.code) for key in ("approved", "paid")
            )
            if approved.value > paid.value:
                rows.append((approved.amount - paid.amount, approved.value - paid.value, county))
        by = self.term.ends_on
        return [
            Todo(
                "资金",
                f"{county.name} {numbers.count(count)} 笔资助未到位",
                awards(term=self.term.code, show="unpaid", unit=county.code),
                f"责任单位 {county.name}教育局　应于 {by:%Y-%m-%d} 前发放",
                numbers.wan(amount),
                "amber",
            )
            for amount, count, county in sorted(rows, key=lambda row: -row[0])
        ]

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        tiles, below = self.tiles() if self.is_city else ([], [])
        return {
            "overview": self,
            "kpis": self.kpis(),
            "tiles": tiles,
            "tiles_below": below,
            "tiles_note": "红框：有超期未办结",
            "county_rows": self.county_rows(),
            "open_bars": self.open_bars(),
            "open_link": linked_count(self.open_total, findings(status="open"), "未结问题"),
            "handling": self.handling(),
            "stuck": self.stuck(),
            "trend": self.trend(),
            "trend_stages": self.trend_stages(),
            "trend_rows": self.trend_rows(),
            "todo": self.todo[:TODO_SHOWN],
            "todo_more": self.todo[TODO_SHOWN:],
        }


def _bar(label: str, found: int, late: int, note: str, **params: str) -> Bar:
    url = findings(status="open", **params)
    return Bar(
        label,
        found,
        text="" if note else linked_count(found, url, f"{label}未结问题"),
        url=url,
        late=late,
        late_text=linked_count(late, findings(overdue="1", **params), f"{label}超期") if late else "",
        note=note,
    )


def _share(part: int, whole: int) -> str:
    return numbers.percent(part / whole if whole else None, 2)


def _stage_label(stage: str) -> str:
    return Stage(stage).label if stage else "未填学段"
