"""What the preview page shows: buckets, one page of rows as a table, and the causes of errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from datong_edu.accounts.models import User
from datong_edu.importing.disappeared import Gone, who_disappeared
from datong_edu.importing.effects import follow_ups
from datong_edu.importing.enums import BatchState
from datong_edu.importing.labels import field_label
from datong_edu.importing.models import ImportBatch, StoredFile
from datong_edu.importing.preview import Ask, Blame, Preview, PreviewPage, PreviewRow, diff_labels
from datong_edu.web import numbers
from datong_edu.web.parts import Bucket, Chip, Diff, Step

STEPS = ("上传", "对应列", "检查", "预览并确认", "写入")
AT_STEP = {
    BatchState.UPLOADED: 0,
    BatchState.MAPPING: 1,
    BatchState.CHECKING: 2,
    BatchState.READY: 3,
    BatchState.APPLYING: 4,
    BatchState.APPLIED: 5,
    BatchState.UNDONE: -1,
}
BUCKETS = (
    ("new", "新增", ""),
    ("changed", "变更", ""),
    ("unchanged", "无变化", ""),
    ("refused", "错误，不会写入", "red"),
    ("warned", "提醒（已含在前三类内）", "amber"),
)
HEADINGS = {"new": "新增", "changed": "变更", "unchanged": "无变化", "refused": "错误", "warned": "提醒"}
NOTES = {
    "new": "写入后成为新的记录",
    "changed": "黄底为新值；空白单元格保留原值",
    "unchanged": "与库中一致，不会改动",
    "refused": "这些行不会写入；可在这里改，也可下载标红的原表改好后重新上传",
    "warned": "这些行会写入，请核对黄底内容；需要时可在这里改",
}
STEP_NOTES = {
    BatchState.READY: "尚未写入任何数据，可随时离开，7 天内可继续",
    BatchState.MAPPING: "尚未写入任何数据，可随时离开，7 天内可继续",
    BatchState.UPLOADED: "尚未写入任何数据",
    BatchState.CHECKING: "尚未写入任何数据",
    BatchState.REFUSED: "没有写入任何数据",
    BatchState.DISCARDED: "没有写入任何数据",
    BatchState.UNDONE: "写入的数据已撤销",
}
FIRST_SHOWN = ("changed", "new", "refused", "unchanged")


@dataclass(frozen=True)
class Line:
    """One row of the preview's table; `mended` are the cells as sent that something replaced, by label."""

    seq: int
    place: str
    hidden: bool
    cells: list[str]
    diffs: list[Diff | None] = field(default_factory=list)
    more: list[tuple[str, Diff]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    blames: tuple[Blame, ...] = ()
    mended: list[tuple[str, Diff]] = field(default_factory=list)
    is_left_out: bool = False


def steps_of(batch: ImportBatch | None, wants_mapping: bool = False) -> list[Step]:
    """Where the flow stands; a batch that ended early shows no step as being under way."""
    at = AT_STEP.get(BatchState(batch.state), -1) if batch is not None else 0
    if wants_mapping:
        at = 1
    return [
        Step(label, "done" if place < at else "now" if place == at else "")
        for place, label in enumerate(STEPS)
    ]


class PreviewScreen:
    """The preview of one batch under the parameters of its address; they are its only state."""

    def __init__(self, batch: ImportBatch, by: User, params: Mapping[str, str]) -> None:
        self.batch, self.params = batch, params
        self.preview = Preview(batch, by)
        self.counts = batch.counts
        first = next((name for name in FIRST_SHOWN if self.counts.get(name)), "new")
        wish = params.get("bucket", "")
        self.bucket = wish if wish in HEADINGS else first
        self.ask = Ask(
            self.bucket,
            column=params.get("column", "") if self.bucket == "changed" else "",
            reason=params.get("reason", "") if self.bucket in ("refused", "warned") else "",
            after=_number(params.get("after", "")),
            before=_number(params.get("before", "")),
        )

    def context(self) -> dict[str, Any]:
        """All that the template needs."""
        if not self.preview.stage.exists():
            kept = StoredFile.objects.filter(batch=self.batch).exists()
            return {"is_expired": True, "is_file_kept": kept}
        page = self.preview.page(self.ask)
        who = self.preview.who_fields()
        is_blamed = self.bucket in ("refused", "warned")
        fields = who if is_blamed or self.bucket == "changed" else self.preview.shown_fields()
        columns = diff_labels(page.rows) if self.bucket == "changed" else []
        counted = sum(self.counts.get(name, 0) for name in ("new", "changed", "unchanged", "refused"))
        return {
            "is_expired": False,
            "buckets": self._buckets(),
            "bucket": self.bucket,
            "bucket_count": self.counts.get(self.bucket, 0),
            "bucket_heading": HEADINGS[self.bucket],
            "bucket_note": NOTES[self.bucket],
            "is_blamed": is_blamed,
            "field_labels": [field_label(name) for name in fields],
            "diff_labels": columns,
            "lines": [self._line(row, fields, columns) for row in page.rows],
            "chips": self._chips(),
            "causes": self.preview.warnings() if self.bucket == "warned" else self.preview.causes(),
            "reason": self.ask.reason,
            "pages": self._pages(page),
            "all_rows": counted,
            "header_note": self._header_note(),
            "writes": self.counts.get("new", 0) + self.counts.get("changed", 0),
            "accepted": counted - self.counts.get("refused", 0),
            "refused": self.counts.get("refused", 0),
            "ledger_missing": self.preview.roster.ledger_missing,
            "disappeared": self.counts.get("disappeared"),
            "gone": self._gone(),
            "effects": self._effects(),
            "mends": self.batch.layout.get("mended", {}).get("mends", 0),
            "decisions": self.batch.layout.get("mended", {}).get("decisions", 0),
            "left_out": self.preview.rows_left_out(),
            "twin": self._twin(),
            "recheck_note": self._recheck_note(),
        }

    def _effects(self) -> list[str]:
        """What writing brings about: 新增人员 12, 本县疑点复核."""
        counted = self.preview.summary.get("effects", [])
        said = [f"{effect['label']} {numbers.count(effect['rows'])}" for effect in counted]
        return [*said, *follow_ups()] if self.counts.get("new") or self.counts.get("changed") else []

    def _twin(self) -> ImportBatch | None:
        """The batch that wrote this content first, when nothing is left to be written."""
        uid = self.batch.layout.get("twin")
        if not uid or self.counts.get("new") or self.counts.get("changed"):
            return None
        return ImportBatch.objects.whole_city().filter(uid=uid, county=self.batch.county).first()

    def _recheck_note(self) -> str:
        """How a re-check changed the number of errors."""
        before, now = self.batch.layout.get("refused_before"), self.counts.get("refused", 0)
        if before is None or before == now:
            return ""
        change = f"错误由 {numbers.count(before)} 行变为 {numbers.count(now)} 行"
        return f"已重新检查：{change}{'' if now else '，可以写入了'}。"

    def _gone(self) -> list[Gone]:
        """The first of those whom a full roll no longer names."""
        roll = self.preview.roster.full_roll
        if roll is None or not self.counts.get("disappeared"):
            return []
        return who_disappeared(self.preview.stage, roll)

    def _address(self, **params: str | int) -> str:
        return f"?{urlencode({name: value for name, value in params.items() if value})}"

    def _buckets(self) -> list[Bucket]:
        return [
            Bucket(label, self.counts.get(name, 0), self._address(bucket=name), name == self.bucket, tone)
            for name, label, tone in BUCKETS
        ]

    def _chips(self) -> list[Chip]:
        """Changes by field."""
        facets = self.preview.facets() if self.bucket == "changed" else []
        if len(facets) < 2:
            return []
        every = Chip(
            "全部", self._address(bucket="changed"), self.counts.get("changed", 0), not self.ask.column
        )
        return [every] + [
            Chip(
                facet.label,
                self._address(bucket="changed", column=facet.column),
                facet.rows,
                facet.column == self.ask.column,
            )
            for facet in facets
        ]

    def _pages(self, page: PreviewPage) -> list[tuple[str, str]]:
        """Neighbours of the page: label and address."""
        kept = {"bucket": self.bucket, "column": self.ask.column, "reason": self.ask.reason}
        links = []
        if page.previous is not None:
            links.append(("首页", self._address(**kept)))
            links.append(("上一页", self._address(**kept, before=page.previous)))
        if page.next is not None:
            links.append(("下一页", self._address(**kept, after=page.next)))
        return links

    def _line(self, row: PreviewRow, fields: list[str], columns: list[str]) -> Line:
        more = [(label, diff) for label, diff in row.diffs.items() if label not in columns]
        return Line(
            seq=row.seq,
            place=self.preview.place(row),
            hidden=row.hidden,
            cells=[row.cells.get(name, "") for name in fields],
            diffs=[row.diffs.get(label) for label in columns],
            more=more,
            remarks=row.remarks,
            blames=row.blames,
            mended=[
                (field_label(name), Diff(was, row.cells.get(name, ""))) for name, was in row.mended.items()
            ],
            is_left_out=row.is_left_out,
        )

    def _header_note(self) -> str:
        """第 3 行识别为表头，21 列中 18 列已对应，3 列不导入."""
        sheets = [s for s in self.batch.layout.get("sheets", ()) if s.get("role") == "data"]
        if not sheets:
            return ""
        lines = "、".join(str(number) for number in sheets[0]["header_rows"])
        where = f"{len(sheets)} 个工作表" if len(sheets) > 1 else f"第 {lines} 行识别为表头"
        columns = sum(len(sheet["columns"]) for sheet in sheets)
        taken = sum(1 for chosen in self.batch.mapping.values() for name in chosen.values() if name)
        left = f"，{columns - taken} 列不导入" if columns > taken else ""
        return f"{where}，{columns} 列中 {taken} 列已对应{left}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
