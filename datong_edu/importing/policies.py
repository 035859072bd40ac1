"""May this person import that, here and now?"""

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of


def may_import_for(user: User, unit: Unit) -> bool:
    """Importing for a county takes the permission and that county; for the whole city, the city's scope."""
    if not user.may(Permission.IMPORT_ROSTERS):
        return False
    scope = scope_of(user)
    if unit.kind == UnitKind.CITY:
        return scope.city
    county = unit.county
    return scope.city or (county is not None and county.pk in scope.county_ids)
