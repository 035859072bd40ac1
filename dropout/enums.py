"""Status of a child on the dropout ledger."""

from django.db import models


class CaseStatus(models.TextChoices):
    """From found to 销号."""

    OPEN = "open", "待核实"
    PERSUADING = "persuading", "劝返中"
    RETURNED = "returned", "已复学"
    CLOSED = "closed", "已销号"


TRANSITIONS: dict[str, set[str]] = {
    CaseStatus.OPEN: {CaseStatus.PERSUADING, CaseStatus.RETURNED, CaseStatus.CLOSED},
    CaseStatus.PERSUADING: {CaseStatus.RETURNED, CaseStatus.CLOSED},
    CaseStatus.RETURNED: {CaseStatus.PERSUADING, CaseStatus.CLOSED},
    CaseStatus.CLOSED: {CaseStatus.OPEN, CaseStatus.PERSUADING, CaseStatus.RETURNED},
}
"""A relapse opens a closed line again, wherever the school's ledger says it stands."""

EDGES = sorted((str(old), str(new)) for old, ways in TRANSITIONS.items() for new in ways)
