"""County scope: personal and business rows are read for somebody, or not at all.

A scoped model's default manager refuses to be evaluated until it has been told for whom: `visible_to(user)`
on screens and in the API, `for_county(unit)` in a county's job, `whole_city()` in city-wide jobs.  What lies
outside the scope does not exist: views answer 404.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import ADMIN_ROLES, HELD_FOR, Role
from datong_edu.core.exceptions import ScopeRequired


@dataclass(frozen=True)
class Scope:
    """What somebody may see: the whole city, some counties, or some schools."""

    city: bool = False
    county_ids: frozenset[int] = frozenset()
    school_codes: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in sight."""
        return not (self.city or self.county_ids or self.school_codes)


def scope_of(user: User) -> Scope:
    """The scope that a user's offices of today add up to; no office, no sight."""
    if not user.is_authenticated or not user.is_active:
        return Scope()
    city, counties, schools = False, set(), set()
    for grant in user.active_grants:
        role = Role(grant.role)
        if role in ADMIN_ROLES or grant.unit.kind not in HELD_FOR[role]:
            continue
        if grant.unit.kind == UnitKind.SCHOOL:
            schools.add(grant.unit.code)
        elif grant.unit.kind == UnitKind.COUNTY:
            counties.add(grant.unit_id)
        else:
            city = True
    return Scope(city, frozenset(counties), frozenset(schools))


def only_county(user: User) -> Unit | None:
    """The county of somebody whose offices all lie in one; the audit trail files a reading there."""
    counties = {grant.unit.county for grant in user.active_grants}
    return counties.pop() if len(counties) == 1 else None


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that is not evaluated before it has a scope."""

    scoped = False

    def visible_to(self, user: User) -> Self:
        """Rows that a user may see."""
        return self.within(scope_of(user))

    def for_county(self, county: Unit) -> Self:
        """Rows of one county, for jobs that work on it."""
        return self.within(Scope(county_ids=frozenset({county.pk})))

    def whole_city(self) -> Self:
        """Every row, for city-wide jobs and the operator's command line."""
        return self.within(Scope(city=True))

    def within(self, scope: Scope) -> Self:
        """Rows inside a scope."""
        rows = self.all()
        rows.scoped = True
        if scope.city:
            return rows
        return rows.filter(self.inside(scope))

    def inside(self, scope: Scope) -> Q:
        """Condition of a scope on this model; a model without a school shows nothing to schools."""
        reach = Q(county__in=scope.county_ids) if scope.county_ids else Q(pk__in=[])
        path = getattr(self.model, "school_path", None)
        if path and scope.school_codes:
            reach |= Q(**{f"{path}__code__in": scope.school_codes})
        return reach

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.scoped = self.scoped
        return clone

    def _merge_sanity_check(self, other: "ScopedQuerySet") -> None:
        """Before `&`, `|` and `^`: rows with a scope never take in rows without one."""
        super()._merge_sanity_check(other)  # type: ignore[misc]
        if self.scoped != other.scoped:
            raise ScopeRequired(f"{self.model.__name__}: give both sides of & and | their scope first")

    def _combinator_query(self, combinator: str, *others: "ScopedQuerySet", all: bool = False) -> Self:
        """Before `union` and its kin: the same."""
        for rows in others:
            if rows.scoped != self.scoped:
                raise ScopeRequired(
                    f"{self.model.__name__}: give every part of a {combinator} its scope first"
                )
        combined: Self = super()._combinator_query(combinator, *others, all=all)  # type: ignore[misc]
        return combined

    def _need_scope(self) -> None:
        if not self.scoped:
            raise ScopeRequired(
                f"{self.model.__name__}: say visible_to(user), for_county(unit) or whole_city() first"
            )

    def _fetch_all(self) -> None:
        self._need_scope()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Rows one by one, once scoped."""
        self._need_scope()
        return super().iterator(chunk_size)

    def count(self) -> int:
        """Number of rows, once scoped."""
        self._need_scope()
        return super().count()

    def exists(self) -> bool:
        """Whether there is a row, once scoped."""
        self._need_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Aggregate, once scoped."""
        self._need_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Bulk update, once scoped."""
        self._need_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Bulk delete, once scoped."""
        self._need_scope()
        return super().delete()


ScopedManager = models.Manager.from_queryset(ScopedQuerySet, class_name="ScopedManager")
"""Default manager of every model with personal or business rows."""
