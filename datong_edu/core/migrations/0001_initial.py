import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import datong_edu.core.history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("action", models.CharField(max_length=60, verbose_name="操作")),
                ("subject_type", models.CharField(blank=True, default="", max_length=60)),
                ("subject_id", models.CharField(blank=True, default="", max_length=40)),
                ("source", models.CharField(default="page", max_length=20, verbose_name="来源")),
                ("detail", models.JSONField(default=dict)),
                (
                    "audit_deed",
                    models.BigIntegerField(
                        db_default=datong_edu.core.history.AuditDeed(), editable=False, verbose_name="留痕号"
                    ),
                ),
                (
                    "actor",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "操作留痕",
                "verbose_name_plural": "操作留痕",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("county", models.IntegerField(verbose_name="县区")),
                ("number", models.BigIntegerField(verbose_name="序号")),
                ("deed", models.BigIntegerField(verbose_name="留痕号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("events", models.BigIntegerField(verbose_name="变更数")),
                ("parts", models.JSONField(default=dict)),
                ("contexts", models.JSONField(default=dict)),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "留痕链",
                "verbose_name_plural": "留痕链",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["at"], name="audit_link_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("county", "number"), name="audit_link_number_once"),
                    models.UniqueConstraint(fields=("deed", "county"), name="audit_link_deed_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
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
                        choices=[("seal", "签章"), ("cut", "截断")], max_length=4, verbose_name="种类"
                    ),
                ),
                ("county", models.IntegerField(verbose_name="县区")),
                ("number", models.BigIntegerField(verbose_name="序号")),
                ("hash", models.BinaryField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("signature", models.BinaryField()),
            ],
            options={
                "verbose_name": "留痕签章",
                "verbose_name_plural": "留痕签章",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["county", "kind", "-number"], name="audit_seal_end")],
            },
        ),
        migrations.CreateModel(
            name="AuditShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=63)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "verbose_name": "留痕列",
                "verbose_name_plural": "留痕列",
                "constraints": [
                    models.UniqueConstraint(fields=("source", "columns"), name="audit_shape_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=60, verbose_name="任务")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                ("phase", models.CharField(default="", max_length=60, verbose_name="阶段")),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("cancel_requested", models.BooleanField(default=False)),
                ("message", models.TextField(default="", verbose_name="说明")),
                ("result", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("phase_at", models.DateTimeField(null=True, verbose_name="阶段开始")),
                ("heartbeat_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
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
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "后台任务",
                "verbose_name_plural": "后台任务",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["created_at"],
                        name="job_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                (
                    "purpose",
                    models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="用途"),
                ),
                ("value", models.BinaryField(verbose_name="校验值")),
                ("since", models.DateTimeField(verbose_name="登记时间")),
                ("retired_at", models.DateTimeField(null=True, verbose_name="停用时间")),
            ],
            options={
                "verbose_name": "密钥校验值",
                "verbose_name_plural": "密钥校验值",
            },
        ),
        migrations.CreateModel(
            name="PortalClock",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("business_on", models.DateField(verbose_name="业务日期")),
            ],
            options={
                "verbose_name": "业务日期",
                "verbose_name_plural": "业务日期",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="portal_clock_single_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=11, primary_key=True, serialize=False, verbose_name="学期代码"
                    ),
                ),
                ("label", models.CharField(max_length=20, verbose_name="名称")),
                ("starts_on", models.DateField(unique=True, verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                ("census_on", models.DateField(verbose_name="基准日")),
            ],
            options={
                "verbose_name": "学期",
                "verbose_name_plural": "学期",
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("census_on__lte", models.F("ends_on")), ("starts_on__lte", models.F("census_on"))
                        ),
                        name="term_census_inside",
                        violation_error_message="基准日必须在学期开始与结束之间。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredBlob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=40, verbose_name="用途")),
                ("cipher", models.BinaryField()),
                ("about", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="生成时间")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="到期时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
                "verbose_name": "临时文件",
                "verbose_name_plural": "临时文件",
                "ordering": ["-id"],
            },
        ),
    ]
