"""Who may change what the law says: the city's standards officer and nobody else."""

from django.core.exceptions import PermissionDenied

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission


def require_manager(user: User) -> None:
    """Refuse anybody but a standards officer in office."""
    if not user.may(Permission.MANAGE_STANDARDS):
        raise PermissionDenied("只有标准管理员可以录入标准。")
