"""Reading the parameter files: pure, strict, and every refusal names file and line.

One file holds one notion: `parameters/<room>/<key in lower case>.yaml` with `key`, `title`, `description`
(its lines are joined), `unit`, `type`, the `dimensions` its values are narrowed by, and `values`.  A value
has its scope, the first day in force `from`, the `value` itself (`null` ends the standard) and its `source`
with the document's title, number and link.  Values of one scope stand in the order of their days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from datong_edu.standards.enums import DIMENSION_CODES, DIMENSIONS, Room, ValueType
from datong_edu.standards.exceptions import StandardsError
from datong_edu.standards.rules import parse_value

PARAMETERS = Path(__file__).parent / "parameters"

_KEY = re.compile(r"[A-Z][A-Z0-9_]{2,39}")
_FILE_KEYS = {"key", "title", "description", "unit", "type", "dimensions", "values"}
_SOURCE_KEYS = {"title", "number", "link"}
_VALUE_KEYS = {"from", "value", "source"}
_TAG_OF_TYPE = {ValueType.INTEGER: "int", ValueType.FLAG: "bool"}
_TAG_WORDS = {"str": "带引号的文字", "int": "不带引号的整数", "bool": "true 或 false"}


@dataclass(frozen=True)
class Source:
    """依据: the document a value rests on."""

    title: str
    number: str = ""
    link: str = ""


@dataclass(frozen=True)
class Scope:
    """For whom a value holds; an empty field means everybody, `county` is a unit code."""

    scheme: str = ""
    stage: str = ""
    boarding: str = ""
    category: str = ""
    tier: str = ""
    county: str = ""


@dataclass(frozen=True)
class DeclaredValue:
    """One value of a file; number and text are both empty where the standard ends."""

    scope: Scope
    from_on: date
    number: Decimal | None
    text: str
    source: Source
    where: str = field(compare=False)


@dataclass(frozen=True)
class Declaration:
    """One file."""

    key: str
    app: str
    title: str
    description: str
    unit: str
    value_type: str
    dimensions: tuple[str, ...]
    values: tuple[DeclaredValue, ...]
    where: str = field(compare=False)


def read_all(root: Path = PARAMETERS) -> list[Declaration]:
    """Every declaration below a folder, in the order of keys; the first fault stops the reading."""
    found: dict[str, Declaration] = {}
    for path in sorted(root.rglob("*.y*ml")):
        declaration = read_file(path, root)
        if declaration.key in found:
            first = found[declaration.key].where
            raise StandardsError(f"{declaration.where}：标准 {declaration.key} 已在 {first} 定义，不能重复。")
        found[declaration.key] = declaration
    if not found:
        raise StandardsError(f"{root}：没有找到任何标准参数文件。")
    return [found[key] for key in sorted(found)]


def read_file(path: Path, root: Path = PARAMETERS) -> Declaration:
    """The declaration of one file."""
    return _File(path, root).declaration()


class _File:
    """One file while it is being read: knows how to say where a fault lies."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.name = path.relative_to(root).as_posix()

    def refuse(self, node: yaml.Node | None, sentence: str) -> StandardsError:
        """The refusal of a place in the file."""
        line = node.start_mark.line + 1 if node is not None else 1
        return StandardsError(f"{self.name}:{line}：{sentence}")

    def declaration(self) -> Declaration:
        """Read the whole file."""
        root = self.compose()
        fields = self.mapping(root, _FILE_KEYS, required=_FILE_KEYS - {"dimensions"})
        key = self.text(fields["key"], "key")
        if not _KEY.fullmatch(key):
            raise self.refuse(fields["key"], f"标准代码“{key}”不对，应为大写字母、数字和下划线。")
        if self.path.stem != key.lower():
            raise self.refuse(fields["key"], f"标准 {key} 应放在名为 {key.lower()}.yaml 的文件里。")
        app = self.path.parent.name
        if app not in Room.values:
            raise self.refuse(root, f"文件夹“{app}”不是已知的业务，可用：{'、'.join(Room.values)}。")
        value_type = self.text(fields["type"], "type")
        if value_type not in ValueType.values:
            known = "、".join(ValueType.values)
            raise self.refuse(fields["type"], f"取值类型“{value_type}”不认识，可用：{known}。")
        dimensions = self.dimensions(fields.get("dimensions"))
        return Declaration(
            key=key,
            app=app,
            title=self.text(fields["title"], "title", limit=100),
            description=self.paragraph(fields["description"]),
            unit=self.text(fields["unit"], "unit", limit=20),
            value_type=value_type,
            dimensions=dimensions,
            values=tuple(self.values(fields["values"], value_type, dimensions)),
            where=f"{self.name}:{fields['key'].start_mark.line + 1}",
        )

    def compose(self) -> yaml.Node:
        """The file's node tree, with line marks."""
        try:
            root = yaml.compose(self.path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise StandardsError(f"{self.name}:{line}：不是合法的 YAML，请检查缩进、冒号和引号。") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise StandardsError(f"{self.name}:1：文件不是 UTF-8 编码的 YAML。") from error
        if root is None:
            raise StandardsError(f"{self.name}:1：文件是空的。")
        return root

    def mapping(self, node: yaml.Node, known: set[str], required: set[str]) -> dict[str, yaml.Node]:
        """The fields of a mapping; unknown, repeated and missing ones are refused."""
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(node, f"这里应写成“名称: 值”的形式，可用的名称：{'、'.join(sorted(known))}。")
        fields: dict[str, yaml.Node] = {}
        for name_node, value_node in node.value:
            name = str(name_node.value)
            if name not in known:
                raise self.refuse(name_node, f"不认识的名称“{name}”，可用：{'、'.join(sorted(known))}。")
            if name in fields:
                raise self.refuse(name_node, f"“{name}”写了两次。")
            fields[name] = value_node
        missing = sorted(required - set(fields))
        if missing:
            raise self.refuse(node, f"缺少“{'、'.join(missing)}”。")
        return fields

    def sequence(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        """The items of a list."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.refuse(node, f"“{name}”应为列表。")
        return node.value

    def text(self, node: yaml.Node, name: str, limit: int = 200) -> str:
        """A non-empty text."""
        if not isinstance(node, yaml.ScalarNode) or _tag(node) != "str" or not node.value.strip():
            raise self.refuse(node, f"“{name}”应为文字，且不能为空。")
        text: str = node.value.strip()
        if len(text) > limit:
            raise self.refuse(node, f"“{name}”最多 {limit} 字。")
        return text

    def paragraph(self, node: yaml.Node) -> str:
        """A text of several lines, joined without spaces as Chinese is."""
        return "".join(line.strip() for line in self.text(node, "description", limit=1000).splitlines())

    def dimensions(self, node: yaml.Node | None) -> tuple[str, ...]:
        """The declared dimensions."""
        if node is None:
            return ()
        names = []
        for item in self.sequence(node, "dimensions"):
            name = self.text(item, "dimensions")
            if name not in DIMENSIONS:
                raise self.refuse(item, f"不认识的维度“{name}”，可用：{'、'.join(DIMENSIONS)}。")
            names.append(name)
        return tuple(names)

    def values(
        self, node: yaml.Node, value_type: str, dimensions: tuple[str, ...]
    ) -> Iterator[DeclaredValue]:
        """The dated values, checked against each other: days of one scope ascend."""
        latest: dict[Scope, DeclaredValue] = {}
        for item in self.sequence(node, "values"):
            value = self.value(item, value_type, dimensions)
            before = latest.get(value.scope)
            if before and value.from_on == before.from_on:
                raise self.refuse(
                    item, f"与 {before.where} 的取值同一天（{value.from_on}）开始执行，时间重叠。"
                )
            if before and value.from_on < before.from_on:
                raise self.refuse(
                    item,
                    f"执行日期 {value.from_on} 早于前面 {before.where} 的 {before.from_on}，请按先后排列。",
                )
            if value.number is None and not value.text and not before:
                raise self.refuse(item, "第一个取值不能是 null；null 只用来结束前面的取值。")
            latest[value.scope] = value
            yield value

    def value(self, node: yaml.Node, value_type: str, dimensions: tuple[str, ...]) -> DeclaredValue:
        """One dated value."""
        known = _VALUE_KEYS | set(dimensions) | {"county"}
        if isinstance(node, yaml.MappingNode) and "source" not in {name.value for name, _ in node.value}:
            raise self.refuse(node, "缺少依据 source：每个取值都要写明文件标题和文号。")
        fields = self.mapping(node, known, required=_VALUE_KEYS)
        scope = Scope(**{name: self.code(fields[name], name) for name in fields if name not in _VALUE_KEYS})
        number, text = self.amount(fields["value"], value_type)
        return DeclaredValue(
            scope=scope,
            from_on=self.day(fields["from"]),
            number=number,
            text=text,
            source=self.source(fields["source"]),
            where=f"{self.name}:{node.start_mark.line + 1}",
        )

    def code(self, node: yaml.Node, dimension: str) -> str:
        """A code of a dimension."""
        code = node.value if isinstance(node, yaml.ScalarNode) else ""
        if dimension == "county" and not re.fullmatch(r"\d{6}", code):
            raise self.refuse(node, f"县区代码“{code}”不对，应为六位数字。")
        codes = DIMENSION_CODES.get(dimension)
        if not code or (codes and code not in codes):
            raise self.refuse(
                node, f"{DIMENSIONS[dimension]}“{code}”不认识，可用：{'、'.join(codes or ())}。"
            )
        return str(code)

    def day(self, node: yaml.Node) -> date:
        """A day such as 2024-03-01."""
        try:
            return date.fromisoformat(str(node.value))
        except ValueError as error:
            raise self.refuse(node, f"日期“{node.value}”不对，应写成 2024-03-01。") from error

    def amount(self, node: yaml.Node, value_type: str) -> tuple[Decimal | None, str]:
        """Number and text of a value; a YAML type other than the declared one is refused."""
        if isinstance(node, yaml.ScalarNode) and _tag(node) == "null":
            return None, ""
        expected = _TAG_OF_TYPE.get(ValueType(value_type), "str")
        if not isinstance(node, yaml.ScalarNode) or _tag(node) != expected:
            raise self.refuse(
                node,
                f"取值类型不对：{ValueType(value_type).label}（{value_type}）要写成{_TAG_WORDS[expected]}，"
                "或写 null 表示停止执行。",
            )
        try:
            return parse_value(value_type, node.value)
        except StandardsError as error:
            raise self.refuse(node, error.message) from error

    def source(self, node: yaml.Node) -> Source:
        """The document behind a value."""
        fields = self.mapping(node, _SOURCE_KEYS, required={"title"})
        link = self.text(fields["link"], "link", limit=300) if "link" in fields else ""
        if link and not link.startswith(("http://", "https://")):
            raise self.refuse(fields["link"], "链接应以 http:// 或 https:// 开头。")
        return Source(
            title=self.text(fields["title"], "title", limit=200),
            number=self.text(fields["number"], "number", limit=60) if "number" in fields else "",
            link=link,
        )


def _tag(node: yaml.Node) -> str:
    """The short name of a scalar's YAML type: str, int, float, bool, null, timestamp."""
    return str(node.tag).rsplit(":", 1)[-1]
