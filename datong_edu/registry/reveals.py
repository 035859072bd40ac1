"""Showing one full number: who may, how often a day, and that it is written down before it is seen."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core import audit, clock, sensitive
from datong_edu.core.exceptions import PortalError
from datong_edu.registry.models import NumberReveal, Person

LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}")
"""What looks like a number of a person or an account, which has no business in a reason."""


@dataclass(frozen=True)
class SealedNumber:
    """One number of one record: `key` says which of the file, `kind` the sort it is sealed as."""

    key: str
    label: str
    kind: str
    masked: str
    cipher: bytes | memoryview
    index: UUID


def used_today(user: User) -> int:
    """Numbers a user has looked at since midnight in Datong."""
    return NumberReveal.objects.whole_city().filter(by=user, at__gte=clock.midnight()).count()


def left_today(user: User) -> int:
    """How many more a user may look at today."""
    return max(settings.REVEALS_PER_DAY - used_today(user), 0)


def reveal_number(*, person: Person, number: SealedNumber, reason: str, county: Unit | None, by: User) -> str:
    """The number in clear, once the look at it is committed to the books.

    Raises PortalError without the permission, without a reason, or past the day's quota.
    """
    if not by.may(Permission.REVEAL_NUMBER):
        raise PortalError("您的岗位不能查看完整号码。")
    if LONG_NUMBER.search(reason):
        raise PortalError("理由会公开在档案的访问记录里，请不要写号码。")
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=by.pk)  # two requests at once share one quota
        if not left_today(by):
            raise PortalError(
                f"今天查看完整号码已满 {settings.REVEALS_PER_DAY} 次，请明天再查，或请其他有权限的同事办理。"
            )
        look = NumberReveal.objects.create(
            person=person, key=number.key, label=number.label, reason=reason, county=county, by=by
        )
        audit.record(
            action="reveal_number",
            by=by,
            subject=person,
            county=county,
            detail={"number": number.key, "look": look.pk},
        )
    return sensitive.unseal(number.kind, number.cipher, number.index)
