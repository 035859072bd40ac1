"""May this person keep the dropout ledger, here and now?"""

from datong_edu.accounts.models import Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.accounts.scope import scope_of


def may_open_case(user: User, county: Unit) -> bool:
    """A county's own staff who answer its findings open its ledger lines."""
    return user.may(Permission.ANSWER_FINDINGS) and county.pk in scope_of(user).county_ids
