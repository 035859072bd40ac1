import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import datong_edu.core.history
import datong_edu.core.sensitive


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("crosschecks", "0001_initial"),
        ("importing", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DropoutCase",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "待核实"),
                            ("persuading", "劝返中"),
                            ("returned", "已复学"),
                            ("closed", "已销号"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("dropout", "辍学"), ("suspected", "疑似辍学"), ("never_enrolled", "失学")],
                        max_length=14,
                        verbose_name="辍学类型",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                ("sex", models.CharField(blank=True, default="", max_length=2, verbose_name="性别")),
                ("town", models.CharField(blank=True, default="", max_length=60, verbose_name="乡镇")),
                ("village", models.CharField(blank=True, default="", max_length=60, verbose_name="村")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PRE", "学前"),
                            ("PRI", "小学"),
                            ("JUN", "初中"),
                            ("HS", "普通高中"),
                            ("VOC", "中职"),
                            ("COL", "高职高专"),
                            ("UNI", "本科"),
                            ("PG", "研究生"),
                            ("SPE", "特殊教育"),
                        ],
                        default="",
                        max_length=3,
                        verbose_name="学段",
                    ),
                ),
                ("grade", models.SmallIntegerField(null=True, verbose_name="年级")),
                ("left_on", models.DateField(null=True, verbose_name="辍学时间")),
                ("cause", models.CharField(blank=True, default="", max_length=60, verbose_name="辍学原因")),
                ("is_poor", models.BooleanField(null=True, verbose_name="是否脱贫户")),
                ("is_disabled", models.BooleanField(null=True, verbose_name="是否残疾")),
                ("guardian", models.CharField(blank=True, default="", max_length=60, verbose_name="监护人")),
                ("phone", datong_edu.core.sensitive.EncryptedField("phone", null=True)),
                ("phone_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "phone_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("owner", models.CharField(blank=True, default="", max_length=60, verbose_name="劝返责任人")),
                ("visits", models.SmallIntegerField(default=0, verbose_name="劝返次数")),
                ("returned_on", models.DateField(null=True, verbose_name="复学时间")),
                (
                    "placement",
                    models.CharField(blank=True, default="", max_length=30, verbose_name="安置方式"),
                ),
                ("closed_on", models.DateField(null=True, verbose_name="销号时间")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="备注")),
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
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crosschecks.finding",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dropout_case",
                        to="registry.person",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.school",
                        verbose_name="原就读学校",
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
                "verbose_name": "控辍台账",
                "verbose_name_plural": "控辍台账",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["county", "id"], name="dropout_county")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("left_on", None),
                            ("closed_on__gte", models.F("left_on")),
                            _connector="OR",
                        ),
                        name="dropout_days_in_order",
                        violation_error_message="销号时间不能早于辍学时间。",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dropoutcase",
            trigger=pgtrigger.compiler.Trigger(
                name="status_edges",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{closed:open,closed:persuading,closed:returned,open:closed,open:persuading,open:returned,persuading:closed,persuading:returned,returned:closed,returned:persuading}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="f099963b2d8bd534cfc7e0e0472652b56f16986f",
                    operation="UPDATE",
                    pgid="pgtrigger_status_edges_dcaee",
                    table="dropout_dropoutcase",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dropoutcase",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "dropout_dropoutcaseevent" ("cause", "closed_on", "county_id", "finding_id", "grade", "guardian", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "is_disabled", "is_poor", "left_on", "name", "note", "owner", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "placement", "returned_on", "school_id", "sex", "source_batch_id", "source_row", "source_sheet", "stage", "status", "town", "type", "village", "visits") SELECT new_values."cause", new_values."closed_on", new_values."county_id", new_values."finding_id", new_values."grade", new_values."guardian", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_state", new_values."is_disabled", new_values."is_poor", new_values."left_on", new_values."name", new_values."note", new_values."owner", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."phone_index", new_values."phone_masked", new_values."placement", new_values."returned_on", new_values."school_id", new_values."sex", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."stage", new_values."status", new_values."town", new_values."type", new_values."village", new_values."visits" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1332db6ff98fe990fb4643f3646c8751ea7d478e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8ec38",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="dropout_dropoutcase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dropoutcase",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "dropout_dropoutcaseevent" ("cause", "closed_on", "county_id", "finding_id", "grade", "guardian", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "is_disabled", "is_poor", "left_on", "name", "note", "owner", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "placement", "returned_on", "school_id", "sex", "source_batch_id", "source_row", "source_sheet", "stage", "status", "town", "type", "village", "visits") SELECT new_values."cause", new_values."closed_on", new_values."county_id", new_values."finding_id", new_values."grade", new_values."guardian", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_state", new_values."is_disabled", new_values."is_poor", new_values."left_on", new_values."name", new_values."note", new_values."owner", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."phone_index", new_values."phone_masked", new_values."placement", new_values."returned_on", new_values."school_id", new_values."sex", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."stage", new_values."status", new_values."town", new_values."type", new_values."village", new_values."visits" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."cause" IS DISTINCT FROM (new_values."cause") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."county_id" IS DISTINCT FROM (new_values."county_id") OR old_values."finding_id" IS DISTINCT FROM (new_values."finding_id") OR old_values."grade" IS DISTINCT FROM (new_values."grade") OR old_values."guardian" IS DISTINCT FROM (new_values."guardian") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."id_no_index" IS DISTINCT FROM (new_values."id_no_index") OR old_values."id_no_masked" IS DISTINCT FROM (new_values."id_no_masked") OR old_values."id_state" IS DISTINCT FROM (new_values."id_state") OR old_values."is_disabled" IS DISTINCT FROM (new_values."is_disabled") OR old_values."is_poor" IS DISTINCT FROM (new_values."is_poor") OR old_values."left_on" IS DISTINCT FROM (new_values."left_on") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."note" IS DISTINCT FROM (new_values."note") OR old_values."owner" IS DISTINCT FROM (new_values."owner") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."phone_index" IS DISTINCT FROM (new_values."phone_index") OR old_values."phone_masked" IS DISTINCT FROM (new_values."phone_masked") OR old_values."placement" IS DISTINCT FROM (new_values."placement") OR old_values."returned_on" IS DISTINCT FROM (new_values."returned_on") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."sex" IS DISTINCT FROM (new_values."sex") OR old_values."source_batch_id" IS DISTINCT FROM (new_values."source_batch_id") OR old_values."source_row" IS DISTINCT FROM (new_values."source_row") OR old_values."source_sheet" IS DISTINCT FROM (new_values."source_sheet") OR old_values."stage" IS DISTINCT FROM (new_values."stage") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."town" IS DISTINCT FROM (new_values."town") OR old_values."type" IS DISTINCT FROM (new_values."type") OR old_values."village" IS DISTINCT FROM (new_values."village") OR old_values."visits" IS DISTINCT FROM (new_values."visits")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="aef0fcb2e9c91266fe62ec1153d68430237e60e2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79509",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="dropout_dropoutcase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dropoutcase",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "dropout_dropoutcaseevent" ("cause", "closed_on", "county_id", "finding_id", "grade", "guardian", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "is_disabled", "is_poor", "left_on", "name", "note", "owner", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "placement", "returned_on", "school_id", "sex", "source_batch_id", "source_row", "source_sheet", "stage", "status", "town", "type", "village", "visits") SELECT old_values."cause", old_values."closed_on", old_values."county_id", old_values."finding_id", old_values."grade", old_values."guardian", old_values."id", old_values."id_no", old_values."id_no_index", old_values."id_no_masked", old_values."id_state", old_values."is_disabled", old_values."is_poor", old_values."left_on", old_values."name", old_values."note", old_values."owner", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."phone_index", old_values."phone_masked", old_values."placement", old_values."returned_on", old_values."school_id", old_values."sex", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."stage", old_values."status", old_values."town", old_values."type", old_values."village", old_values."visits" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8da7f66673cafb980191d64d237080a8a7b911d1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_18c99",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="dropout_dropoutcase",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DropoutCaseEvent",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "待核实"),
                            ("persuading", "劝返中"),
                            ("returned", "已复学"),
                            ("closed", "已销号"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("dropout", "辍学"), ("suspected", "疑似辍学"), ("never_enrolled", "失学")],
                        max_length=14,
                        verbose_name="辍学类型",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                ("sex", models.CharField(blank=True, default="", max_length=2, verbose_name="性别")),
                ("town", models.CharField(blank=True, default="", max_length=60, verbose_name="乡镇")),
                ("village", models.CharField(blank=True, default="", max_length=60, verbose_name="村")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PRE", "学前"),
                            ("PRI", "小学"),
                            ("JUN", "初中"),
                            ("HS", "普通高中"),
                            ("VOC", "中职"),
                            ("COL", "高职高专"),
                            ("UNI", "本科"),
                            ("PG", "研究生"),
                            ("SPE", "特殊教育"),
                        ],
                        default="",
                        max_length=3,
                        verbose_name="学段",
                    ),
                ),
                ("grade", models.SmallIntegerField(null=True, verbose_name="年级")),
                ("left_on", models.DateField(null=True, verbose_name="辍学时间")),
                ("cause", models.CharField(blank=True, default="", max_length=60, verbose_name="辍学原因")),
                ("is_poor", models.BooleanField(null=True, verbose_name="是否脱贫户")),
                ("is_disabled", models.BooleanField(null=True, verbose_name="是否残疾")),
                ("guardian", models.CharField(blank=True, default="", max_length=60, verbose_name="监护人")),
                ("phone", datong_edu.core.sensitive.EncryptedField("phone", null=True)),
                ("phone_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "phone_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("owner", models.CharField(blank=True, default="", max_length=60, verbose_name="劝返责任人")),
                ("visits", models.SmallIntegerField(default=0, verbose_name="劝返次数")),
                ("returned_on", models.DateField(null=True, verbose_name="复学时间")),
                (
                    "placement",
                    models.CharField(blank=True, default="", max_length=30, verbose_name="安置方式"),
                ),
                ("closed_on", models.DateField(null=True, verbose_name="销号时间")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="备注")),
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
                    "finding",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crosschecks.finding",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.person",
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
                        to="dropout.dropoutcase",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.school",
                        verbose_name="原就读学校",
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
