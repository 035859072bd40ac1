"""Who may do what for whom: units, users, roles and scope."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "datong_edu.accounts"
    label = "accounts"
    verbose_name = "单位与用户"
