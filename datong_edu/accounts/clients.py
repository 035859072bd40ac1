"""Systems that call the API: each acts as one user with one office, 接口客户端 of one county.

OAuth 2 client credentials over django-oauth-toolkit.  The secret is shown once and kept as a password hash, a
token is kept as its checksum only and lives half an hour.  What a client may see follows from its user's
office like everybody's sight, so that scope, history and audit know no second kind of actor.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model
from oauth2_provider.scopes import SettingsScopes

from datong_edu.accounts.actions import grant_role
from datong_edu.accounts.models import ApiClient, Unit, UnitKind, User
from datong_edu.accounts.roles import Permission, Role
from datong_edu.core import audit
from datong_edu.core.commands import SERVICE_USERNAME
from datong_edu.core.exceptions import PortalError

USERNAME = "api-{}"


@dataclass(frozen=True)
class Credentials:
    """What the other system needs; `secret` is never seen again."""

    client: ApiClient
    secret: str


class ClientScopes(SettingsScopes):
    """Scopes a client may ask for: those it was created with."""

    def get_available_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """Scopes of a client; all of them when nobody in particular asks."""
        return list(super().get_available_scopes() if application is None else application.scopes)

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """Without a wish a token carries everything its client may do."""
        return self.get_available_scopes(application)


@transaction.atomic
def create_client(
    *, name: str, unit: Unit, scopes: list[str], until_on: date | None, by: User
) -> Credentials:
    """A client of one county with its user and office; the secret is in the answer and nowhere else."""
    _ask_for_office(by)
    known = settings.OAUTH2_PROVIDER["SCOPES"]
    if unit.kind != UnitKind.COUNTY:
        raise PortalError(f"接口客户端只能属于一个县区，“{unit}”不是县区。请写县区的六位代码。")
    if not name.strip():
        raise PortalError("请写明接口客户端的名称，例如对接系统的名字。")
    if not scopes or set(scopes) - known.keys():
        raise PortalError(f"权限范围只能是：{'、'.join(known)}。")
    if until_on is not None and until_on < timezone.localdate():
        raise PortalError("截止日期已经过去，请写今天或以后的日期。")
    secret = generate_client_secret()
    client = ApiClient(
        name=name.strip(), unit=unit, scopes=sorted(scopes), client_secret=secret, created_by=by
    )
    user = User(username=USERNAME.format(client.client_id), name=client.name, unit=unit)
    user.set_unusable_password()
    user.save()
    grant_role(
        user=user,
        role=Role.API_CLIENT,
        unit=unit,
        since_on=timezone.localdate(),
        until_on=until_on,
        by=None if by.username == SERVICE_USERNAME else by,  # who has the server's console sets it up
    )
    client.user = user
    client.save()
    audit.record(
        action="create_api_client",
        by=by,
        subject=client,
        county=unit,
        detail={"scopes": client.scopes, "until": until_on.isoformat() if until_on else ""},
    )
    return Credentials(client, secret)


@transaction.atomic
def revoke_client(*, client_id: str, by: User) -> ApiClient:
    """End a client at once: its tokens are void, its user can do nothing any more."""
    _ask_for_office(by)
    client = ApiClient.objects.select_for_update().filter(client_id=client_id).first()
    if client is None:
        raise PortalError("没有这个接口客户端，请核对客户端编号。")
    if client.revoked_at is not None:
        raise PortalError(f"这个接口客户端已在 {timezone.localdate(client.revoked_at):%Y-%m-%d} 停用。")
    client.revoked_at = timezone.now()
    client.save(update_fields=["revoked_at"])
    User.objects.filter(pk=client.user_id).update(is_active=False)
    get_access_token_model().objects.filter(application=client).delete()
    audit.record(action="revoke_api_client", by=by, subject=client, county=client.unit)
    return client


def _ask_for_office(by: User) -> None:
    """A system administrator, or whoever has the server's console."""
    if by.username != SERVICE_USERNAME and not by.may(Permission.MANAGE_USERS):
        raise PortalError("您的岗位不能管理接口客户端，请由系统管理员办理。")
