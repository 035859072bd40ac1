"""Choices of the standards: kinds of value, dimensions a value may be narrowed by, and their words."""

from django.db import models

from datong_edu.core.codes import Boarding, Category, Stage


class ValueType(models.TextChoices):
    """What a value is; `money` has two places, `ratio` up to four, `month_day` reads MM-DD."""

    MONEY = "money", "金额"
    RATIO = "ratio", "比例"
    INTEGER = "integer", "整数"
    FLAG = "flag", "是/否"
    MONTH_DAY = "month_day", "月-日"
    TEXT = "text", "文字"


class Origin(models.TextChoices):
    """Where a value came from: the portal's parameter files or the standards officer's desk."""

    FILE = "file", "系统参数文件"
    DESK = "desk", "标准管理员录入"


class Room(models.TextChoices):
    """The field of work a standard belongs to; the folder its file lies in."""

    SUBSIDIES = "subsidies", "学生资助"
    NUTRITION = "nutrition", "营养改善"
    DROPOUT = "dropout", "控辍保学"
    TEACHERS = "teachers", "教师队伍"
    SCHOOLS = "schools", "学校建设"
    REGISTRY = "registry", "学籍与学期"
    CROSSCHECKS = "crosschecks", "交叉比对"


DIMENSIONS: dict[str, str] = {
    "scheme": "资助项目",
    "stage": "学段",
    "boarding": "就读方式",
    "category": "困难类别",
    "tier": "档次",
}
"""Text dimensions of a value and their labels; a county may narrow every standard besides."""

DIMENSION_CODES: dict[str, dict[str, str]] = {
    "stage": dict(Stage.choices),
    "boarding": dict(Boarding.choices),
    "category": dict(Category.choices),
    "tier": {
        "low": "低档",
        "middle": "中档",
        "high": "高档",
        "autumn": "秋季",
        "spring": "春季",
        "H": "严重",
        "M": "一般",
        "L": "轻微",
    },
}
"""Codes of the closed dimensions and their words; `scheme` is open."""


def dimension_label(dimension: str, code: str) -> str:
    """The words for one code of one dimension; an open or unknown code is shown as it is."""
    return DIMENSION_CODES.get(dimension, {}).get(code, code)


def dimension_place(dimension: str, code: str) -> tuple[int, str]:
    """Where a code stands among the codes of its dimension; everybody comes first."""
    codes = list(DIMENSION_CODES.get(dimension, {}))
    return (codes.index(code) + 1 if code in codes else 0), code
