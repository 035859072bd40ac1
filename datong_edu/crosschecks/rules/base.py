"""What all nightly rules share: deadlines and thresholds from the standards."""

from datetime import date, timedelta

from datong_edu.accounts.roles import Role
from datong_edu.core.codes import EnrolmentStatus
from datong_edu.crosschecks.engine.checks import CrossCheck
from datong_edu.standards import lookup as standards

OFFICE_RULE = "大同市教育扶贫交叉比对规则"
ENROLLED = EnrolmentStatus.ENROLLED.value
ENDED = ("休学", "退学", "流失", "毕业", "结业", "肄业", "下落不明")
"""Statuses in which a pupil is not taught; 转出 and 死亡 are doubts of their own."""


class NightlyCheck(CrossCheck):
    """A rule whose deadline follows its severity."""

    fixed_by = Role.COUNTY_CLERK

    def due_days(self, as_of: date) -> int:
        """Days by the standard FINDING_DUE_DAYS."""
        return standards.limit("FINDING_DUE_DAYS", as_of, tier=self.severity.value)


def school_year_cutoff(term_start: date, as_of: date) -> date:
    """The day on which ages of a school year are counted, by default 31 August before it begins."""
    month_day = str(standards.at("SCHOOL_AGE_CUTOFF", as_of))
    first_year = term_start.year if term_start.month >= 7 else term_start.year - 1
    return date.fromisoformat(f"{first_year}-{month_day}")


def working_days_before(day: date, count: int) -> date:
    """The day `count` working days (Monday to Friday) before a day; public holidays lengthen nothing."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
