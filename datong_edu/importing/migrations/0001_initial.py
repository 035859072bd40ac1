import uuid

import django.contrib.postgres.fields
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
    ]

    operations = [
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=40, verbose_name="名册")),
                ("file_name", models.CharField(max_length=300, verbose_name="文件名")),
                ("file_size", models.BigIntegerField(verbose_name="大小（字节）")),
                ("file_sha256", models.CharField(max_length=64)),
                ("content_digest", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "待读取"),
                            ("mapping", "待确认对应列"),
                            ("checking", "检查中"),
                            ("ready", "待确认写入"),
                            ("applying", "写入中"),
                            ("applied", "已写入"),
                            ("undone", "已撤销"),
                            ("refused", "文件被拒收"),
                            ("discarded", "已放弃"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("layout", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("refusal_key", models.CharField(blank=True, default="", max_length=40)),
                ("message", models.TextField(blank=True, default="", verbose_name="说明")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("applied_at", models.DateTimeField(null=True, verbose_name="写入时间")),
                ("file_kept_until", models.DateTimeField(null=True, verbose_name="文件保留至")),
                ("is_full", models.BooleanField(default=False, verbose_name="全量名册")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                (
                    "undo_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="撤销原因"),
                ),
                (
                    "history_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("is_rest", models.BooleanField(default=False, verbose_name="只含待改的行")),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "continues",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="importing.importbatch",
                        verbose_name="续传自",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.term",
                        verbose_name="学期",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入批次",
                "verbose_name_plural": "导入批次",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["county", "-id"], name="batch_county"),
                    models.Index(fields=["file_sha256"], name="batch_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_rest", False), ("state", "applied")),
                        fields=("kind", "unit", "term", "file_sha256"),
                        name="batch_file_applied_once",
                        nulls_distinct=False,
                        violation_error_message="这个文件已经写入过，不会重复写入。",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="state_edges",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{applied:undone,applying:applied,applying:ready,checking:discarded,checking:mapping,checking:ready,checking:refused,checking:uploaded,mapping:checking,mapping:discarded,mapping:refused,ready:applying,ready:checking,ready:discarded,ready:mapping,undone:applied,uploaded:checking,uploaded:discarded,uploaded:mapping,uploaded:refused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="b59fa5037052c7e41f7a7cb1ea9bd27f95deaef5",
                    operation="UPDATE",
                    pgid="pgtrigger_state_edges_de83e",
                    table="importing_importbatch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="cddef79d5350a0d601cf90e194c1a1402ee4d370",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_64c2c",
                    table="importing_importbatch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "importing_importbatchevent" ("applied_at", "applied_by_id", "content_digest", "continues_id", "counts", "county_id", "created_at", "created_by_id", "file_kept_until", "file_name", "file_sha256", "file_size", "history_ids", "id", "is_full", "is_rest", "job_id", "kind", "layout", "mapping", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_key", "state", "term_id", "uid", "undo_reason", "undone_at", "undone_by_id", "unit_id") SELECT new_values."applied_at", new_values."applied_by_id", new_values."content_digest", new_values."continues_id", new_values."counts", new_values."county_id", new_values."created_at", new_values."created_by_id", new_values."file_kept_until", new_values."file_name", new_values."file_sha256", new_values."file_size", new_values."history_ids", new_values."id", new_values."is_full", new_values."is_rest", new_values."job_id", new_values."kind", new_values."layout", new_values."mapping", new_values."message", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."refusal_key", new_values."state", new_values."term_id", new_values."uid", new_values."undo_reason", new_values."undone_at", new_values."undone_by_id", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="eb550596d92a011b13738fd845d641417e0a5068",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9146b",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="importing_importbatch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "importing_importbatchevent" ("applied_at", "applied_by_id", "content_digest", "continues_id", "counts", "county_id", "created_at", "created_by_id", "file_kept_until", "file_name", "file_sha256", "file_size", "history_ids", "id", "is_full", "is_rest", "job_id", "kind", "layout", "mapping", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_key", "state", "term_id", "uid", "undo_reason", "undone_at", "undone_by_id", "unit_id") SELECT new_values."applied_at", new_values."applied_by_id", new_values."content_digest", new_values."continues_id", new_values."counts", new_values."county_id", new_values."created_at", new_values."created_by_id", new_values."file_kept_until", new_values."file_name", new_values."file_sha256", new_values."file_size", new_values."history_ids", new_values."id", new_values."is_full", new_values."is_rest", new_values."job_id", new_values."kind", new_values."layout", new_values."mapping", new_values."message", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."refusal_key", new_values."state", new_values."term_id", new_values."uid", new_values."undo_reason", new_values."undone_at", new_values."undone_by_id", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="ed36295d4fc46bcdea9be56812a958e3a2fed392",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f3fed",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="importing_importbatch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "importing_importbatchevent" ("applied_at", "applied_by_id", "content_digest", "continues_id", "counts", "county_id", "created_at", "created_by_id", "file_kept_until", "file_name", "file_sha256", "file_size", "history_ids", "id", "is_full", "is_rest", "job_id", "kind", "layout", "mapping", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_key", "state", "term_id", "uid", "undo_reason", "undone_at", "undone_by_id", "unit_id") SELECT old_values."applied_at", old_values."applied_by_id", old_values."content_digest", old_values."continues_id", old_values."counts", old_values."county_id", old_values."created_at", old_values."created_by_id", old_values."file_kept_until", old_values."file_name", old_values."file_sha256", old_values."file_size", old_values."history_ids", old_values."id", old_values."is_full", old_values."is_rest", old_values."job_id", old_values."kind", old_values."layout", old_values."mapping", old_values."message", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."refusal_key", old_values."state", old_values."term_id", old_values."uid", old_values."undo_reason", old_values."undone_at", old_values."undone_by_id", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="4cb5c7dd9c008a1618f1ab7a9bd4932e402ec2a5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b8745",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="importing_importbatch",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RememberedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=200, verbose_name="原表写法")),
                ("answer", models.CharField(max_length=100)),
                ("shown", models.CharField(max_length=200, verbose_name="含义")),
                ("decided_at", models.DateTimeField(auto_now=True, verbose_name="确认时间")),
                (
                    "county",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "内容含义记忆",
                "verbose_name_plural": "内容含义记忆",
                "ordering": ["topic", "text", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "topic", "text", "county"), name="answer_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RememberedMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("heading", models.CharField(max_length=120)),
                ("field", models.CharField(blank=True, default="", max_length=40)),
                ("decided_at", models.DateTimeField(auto_now=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "列对应记忆",
                "verbose_name_plural": "列对应记忆",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "kind", "heading"), name="mapping_heading_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CauseDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason_key", models.CharField(max_length=40)),
                ("field", models.CharField(max_length=40)),
                (
                    "deed",
                    models.CharField(
                        choices=[("blank", "按空白处理"), ("leave_out", "这些行不导入")], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(auto_now=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="importing.importbatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "按原因处理",
                "verbose_name_plural": "按原因处理",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "reason_key", "field"), name="cause_decided_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CellMend",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sheet", models.CharField(max_length=100)),
                ("row", models.IntegerField()),
                ("field", models.CharField(blank=True, default="", max_length=40)),
                ("cipher", models.BinaryField(null=True)),
                ("is_vouched", models.BooleanField(default=False)),
                ("mended_at", models.DateTimeField(auto_now=True)),
                (
                    "mended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mends",
                        to="importing.importbatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "单元格更正",
                "verbose_name_plural": "单元格更正",
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "sheet", "row", "field"), name="mend_cell_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatchEvent",
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
                ("kind", models.CharField(max_length=40, verbose_name="名册")),
                ("file_name", models.CharField(max_length=300, verbose_name="文件名")),
                ("file_size", models.BigIntegerField(verbose_name="大小（字节）")),
                ("file_sha256", models.CharField(max_length=64)),
                ("content_digest", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "待读取"),
                            ("mapping", "待确认对应列"),
                            ("checking", "检查中"),
                            ("ready", "待确认写入"),
                            ("applying", "写入中"),
                            ("applied", "已写入"),
                            ("undone", "已撤销"),
                            ("refused", "文件被拒收"),
                            ("discarded", "已放弃"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("layout", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("refusal_key", models.CharField(blank=True, default="", max_length=40)),
                ("message", models.TextField(blank=True, default="", verbose_name="说明")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("applied_at", models.DateTimeField(null=True, verbose_name="写入时间")),
                ("file_kept_until", models.DateTimeField(null=True, verbose_name="文件保留至")),
                ("is_full", models.BooleanField(default=False, verbose_name="全量名册")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                (
                    "undo_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="撤销原因"),
                ),
                (
                    "history_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("is_rest", models.BooleanField(default=False, verbose_name="只含待改的行")),
                (
                    "applied_by",
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
                    "continues",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="importing.importbatch",
                        verbose_name="续传自",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.job",
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
                        to="importing.importbatch",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.term",
                        verbose_name="学期",
                    ),
                ),
                (
                    "undone_by",
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
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PreparedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("errors", "标红的原表"), ("plan", "撤销试算")],
                        max_length=10,
                        verbose_name="用途",
                    ),
                ),
                ("made_of", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(default=0, verbose_name="大小（字节）")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="要求时间")),
                ("ready_at", models.DateTimeField(null=True, verbose_name="生成时间")),
                ("kept_until", models.DateTimeField(db_index=True, verbose_name="保留至")),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prepared",
                        to="importing.importbatch",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "备好的文件",
                "verbose_name_plural": "备好的文件",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "purpose"), name="prepared_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="stored_file",
                        serialize=False,
                        to="importing.importbatch",
                    ),
                ),
                ("cipher", models.BinaryField()),
                ("samples", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name": "上传文件",
                "verbose_name_plural": "上传文件",
            },
        ),
        migrations.CreateModel(
            name="FilePiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(verbose_name="序号")),
                ("cipher", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="importing.preparedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "备好文件的一段",
                "verbose_name_plural": "备好文件的一段",
                "constraints": [models.UniqueConstraint(fields=("file", "number"), name="file_piece_once")],
            },
        ),
    ]
