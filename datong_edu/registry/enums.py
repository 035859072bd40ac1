"""Choices of the base books."""

from django.db import models


class IdentifierKind(models.TextChoices):
    """Sorts of number a person is known by."""

    ID_NO = "id_no", "身份证号"
    STUDENT_NO = "student_no", "学籍号"
    DISABILITY_NO = "disability_no", "残疾人证号"


class SpellSource(models.TextChoices):
    """Register that states a hardship category."""

    POVERTY = "poverty", "建档立卡"
    CIVIL = "civil", "民政残联"
    RECOGNITION = "recognition", "困难认定"


class LifeEventKind(models.TextChoices):
    """What happened to a person."""

    DEATH = "death", "死亡"
    MOVE_OUT = "move_out", "户口迁出"
