"""Choices of the aid ledgers."""

from django.db import models


class SchemeGroup(models.TextChoices):
    """“5+X”: which half of the aid system a scheme belongs to."""

    FIVE = "5", "五项基本资助"
    X = "X", "地方拓展资助"


class Payee(models.TextChoices):
    """Who receives the money."""

    PUPIL = "pupil", "学生或监护人"
    SCHOOL = "school", "学校"
    HOUSEHOLD = "household", "家庭"
    NOBODY = "nobody", "不发现金"
