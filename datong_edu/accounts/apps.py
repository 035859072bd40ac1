"""Who may do what for whom: units, users, roles and scope."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "datong_edu.accounts"
    label = "accounts"
    verbose_name = "单位与用户"

    def ready(self) -> None:
        """Secrets of phones and seeds of recovery codes follow new keys."""
        from datong_edu.accounts.second_factor import KIND  # models exist only now
        from datong_edu.core import sealed_columns

        for secret in ("secret", "seed"):
            sealed_columns.declare_blob("mfa.Authenticator", "data", kind=KIND, inside=secret)
