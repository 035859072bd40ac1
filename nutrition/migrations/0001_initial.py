import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import datong_edu.core.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("importing", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MealMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source_sheet",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="来源工作表"),
                ),
                ("source_row", models.IntegerField(blank=True, null=True, verbose_name="来源行")),
                ("month", models.CharField(max_length=7, verbose_name="年月")),
                ("enrolled", models.IntegerField(verbose_name="在校生数")),
                ("beneficiaries", models.IntegerField(verbose_name="享受人数")),
                ("days", models.SmallIntegerField(verbose_name="供餐天数")),
                ("person_days", models.IntegerField(verbose_name="人次")),
                (
                    "standard",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="标准（元/天）"
                    ),
                ),
                (
                    "due",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="应拨（元）"
                    ),
                ),
                (
                    "received",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="实拨（元）"
                    ),
                ),
                (
                    "spent",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="实支（元）"
                    ),
                ),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="结余（元）"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("canteen", "食堂供餐"), ("purchased", "企业供餐"), ("family", "家庭托餐")],
                        default="",
                        max_length=10,
                        verbose_name="供餐模式",
                    ),
                ),
                ("funding", models.CharField(blank=True, default="", max_length=40, verbose_name="资金来源")),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="县区",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meals",
                        to="registry.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "source_batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="importing.importbatch",
                        verbose_name="来源批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "营养餐月报",
                "verbose_name_plural": "营养餐月报",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["county", "id"], name="meal_county")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "month"), name="meal_month_once"),
                    models.CheckConstraint(
                        condition=models.Q(("month__regex", "^\\d{4}-(0[1-9]|1[0-2])$")),
                        name="meal_month_shape",
                        violation_error_message="年月应写成 2020-09。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mealmonth",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "nutrition_mealmonthevent" ("balance", "beneficiaries", "county_id", "days", "due", "enrolled", "funding", "id", "mode", "month", "person_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received", "school_id", "source_batch_id", "source_row", "source_sheet", "spent", "standard") SELECT new_values."balance", new_values."beneficiaries", new_values."county_id", new_values."days", new_values."due", new_values."enrolled", new_values."funding", new_values."id", new_values."mode", new_values."month", new_values."person_days", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."received", new_values."school_id", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."spent", new_values."standard" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="add1192d7ee2a93447da4c6afb997271e54fea27",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_196be",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="nutrition_mealmonth",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mealmonth",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "nutrition_mealmonthevent" ("balance", "beneficiaries", "county_id", "days", "due", "enrolled", "funding", "id", "mode", "month", "person_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received", "school_id", "source_batch_id", "source_row", "source_sheet", "spent", "standard") SELECT new_values."balance", new_values."beneficiaries", new_values."county_id", new_values."days", new_values."due", new_values."enrolled", new_values."funding", new_values."id", new_values."mode", new_values."month", new_values."person_days", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."received", new_values."school_id", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."spent", new_values."standard" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="4b413fb7a4634eb399b6496fea453ff2c3a9c8f3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_391fd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="nutrition_mealmonth",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mealmonth",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "nutrition_mealmonthevent" ("balance", "beneficiaries", "county_id", "days", "due", "enrolled", "funding", "id", "mode", "month", "person_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received", "school_id", "source_batch_id", "source_row", "source_sheet", "spent", "standard") SELECT old_values."balance", old_values."beneficiaries", old_values."county_id", old_values."days", old_values."due", old_values."enrolled", old_values."funding", old_values."id", old_values."mode", old_values."month", old_values."person_days", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."received", old_values."school_id", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."spent", old_values."standard" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="4a13592b905b01aabc9ca792d3d071257ee80d92",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f220d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="nutrition_mealmonth",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MealMonthEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "audit_deed",
                    models.BigIntegerField(
                        db_default=datong_edu.core.history.AuditDeed(), editable=False, verbose_name="留痕号"
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "source_sheet",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="来源工作表"),
                ),
                ("source_row", models.IntegerField(blank=True, null=True, verbose_name="来源行")),
                ("month", models.CharField(max_length=7, verbose_name="年月")),
                ("enrolled", models.IntegerField(verbose_name="在校生数")),
                ("beneficiaries", models.IntegerField(verbose_name="享受人数")),
                ("days", models.SmallIntegerField(verbose_name="供餐天数")),
                ("person_days", models.IntegerField(verbose_name="人次")),
                (
                    "standard",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="标准（元/天）"
                    ),
                ),
                (
                    "due",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="应拨（元）"
                    ),
                ),
                (
                    "received",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="实拨（元）"
                    ),
                ),
                (
                    "spent",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="实支（元）"
                    ),
                ),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="结余（元）"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("canteen", "食堂供餐"), ("purchased", "企业供餐"), ("family", "家庭托餐")],
                        default="",
                        max_length=10,
                        verbose_name="供餐模式",
                    ),
                ),
                ("funding", models.CharField(blank=True, default="", max_length=40, verbose_name="资金来源")),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.unit",
                        verbose_name="县区",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="nutrition.mealmonth",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "source_batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="importing.importbatch",
                        verbose_name="来源批次",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
