"""Pieces of SQL text that rules share: words, amounts and days as a clerk reads them."""

from django.db.models import Choices


def words(expression: str, choices: type[Choices], missing: str = "未填") -> str:
    """The label of a stored code."""
    cases = " ".join(f"WHEN '{value}' THEN '{label}'" for value, label in choices.choices if value != "")
    return f"CASE {expression} {cases} ELSE '{missing}' END"


def yuan(expression: str) -> str:
    """An amount: 1,250.00元."""
    return f"(to_char({expression}, 'FM999,999,990.00') || '元')"


def day(expression: str, missing: str = "未填") -> str:
    """A day: 2020-09-30."""
    return f"COALESCE(to_char({expression}, 'YYYY-MM-DD'), '{missing}')"


def text(expression: str, missing: str = "未填") -> str:
    """A text or number, with a word for nothing."""
    return f"COALESCE(NULLIF({expression}::text, ''), '{missing}')"


def standing_on(alias: str, on: str) -> str:
    """Condition: the registry row is the registry's word on a day."""
    return f"{alias}.since_on <= {on} AND ({alias}.until_on IS NULL OR {alias}.until_on > {on})"
