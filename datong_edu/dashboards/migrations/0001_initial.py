import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=20, verbose_name="指标")),
                ("part", models.CharField(blank=True, default="", max_length=20, verbose_name="细分")),
                ("value", models.BigIntegerField(default=0, verbose_name="数值")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="金额（元）"
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="最早期限")),
                ("as_of_on", models.DateField(verbose_name="数据日期")),
                ("computed_at", models.DateTimeField(verbose_name="计算时间")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="县区",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.term",
                        verbose_name="学期",
                    ),
                ),
            ],
            options={
                "verbose_name": "汇总指标",
                "verbose_name_plural": "汇总指标",
                "ordering": ["county", "figure", "term", "part"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("county", "figure", "term", "part"),
                        name="snapshot_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
