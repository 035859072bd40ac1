"""Parameter files: every one loads, and every fault is named with file and line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from datong_edu.standards.declarations import PARAMETERS, read_all, read_file
from datong_edu.standards.exceptions import StandardsError

GOOD = """\
key: SOME_AID
title: 某项资助
description: |-
  第一行，
  第二行。
unit: 元/年
type: money
dimensions: [stage]
values:
  - stage: PRI
    from: 2016-09-01
    value: "312.50"
    source: {title: 某通知, number: 某教〔2016〕1号}
  - stage: PRI
    from: 2020-09-01
    value: null
    source: {title: 某废止通知}
"""


def write(folder: Path, text: str, name: str = "some_aid.yaml") -> Path:
    """A file in the folder of a room."""
    path = folder / "subsidies" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_good_file_is_read_with_values_and_ends(tmp_path: Path) -> None:
    declaration = read_file(write(tmp_path, GOOD), tmp_path)
    assert (declaration.key, declaration.app) == ("SOME_AID", "subsidies")
    assert declaration.description == "第一行，第二行。"
    first, end = declaration.values
    assert (first.number, first.from_on, first.scope.stage) == (Decimal("312.50"), date(2016, 9, 1), "PRI")
    assert first.source.number == "某教〔2016〕1号"
    assert (end.number, end.text) == (None, "")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("title: 某项资助", "title: [某项", 3, "不是合法的 YAML"),
        ("unit: 元/年", "unite: 元/年", 6, "不认识的名称“unite”"),
        ("unit: 元/年\n", "", 1, "缺少“unit”"),
        ("title: 某项资助", "title: 某项资助\ntitle: 又一项", 3, "写了两次"),
        ("type: money", "type: yuan", 7, "取值类型“yuan”不认识"),
        ("[stage]", "[grade]", 8, "不认识的维度“grade”"),
        ("    source: {title: 某废止通知}\n", "", 14, "缺少依据 source"),
        ("{title: 某废止通知}", "{number: 无题}", 17, "缺少“title”"),
        ("{title: 某废止通知}", '{title: ""}', 17, "不能为空"),
        ("{title: 某废止通知}", "{title: 某废止通知, link: ftp://x}", 17, "链接应以"),
        ('"312.50"', "312.50", 12, "取值类型不对：金额"),
        ('"312.50"', '"三百"', 12, "取值“三百”不对"),
        ('"312.50"', '"312.505"', 12, "最多两位小数"),
        ("from: 2016-09-01", "from: 2016年9月", 11, "日期“2016年9月”不对"),
        ("from: 2020-09-01", "from: 2016-09-01", 14, "时间重叠"),
        ("from: 2020-09-01", "from: 2015-09-01", 14, "请按先后排列"),
        ('"312.50"', "null", 10, "第一个取值不能是 null"),
        ("  - stage: PRI\n    from: 2016", "  - stage: XYZ\n    from: 2016", 10, "学段“XYZ”不认识"),
        ("  - stage: PRI\n    from: 2016", "  - tier: low\n    from: 2016", 10, "不认识的名称“tier”"),
        ("  - stage: PRI\n    from: 2016", "  - county: 1402\n    from: 2016", 10, "县区代码"),
        ("key: SOME_AID", "key: OTHER_AID", 1, "应放在名为 other_aid.yaml"),
        ("values:", "values: 无\nvalues2:", 10, "不认识的名称"),
    ],
)
def test_fault_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(StandardsError) as refusal:
        read_file(path, tmp_path)
    assert refusal.value.message.startswith(f"subsidies/some_aid.yaml:{line}：")
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("value_type", "value", "accepted"),
    [
        ("integer", "5", True),
        ("integer", '"5"', False),
        ("integer", "5.5", False),
        ("flag", "true", True),
        ("flag", "1", False),
        ("ratio", '"0.10"', True),
        ("ratio", "0.10", False),
        ("month_day", '"02-29"', True),
        ("month_day", '"02-30"', False),
        ("text", "免收", True),
        ("text", "2016-01-01", False),
    ],
)
def test_value_is_written_as_its_type_says(
    tmp_path: Path, value_type: str, value: str, accepted: bool
) -> None:
    path = write(tmp_path, GOOD.replace("type: money", f"type: {value_type}").replace('"312.50"', value))
    if accepted:
        assert read_file(path, tmp_path).values
    else:
        with pytest.raises(StandardsError, match=r"some_aid\.yaml:12："):
            read_file(path, tmp_path)


def test_same_key_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "dropout").mkdir()
    (tmp_path / "dropout" / "some_aid.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(StandardsError, match="不能重复"):
        read_all(tmp_path)


def test_file_that_is_not_utf8_or_empty_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "").write_bytes("key: 某项资助标准".encode("gb18030"))
    with pytest.raises(StandardsError, match="UTF-8"):
        read_all(tmp_path)
    write(tmp_path, "")
    with pytest.raises(StandardsError, match="文件是空的"):
        read_all(tmp_path)


def test_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StandardsError, match="没有找到"):
        read_all(tmp_path)


@pytest.mark.parametrize("path", sorted(PARAMETERS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_parameter_file_reads_and_every_value_has_a_document(path: Path) -> None:
    declaration = read_file(path)
    assert all(value.source.title for value in declaration.values)
