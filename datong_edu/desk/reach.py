"""Whose desk it is: the city's, a county's or a school's, and which county a run of theirs is about."""

from dataclasses import dataclass

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import Scope, scope_of
from datong_edu.crosschecks.engine import policies


@dataclass(frozen=True)
class Reach:
    """What a user's offices add up to, and the counties held, all from the offices already read."""

    user: User
    scope: Scope
    counties: tuple[Unit, ...]

    @property
    def is_school(self) -> bool:
        """Whether only schools are in sight."""
        return bool(self.scope.school_codes) and not self.scope.city and not self.scope.county_ids

    @property
    def may_answer(self) -> bool:
        """Whether findings wait for this user at all, or are only looked at."""
        return self.user.may(Permission.ANSWER_FINDINGS)

    @property
    def is_wide(self) -> bool:
        """Whether several counties are in sight, so that lists say which."""
        return self.scope.city or len(self.scope.county_ids) > 1

    @property
    def name(self) -> str:
        """浑源县, 大同市 or the name of the school."""
        names = [grant.unit.name for grant in self.user.active_grants]
        return "、".join(dict.fromkeys(names))

    @property
    def county(self) -> Unit | None:
        """The only county in sight; None for the city and for several."""
        return self.counties[0] if len(self.counties) == 1 and not self.scope.city else None

    @property
    def may_run(self) -> bool:
        """Whether the user may start a run over what is in sight."""
        return (self.scope.city or self.county is not None) and policies.may_run(self.user, self.county)

    def holds(self, county_id: int) -> bool:
        """Whether every fact of a county is in sight."""
        return self.scope.city or county_id in self.scope.county_ids


def reach_of(user: User) -> Reach:
    """The reach of a user's offices of today."""
    scope = scope_of(user)
    counties = {
        grant.unit_id: grant.unit
        for grant in user.active_grants
        if grant.unit.kind == UnitKind.COUNTY and grant.unit_id in scope.county_ids
    }
    return Reach(user, scope, tuple(counties.values()))
