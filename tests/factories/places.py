"""Units, users, terms and schools."""

from datetime import date
from itertools import count
from typing import Any

from django.db.models import Model

from datong_edu.accounts import reference as units
from datong_edu.accounts.models import Grant, Unit, UnitAlias, UnitKind, User
from datong_edu.accounts.roles import Role
from datong_edu.core import reference as terms
from datong_edu.core.models import Term
from datong_edu.registry.models import School
from datong_edu.standards.loader import load as load_standards
from datong_edu.standards.models import Standard, StandardValue
from subsidies import reference as schemes
from subsidies.models import Scheme

HUNYUAN = "140225"
_numbers = count(1)


_snapshot: list[list[Model]] = []
_REFERENCE = (Unit, UnitAlias, Term, Scheme, Standard, StandardValue)


def load_reference() -> None:
    """Units, terms, schemes and all standards, as after `./run setup`; read from their files only once."""
    if _snapshot and not Unit.objects.exists():
        for rows in _snapshot:
            type(rows[0])._default_manager.bulk_create(rows)
        return
    units.load()
    terms.load()
    schemes.load()
    load_standards()
    _snapshot[:] = [list(model._default_manager.order_by("pk")) for model in _REFERENCE]


def city() -> Unit:
    """大同市."""
    return Unit.objects.city()


def county(code: str = HUNYUAN) -> Unit:
    """A county by its code; 浑源县, a poverty county, by default.  140213 平城区 is none."""
    return Unit.objects.get(code=code)


def term(code: str = "2020-2021-1") -> Term:
    """A term by its code; 2020 autumn by default."""
    return Term.objects.get(code=code)


def school(**given: Any) -> School:
    """A rural primary and junior school (九年一贯制) with a dormitory in 浑源县."""
    number = next(_numbers)
    fields = {
        "code": f"3114{number:06}",
        "name": f"测试{number}学校",
        "kind": "312",
        "seat": "乡村",
        "ownership": "public",
        "has_dormitory": True,
    }
    return School.objects.create(**fields | {"county": given.pop("county", None) or county()} | given)


def school_unit(of: School) -> Unit:
    """The unit of a school in the tree of units, for its clerk and principal."""
    unit, _ = Unit.objects.get_or_create(
        code=of.code, defaults={"name": of.name, "kind": UnitKind.SCHOOL, "parent": of.county}
    )
    return unit


def user(role: Role = Role.COUNTY_CLERK, unit: Unit | None = None, **given: Any) -> User:
    """A user with one office since 2016; county clerk of 浑源县 by default."""
    unit = unit or county()
    made = User.objects.create_user(
        username=given.pop("username", f"user{next(_numbers)}"), unit=unit, **{"name": role.label} | given
    )
    Grant.objects.create(user=made, role=role, unit=unit, since_on=date(2016, 1, 1))
    return made
