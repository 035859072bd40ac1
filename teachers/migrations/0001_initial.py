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
        ("importing", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowanceLine",
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
                ("year", models.SmallIntegerField(verbose_name="年度")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        choices=[("县城", "县城"), ("镇区", "镇区"), ("乡村", "乡村")],
                        default="",
                        max_length=10,
                        verbose_name="学校驻地类别",
                    ),
                ),
                ("school_from_on", models.DateField(null=True, verbose_name="到岗时间")),
                (
                    "monthly",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="月标准（元）"),
                ),
                ("months", models.SmallIntegerField(verbose_name="月数")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="金额（元）")),
                ("account", datong_edu.core.sensitive.EncryptedField("account", null=True)),
                ("account_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "account_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="银行账号"
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allowances",
                        to="registry.person",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "verbose_name": "乡村教师生活补助",
                "verbose_name_plural": "乡村教师生活补助",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["county", "id"], name="allowance_county")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "school", "year"), name="allowance_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 0), ("monthly__gte", 0), ("months__gte", 1), ("months__lte", 12)
                        ),
                        name="allowance_sane",
                        violation_error_message="月数应为 1 至 12，金额不能为负数。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allowanceline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "teachers_allowancelineevent" ("account", "account_index", "account_masked", "amount", "county_id", "id", "id_no_masked", "monthly", "months", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_from_on", "school_id", "seat", "source_batch_id", "source_row", "source_sheet", "year") SELECT new_values."account", new_values."account_index", new_values."account_masked", new_values."amount", new_values."county_id", new_values."id", new_values."id_no_masked", new_values."monthly", new_values."months", new_values."name", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_from_on", new_values."school_id", new_values."seat", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="cd8e60e534f99a7472d3ef6b62af3eae3dd3fff5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_67342",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="teachers_allowanceline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allowanceline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "teachers_allowancelineevent" ("account", "account_index", "account_masked", "amount", "county_id", "id", "id_no_masked", "monthly", "months", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_from_on", "school_id", "seat", "source_batch_id", "source_row", "source_sheet", "year") SELECT new_values."account", new_values."account_index", new_values."account_masked", new_values."amount", new_values."county_id", new_values."id", new_values."id_no_masked", new_values."monthly", new_values."months", new_values."name", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_from_on", new_values."school_id", new_values."seat", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."account_index" IS DISTINCT FROM (new_values."account_index") OR old_values."account_masked" IS DISTINCT FROM (new_values."account_masked") OR old_values."amount" IS DISTINCT FROM (new_values."amount") OR old_values."county_id" IS DISTINCT FROM (new_values."county_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."id_no_masked" IS DISTINCT FROM (new_values."id_no_masked") OR old_values."monthly" IS DISTINCT FROM (new_values."monthly") OR old_values."months" IS DISTINCT FROM (new_values."months") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."school_from_on" IS DISTINCT FROM (new_values."school_from_on") OR old_values."seat" IS DISTINCT FROM (new_values."seat") OR old_values."source_batch_id" IS DISTINCT FROM (new_values."source_batch_id") OR old_values."source_row" IS DISTINCT FROM (new_values."source_row") OR old_values."source_sheet" IS DISTINCT FROM (new_values."source_sheet") OR old_values."year" IS DISTINCT FROM (new_values."year")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="3427fe27a2d0fa3f3132c633f5af2c036a937bf8",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a7856",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="teachers_allowanceline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allowanceline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "teachers_allowancelineevent" ("account", "account_index", "account_masked", "amount", "county_id", "id", "id_no_masked", "monthly", "months", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_from_on", "school_id", "seat", "source_batch_id", "source_row", "source_sheet", "year") SELECT old_values."account", old_values."account_index", old_values."account_masked", old_values."amount", old_values."county_id", old_values."id", old_values."id_no_masked", old_values."monthly", old_values."months", old_values."name", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_from_on", old_values."school_id", old_values."seat", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cf923fd29578ffddf4ae96847aa944ea16d806e1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_99148",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="teachers_allowanceline",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Post",
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
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("sex", models.CharField(blank=True, default="", max_length=2, verbose_name="性别")),
                ("rank", models.CharField(blank=True, default="", max_length=40, verbose_name="职称")),
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
                        verbose_name="任教学段",
                    ),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=40, verbose_name="任教学科")),
                (
                    "establishment",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="编制类型"),
                ),
                ("on_establishment", models.BooleanField(null=True, verbose_name="是否在编")),
                ("special_post", models.BooleanField(null=True, verbose_name="是否特岗教师")),
                ("head_teacher", models.BooleanField(null=True, verbose_name="是否班主任")),
                (
                    "work_from",
                    models.CharField(blank=True, default="", max_length=7, verbose_name="参加工作时间"),
                ),
                ("school_from_on", models.DateField(null=True, verbose_name="到校时间")),
                ("school_until_on", models.DateField(null=True, verbose_name="离岗时间")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_post", "在岗"),
                            ("seconded", "借调"),
                            ("on_roll_off_post", "在编不在岗"),
                            ("left", "离岗"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="在岗状态",
                    ),
                ),
                ("as_of_on", models.DateField(verbose_name="名册日期")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="registry.person",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
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
                "verbose_name": "教师花名册",
                "verbose_name_plural": "教师花名册",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["county", "id"], name="post_county")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "school", "as_of_on"), name="post_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "teachers_postevent" ("as_of_on", "county_id", "establishment", "head_teacher", "id", "id_no_masked", "name", "on_establishment", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "school_from_on", "school_id", "school_until_on", "sex", "source_batch_id", "source_row", "source_sheet", "special_post", "stage", "status", "subject", "work_from") SELECT new_values."as_of_on", new_values."county_id", new_values."establishment", new_values."head_teacher", new_values."id", new_values."id_no_masked", new_values."name", new_values."on_establishment", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rank", new_values."school_from_on", new_values."school_id", new_values."school_until_on", new_values."sex", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."special_post", new_values."stage", new_values."status", new_values."subject", new_values."work_from" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f9ee4cace00cce296a8c6989ee0db2cea1f2c2c0",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b2f13",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="teachers_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "teachers_postevent" ("as_of_on", "county_id", "establishment", "head_teacher", "id", "id_no_masked", "name", "on_establishment", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "school_from_on", "school_id", "school_until_on", "sex", "source_batch_id", "source_row", "source_sheet", "special_post", "stage", "status", "subject", "work_from") SELECT new_values."as_of_on", new_values."county_id", new_values."establishment", new_values."head_teacher", new_values."id", new_values."id_no_masked", new_values."name", new_values."on_establishment", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rank", new_values."school_from_on", new_values."school_id", new_values."school_until_on", new_values."sex", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."special_post", new_values."stage", new_values."status", new_values."subject", new_values."work_from" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7f64949970db0d2c46acd9a1c84be39ae3771a11",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c887b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="teachers_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "teachers_postevent" ("as_of_on", "county_id", "establishment", "head_teacher", "id", "id_no_masked", "name", "on_establishment", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "school_from_on", "school_id", "school_until_on", "sex", "source_batch_id", "source_row", "source_sheet", "special_post", "stage", "status", "subject", "work_from") SELECT old_values."as_of_on", old_values."county_id", old_values."establishment", old_values."head_teacher", old_values."id", old_values."id_no_masked", old_values."name", old_values."on_establishment", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rank", old_values."school_from_on", old_values."school_id", old_values."school_until_on", old_values."sex", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."special_post", old_values."stage", old_values."status", old_values."subject", old_values."work_from" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a3fec365754d94e8e4c580b80c445887e9866cf4",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1d350",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="teachers_post",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AllowanceLineEvent",
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
                ("year", models.SmallIntegerField(verbose_name="年度")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        choices=[("县城", "县城"), ("镇区", "镇区"), ("乡村", "乡村")],
                        default="",
                        max_length=10,
                        verbose_name="学校驻地类别",
                    ),
                ),
                ("school_from_on", models.DateField(null=True, verbose_name="到岗时间")),
                (
                    "monthly",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="月标准（元）"),
                ),
                ("months", models.SmallIntegerField(verbose_name="月数")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="金额（元）")),
                ("account", datong_edu.core.sensitive.EncryptedField("account", null=True)),
                ("account_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "account_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="银行账号"
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
                        to="teachers.allowanceline",
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
        migrations.CreateModel(
            name="PostEvent",
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
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("sex", models.CharField(blank=True, default="", max_length=2, verbose_name="性别")),
                ("rank", models.CharField(blank=True, default="", max_length=40, verbose_name="职称")),
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
                        verbose_name="任教学段",
                    ),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=40, verbose_name="任教学科")),
                (
                    "establishment",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="编制类型"),
                ),
                ("on_establishment", models.BooleanField(null=True, verbose_name="是否在编")),
                ("special_post", models.BooleanField(null=True, verbose_name="是否特岗教师")),
                ("head_teacher", models.BooleanField(null=True, verbose_name="是否班主任")),
                (
                    "work_from",
                    models.CharField(blank=True, default="", max_length=7, verbose_name="参加工作时间"),
                ),
                ("school_from_on", models.DateField(null=True, verbose_name="到校时间")),
                ("school_until_on", models.DateField(null=True, verbose_name="离岗时间")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_post", "在岗"),
                            ("seconded", "借调"),
                            ("on_roll_off_post", "在编不在岗"),
                            ("left", "离岗"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="在岗状态",
                    ),
                ),
                ("as_of_on", models.DateField(verbose_name="名册日期")),
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
                        to="teachers.post",
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
