"""Who calls: a token, its client, and the client's user with exactly one county in sight."""

from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from datong_edu.accounts.models import User
from datong_edu.accounts.scope import Scope, scope_of
from datong_edu.accounts.walls import wall_of
from datong_edu.core.wall.standing import stand


class ClientToken(OAuth2Authentication):
    """Bearer token of client credentials; cookies of browsers count for nothing here."""

    www_authenticate_realm = "datong-edu"

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """The client's user and the token.

        A client whose user has come to hold another office than that of its one county is refused: its sight
        was fixed when it was created.
        """
        found = super().authenticate(request)
        if found is None:
            if request.headers.get("Authorization"):
                raise AuthenticationFailed
            return None
        token = found[1]
        client = token.application
        user: User = client.user
        if not user.is_active or scope_of(user) != Scope(county_ids=frozenset({client.unit_id})):
            raise AuthenticationFailed
        stand(wall_of(user))
        return user, token
