"""Django's PostgreSQL backend, with a server that starts on demand; nothing happens at import."""

from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.postgresql import base

from datong_edu.embedded.postgres import EmbeddedPostgres


class DatabaseWrapper(base.DatabaseWrapper):
    """Connect to the data folder's own server."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters with the socket folder as host."""
        return super().get_connection_params() | {"host": str(_server().socket_folder)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; when that fails, bring the server up and connect once more."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            server = _server()
            server.ensure()
            return super().get_new_connection(conn_params | {"host": str(server.socket_folder)})


def _server() -> EmbeddedPostgres:
    return EmbeddedPostgres(**settings.EMBEDDED_POSTGRES)
