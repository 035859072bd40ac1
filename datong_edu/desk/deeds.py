"""What an event of the audit trail wrote down beside its deed, in Chinese."""

from collections.abc import Callable
from typing import Any

from datong_edu.accounts.roles import Role
from datong_edu.crosschecks.engine.enums import Status
from datong_edu.importing.declare import ROSTERS
from datong_edu.registry.enums import IdentifierKind
from datong_edu.registry.number_exports import title_of

KEYS = {
    "added": "新增", "changed": "变更", "removed": "撤回",
    "all": "含已销号", "answer": "回答", "answers": "回答数", "before": "早于", "breaks": "异常数",
    "broken": "异常行数", "cells": "单元格数", "columns": "列数", "counts": "结果", "deed": "处理",
    "deleted": "已删除", "downloads": "下载次数", "events": "留痕数", "factor": "二次验证",
    "field": "栏目", "finding": "问题编号", "format": "格式", "grant": "任职编号", "ip": "网络地址",
    "key": "密钥", "kind": "名册", "left": "未完成", "links": "链环数", "list": "名单",
    "note": "说明", "listing": "名单",
    "look": "查看编号", "number": "号码", "of": "接续批次", "outcome": "分类",
    "people": "人数", "person": "人员", "persons": "人员", "reason": "原因", "role": "岗位",
    "rows": "行数", "rule": "规则", "scope": "授权", "scopes": "授权", "sessions": "登录数",
    "status": "状态", "step": "环节", "term": "学期", "topic": "主题", "unit": "单位", "until": "截止",
    "values": "数值个数", "why": "原因",
}  # fmt: skip
"""Keys of `AuditEvent.detail`; a test fails on one that is written and has no word here."""
FACTORS = {"": "无", "code": "验证码", "recovery": "恢复码", "totp": "验证码"}
STEPS = {"password": "密码", "code": "验证码", "confirm": "身份确认"}
COUNTS = {
    "added": "新增", "blocked": "受阻", "changed": "变更", "kept": "保留", "new": "新增", "refused": "退回",
    "removed": "撤回", "restored": "恢复", "unchanged": "未变", "warned": "提示",
}  # fmt: skip


def _role(value: Any) -> str:
    return str(Role(value).label) if value in Role.values else str(value)


def _counts(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return "、".join(f"{COUNTS.get(name, name)} {number}" for name, number in value.items() if number)


def _list(value: Any) -> str:
    return title_of(str(value)) or str(value)


def _said(words: dict[str, str]) -> Callable[[Any], str]:
    return lambda value: words.get(value, str(value)) if isinstance(value, str) else str(value)


VALUES: dict[str, Callable[[Any], str]] = {
    "role": _role,
    "list": _list,
    "listing": _list,
    "counts": _counts,
    "factor": _said(FACTORS),
    "step": _said(STEPS),
    "kind": lambda value: ROSTERS[value].title if value in ROSTERS else str(value),
    "status": lambda value: str(Status(value).label) if value in Status.values else str(value),
    "number": lambda value: (
        str(IdentifierKind(value).label) if value in IdentifierKind.values else str(value)
    ),
}


def detail_words(detail: dict[str, Any]) -> str:
    """All that was written down: 岗位 县经办；网络地址 10.1.0.5; what is empty is left out."""
    return "；".join(
        f"{KEYS.get(key, key)} {words}"
        for key, value in detail.items()
        if (words := _words(key, value)) not in ("", "None")
    )


def _words(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if key in VALUES:
        return VALUES[key](value)
    if isinstance(value, list):
        return f"{len(value)} 个" if len(value) > 3 else "、".join(map(str, value))
    return _counts(value)
