"""Imports: create, look after, apply, cancel; and the rows that were refused."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.importing import actions
from datong_edu.importing.api.filters import ImportFilters
from datong_edu.importing.api.serializers import ImportSerializer, NewImportSerializer, RowsSerializer
from datong_edu.importing.enums import BatchState
from datong_edu.importing.mending.continuing import batch_continued_by
from datong_edu.importing.models import ImportBatch
from datong_edu.importing.preview import WARNED, Ask, Preview
from datong_edu.web.api.filtering import refuse_unknown
from datong_edu.web.api.problems import Refusal
from datong_edu.web.api.repeating import HEADER, once
from datong_edu.web.api.views import API, ApiViewSet

OUTCOMES = ("refused", WARNED)
_KEY_WORDS = "重发标识，例如 UUID；重发同一次调用时保持不变。"
REPEATABLE = OpenApiParameter(HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, description=_KEY_WORDS)
REQUIRED = OpenApiParameter(
    HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description=_KEY_WORDS
)
ROWS_ASKED = [
    OpenApiParameter("outcome", OpenApiTypes.STR, enum=OUTCOMES, description="refused（默认）或 warned"),
    OpenApiParameter("after", OpenApiTypes.INT, description="翻页位置，取自上一页的 next"),
]


class Imports(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """导入批次. A client sees every batch of its county and does something with its own only."""

    model = ImportBatch
    serializer_class = ImportSerializer
    filterset_class = ImportFilters
    parser_classes = (MultiPartParser, JSONParser)
    token_scope = "import"
    action_permissions = dict.fromkeys(
        ("list", "retrieve", "create", "rows", "apply", "cancel"), Permission.IMPORT_ROSTERS
    )
    quotas = {"create": "api_upload"}
    refusals: ClassVar[dict[str, tuple[str, ...]]] = {
        "create": ("409", "413", "415", "422"),
        "apply": ("409", "415", "422"),
        "cancel": ("409", "415", "422"),
        "rows": ("409",),
    }
    told: ClassVar[dict[str, str]] = {
        "list": "本县区的导入批次。",
        "retrieve": "一批导入的状态和结果；state 与平台页面相同。",
        "create": "上传名册并开始检查，不写入台账。同一文件以前写入过时回答 200 和当时的批次。",
        "apply": "确认写入检查通过的行，与平台上的“写入”相同。待确认对应列的批次须由经办人在平台上确认。",
        "cancel": "停止正在进行的步骤，或放弃尚未写入的批次。",
        "rows": "有问题的行：被拒收的（refused）或有提醒的（warned），号码已遮蔽。",
    }

    def in_sight(self) -> QuerySet[Any]:
        """With unit and job; the layout of the files stays behind in lists."""
        rows = super().in_sight().select_related("unit", "county", "job")
        return rows.defer("layout", "mapping") if self.action == "list" else rows

    @extend_schema(
        request={"multipart/form-data": NewImportSerializer},
        parameters=[REQUIRED],
        responses={202: ImportSerializer, 200: ImportSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a file in and queue its reading."""
        refuse_unknown(request, set())
        return once(request, self._create, required=True)

    @extend_schema(request=None, parameters=[REPEATABLE], responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queue the apply of a checked batch."""
        return self._with_own(request, self._apply)

    @extend_schema(request=None, parameters=[REPEATABLE], responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop the step under way, or give the batch up."""
        return self._with_own(request, self._cancel)

    @extend_schema(parameters=ROWS_ASKED, responses=RowsSerializer)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None, url_path="rows")
    def rows(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rows with faults or warnings, in the order of the file."""
        refuse_unknown(request, {"outcome", "after"})
        outcome, after = (
            request.query_params.get("outcome", "refused"),
            request.query_params.get("after", "0"),
        )
        if outcome not in OUTCOMES or not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Refusal(
                400, "invalid_request", "请求内容有误", "outcome 应为 refused 或 warned，after 应取自 next。"
            )
        batch = self._batch()
        preview = Preview(batch, self.client)
        if not preview.stage.exists():
            raise Refusal(
                409,
                "rows_not_available",
                "没有可以列出的行",
                "文件还没有检查完，或暂存的行已过保留期。请查看批次的状态。",
            )
        page = preview.page(Ask(outcome, after=int(after)))
        audit.record(
            action="read_import_rows",
            by=self.client,
            subject=batch,
            county=batch.county,
            source=API,
            detail={"outcome": outcome, "rows": len(page.rows)},
        )
        address = request.build_absolute_uri(request.path)
        onward = f"{address}?outcome={outcome}&after={page.next}" if page.next is not None else None
        return Response(RowsSerializer({"next": onward, "results": page.rows}).data)

    def _create(self) -> Response:
        asked = NewImportSerializer(data=self.request.data, user=self.client)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        file = given["file"]
        about = {
            "kind": given["roster"].key,
            "unit": given["unit"],
            "term": given["term"],
            "file_name": file.name,
        }
        with self.deed():
            batch = actions.receive_file(
                **about,
                data=file.read(),
                by=self.client,
                is_full=given["is_full"],
                continues=batch_continued_by(**about),
            )
            is_new = batch.state == BatchState.UPLOADED
            if is_new:
                actions.start_reading(batch=batch, by=self.client)
        return self._told(batch, 202 if is_new else 200)

    def _apply(self, batch: ImportBatch) -> Response:
        if batch.state == BatchState.MAPPING:
            raise Refusal(
                409,
                "columns_need_confirmation",
                "有对应列需要人工确认",
                "身份、金额或账号的列不能自动认定。请经办人登录平台，打开 page 所指的页面确认对应列，"
                "检查完成后再调用本接口。",
                page=reverse("importing:batch", args=[batch.uid]),
            )
        if batch.state in (BatchState.UPLOADED, BatchState.CHECKING):
            raise Refusal(409, "check_not_finished", "检查还没有完成", "请等 next_step 变为 apply 后再调用。")
        with self.deed():
            actions.start_applying(batch=batch, by=self.client)
        return self._told(batch, 202)

    def _cancel(self, batch: ImportBatch) -> Response:
        with self.deed():
            if batch.state == BatchState.APPLYING and batch.job is not None and not batch.job.is_over:
                actions.stop_step(batch=batch, by=self.client)
            else:
                actions.discard_batch(batch=batch, by=self.client)
        return self._told(batch, 202)

    def _with_own(self, request: Request, perform: Callable[[ImportBatch], Response]) -> Response:
        refuse_unknown(request, set())
        batch = self._batch()
        if batch.created_by_id != self.client.pk:
            raise Refusal(
                403,
                "not_your_import",
                "不是本客户端上传的批次",
                "这一批由别人上传，请由上传人在平台上办理。",
            )
        return once(request, lambda: perform(batch))

    def _batch(self) -> ImportBatch:
        found: ImportBatch = self.get_object()
        return found

    def _told(self, batch: ImportBatch, status: int) -> Response:
        """The batch as it stands now, with its address."""
        fresh = self.in_sight().get(pk=batch.pk)
        response = Response(self.get_serializer(fresh).data, status=status)
        response["Location"] = self.request.build_absolute_uri(reverse("imports-detail", args=[batch.uid]))
        return response
