import django.contrib.postgres.fields
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
        ("core", "0001_initial"),
        ("importing", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "code",
                    models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name="代码"),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "group",
                    models.CharField(
                        choices=[("5", "五项基本资助"), ("X", "地方拓展资助")],
                        max_length=1,
                        verbose_name="类别",
                    ),
                ),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                            max_length=3,
                        ),
                        size=None,
                        verbose_name="学段",
                    ),
                ),
                ("funder", models.CharField(max_length=60, verbose_name="资金来源")),
                (
                    "payee",
                    models.CharField(
                        choices=[
                            ("pupil", "学生或监护人"),
                            ("school", "学校"),
                            ("household", "家庭"),
                            ("nobody", "不发现金"),
                        ],
                        max_length=10,
                        verbose_name="受款人",
                    ),
                ),
                ("is_cash", models.BooleanField(verbose_name="发放现金")),
                ("order", models.SmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "资助项目",
                "verbose_name_plural": "资助项目",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="AwardLine",
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
                ("line_no", models.CharField(blank=True, default="", max_length=40, verbose_name="行号")),
                ("batch_no", models.CharField(blank=True, default="", max_length=40, verbose_name="批次号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("normal", "正常"), ("backpay", "补发"), ("recovery", "追回")],
                        default="normal",
                        max_length=10,
                        verbose_name="发放类型",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待发放"),
                            ("paid", "已发放"),
                            ("failed", "发放失败"),
                            ("waived", "已免除"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="发放状态",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="金额（元）")),
                ("paid_on", models.DateField(null=True, verbose_name="发放日期")),
                (
                    "fail_reason",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="失败原因"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("sex", models.CharField(blank=True, default="", max_length=2, verbose_name="性别")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("student_no", datong_edu.core.sensitive.EncryptedField("student_no", null=True)),
                ("student_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "student_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="学籍号"
                    ),
                ),
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
                (
                    "boarding",
                    models.CharField(
                        blank=True,
                        choices=[("boarder", "寄宿"), ("day", "走读")],
                        default="",
                        max_length=8,
                        verbose_name="就读方式",
                    ),
                ),
                (
                    "category_text",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="困难类型"),
                ),
                ("guardian", models.CharField(blank=True, default="", max_length=60, verbose_name="监护人")),
                ("guardian_id", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("guardian_id_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "guardian_id_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("bank", models.CharField(blank=True, default="", max_length=80, verbose_name="开户行")),
                ("account", datong_edu.core.sensitive.EncryptedField("account", null=True)),
                ("account_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "account_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="银行账号"
                    ),
                ),
                ("holder", models.CharField(blank=True, default="", max_length=60, verbose_name="户名")),
                ("phone", datong_edu.core.sensitive.EncryptedField("phone", null=True)),
                ("phone_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "phone_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
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
                        related_name="awards",
                        to="registry.person",
                    ),
                ),
                (
                    "roll_term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.term",
                        verbose_name="发放学期",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        help_text="雨露计划等项目的院校不在本市学校名单中，留空",
                        null=True,
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
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.term",
                        verbose_name="所属学期",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subsidies.scheme",
                        verbose_name="资助项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "资助明细",
                "verbose_name_plural": "资助明细",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["person", "term"], name="award_person_term"),
                    models.Index(fields=["county", "id"], name="award_county"),
                    models.Index(fields=["term", "scheme"], name="award_term_scheme"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("line_no", ""), _negated=True),
                        fields=("line_no",),
                        name="award_line_no_once",
                        violation_error_message="行号重复。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("line_no", "")),
                        fields=("person", "scheme", "term"),
                        name="award_roll_line_once",
                        violation_error_message="同一学生同一项目同一学期只能有一行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__lt", 0), ("kind", "recovery")),
                            models.Q(models.Q(("kind", "recovery"), _negated=True), ("amount__gte", 0)),
                            _connector="OR",
                        ),
                        name="award_amount_sign",
                        violation_error_message="追回金额必须为负数，其余金额不能为负数。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_awardlineevent" ("account", "account_index", "account_masked", "amount", "bank", "batch_no", "boarding", "category_text", "county_id", "fail_reason", "grade", "guardian", "guardian_id", "guardian_id_index", "guardian_id_masked", "holder", "id", "id_no", "id_no_index", "id_no_masked", "kind", "line_no", "name", "paid_on", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "roll_term_id", "scheme_id", "school_id", "sex", "source_batch_id", "source_row", "source_sheet", "stage", "status", "student_no", "student_no_index", "student_no_masked", "term_id") SELECT new_values."account", new_values."account_index", new_values."account_masked", new_values."amount", new_values."bank", new_values."batch_no", new_values."boarding", new_values."category_text", new_values."county_id", new_values."fail_reason", new_values."grade", new_values."guardian", new_values."guardian_id", new_values."guardian_id_index", new_values."guardian_id_masked", new_values."holder", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."kind", new_values."line_no", new_values."name", new_values."paid_on", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."phone_index", new_values."phone_masked", new_values."roll_term_id", new_values."scheme_id", new_values."school_id", new_values."sex", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."stage", new_values."status", new_values."student_no", new_values."student_no_index", new_values."student_no_masked", new_values."term_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d2fec02bc4d8edfc1f23b05923fc131e9e058576",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cdb24",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="subsidies_awardline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_awardlineevent" ("account", "account_index", "account_masked", "amount", "bank", "batch_no", "boarding", "category_text", "county_id", "fail_reason", "grade", "guardian", "guardian_id", "guardian_id_index", "guardian_id_masked", "holder", "id", "id_no", "id_no_index", "id_no_masked", "kind", "line_no", "name", "paid_on", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "roll_term_id", "scheme_id", "school_id", "sex", "source_batch_id", "source_row", "source_sheet", "stage", "status", "student_no", "student_no_index", "student_no_masked", "term_id") SELECT new_values."account", new_values."account_index", new_values."account_masked", new_values."amount", new_values."bank", new_values."batch_no", new_values."boarding", new_values."category_text", new_values."county_id", new_values."fail_reason", new_values."grade", new_values."guardian", new_values."guardian_id", new_values."guardian_id_index", new_values."guardian_id_masked", new_values."holder", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."kind", new_values."line_no", new_values."name", new_values."paid_on", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."phone_index", new_values."phone_masked", new_values."roll_term_id", new_values."scheme_id", new_values."school_id", new_values."sex", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."stage", new_values."status", new_values."student_no", new_values."student_no_index", new_values."student_no_masked", new_values."term_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."account_index" IS DISTINCT FROM (new_values."account_index") OR old_values."account_masked" IS DISTINCT FROM (new_values."account_masked") OR old_values."amount" IS DISTINCT FROM (new_values."amount") OR old_values."bank" IS DISTINCT FROM (new_values."bank") OR old_values."batch_no" IS DISTINCT FROM (new_values."batch_no") OR old_values."boarding" IS DISTINCT FROM (new_values."boarding") OR old_values."category_text" IS DISTINCT FROM (new_values."category_text") OR old_values."county_id" IS DISTINCT FROM (new_values."county_id") OR old_values."fail_reason" IS DISTINCT FROM (new_values."fail_reason") OR old_values."grade" IS DISTINCT FROM (new_values."grade") OR old_values."guardian" IS DISTINCT FROM (new_values."guardian") OR old_values."guardian_id_index" IS DISTINCT FROM (new_values."guardian_id_index") OR old_values."guardian_id_masked" IS DISTINCT FROM (new_values."guardian_id_masked") OR old_values."holder" IS DISTINCT FROM (new_values."holder") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."id_no_index" IS DISTINCT FROM (new_values."id_no_index") OR old_values."id_no_masked" IS DISTINCT FROM (new_values."id_no_masked") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."line_no" IS DISTINCT FROM (new_values."line_no") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."paid_on" IS DISTINCT FROM (new_values."paid_on") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."phone_index" IS DISTINCT FROM (new_values."phone_index") OR old_values."phone_masked" IS DISTINCT FROM (new_values."phone_masked") OR old_values."roll_term_id" IS DISTINCT FROM (new_values."roll_term_id") OR old_values."scheme_id" IS DISTINCT FROM (new_values."scheme_id") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."sex" IS DISTINCT FROM (new_values."sex") OR old_values."source_batch_id" IS DISTINCT FROM (new_values."source_batch_id") OR old_values."source_row" IS DISTINCT FROM (new_values."source_row") OR old_values."source_sheet" IS DISTINCT FROM (new_values."source_sheet") OR old_values."stage" IS DISTINCT FROM (new_values."stage") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."student_no_index" IS DISTINCT FROM (new_values."student_no_index") OR old_values."student_no_masked" IS DISTINCT FROM (new_values."student_no_masked") OR old_values."term_id" IS DISTINCT FROM (new_values."term_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="94ec4b27a35a18c8d9f0a78b59907b669da22711",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_eaa26",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="subsidies_awardline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_awardlineevent" ("account", "account_index", "account_masked", "amount", "bank", "batch_no", "boarding", "category_text", "county_id", "fail_reason", "grade", "guardian", "guardian_id", "guardian_id_index", "guardian_id_masked", "holder", "id", "id_no", "id_no_index", "id_no_masked", "kind", "line_no", "name", "paid_on", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "roll_term_id", "scheme_id", "school_id", "sex", "source_batch_id", "source_row", "source_sheet", "stage", "status", "student_no", "student_no_index", "student_no_masked", "term_id") SELECT old_values."account", old_values."account_index", old_values."account_masked", old_values."amount", old_values."bank", old_values."batch_no", old_values."boarding", old_values."category_text", old_values."county_id", old_values."fail_reason", old_values."grade", old_values."guardian", old_values."guardian_id", old_values."guardian_id_index", old_values."guardian_id_masked", old_values."holder", old_values."id", old_values."id_no", old_values."id_no_index", old_values."id_no_masked", old_values."kind", old_values."line_no", old_values."name", old_values."paid_on", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."phone_index", old_values."phone_masked", old_values."roll_term_id", old_values."scheme_id", old_values."school_id", old_values."sex", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."stage", old_values."status", old_values."student_no", old_values."student_no_index", old_values."student_no_masked", old_values."term_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ba2703ab1bd396be7bf886866605f8d28767fcb7",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f042f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="subsidies_awardline",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AwardLineEvent",
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
                ("line_no", models.CharField(blank=True, default="", max_length=40, verbose_name="行号")),
                ("batch_no", models.CharField(blank=True, default="", max_length=40, verbose_name="批次号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("normal", "正常"), ("backpay", "补发"), ("recovery", "追回")],
                        default="normal",
                        max_length=10,
                        verbose_name="发放类型",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待发放"),
                            ("paid", "已发放"),
                            ("failed", "发放失败"),
                            ("waived", "已免除"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="发放状态",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="金额（元）")),
                ("paid_on", models.DateField(null=True, verbose_name="发放日期")),
                (
                    "fail_reason",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="失败原因"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("sex", models.CharField(blank=True, default="", max_length=2, verbose_name="性别")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("student_no", datong_edu.core.sensitive.EncryptedField("student_no", null=True)),
                ("student_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "student_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="学籍号"
                    ),
                ),
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
                (
                    "boarding",
                    models.CharField(
                        blank=True,
                        choices=[("boarder", "寄宿"), ("day", "走读")],
                        default="",
                        max_length=8,
                        verbose_name="就读方式",
                    ),
                ),
                (
                    "category_text",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="困难类型"),
                ),
                ("guardian", models.CharField(blank=True, default="", max_length=60, verbose_name="监护人")),
                ("guardian_id", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("guardian_id_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "guardian_id_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("bank", models.CharField(blank=True, default="", max_length=80, verbose_name="开户行")),
                ("account", datong_edu.core.sensitive.EncryptedField("account", null=True)),
                ("account_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "account_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="银行账号"
                    ),
                ),
                ("holder", models.CharField(blank=True, default="", max_length=60, verbose_name="户名")),
                ("phone", datong_edu.core.sensitive.EncryptedField("phone", null=True)),
                ("phone_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "phone_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
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
                        to="subsidies.awardline",
                    ),
                ),
                (
                    "roll_term",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.term",
                        verbose_name="发放学期",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="雨露计划等项目的院校不在本市学校名单中，留空",
                        null=True,
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
                (
                    "term",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.term",
                        verbose_name="所属学期",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="subsidies.scheme",
                        verbose_name="资助项目",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
