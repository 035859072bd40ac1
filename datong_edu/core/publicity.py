"""公示名单: what a public list may say of a child, as a whitelist; everything else cannot be said at all.

教财厅函〔2017〕28号 and the national centre's warning no. 9 allow name, school, grade, class and, if needed,
scheme and level; never number, address, telephone, birth date, account, disability, illness or the reason of
hardship.  A notice is made of `PublicLine`s and of nothing else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from datong_edu.core.exceptions import PortalError

LONG_NUMBER = re.compile(r"\d[\d\s*xX-]{5,}")
"""A number of a person, a telephone or an account, masked ones too."""
DAY = re.compile(r"(?:19|20)\d{2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}")
TELLING = re.compile(
    "残疾|残障|智力|听力|视力|肢体|精神|重病|大病|患病|疾病|癌|艾滋|低保|特困|孤儿|单亲|建档立卡|贫困|困难原因"
    "|脱贫|返贫|监测户|服刑|离异|烈士|留守|村民?委|居委|小区|单元|号楼"
)
"""Words that tell of disability, illness, hardship or home."""

LABELS = {
    "name": "姓名",
    "school": "学校",
    "grade": "年级",
    "class_name": "班级",
    "scheme": "资助项目",
    "level": "资助档次",
}


class NotPublic(PortalError):
    """Something was about to be published that must not be."""


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One child on a public list."""

    name: str
    school: str
    grade: str = ""
    class_name: str = ""
    scheme: str = ""
    level: str = ""

    def __post_init__(self) -> None:
        """Look into the cells too: a column may be lawful and its text not."""
        for field in fields(self):
            text = getattr(self, field.name)
            if not isinstance(text, str):
                raise NotPublic(f"公示名单的“{LABELS[field.name]}”只能是文字。")
            if LONG_NUMBER.search(text) or DAY.search(text) or TELLING.search(text):
                raise NotPublic(
                    f"公示名单的“{LABELS[field.name]}”含有不得公示的内容（号码、日期、住址、残疾、疾病或困难原因），"
                    "请改用不含这些内容的名称。"
                )


def public_lines(rows: Iterable[Mapping[str, str]]) -> list[PublicLine]:
    """Lines of a notice from rows by column; a column outside the whitelist raises NotPublic."""
    lines = []
    for row in rows:
        foreign = sorted(set(row) - LABELS.keys())
        if foreign:
            raise NotPublic(f"公示名单不得包含这些列：{'、'.join(foreign)}。")
        if not row.get("name") or not row.get("school"):
            raise NotPublic("公示名单的每一行都要有姓名和学校。")
        lines.append(PublicLine(**row))
    return lines


def headings(lines: Iterable[PublicLine]) -> list[str]:
    """Headings of the columns that some line fills, in their order."""
    kept = list(lines)
    return [label for name, label in LABELS.items() if any(getattr(line, name) for line in kept)]
