import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import datong_edu.core.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("as_of_on", models.DateField(verbose_name="比对日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "进行中"), ("done", "已完成"), ("failed", "中断")],
                        default="running",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("found", models.IntegerField(default=0, verbose_name="发现")),
                ("new", models.IntegerField(default=0, verbose_name="新增")),
                ("changed", models.IntegerField(default=0, verbose_name="证据更新")),
                ("closed", models.IntegerField(default=0, verbose_name="办结")),
                ("reopened", models.IntegerField(default=0, verbose_name="重新打开")),
                ("failed_rules", models.IntegerField(default=0, verbose_name="出错规则")),
                (
                    "county",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.term",
                        verbose_name="学期",
                    ),
                ),
                (
                    "triggered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "比对",
                "verbose_name_plural": "比对",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("rule_code", models.CharField(max_length=6, verbose_name="规则")),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[
                            ("person", "人员"),
                            ("member", "户成员"),
                            ("enrolment", "学籍"),
                            ("award_line", "资助明细"),
                            ("school_month", "学校月份"),
                        ],
                        max_length=14,
                        verbose_name="对象",
                    ),
                ),
                ("subject_id", models.CharField(max_length=60)),
                ("fingerprint", models.UUIDField(editable=False)),
                ("digest", models.UUIDField(editable=False)),
                (
                    "severity",
                    models.CharField(
                        choices=[("H", "严重"), ("M", "一般"), ("L", "轻微")],
                        max_length=1,
                        verbose_name="严重程度",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待核"),
                            ("confirmed", "属实"),
                            ("false_alarm", "误报"),
                            ("fixed", "已整改"),
                        ],
                        default="pending",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("summary", models.CharField(max_length=200, verbose_name="问题")),
                ("evidence", models.JSONField(default=list, verbose_name="证据")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="涉及金额（元）"
                    ),
                ),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("closed_on", models.DateField(null=True, verbose_name="办结日期")),
                ("verified_on", models.DateField(null=True, verbose_name="系统复核日期")),
                ("reopened", models.SmallIntegerField(default=0, verbose_name="重开次数")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="核实学校",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.person",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.term",
                        verbose_name="学期",
                    ),
                ),
                (
                    "first_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crosschecks.run"
                    ),
                ),
            ],
            options={
                "verbose_name": "疑点",
                "verbose_name_plural": "疑点",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["county", "status", "due_on", "id"], name="finding_desk"),
                    models.Index(fields=["person"], name="finding_person"),
                    models.Index(fields=["school", "status"], name="finding_school"),
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "confirmed"])),
                        fields=["rule_code", "county"],
                        name="finding_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule_code", "fingerprint"), name="finding_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", False), ("status", "fixed")),
                            models.Q(models.Q(("status", "fixed"), _negated=True), ("closed_on", None)),
                            _connector="OR",
                        ),
                        name="finding_closed_has_day",
                        violation_error_message="已整改的疑点必须有办结日期，其余没有。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="status_edges",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{pending:confirmed,pending:false_alarm,pending:fixed,confirmed:false_alarm,confirmed:fixed,confirmed:pending,false_alarm:confirmed,false_alarm:pending,fixed:pending}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="550b5993010ce9ecb17f35aa4dc916faedc39d08",
                    operation="UPDATE",
                    pgid="pgtrigger_status_edges_e74c4",
                    table="crosschecks_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crosschecks_findingevent" ("amount", "assigned_to_id", "closed_by_id", "closed_on", "county_id", "digest", "due_on", "evidence", "fingerprint", "first_run_id", "found_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reopened", "rule_code", "school_id", "severity", "status", "subject_id", "subject_kind", "summary", "term_id", "uid", "verified_on", "waiver_id") SELECT new_values."amount", new_values."assigned_to_id", new_values."closed_by_id", new_values."closed_on", new_values."county_id", new_values."digest", new_values."due_on", new_values."evidence", new_values."fingerprint", new_values."first_run_id", new_values."found_on", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reopened", new_values."rule_code", new_values."school_id", new_values."severity", new_values."status", new_values."subject_id", new_values."subject_kind", new_values."summary", new_values."term_id", new_values."uid", new_values."verified_on", new_values."waiver_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="9f6e85ad9c94facb3366ef43291dbf18f17d57e2",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7e2ca",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="crosschecks_finding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crosschecks_findingevent" ("amount", "assigned_to_id", "closed_by_id", "closed_on", "county_id", "digest", "due_on", "evidence", "fingerprint", "first_run_id", "found_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reopened", "rule_code", "school_id", "severity", "status", "subject_id", "subject_kind", "summary", "term_id", "uid", "verified_on", "waiver_id") SELECT new_values."amount", new_values."assigned_to_id", new_values."closed_by_id", new_values."closed_on", new_values."county_id", new_values."digest", new_values."due_on", new_values."evidence", new_values."fingerprint", new_values."first_run_id", new_values."found_on", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reopened", new_values."rule_code", new_values."school_id", new_values."severity", new_values."status", new_values."subject_id", new_values."subject_kind", new_values."summary", new_values."term_id", new_values."uid", new_values."verified_on", new_values."waiver_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="3e58bf2a720085b5365c734c5e597a37496cd6e2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b8a64",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crosschecks_finding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crosschecks_findingevent" ("amount", "assigned_to_id", "closed_by_id", "closed_on", "county_id", "digest", "due_on", "evidence", "fingerprint", "first_run_id", "found_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reopened", "rule_code", "school_id", "severity", "status", "subject_id", "subject_kind", "summary", "term_id", "uid", "verified_on", "waiver_id") SELECT old_values."amount", old_values."assigned_to_id", old_values."closed_by_id", old_values."closed_on", old_values."county_id", old_values."digest", old_values."due_on", old_values."evidence", old_values."fingerprint", old_values."first_run_id", old_values."found_on", old_values."id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reopened", old_values."rule_code", old_values."school_id", old_values."severity", old_values."status", old_values."subject_id", old_values."subject_kind", old_values."summary", old_values."term_id", old_values."uid", old_values."verified_on", old_values."waiver_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="5eb45b061608e2cf73be1184d7c45c67889ca8e3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a7dc2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crosschecks_finding",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RuleRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=6, verbose_name="规则")),
                ("seconds", models.DecimalField(decimal_places=3, max_digits=8, verbose_name="用时（秒）")),
                ("found", models.IntegerField(default=0, verbose_name="发现")),
                ("new", models.IntegerField(default=0, verbose_name="新增")),
                ("changed", models.IntegerField(default=0, verbose_name="证据更新")),
                ("closed", models.IntegerField(default=0, verbose_name="办结")),
                ("reopened", models.IntegerField(default=0, verbose_name="重新打开")),
                ("error", models.CharField(blank=True, default="", max_length=200, verbose_name="错误")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="crosschecks.run",
                    ),
                ),
            ],
            options={
                "verbose_name": "规则执行",
                "verbose_name_plural": "规则执行",
                "ordering": ["run", "code"],
                "constraints": [models.UniqueConstraint(fields=("run", "code"), name="rule_run_once")],
            },
        ),
        migrations.CreateModel(
            name="FindingLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("found", "比对发现"),
                            ("changed", "证据更新"),
                            ("gone", "原因消除，自动办结"),
                            ("verified", "复核：原因已消除"),
                            ("returned", "比对再次发现，重新打开"),
                            ("answered", "核实答复"),
                            ("closed", "整改办结"),
                            ("reopened", "人工重新打开"),
                            ("assigned", "派给学校核实"),
                            ("waived", "批准豁免"),
                        ],
                        max_length=10,
                        verbose_name="事项",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待核"),
                            ("confirmed", "属实"),
                            ("false_alarm", "误报"),
                            ("fixed", "已整改"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="说明")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="log",
                        to="crosschecks.finding",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crosschecks.run",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑点经过",
                "verbose_name_plural": "疑点经过",
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="findinglog",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b379edcee08fd6320cdee698617952c8c0720ce0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5fab6",
                    table="crosschecks_findinglog",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("until_on", models.DateField(verbose_name="有效期至")),
                ("granted_at", models.DateTimeField(auto_now_add=True, verbose_name="批准时间")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waivers",
                        to="crosschecks.finding",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "豁免",
                "verbose_name_plural": "豁免",
                "ordering": ["-id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waiver",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crosschecks_waiverevent" ("county_id", "finding_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_on") SELECT new_values."county_id", new_values."finding_id", new_values."granted_at", new_values."granted_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1e61757efcb26dca53a81cb1639d54c5ae1170fc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3f45e",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="crosschecks_waiver",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waiver",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crosschecks_waiverevent" ("county_id", "finding_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_on") SELECT new_values."county_id", new_values."finding_id", new_values."granted_at", new_values."granted_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="a41f8836ce92ac070562721d4d02b788521e078b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4889a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crosschecks_waiver",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waiver",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crosschecks_waiverevent" ("county_id", "finding_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_on") SELECT old_values."county_id", old_values."finding_id", old_values."granted_at", old_values."granted_by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="63e5f6d94ab3e7acaae3a9c98064b870f7f7d3be",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7c1fa",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crosschecks_waiver",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FindingEvent",
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
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("rule_code", models.CharField(max_length=6, verbose_name="规则")),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[
                            ("person", "人员"),
                            ("member", "户成员"),
                            ("enrolment", "学籍"),
                            ("award_line", "资助明细"),
                            ("school_month", "学校月份"),
                        ],
                        max_length=14,
                        verbose_name="对象",
                    ),
                ),
                ("subject_id", models.CharField(max_length=60)),
                ("fingerprint", models.UUIDField(editable=False)),
                ("digest", models.UUIDField(editable=False)),
                (
                    "severity",
                    models.CharField(
                        choices=[("H", "严重"), ("M", "一般"), ("L", "轻微")],
                        max_length=1,
                        verbose_name="严重程度",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待核"),
                            ("confirmed", "属实"),
                            ("false_alarm", "误报"),
                            ("fixed", "已整改"),
                        ],
                        default="pending",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("summary", models.CharField(max_length=200, verbose_name="问题")),
                ("evidence", models.JSONField(default=list, verbose_name="证据")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="涉及金额（元）"
                    ),
                ),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("closed_on", models.DateField(null=True, verbose_name="办结日期")),
                ("verified_on", models.DateField(null=True, verbose_name="系统复核日期")),
                ("reopened", models.SmallIntegerField(default=0, verbose_name="重开次数")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.unit",
                        verbose_name="核实学校",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                        to="crosschecks.finding",
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
                        verbose_name="学校",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.term",
                        verbose_name="学期",
                    ),
                ),
                (
                    "first_run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crosschecks.run",
                    ),
                ),
                (
                    "waiver",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crosschecks.waiver",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WaiverEvent",
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
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("until_on", models.DateField(verbose_name="有效期至")),
                ("granted_at", models.DateTimeField(auto_now_add=True, verbose_name="批准时间")),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crosschecks.finding",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="crosschecks.waiver",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="waiver",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crosschecks.waiver",
            ),
        ),
    ]
