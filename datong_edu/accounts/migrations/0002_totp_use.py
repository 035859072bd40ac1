"""Apart from the first migration: allauth's authenticator itself needs our user."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.CreateModel(
            name="TotpUse",
            fields=[
                (
                    "authenticator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="mfa.authenticator",
                        verbose_name="验证器",
                    ),
                ),
                ("last_step", models.BigIntegerField(default=0, verbose_name="时间步")),
            ],
            options={
                "verbose_name": "已用验证码",
                "verbose_name_plural": "已用验证码",
            },
        ),
    ]
