import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import datong_edu.core.history
import datong_edu.core.sensitive


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("importing", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=60)),
                (
                    "name_grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), default=list, size=None
                    ),
                ),
                ("name_pinyin", models.CharField(blank=True, default="", max_length=120)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("男", "男"), ("女", "女")],
                        default="",
                        max_length=2,
                        verbose_name="性别",
                    ),
                ),
                ("birth_on", models.DateField(null=True, verbose_name="出生日期")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                (
                    "county_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "ordering": ["id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["county_ids", "name_grams"], name="person_county_name"
                    ),
                    models.Index(fields=["id_no_index"], name="person_id_no"),
                    models.Index(
                        models.Func(
                            models.F("id_no_masked"), 4, function="right", output_field=models.CharField()
                        ),
                        name="person_last_four",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personevent" ("birth_on", "county_ids", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "name", "name_grams", "name_key", "name_pinyin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "uid") SELECT new_values."birth_on", new_values."county_ids", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_state", new_values."name", new_values."name_grams", new_values."name_key", new_values."name_pinyin", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."sex", new_values."uid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="96b16863f6b22129f5a7ebbcab6dcbc8bc49f30c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2388e",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personevent" ("birth_on", "county_ids", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "name", "name_grams", "name_key", "name_pinyin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "uid") SELECT new_values."birth_on", new_values."county_ids", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_state", new_values."name", new_values."name_grams", new_values."name_key", new_values."name_pinyin", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."sex", new_values."uid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."birth_on" IS DISTINCT FROM (new_values."birth_on") OR old_values."county_ids" IS DISTINCT FROM (new_values."county_ids") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."id_no_index" IS DISTINCT FROM (new_values."id_no_index") OR old_values."id_no_masked" IS DISTINCT FROM (new_values."id_no_masked") OR old_values."id_state" IS DISTINCT FROM (new_values."id_state") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."name_grams" IS DISTINCT FROM (new_values."name_grams") OR old_values."name_key" IS DISTINCT FROM (new_values."name_key") OR old_values."name_pinyin" IS DISTINCT FROM (new_values."name_pinyin") OR old_values."sex" IS DISTINCT FROM (new_values."sex") OR old_values."uid" IS DISTINCT FROM (new_values."uid")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6cfe428aa83a045b111e0596837ebc55e6cd5e5e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_56ba8",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personevent" ("birth_on", "county_ids", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "name", "name_grams", "name_key", "name_pinyin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sex", "uid") SELECT old_values."birth_on", old_values."county_ids", old_values."id", old_values."id_no", old_values."id_no_index", old_values."id_no_masked", old_values."id_state", old_values."name", old_values."name_grams", old_values."name_key", old_values."name_pinyin", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sex", old_values."uid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0b9242e61fb2827925723d465c64fbc5e36902c7",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a3234",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="School",
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
                ("code", models.CharField(max_length=12, unique=True, verbose_name="学校标识码")),
                ("name", models.CharField(max_length=100, verbose_name="学校名称")),
                ("town", models.CharField(blank=True, default="", max_length=60, verbose_name="乡镇")),
                ("kind", models.CharField(max_length=3, verbose_name="办学类型码")),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        choices=[("县城", "县城"), ("镇区", "镇区"), ("乡村", "乡村")],
                        default="",
                        max_length=10,
                        verbose_name="驻地类别",
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[("public", "公办"), ("private", "民办")],
                        default="",
                        max_length=10,
                        verbose_name="公办民办",
                    ),
                ),
                ("has_dormitory", models.BooleanField(null=True, verbose_name="有无宿舍")),
                ("schooling", models.CharField(blank=True, default="", max_length=20, verbose_name="学制")),
                (
                    "yearly_tuition",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, null=True, verbose_name="学费标准（元/年）"
                    ),
                ),
                ("enrolled", models.IntegerField(null=True, verbose_name="在校生数")),
                ("staff", models.IntegerField(null=True, verbose_name="教职工数")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="撤并时间")),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schools",
                        to="accounts.unit",
                        verbose_name="县区",
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
                "verbose_name": "学校",
                "verbose_name_plural": "学校",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["county", "name"], name="school_county_name")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="school",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_schoolevent" ("closed_on", "code", "county_id", "enrolled", "has_dormitory", "id", "kind", "name", "ownership", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "schooling", "seat", "source_batch_id", "source_row", "source_sheet", "staff", "town", "yearly_tuition") SELECT new_values."closed_on", new_values."code", new_values."county_id", new_values."enrolled", new_values."has_dormitory", new_values."id", new_values."kind", new_values."name", new_values."ownership", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."schooling", new_values."seat", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."staff", new_values."town", new_values."yearly_tuition" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="77e7147cf45714627bf3b3124e5ea3a509a18583",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0372f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_school",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="school",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_schoolevent" ("closed_on", "code", "county_id", "enrolled", "has_dormitory", "id", "kind", "name", "ownership", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "schooling", "seat", "source_batch_id", "source_row", "source_sheet", "staff", "town", "yearly_tuition") SELECT new_values."closed_on", new_values."code", new_values."county_id", new_values."enrolled", new_values."has_dormitory", new_values."id", new_values."kind", new_values."name", new_values."ownership", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."schooling", new_values."seat", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."staff", new_values."town", new_values."yearly_tuition" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="77c292b801a6942279e79dbbaf81e56b4f1f03a3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ef7a1",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_school",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="school",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_schoolevent" ("closed_on", "code", "county_id", "enrolled", "has_dormitory", "id", "kind", "name", "ownership", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "schooling", "seat", "source_batch_id", "source_row", "source_sheet", "staff", "town", "yearly_tuition") SELECT old_values."closed_on", old_values."code", old_values."county_id", old_values."enrolled", old_values."has_dormitory", old_values."id", old_values."kind", old_values."name", old_values."ownership", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."schooling", old_values."seat", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."staff", old_values."town", old_values."yearly_tuition" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6c15cc1fdd48da31bd94eb256bf4270020a22569",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6c77b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_school",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Household",
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
                ("household_no", models.CharField(max_length=30, unique=True, verbose_name="户编号")),
                ("town", models.CharField(blank=True, default="", max_length=60, verbose_name="乡镇")),
                ("village", models.CharField(blank=True, default="", max_length=60, verbose_name="行政村")),
                (
                    "head_name",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="户主姓名"),
                ),
                (
                    "poverty_attr",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="脱贫属性"),
                ),
                ("exit_year", models.SmallIntegerField(null=True, verbose_name="脱贫年度")),
                ("cause", models.CharField(blank=True, default="", max_length=60, verbose_name="致贫原因")),
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
                "verbose_name": "建档立卡户",
                "verbose_name_plural": "建档立卡户",
                "ordering": ["household_no"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_householdevent" ("cause", "county_id", "exit_year", "head_name", "household_no", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "poverty_attr", "source_batch_id", "source_row", "source_sheet", "town", "village") SELECT new_values."cause", new_values."county_id", new_values."exit_year", new_values."head_name", new_values."household_no", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."poverty_attr", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."town", new_values."village" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5c1eaa13d59c3c8b109e37c7fc9fa03acc13e6dc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d3330",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_householdevent" ("cause", "county_id", "exit_year", "head_name", "household_no", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "poverty_attr", "source_batch_id", "source_row", "source_sheet", "town", "village") SELECT new_values."cause", new_values."county_id", new_values."exit_year", new_values."head_name", new_values."household_no", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."poverty_attr", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."town", new_values."village" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="aa7702c1aa7109bb99d5faa7d063727ed66001f9",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d30e4",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_householdevent" ("cause", "county_id", "exit_year", "head_name", "household_no", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "poverty_attr", "source_batch_id", "source_row", "source_sheet", "town", "village") SELECT old_values."cause", old_values."county_id", old_values."exit_year", old_values."head_name", old_values."household_no", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."poverty_attr", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."town", old_values."village" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2881407c5209302c19ea4fe71176757c91d13d0a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7c8ce",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_household",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="HardshipSpell",
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
                    "category",
                    models.CharField(
                        choices=[
                            ("jdlk", "脱贫家庭（建档立卡）"),
                            ("unstable", "脱贫不稳定"),
                            ("edge", "边缘易致贫"),
                            ("sudden", "突发严重困难"),
                            ("dibao", "低保"),
                            ("dibao_rural", "农村低保"),
                            ("dibao_urban", "城市低保"),
                            ("dibao_edge", "低保边缘"),
                            ("tekun", "特困"),
                            ("tekun_rural", "农村特困"),
                            ("tekun_urban", "城市特困"),
                            ("disabled", "残疾"),
                            ("disabled_parent", "残疾人子女"),
                            ("orphan", "孤儿"),
                            ("defacto_orphan", "事实无人抚养"),
                            ("martyr", "烈士子女"),
                            ("worker", "困难职工"),
                            ("low_income", "支出型困难或低收入"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="困难类别",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("poverty", "建档立卡"), ("civil", "民政残联"), ("recognition", "困难认定")],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("since_on", models.DateField(verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="终止日期")),
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hardships",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "困难身份",
                "verbose_name_plural": "困难身份",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["county", "id"], name="hardship_county")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "category", "source", "since_on"), name="hardship_spell_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None), ("until_on__gte", models.F("since_on")), _connector="OR"
                        ),
                        name="hardship_days_in_order",
                        violation_error_message="终止日期不能早于起始日期。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hardshipspell",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_hardshipspellevent" ("category", "county_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since_on", "source", "source_batch_id", "source_row", "source_sheet", "until_on") SELECT new_values."category", new_values."county_id", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."since_on", new_values."source", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="9ff5b4e2f797ac877963f39245ef50547bd690c4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_aa5e7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_hardshipspell",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hardshipspell",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_hardshipspellevent" ("category", "county_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since_on", "source", "source_batch_id", "source_row", "source_sheet", "until_on") SELECT new_values."category", new_values."county_id", new_values."id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."since_on", new_values."source", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5705d2fc4c43d5a2b8fd0eb3d56192284d760a5e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0212c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_hardshipspell",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hardshipspell",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_hardshipspellevent" ("category", "county_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since_on", "source", "source_batch_id", "source_row", "source_sheet", "until_on") SELECT old_values."category", old_values."county_id", old_values."id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since_on", old_values."source", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="eadc7bdf981196f1677431fcc8d10d4ccd58da08",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_67f6b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_hardshipspell",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="LifeEvent",
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
                    "kind",
                    models.CharField(
                        choices=[("death", "死亡"), ("move_out", "户口迁出")],
                        max_length=10,
                        verbose_name="事件",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("happened_on", models.DateField(verbose_name="日期")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="life_events",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "死亡迁出",
                "verbose_name_plural": "死亡迁出",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "happened_on"), name="life_event_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lifeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_lifeeventevent" ("county_id", "happened_on", "id", "kind", "name", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_batch_id", "source_row", "source_sheet") SELECT new_values."county_id", new_values."happened_on", new_values."id", new_values."kind", new_values."name", new_values."note", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."source_batch_id", new_values."source_row", new_values."source_sheet" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6766754be29b6e88628eae87a8a8f1e4ed413fc1",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b1a3b",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_lifeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lifeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_lifeeventevent" ("county_id", "happened_on", "id", "kind", "name", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_batch_id", "source_row", "source_sheet") SELECT new_values."county_id", new_values."happened_on", new_values."id", new_values."kind", new_values."name", new_values."note", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."source_batch_id", new_values."source_row", new_values."source_sheet" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="8751efa066989ccda40bcdbea29d42e6ae2aa95d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_23a7e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_lifeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lifeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_lifeeventevent" ("county_id", "happened_on", "id", "kind", "name", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_batch_id", "source_row", "source_sheet") SELECT old_values."county_id", old_values."happened_on", old_values."id", old_values."kind", old_values."name", old_values."note", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."source_batch_id", old_values."source_row", old_values."source_sheet" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="7ab03f7e5e71c1de8bfb3987e0507567f6e52a9c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_24499",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_lifeevent",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="NumberReveal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("key", models.CharField(max_length=20, verbose_name="号码")),
                ("label", models.CharField(max_length=20, verbose_name="号码名称")),
                ("reason", models.CharField(max_length=100, verbose_name="理由")),
                (
                    "audit_deed",
                    models.BigIntegerField(
                        db_default=datong_edu.core.history.AuditDeed(), editable=False, verbose_name="留痕号"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="查看人",
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
                        verbose_name="县区",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reveals",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "查看完整号码",
                "verbose_name_plural": "查看完整号码",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["by", "at"], name="reveal_by_day")],
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
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
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=60)),
                (
                    "name_grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), default=list, size=None
                    ),
                ),
                ("name_pinyin", models.CharField(blank=True, default="", max_length=120)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("男", "男"), ("女", "女")],
                        default="",
                        max_length=2,
                        verbose_name="性别",
                    ),
                ),
                ("birth_on", models.DateField(null=True, verbose_name="出生日期")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                (
                    "county_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
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
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonIdentifier",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("id_no", "身份证号"),
                            ("student_no", "学籍号"),
                            ("disability_no", "残疾人证号"),
                        ],
                        max_length=14,
                        verbose_name="种类",
                    ),
                ),
                ("value", datong_edu.core.sensitive.EncryptedField(kind_in="kind", null=True)),
                ("value_index", models.UUIDField(editable=False)),
                (
                    "value_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("since_on", models.DateField(null=True, verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="停用日期")),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identifiers",
                        to="registry.person",
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
                "verbose_name": "人员号码",
                "verbose_name_plural": "人员号码",
                "indexes": [models.Index(fields=["person", "kind"], name="identifier_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("value_index", "kind"), name="identifier_one_person")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personidentifierevent" ("id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since_on", "source_batch_id", "source_row", "source_sheet", "until_on", "value", "value_index", "value_masked") SELECT new_values."id", new_values."kind", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."since_on", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."until_on", new_values."value", new_values."value_index", new_values."value_masked" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7c803190106070702f3b1860df2929191e7bc63c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_472a9",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_personidentifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personidentifierevent" ("id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since_on", "source_batch_id", "source_row", "source_sheet", "until_on", "value", "value_index", "value_masked") SELECT new_values."id", new_values."kind", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."since_on", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."until_on", new_values."value", new_values."value_index", new_values."value_masked" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."since_on" IS DISTINCT FROM (new_values."since_on") OR old_values."source_batch_id" IS DISTINCT FROM (new_values."source_batch_id") OR old_values."source_row" IS DISTINCT FROM (new_values."source_row") OR old_values."source_sheet" IS DISTINCT FROM (new_values."source_sheet") OR old_values."until_on" IS DISTINCT FROM (new_values."until_on") OR old_values."value_index" IS DISTINCT FROM (new_values."value_index") OR old_values."value_masked" IS DISTINCT FROM (new_values."value_masked")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="af97a58290bd37263614e998eea0c499d0d5a44d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7506a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_personidentifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_personidentifierevent" ("id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since_on", "source_batch_id", "source_row", "source_sheet", "until_on", "value", "value_index", "value_masked") SELECT old_values."id", old_values."kind", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since_on", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."until_on", old_values."value", old_values."value_index", old_values."value_masked" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8a0a746bafaa2679116112c6ed1901b640b3b940",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f7737",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_personidentifier",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Enrolment",
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
                ("student_no", datong_edu.core.sensitive.EncryptedField("student_no", null=True)),
                ("student_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "student_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="学籍号"
                    ),
                ),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                (
                    "id_type",
                    models.CharField(blank=True, default="", max_length=30, verbose_name="身份证件类型"),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                ("id_birth_on", models.DateField(null=True, verbose_name="号码中的出生日期")),
                (
                    "id_sex",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="号码中的性别"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("男", "男"), ("女", "女")],
                        default="",
                        max_length=2,
                        verbose_name="性别",
                    ),
                ),
                ("birth_on", models.DateField(null=True, verbose_name="出生日期")),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="民族")),
                (
                    "stage",
                    models.CharField(
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
                        verbose_name="学段",
                    ),
                ),
                ("grade", models.SmallIntegerField(verbose_name="年级")),
                ("class_no", models.SmallIntegerField(null=True, verbose_name="班级")),
                (
                    "enrol_month",
                    models.CharField(blank=True, default="", max_length=7, verbose_name="入学年月"),
                ),
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
                ("hukou", models.CharField(blank=True, default="", max_length=10, verbose_name="户口性质")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("在读", "在读"),
                            ("休学", "休学"),
                            ("退学", "退学"),
                            ("流失", "流失"),
                            ("毕业", "毕业"),
                            ("结业", "结业"),
                            ("肄业", "肄业"),
                            ("转出", "转出"),
                            ("死亡", "死亡"),
                            ("下落不明", "下落不明"),
                        ],
                        default="在读",
                        max_length=12,
                        verbose_name="学生状态",
                    ),
                ),
                (
                    "status_event",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="异动类别"),
                ),
                ("status_on", models.DateField(null=True, verbose_name="异动日期")),
                ("guardian", models.CharField(blank=True, default="", max_length=60, verbose_name="监护人")),
                ("guardian_id", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("guardian_id_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "guardian_id_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("phone", datong_edu.core.sensitive.EncryptedField("phone", null=True)),
                ("phone_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "phone_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("address", models.CharField(blank=True, default="", max_length=200, verbose_name="住址")),
                ("since_on", models.DateField(verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="截止日期")),
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="registry.person",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="registry.school",
                        verbose_name="学校",
                    ),
                ),
            ],
            options={
                "verbose_name": "学籍",
                "verbose_name_plural": "学籍",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["person"], name="enrolment_person"),
                    models.Index(fields=["county", "id"], name="enrolment_county"),
                    models.Index(fields=["school", "id"], name="enrolment_school"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("student_no_index", "school"),
                        name="enrolment_open_once",
                        violation_error_message="同一学籍号在同一学校只能有一条现行学籍。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None), ("until_on__gte", models.F("since_on")), _connector="OR"
                        ),
                        name="enrolment_days_in_order",
                        violation_error_message="截止日期不能早于起始日期。",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_enrolmentevent" ("address", "birth_on", "boarding", "class_no", "county_id", "enrol_month", "grade", "guardian", "guardian_id", "guardian_id_index", "guardian_id_masked", "hukou", "id", "id_birth_on", "id_no", "id_no_index", "id_no_masked", "id_sex", "id_state", "id_type", "name", "nation", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "school_id", "sex", "since_on", "source_batch_id", "source_row", "source_sheet", "stage", "status", "status_event", "status_on", "student_no", "student_no_index", "student_no_masked", "until_on") SELECT new_values."address", new_values."birth_on", new_values."boarding", new_values."class_no", new_values."county_id", new_values."enrol_month", new_values."grade", new_values."guardian", new_values."guardian_id", new_values."guardian_id_index", new_values."guardian_id_masked", new_values."hukou", new_values."id", new_values."id_birth_on", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_sex", new_values."id_state", new_values."id_type", new_values."name", new_values."nation", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."phone_index", new_values."phone_masked", new_values."school_id", new_values."sex", new_values."since_on", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."stage", new_values."status", new_values."status_event", new_values."status_on", new_values."student_no", new_values."student_no_index", new_values."student_no_masked", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d661c13d6295dd7935f72f1ab3f70115256880e7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cdc6f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_enrolmentevent" ("address", "birth_on", "boarding", "class_no", "county_id", "enrol_month", "grade", "guardian", "guardian_id", "guardian_id_index", "guardian_id_masked", "hukou", "id", "id_birth_on", "id_no", "id_no_index", "id_no_masked", "id_sex", "id_state", "id_type", "name", "nation", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "school_id", "sex", "since_on", "source_batch_id", "source_row", "source_sheet", "stage", "status", "status_event", "status_on", "student_no", "student_no_index", "student_no_masked", "until_on") SELECT new_values."address", new_values."birth_on", new_values."boarding", new_values."class_no", new_values."county_id", new_values."enrol_month", new_values."grade", new_values."guardian", new_values."guardian_id", new_values."guardian_id_index", new_values."guardian_id_masked", new_values."hukou", new_values."id", new_values."id_birth_on", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_sex", new_values."id_state", new_values."id_type", new_values."name", new_values."nation", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."phone_index", new_values."phone_masked", new_values."school_id", new_values."sex", new_values."since_on", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."stage", new_values."status", new_values."status_event", new_values."status_on", new_values."student_no", new_values."student_no_index", new_values."student_no_masked", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."birth_on" IS DISTINCT FROM (new_values."birth_on") OR old_values."boarding" IS DISTINCT FROM (new_values."boarding") OR old_values."class_no" IS DISTINCT FROM (new_values."class_no") OR old_values."county_id" IS DISTINCT FROM (new_values."county_id") OR old_values."enrol_month" IS DISTINCT FROM (new_values."enrol_month") OR old_values."grade" IS DISTINCT FROM (new_values."grade") OR old_values."guardian" IS DISTINCT FROM (new_values."guardian") OR old_values."guardian_id_index" IS DISTINCT FROM (new_values."guardian_id_index") OR old_values."guardian_id_masked" IS DISTINCT FROM (new_values."guardian_id_masked") OR old_values."hukou" IS DISTINCT FROM (new_values."hukou") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."id_birth_on" IS DISTINCT FROM (new_values."id_birth_on") OR old_values."id_no_index" IS DISTINCT FROM (new_values."id_no_index") OR old_values."id_no_masked" IS DISTINCT FROM (new_values."id_no_masked") OR old_values."id_sex" IS DISTINCT FROM (new_values."id_sex") OR old_values."id_state" IS DISTINCT FROM (new_values."id_state") OR old_values."id_type" IS DISTINCT FROM (new_values."id_type") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."nation" IS DISTINCT FROM (new_values."nation") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."phone_index" IS DISTINCT FROM (new_values."phone_index") OR old_values."phone_masked" IS DISTINCT FROM (new_values."phone_masked") OR old_values."school_id" IS DISTINCT FROM (new_values."school_id") OR old_values."sex" IS DISTINCT FROM (new_values."sex") OR old_values."since_on" IS DISTINCT FROM (new_values."since_on") OR old_values."source_batch_id" IS DISTINCT FROM (new_values."source_batch_id") OR old_values."source_row" IS DISTINCT FROM (new_values."source_row") OR old_values."source_sheet" IS DISTINCT FROM (new_values."source_sheet") OR old_values."stage" IS DISTINCT FROM (new_values."stage") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."status_event" IS DISTINCT FROM (new_values."status_event") OR old_values."status_on" IS DISTINCT FROM (new_values."status_on") OR old_values."student_no_index" IS DISTINCT FROM (new_values."student_no_index") OR old_values."student_no_masked" IS DISTINCT FROM (new_values."student_no_masked") OR old_values."until_on" IS DISTINCT FROM (new_values."until_on")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="be7a4354b88d6e8855c2bcbb1bf06153aae7192d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e3060",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_enrolmentevent" ("address", "birth_on", "boarding", "class_no", "county_id", "enrol_month", "grade", "guardian", "guardian_id", "guardian_id_index", "guardian_id_masked", "hukou", "id", "id_birth_on", "id_no", "id_no_index", "id_no_masked", "id_sex", "id_state", "id_type", "name", "nation", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "phone_masked", "school_id", "sex", "since_on", "source_batch_id", "source_row", "source_sheet", "stage", "status", "status_event", "status_on", "student_no", "student_no_index", "student_no_masked", "until_on") SELECT old_values."address", old_values."birth_on", old_values."boarding", old_values."class_no", old_values."county_id", old_values."enrol_month", old_values."grade", old_values."guardian", old_values."guardian_id", old_values."guardian_id_index", old_values."guardian_id_masked", old_values."hukou", old_values."id", old_values."id_birth_on", old_values."id_no", old_values."id_no_index", old_values."id_no_masked", old_values."id_sex", old_values."id_state", old_values."id_type", old_values."name", old_values."nation", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."phone_index", old_values."phone_masked", old_values."school_id", old_values."sex", old_values."since_on", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."stage", old_values."status", old_values."status_event", old_values."status_on", old_values."student_no", old_values."student_no_index", old_values."student_no_masked", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a132d02cdd00f3be9d066d561fe816c649a088c3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9f55a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SchoolAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="别名")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="registry.school",
                    ),
                ),
            ],
            options={
                "verbose_name": "学校别名",
                "verbose_name_plural": "学校别名",
                "constraints": [models.UniqueConstraint(fields=("school", "name"), name="school_alias_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schoolalias",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_schoolaliasevent" ("county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "until_on") SELECT new_values."county_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5d63666462fd63d8ee5311a57d74034f56da3865",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5f223",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_schoolalias",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schoolalias",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_schoolaliasevent" ("county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "until_on") SELECT new_values."county_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."school_id", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1258ccdf8a9633bf367e0886f3b98ff5c6c482f3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c3ad0",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_schoolalias",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schoolalias",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_schoolaliasevent" ("county_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "until_on") SELECT old_values."county_id", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="305bb68d5c1114b7f372cfffae7aad43e27b0591",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_29a1a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_schoolalias",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SchoolEvent",
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
                ("code", models.CharField(max_length=12, verbose_name="学校标识码")),
                ("name", models.CharField(max_length=100, verbose_name="学校名称")),
                ("town", models.CharField(blank=True, default="", max_length=60, verbose_name="乡镇")),
                ("kind", models.CharField(max_length=3, verbose_name="办学类型码")),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        choices=[("县城", "县城"), ("镇区", "镇区"), ("乡村", "乡村")],
                        default="",
                        max_length=10,
                        verbose_name="驻地类别",
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[("public", "公办"), ("private", "民办")],
                        default="",
                        max_length=10,
                        verbose_name="公办民办",
                    ),
                ),
                ("has_dormitory", models.BooleanField(null=True, verbose_name="有无宿舍")),
                ("schooling", models.CharField(blank=True, default="", max_length=20, verbose_name="学制")),
                (
                    "yearly_tuition",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, null=True, verbose_name="学费标准（元/年）"
                    ),
                ),
                ("enrolled", models.IntegerField(null=True, verbose_name="在校生数")),
                ("staff", models.IntegerField(null=True, verbose_name="教职工数")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="撤并时间")),
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
                        to="registry.school",
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
            name="HouseholdEvent",
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
                ("household_no", models.CharField(max_length=30, verbose_name="户编号")),
                ("town", models.CharField(blank=True, default="", max_length=60, verbose_name="乡镇")),
                ("village", models.CharField(blank=True, default="", max_length=60, verbose_name="行政村")),
                (
                    "head_name",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="户主姓名"),
                ),
                (
                    "poverty_attr",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="脱贫属性"),
                ),
                ("exit_year", models.SmallIntegerField(null=True, verbose_name="脱贫年度")),
                ("cause", models.CharField(blank=True, default="", max_length=60, verbose_name="致贫原因")),
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
                        to="registry.household",
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
            name="HouseholdMembership",
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
                ("member_no", models.CharField(max_length=30, unique=True, verbose_name="人编号")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="证件号码"
                    ),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("男", "男"), ("女", "女")],
                        default="",
                        max_length=2,
                        verbose_name="性别",
                    ),
                ),
                ("birth_on", models.DateField(null=True, verbose_name="出生日期")),
                (
                    "relation",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="与户主关系"),
                ),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="民族")),
                (
                    "education",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="文化程度"),
                ),
                (
                    "student_status",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="在校生状况"),
                ),
                ("health", models.CharField(blank=True, default="", max_length=40, verbose_name="健康状况")),
                ("has_dibao", models.BooleanField(null=True, verbose_name="是否享受低保")),
                ("since_on", models.DateField(null=True, verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="截止日期")),
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
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="registry.household",
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "户成员",
                "verbose_name_plural": "户成员",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["person"], name="membership_person"),
                    models.Index(fields=["household"], name="membership_household"),
                    models.Index(fields=["county", "id"], name="membership_county"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="householdmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_householdmembershipevent" ("birth_on", "county_id", "education", "has_dibao", "health", "household_id", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "member_no", "name", "nation", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "sex", "since_on", "source_batch_id", "source_row", "source_sheet", "student_status", "until_on") SELECT new_values."birth_on", new_values."county_id", new_values."education", new_values."has_dibao", new_values."health", new_values."household_id", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_state", new_values."member_no", new_values."name", new_values."nation", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."relation", new_values."sex", new_values."since_on", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."student_status", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e63d203dc6a817dc00ee501ea0dc9d29ed876316",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_57640",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_householdmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="householdmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_householdmembershipevent" ("birth_on", "county_id", "education", "has_dibao", "health", "household_id", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "member_no", "name", "nation", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "sex", "since_on", "source_batch_id", "source_row", "source_sheet", "student_status", "until_on") SELECT new_values."birth_on", new_values."county_id", new_values."education", new_values."has_dibao", new_values."health", new_values."household_id", new_values."id", new_values."id_no", new_values."id_no_index", new_values."id_no_masked", new_values."id_state", new_values."member_no", new_values."name", new_values."nation", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."relation", new_values."sex", new_values."since_on", new_values."source_batch_id", new_values."source_row", new_values."source_sheet", new_values."student_status", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."birth_on" IS DISTINCT FROM (new_values."birth_on") OR old_values."county_id" IS DISTINCT FROM (new_values."county_id") OR old_values."education" IS DISTINCT FROM (new_values."education") OR old_values."has_dibao" IS DISTINCT FROM (new_values."has_dibao") OR old_values."health" IS DISTINCT FROM (new_values."health") OR old_values."household_id" IS DISTINCT FROM (new_values."household_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."id_no_index" IS DISTINCT FROM (new_values."id_no_index") OR old_values."id_no_masked" IS DISTINCT FROM (new_values."id_no_masked") OR old_values."id_state" IS DISTINCT FROM (new_values."id_state") OR old_values."member_no" IS DISTINCT FROM (new_values."member_no") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."nation" IS DISTINCT FROM (new_values."nation") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."relation" IS DISTINCT FROM (new_values."relation") OR old_values."sex" IS DISTINCT FROM (new_values."sex") OR old_values."since_on" IS DISTINCT FROM (new_values."since_on") OR old_values."source_batch_id" IS DISTINCT FROM (new_values."source_batch_id") OR old_values."source_row" IS DISTINCT FROM (new_values."source_row") OR old_values."source_sheet" IS DISTINCT FROM (new_values."source_sheet") OR old_values."student_status" IS DISTINCT FROM (new_values."student_status") OR old_values."until_on" IS DISTINCT FROM (new_values."until_on")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e3137bd85d86d3bea5262c98f4285cb0fa8cf08b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f69a1",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_householdmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="householdmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_householdmembershipevent" ("birth_on", "county_id", "education", "has_dibao", "health", "household_id", "id", "id_no", "id_no_index", "id_no_masked", "id_state", "member_no", "name", "nation", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "sex", "since_on", "source_batch_id", "source_row", "source_sheet", "student_status", "until_on") SELECT old_values."birth_on", old_values."county_id", old_values."education", old_values."has_dibao", old_values."health", old_values."household_id", old_values."id", old_values."id_no", old_values."id_no_index", old_values."id_no_masked", old_values."id_state", old_values."member_no", old_values."name", old_values."nation", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."relation", old_values."sex", old_values."since_on", old_values."source_batch_id", old_values."source_row", old_values."source_sheet", old_values."student_status", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a83f0847bd311aae9667a8a1f1d07e79a2edba3d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_233fc",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_householdmembership",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="HardshipSpellEvent",
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
                    "category",
                    models.CharField(
                        choices=[
                            ("jdlk", "脱贫家庭（建档立卡）"),
                            ("unstable", "脱贫不稳定"),
                            ("edge", "边缘易致贫"),
                            ("sudden", "突发严重困难"),
                            ("dibao", "低保"),
                            ("dibao_rural", "农村低保"),
                            ("dibao_urban", "城市低保"),
                            ("dibao_edge", "低保边缘"),
                            ("tekun", "特困"),
                            ("tekun_rural", "农村特困"),
                            ("tekun_urban", "城市特困"),
                            ("disabled", "残疾"),
                            ("disabled_parent", "残疾人子女"),
                            ("orphan", "孤儿"),
                            ("defacto_orphan", "事实无人抚养"),
                            ("martyr", "烈士子女"),
                            ("worker", "困难职工"),
                            ("low_income", "支出型困难或低收入"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="困难类别",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("poverty", "建档立卡"), ("civil", "民政残联"), ("recognition", "困难认定")],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("since_on", models.DateField(verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="终止日期")),
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
                        to="registry.hardshipspell",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LifeEventEvent",
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
                    "kind",
                    models.CharField(
                        choices=[("death", "死亡"), ("move_out", "户口迁出")],
                        max_length=10,
                        verbose_name="事件",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("happened_on", models.DateField(verbose_name="日期")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
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
                        to="registry.lifeevent",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonIdentifierEvent",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("id_no", "身份证号"),
                            ("student_no", "学籍号"),
                            ("disability_no", "残疾人证号"),
                        ],
                        max_length=14,
                        verbose_name="种类",
                    ),
                ),
                ("value", datong_edu.core.sensitive.EncryptedField(kind_in="kind", null=True)),
                ("value_index", models.UUIDField(editable=False)),
                (
                    "value_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("since_on", models.DateField(null=True, verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="停用日期")),
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
                        to="registry.personidentifier",
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
            name="EnrolmentEvent",
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
                ("student_no", datong_edu.core.sensitive.EncryptedField("student_no", null=True)),
                ("student_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "student_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="学籍号"
                    ),
                ),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="身份证号"
                    ),
                ),
                (
                    "id_type",
                    models.CharField(blank=True, default="", max_length=30, verbose_name="身份证件类型"),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                ("id_birth_on", models.DateField(null=True, verbose_name="号码中的出生日期")),
                (
                    "id_sex",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="号码中的性别"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("男", "男"), ("女", "女")],
                        default="",
                        max_length=2,
                        verbose_name="性别",
                    ),
                ),
                ("birth_on", models.DateField(null=True, verbose_name="出生日期")),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="民族")),
                (
                    "stage",
                    models.CharField(
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
                        verbose_name="学段",
                    ),
                ),
                ("grade", models.SmallIntegerField(verbose_name="年级")),
                ("class_no", models.SmallIntegerField(null=True, verbose_name="班级")),
                (
                    "enrol_month",
                    models.CharField(blank=True, default="", max_length=7, verbose_name="入学年月"),
                ),
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
                ("hukou", models.CharField(blank=True, default="", max_length=10, verbose_name="户口性质")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("在读", "在读"),
                            ("休学", "休学"),
                            ("退学", "退学"),
                            ("流失", "流失"),
                            ("毕业", "毕业"),
                            ("结业", "结业"),
                            ("肄业", "肄业"),
                            ("转出", "转出"),
                            ("死亡", "死亡"),
                            ("下落不明", "下落不明"),
                        ],
                        default="在读",
                        max_length=12,
                        verbose_name="学生状态",
                    ),
                ),
                (
                    "status_event",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="异动类别"),
                ),
                ("status_on", models.DateField(null=True, verbose_name="异动日期")),
                ("guardian", models.CharField(blank=True, default="", max_length=60, verbose_name="监护人")),
                ("guardian_id", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("guardian_id_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "guardian_id_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("phone", datong_edu.core.sensitive.EncryptedField("phone", null=True)),
                ("phone_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "phone_masked",
                    datong_edu.core.sensitive.MaskedField(blank=True, default="", max_length=40),
                ),
                ("address", models.CharField(blank=True, default="", max_length=200, verbose_name="住址")),
                ("since_on", models.DateField(verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="截止日期")),
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
                        to="registry.enrolment",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SchoolAliasEvent",
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
                ("name", models.CharField(max_length=100, verbose_name="别名")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
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
                        to="registry.schoolalias",
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
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HouseholdMembershipEvent",
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
                ("member_no", models.CharField(max_length=30, verbose_name="人编号")),
                ("id_no", datong_edu.core.sensitive.EncryptedField("id_no", null=True)),
                ("id_no_index", datong_edu.core.sensitive.BlindIndexField(editable=False, null=True)),
                (
                    "id_no_masked",
                    datong_edu.core.sensitive.MaskedField(
                        blank=True, default="", max_length=40, verbose_name="证件号码"
                    ),
                ),
                ("id_state", models.CharField(default="missing", max_length=12, verbose_name="号码状态")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("男", "男"), ("女", "女")],
                        default="",
                        max_length=2,
                        verbose_name="性别",
                    ),
                ),
                ("birth_on", models.DateField(null=True, verbose_name="出生日期")),
                (
                    "relation",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="与户主关系"),
                ),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="民族")),
                (
                    "education",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="文化程度"),
                ),
                (
                    "student_status",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="在校生状况"),
                ),
                ("health", models.CharField(blank=True, default="", max_length=40, verbose_name="健康状况")),
                ("has_dibao", models.BooleanField(null=True, verbose_name="是否享受低保")),
                ("since_on", models.DateField(null=True, verbose_name="起始日期")),
                ("until_on", models.DateField(null=True, verbose_name="截止日期")),
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
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.household",
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
                        to="registry.householdmembership",
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
            ],
            options={
                "abstract": False,
            },
        ),
    ]
