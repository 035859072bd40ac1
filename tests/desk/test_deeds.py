"""What the audit trail says beside a deed."""

import ast
from pathlib import Path

from django.conf import settings

from datong_edu.desk.deeds import KEYS, detail_words


def written_keys() -> set[str]:
    """Keys of every `detail={…}` that is written down somewhere."""
    found = set()
    for path in Path(settings.BASE_DIR).glob("*/**/*.py"):
        if {"tests", "node_modules", "var", ".venv"} & set(path.relative_to(settings.BASE_DIR).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "detail" and isinstance(node.value, ast.Dict):
                found |= {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    return found


def test_every_key_that_is_written_has_a_word() -> None:
    keys = written_keys()
    assert len(keys) > 20
    assert keys - KEYS.keys() == set()


def test_details_are_told_in_chinese() -> None:
    told = detail_words(
        {"role": "county_clerk", "ip": "10.1.0.5", "factor": "code", "rule": None, "all": True}
    )
    assert told == "岗位 县经办；网络地址 10.1.0.5；二次验证 验证码；含已销号 是"
    assert detail_words({"kind": "student_registry", "counts": {"new": 3, "changed": 0}}).endswith(
        "结果 新增 3"
    )
