"""操作留痕 as the audit office reads it: whose events, in which words, and what a change changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from datong_edu.accounts.models import Unit, UnitKind, User
from datong_edu.accounts.roles import PERMISSIONS, Permission, Role
from datong_edu.core.models import AuditEvent, AuditLink
from datong_edu.core.sensitive import BlindIndexField, EncryptedField

ROWS_SHOWN = 100
SOURCES = {
    "page": "页面", "job": "后台任务", "command": "命令行", "api": "接口", "import": "名册导入",
    "undo": "撤销导入", "redo": "恢复导入", "sql": "直接操作数据库",
}  # fmt: skip
ACTIONS = {
    "read_person": "查看档案", "read_finding": "查看疑点证据", "web.exported": "导出列表",
    "crosschecks.findings_printed": "命令行导出疑点", "crosschecks.run_started": "发起比对",
    "crosschecks.finding_opened": "疑点产生", "crosschecks.finding_reopened": "疑点重新出现",
    "crosschecks.finding_confirmed": "疑点核实为属实", "crosschecks.finding_false_alarm": "疑点判为误报",
    "crosschecks.finding_fixed": "疑点已整改", "crosschecks.finding_closed": "疑点销号",
    "crosschecks.finding_vanished": "疑点自行消失", "crosschecks.finding_assigned": "疑点派学校核实",
    "crosschecks.finding_waived": "疑点豁免", "crosschecks.finding_noted": "疑点备注",
    "receive_file": "上传名册", "confirm_mapping": "确认对应列", "apply_batch": "写入名册",
    "discard_batch": "放弃批次", "supersede_batch": "批次被取代", "undo_batch": "撤销导入",
    "redo_batch": "恢复导入", "carry_on": "接着导入", "mend_rows": "更正待改的行",
    "mend_cell": "更正单元格", "leave_out_row": "略过一行", "take_back_mend": "收回更正",
    "vouch_for_number": "确认号码无误", "remember_answers": "记住内容含义", "forget_answer": "忘掉内容含义",
    "download_errors": "下载标红原表", "download_disappeared": "下载不再出现的人员",
    "download_template": "下载模板", "compare_roster": "比对名册", "download_compared": "下载比对结果",
    "delete_compared": "删除比对结果", "append": "表格补列", "open_dropout_case": "建控辍台账",
    "request_number_export": "申请导出完整号码", "approve_number_export": "批准导出完整号码",
    "refuse_number_export": "不批准导出完整号码", "build_number_export": "生成完整号码文件",
    "show_number_export_password": "查看文件密码", "download_number_export": "下载完整号码文件",
    "grant_role": "授予任职", "end_grant": "终止任职",
    "create_user": "新建用户", "enable_user": "启用用户", "disable_user": "停用用户",
    "renew_password": "重发口令", "create_api_client": "新建接口客户端",
    "revoke_api_client": "停用接口客户端", "issue_token": "发放接口令牌",
    "token_refused": "接口令牌被拒", "list_persons": "接口读取名单", "read_import_rows": "接口读取导入行",
    "verify_audit": "校验留痕链", "check_invariants": "核对数据一致", "cut_audit": "清理过期留痕",
    "cancel_job": "取消任务", "standards.load": "登记标准", "standards.add_value": "新增标准值",
    "rotate_keys": "轮换密钥", "login": "登录", "logout": "退出", "login_failed": "登录失败",
    "lockout": "登录锁定", "unlock": "解除登录锁定", "end_session": "结束登录会话",
    "confirm_identity": "重新验证身份", "change_password": "修改密码",
    "enrol_second_factor": "绑定手机验证器", "renew_recovery_codes": "更换恢复代码",
    "reset_second_factor": "重置二次验证", "reveal_number": "查看完整号码",
}  # fmt: skip
CHANGES = {"insert": "新增", "update": "修改", "delete": "删除"}


@dataclass(frozen=True)
class AuditScope:
    """Whose events an audit office reads: the whole city's, or those of some counties."""

    city: bool
    county_ids: frozenset[int]


def audit_scope(user: User) -> AuditScope:
    """What the user's audit offices of today add up to; other offices open nothing here."""
    city, counties = False, set()
    for grant in user.active_grants if user.is_active else ():
        if Permission.VIEW_AUDIT in PERMISSIONS[Role(grant.role)]:
            city = city or grant.unit.kind == UnitKind.CITY
            if grant.unit.kind == UnitKind.COUNTY:
                counties.add(grant.unit_id)
    return AuditScope(city, frozenset(counties))


def events_seen_by(user: User) -> QuerySet[AuditEvent]:
    """Events of the counties in the audit office's sight; those of no county are the city's."""
    scope = audit_scope(user)
    rows = AuditEvent.objects.select_related("actor", "actor__unit", "county")
    return rows if scope.city else rows.filter(county__in=scope.county_ids)


def links_seen_by(user: User) -> QuerySet[AuditLink]:
    """Transactions that changed protected tables, within the same sight."""
    scope = audit_scope(user)
    rows = AuditLink.objects.exclude(contexts={})
    return rows if scope.city else rows.filter(county__in=scope.county_ids)


def action_words(action: str) -> str:
    """An action in Chinese; its key when nobody has named it yet."""
    return ACTIONS.get(action, action)


def source_words(source: str) -> str:
    """Where a deed came from, in Chinese."""
    return SOURCES.get(source, source)


def subject_words(label: str) -> str:
    """The Chinese name of a model."""
    try:
        return str(apps.get_model(label)._meta.verbose_name) if label else ""
    except LookupError:
        return label


# --- changes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """One transaction in one county, as the list of changes shows it."""

    at: Any
    who: str
    source: str
    reason: str
    county: str
    what: str
    url: str


@dataclass(frozen=True)
class Change:
    """One changed row: which, how, and the fields that differ, sealed and personal ones by name only."""

    label: str
    row: int
    how: str
    fields: str


def deed_of(link: AuditLink, units: dict[int, Unit], users: dict[int, User]) -> Deed:
    """A link in words; `units` and `users` by key."""
    told = list(link.contexts.values())
    people = {str(users.get(one["user"], one["user"])) for one in told if one.get("user")}
    people |= {f"数据库账号 {one['role']}" for one in told if one.get("role")}
    tables = _tables()
    what = (
        f"{subject_words(tables[table].pgh_tracked_model._meta.label)} {said['events']:,} 条"  # type: ignore[attr-defined]
        for table, said in sorted(link.parts.items())
        if table in tables
    )
    return Deed(
        at=link.at,
        who="、".join(sorted(people)) or "系统",
        source="、".join(sorted({source_words(str(one.get("source", ""))) for one in told})),
        reason="；".join(str(one["reason"]) for one in told if one.get("reason")),
        county=str(units.get(link.county, "全市")),
        what="，".join(what),
        url=reverse("desk:audit-change", args=[link.deed, link.county]),
    )


def changes_of(link: AuditLink) -> Iterator[Change]:
    """The changed rows of a transaction, at most a hundred of each table."""
    tables = _tables()
    for table, said in sorted(link.parts.items()):
        model = tables.get(table)
        if model is None:
            continue
        tracked: type[Model] = model.pgh_tracked_model  # type: ignore[attr-defined]
        rows = model._default_manager.filter(
            audit_deed=link.deed, pgh_id__range=(said["first"], said["last"])
        )
        if any(field.name == "county" for field in model._meta.local_fields):
            rows = rows.filter(Q(county=link.county) if link.county else Q(county=None))
        shown: Any = rows.order_by("pgh_id")[:ROWS_SHOWN]
        for event in shown:
            before = None
            if event.pgh_label == "update":
                earlier = model._default_manager.filter(pgh_obj_id=event.pgh_obj_id, pgh_id__lt=event.pgh_id)
                before = earlier.order_by("-pgh_id").first()
            yield Change(
                label=str(tracked._meta.verbose_name),
                row=event.pgh_obj_id,
                how=CHANGES.get(event.pgh_label, event.pgh_label),
                fields=_difference(tracked, before, event) if before else "",
            )


def _difference(tracked: type[Model], before: Any, after: Any) -> str:
    """Changed fields; what is personal is named, its value not shown."""
    personal = set(getattr(tracked, "personal_fields", ()))
    told = []
    for field in tracked._meta.local_concrete_fields:
        if isinstance(field, EncryptedField | BlindIndexField):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old == new:
            continue
        name = str(field.verbose_name)
        hidden = field.name in personal and not field.name.endswith("_masked")
        told.append(f"{name}（已变更）" if hidden else f"{name}：{_shown(old)} → {_shown(new)}")
    return "；".join(told)


def _shown(value: Any) -> str:
    return "空" if value in (None, "") else str(value)[:60]


def _tables() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
