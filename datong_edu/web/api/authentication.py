"""Who calls: a token, its client, and the client's user with exactly one county in sight."""

import hashlib
from typing import Any

from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from datong_edu.accounts.models import User
from datong_edu.accounts.scope import Scope, scope_of
from datong_edu.core.wall.standing import stand


class ClientToken(BaseAuthentication):
    """Bearer token of client credentials, from the header only; cookies of browsers count for nothing here.

    The toolkit's own class would look for a token in the body too, which may be a roster of 60 MB.
    """

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """The client's user and the token.

        A client whose user has come to hold another office than that of its one county is refused: its sight
        was fixed when it was created.
        """
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        checksum = hashlib.sha256(sent.strip().encode()).hexdigest()
        known = get_access_token_model().objects.filter(token_checksum=checksum)
        token = known.select_related("application__unit", "application__user").first()
        if scheme.lower() != "bearer" or token is None or token.is_expired():
            raise AuthenticationFailed
        client = token.application
        sight = Scope(county_ids=frozenset({client.unit_id}))
        if not client.is_usable(request) or scope_of(client.user) != sight:
            raise AuthenticationFailed
        stand(client.user.wall)
        return client.user, token

    def authenticate_header(self, request: Request) -> str:
        """WWW-Authenticate of a 401."""
        return 'Bearer realm="datong-edu"'
