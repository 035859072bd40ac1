"""What the API takes for an import and tells of it."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from datong_edu.accounts.models import User
from datong_edu.core.models import Job, JobState, Term
from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.enums import BatchState
from datong_edu.importing.forms import roster_choices, units_for
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.reasons import REASONS
from datong_edu.web.api.problems import Refusal
from datong_edu.web.api.serializing import ChosenFields

COUNTED = ("new", "changed", "unchanged", "refused", "warned", "disappeared")
DESCRIBED = {
    BatchState.UPLOADED: "wait",
    BatchState.CHECKING: "wait",
    BatchState.APPLYING: "wait",
    BatchState.MAPPING: "confirm_columns",
    BatchState.READY: "apply",
}
"""What has to happen next, by state; nothing in the others."""
RESUMED = "resume_on_screen"


class NewImportSerializer(serializers.Serializer[Any]):
    """上传名册."""

    kind = serializers.ChoiceField(choices=(), help_text="名册种类")
    unit = serializers.CharField(
        required=False, max_length=12, help_text="县区代码（GB/T 2260）；不写即为本客户端的县区"
    )
    term = serializers.CharField(
        required=False, max_length=11, help_text="学期代码，如 2020-2021-1；按学期的名册必填"
    )
    is_full = serializers.BooleanField(default=False, help_text="是否全量名册；为真时会列出不再出现的人员")
    file = serializers.FileField(
        max_length=300, help_text="名册文件：xlsx、xls、et、ods、csv、tsv、txt", allow_empty_file=False
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["kind"].choices = roster_choices()  # type: ignore[attr-defined]

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        """Refuse what is over the limit before anything is read."""
        if file.size is not None and file.size > settings.MAX_ROSTER_BYTES:
            limit = filesizeformat(settings.MAX_ROSTER_BYTES)
            raise Refusal(
                413, "file_too_large", "文件过大", f"文件超过 {limit}，请按学校或乡镇拆分后分批上传。"
            )
        return file

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Unit and term as rows; a roster of a term needs one, the others are of none."""
        units = units_for(self.user) if self.user else []
        asked = attrs.get("unit")
        unit = next((one for one in units if asked in (None, one.code)), None)
        if unit is None:
            raise _fault("unit", "本客户端不能为这个单位导入，请写本县区的代码，或不写。")
        roster = ROSTERS[attrs["kind"]]
        term = self._term(attrs.get("term")) if roster.needs_term else None
        if attrs["is_full"] and roster.full_roll is None:
            raise _fault("is_full", f"{roster.title}不按全量比对，请去掉这一项。")
        return attrs | {"unit": unit, "term": term, "roster": roster}

    @staticmethod
    def _term(code: str | None) -> Term:
        term = Term.objects.filter(code=code or "").first()
        if term is None:
            raise _fault("term", "这种名册要写明学期，请写已有学期的代码，例如 2020-2021-1。")
        return term


class JobSerializer(serializers.ModelSerializer[Job]):
    """后台任务的进度."""

    class Meta:
        model = Job
        fields = ("state", "phase", "done", "total", "percent", "message")
        read_only_fields = fields


class CountsSerializer(serializers.Serializer[Any]):
    """检查结果的行数；refused 为不会写入的行，warned 已含在前三类内."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    warned = serializers.IntegerField()
    disappeared = serializers.IntegerField(allow_null=True, help_text="全量名册中不再出现的人数")


class RefusalSerializer(serializers.Serializer[Any]):
    """文件被拒收的原因."""

    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()


class ImportSerializer(ChosenFields):
    """一批导入."""

    id = serializers.UUIDField(source="uid")
    unit = serializers.CharField(source="unit.code", help_text="单位代码")
    term = serializers.CharField(source="term_id", allow_null=True, help_text="学期代码")
    job = JobSerializer(allow_null=True)
    counts = serializers.SerializerMethodField()
    refusal = serializers.SerializerMethodField()
    next_step = serializers.SerializerMethodField(
        help_text="下一步：wait 等待；confirm_columns 由经办人在平台上确认对应列；apply 可以写入；"
        "resume_on_screen 上一步中断，由经办人在平台上继续；空为没有"
    )
    page = serializers.SerializerMethodField(help_text="平台上这一批的页面")

    class Meta:
        model = ImportBatch
        fields = (
            "id", "kind", "unit", "term", "is_full", "file_name", "file_size", "file_sha256", "state",
            "next_step", "message", "counts", "refusal", "job", "created_at", "applied_at", "undone_at",
            "page",
        )  # fmt: skip

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, batch: ImportBatch) -> dict[str, int | None] | None:
        """Rows by outcome; nothing before the check."""
        if not batch.counts:
            return None
        return {name: batch.counts.get(name, None if name == "disappeared" else 0) for name in COUNTED}

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_refusal(self, batch: ImportBatch) -> dict[str, str] | None:
        """Why a file was not read at all."""
        if not batch.refusal_key:
            return None
        reason = REASONS.get(batch.refusal_key)
        title = reason.title if reason else "文件被拒收"
        return {"code": batch.refusal_key, "title": title, "detail": batch.message}

    def get_next_step(self, batch: ImportBatch) -> str:
        """What has to happen next."""
        step = DESCRIBED.get(BatchState(batch.state), "")
        if (
            step == "wait"
            and batch.job is not None
            and batch.job.state in (JobState.FAILED, JobState.CANCELLED)
        ):
            return RESUMED
        return step

    def get_page(self, batch: ImportBatch) -> str:
        """Path of the batch's page, for the person who goes on there."""
        return reverse("importing:batch", args=[batch.uid])


class ReasonSerializer(serializers.Serializer[Any]):
    """一处问题."""

    code = serializers.CharField(help_text="稳定的原因代码")
    field = serializers.CharField(help_text="字段")
    label = serializers.CharField(help_text="字段的中文名")  # type: ignore[assignment]  # the contract says label
    cell = serializers.CharField(help_text="单元格内容，号码已遮蔽")
    title = serializers.CharField()
    remedy = serializers.CharField(help_text="怎么改正")


class RowSerializer(serializers.Serializer[Any]):
    """名册中的一行."""

    row_no = serializers.IntegerField(source="number", help_text="原表中的行号")
    sheet = serializers.CharField()
    reasons = serializers.SerializerMethodField()

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, row: Any) -> list[dict[str, str]]:
        """What is wrong with it."""
        return [
            {
                "code": blame.key,
                "field": blame.field,
                "label": blame.label,
                "cell": blame.cell,
                "title": blame.reason.title,
                "remedy": blame.reason.remedy,
            }
            for blame in row.blames
        ]


class RowsSerializer(serializers.Serializer[Any]):
    """一页有问题的行."""

    next = serializers.CharField(allow_null=True, help_text="下一页的地址")
    results = RowSerializer(many=True)


def _fault(field: str, words: str) -> ValidationError:
    return ValidationError({field: [ErrorDetail(words, code="not_allowed")]})
