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
            name="Merger",
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
                ("merged_on", models.DateField(verbose_name="撤并时间")),
                (
                    "closed_school",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merger",
                        to="registry.school",
                        verbose_name="撤并学校",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="县区",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received",
                        to="registry.school",
                        verbose_name="接收学校",
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
                "verbose_name": "学校撤并",
                "verbose_name_plural": "学校撤并",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("receiver", None),
                            models.Q(("receiver", models.F("closed_school")), _negated=True),
                            _connector="OR",
                        ),
                        name="merger_not_into_itself",
                        violation_error_message="学校不能并入自己。",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merger",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "schools_mergerevent" ("closed_school_id", "county_id", "id", "merged_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver_id", "source_batch_id", "source_row", "source_sheet") SELECT new_values."closed_school_id", new_values."county_id", new_values."id", new_values."merged_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."receiver_id", new_values."source_batch_id", new_values."source_row", new_values."source_sheet" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5f5cbf29b356dab30adcbd9fd53d4b90352f9f51",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_47458",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="schools_merger",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merger",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "schools_mergerevent" ("closed_school_id", "county_id", "id", "merged_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver_id", "source_batch_id", "source_row", "source_sheet") SELECT new_values."closed_school_id", new_values."county_id", new_values."id", new_values."merged_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."receiver_id", new_values."source_batch_id", new_values."source_row", new_values."source_sheet" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="65cc1f04e6834ba7367b21e07312afe7b887cd8a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8a47b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="schools_merger",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merger",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "schools_mergerevent" ("closed_school_id", "county_id", "id", "merged_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver_id", "source_batch_id", "source_row", "source_sheet") SELECT old_values."closed_school_id", old_values."county_id", old_values."id", old_values."merged_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."receiver_id", old_values."source_batch_id", old_values."source_row", old_values."source_sheet" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="44b0e0f0f35b8875c8247094042bbe0d0ec44769",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d5999",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="schools_merger",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MergerEvent",
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
                ("merged_on", models.DateField(verbose_name="撤并时间")),
                (
                    "closed_school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.school",
                        verbose_name="撤并学校",
                    ),
                ),
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
                        to="schools.merger",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.school",
                        verbose_name="接收学校",
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
