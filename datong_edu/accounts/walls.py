"""Which wall of the database stands for whom."""

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of
from datong_edu.core.wall.roles import Reach
from datong_edu.core.wall.standing import Wall


def wall_of(user: User) -> Wall:
    """The wall that a user's offices of today add up to; no office sees no personal row."""
    scope = scope_of(user)
    if scope.city:
        return Wall(Reach.CITY, user_id=user.pk)
    if scope.is_empty and user.may(Permission.VIEW_AUDIT):
        return Wall(Reach.AUDIT, user_id=user.pk)
    if scope.county_ids or not scope.school_codes:
        # Who works for a county and for a school of another sees the school through its county only.
        return Wall(Reach.COUNTY, scope.county_ids, user_id=user.pk)
    return Wall(Reach.SCHOOL, school_codes=scope.school_codes, user_id=user.pk)
