import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import datong_edu.core.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="代码")),
                (
                    "app",
                    models.CharField(
                        choices=[
                            ("subsidies", "学生资助"),
                            ("nutrition", "营养改善"),
                            ("dropout", "控辍保学"),
                            ("teachers", "教师队伍"),
                            ("schools", "学校建设"),
                            ("registry", "学籍与学期"),
                            ("crosschecks", "交叉比对"),
                        ],
                        max_length=20,
                        verbose_name="业务",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("description", models.TextField(verbose_name="说明")),
                ("unit", models.CharField(max_length=20, verbose_name="计量单位")),
                (
                    "value_type",
                    models.CharField(
                        choices=[
                            ("money", "金额"),
                            ("ratio", "比例"),
                            ("integer", "整数"),
                            ("flag", "是/否"),
                            ("month_day", "月-日"),
                            ("text", "文字"),
                        ],
                        max_length=10,
                        verbose_name="取值类型",
                    ),
                ),
                (
                    "dimensions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        default=list,
                        size=None,
                        verbose_name="区分维度",
                    ),
                ),
            ],
            options={
                "verbose_name": "标准",
                "verbose_name_plural": "标准",
                "ordering": ["app", "key"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standard",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO standards_standardsversion (id, token) VALUES (1, gen_random_uuid())\n    ON CONFLICT (id) DO UPDATE SET token = excluded.token;\n    RETURN NULL;\n",
                    hash="1622aa6e59b50dafc86b16be13181f6f0272dd88",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_mark_changed_0840f",
                    table="standards_standard",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="StandardsVersion",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "verbose_name": "标准版本",
                "verbose_name_plural": "标准版本",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="standards_version_single_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(blank=True, default="", max_length=20, verbose_name="资助项目")),
                ("stage", models.CharField(blank=True, default="", max_length=10, verbose_name="学段")),
                (
                    "boarding",
                    models.CharField(blank=True, default="", max_length=10, verbose_name="就读方式"),
                ),
                (
                    "category",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="困难类别"),
                ),
                ("tier", models.CharField(blank=True, default="", max_length=10, verbose_name="档次")),
                (
                    "number",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="数值"
                    ),
                ),
                ("text", models.CharField(blank=True, default="", max_length=200, verbose_name="文字")),
                ("from_on", models.DateField(verbose_name="执行日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("source_title", models.CharField(max_length=200, verbose_name="依据文件")),
                (
                    "source_number",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="文号"),
                ),
                ("source_link", models.URLField(blank=True, default="", max_length=300, verbose_name="链接")),
                (
                    "origin",
                    models.CharField(
                        choices=[("file", "系统参数文件"), ("desk", "标准管理员录入")],
                        default="file",
                        max_length=4,
                        verbose_name="来源",
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="县区",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="standards.standard",
                        verbose_name="标准",
                    ),
                ),
            ],
            options={
                "verbose_name": "标准取值",
                "verbose_name_plural": "标准取值",
                "ordering": [
                    "standard",
                    "stage",
                    "boarding",
                    "category",
                    "tier",
                    "scheme",
                    "county",
                    "from_on",
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        expressions=[
                            ("standard", "="),
                            ("scheme", "="),
                            ("stage", "="),
                            ("boarding", "="),
                            ("category", "="),
                            ("tier", "="),
                            (django.db.models.functions.comparison.Coalesce("county", models.Value(0)), "="),
                            (
                                models.Func(
                                    models.F("from_on"),
                                    models.F("until_on"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="standard_value_no_overlap",
                        violation_error_message="同一范围在这段时间已有取值，时间不能重叠。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source_title__regex", "\\S")),
                        name="standard_value_has_source",
                        violation_error_message="每个取值都要写明依据文件。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None), ("until_on__gt", models.F("from_on")), _connector="OR"
                        ),
                        name="standard_value_days_in_order",
                        violation_error_message="失效日期必须晚于执行日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", None), ("text", ""), _connector="OR"),
                        name="standard_value_one_kind",
                        violation_error_message="数值和文字只能填一个。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", None), ("number__gte", 0), _connector="OR"),
                        name="standard_value_not_negative",
                        violation_error_message="标准不能是负数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added_by", None), ("origin", "file")),
                            models.Q(("added_by__isnull", False), ("origin", "desk")),
                            _connector="OR",
                        ),
                        name="standard_value_desk_has_officer",
                        violation_error_message="录入的取值必须记下录入人。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standardvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO standards_standardsversion (id, token) VALUES (1, gen_random_uuid())\n    ON CONFLICT (id) DO UPDATE SET token = excluded.token;\n    RETURN NULL;\n",
                    hash="d6c30fd14f50d046fb80c1bd88cc1eb1828dfcb5",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_mark_changed_d5747",
                    table="standards_standardvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standardvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "standards_standardvalueevent" ("added_at", "added_by_id", "boarding", "category", "county_id", "from_on", "id", "number", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "source_link", "source_number", "source_title", "stage", "standard_id", "text", "tier", "until_on") SELECT new_values."added_at", new_values."added_by_id", new_values."boarding", new_values."category", new_values."county_id", new_values."from_on", new_values."id", new_values."number", new_values."origin", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."scheme", new_values."source_link", new_values."source_number", new_values."source_title", new_values."stage", new_values."standard_id", new_values."text", new_values."tier", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="bcc158a225a6205733bd4fb304fe262740aa41ac",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7b3c7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="standards_standardvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standardvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "standards_standardvalueevent" ("added_at", "added_by_id", "boarding", "category", "county_id", "from_on", "id", "number", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "source_link", "source_number", "source_title", "stage", "standard_id", "text", "tier", "until_on") SELECT new_values."added_at", new_values."added_by_id", new_values."boarding", new_values."category", new_values."county_id", new_values."from_on", new_values."id", new_values."number", new_values."origin", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."scheme", new_values."source_link", new_values."source_number", new_values."source_title", new_values."stage", new_values."standard_id", new_values."text", new_values."tier", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="b010bdbccf7b8c5e20b3d90194c77768bf814603",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f13da",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="standards_standardvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standardvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "standards_standardvalueevent" ("added_at", "added_by_id", "boarding", "category", "county_id", "from_on", "id", "number", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "source_link", "source_number", "source_title", "stage", "standard_id", "text", "tier", "until_on") SELECT old_values."added_at", old_values."added_by_id", old_values."boarding", old_values."category", old_values."county_id", old_values."from_on", old_values."id", old_values."number", old_values."origin", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."scheme", old_values."source_link", old_values."source_number", old_values."source_title", old_values."stage", old_values."standard_id", old_values."text", old_values."tier", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="41b377c4881d4f86fbf4204196fe3749811be98a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_09c9e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="standards_standardvalue",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="StandardValueEvent",
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
                ("scheme", models.CharField(blank=True, default="", max_length=20, verbose_name="资助项目")),
                ("stage", models.CharField(blank=True, default="", max_length=10, verbose_name="学段")),
                (
                    "boarding",
                    models.CharField(blank=True, default="", max_length=10, verbose_name="就读方式"),
                ),
                (
                    "category",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="困难类别"),
                ),
                ("tier", models.CharField(blank=True, default="", max_length=10, verbose_name="档次")),
                (
                    "number",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="数值"
                    ),
                ),
                ("text", models.CharField(blank=True, default="", max_length=200, verbose_name="文字")),
                ("from_on", models.DateField(verbose_name="执行日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("source_title", models.CharField(max_length=200, verbose_name="依据文件")),
                (
                    "source_number",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="文号"),
                ),
                ("source_link", models.URLField(blank=True, default="", max_length=300, verbose_name="链接")),
                (
                    "origin",
                    models.CharField(
                        choices=[("file", "系统参数文件"), ("desk", "标准管理员录入")],
                        default="file",
                        max_length=4,
                        verbose_name="来源",
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                        to="standards.standardvalue",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="standards.standard",
                        verbose_name="标准",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
