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


class ExportState(models.TextChoices):
    """Where an export of full numbers stands."""

    REQUESTED = "requested", "待审批"
    APPROVED = "approved", "已批准，正在生成"
    REFUSED = "refused", "未批准"
    READY = "ready", "已生成"
    FAILED = "failed", "未能生成"


TRANSITIONS = {
    ExportState.REQUESTED: (ExportState.APPROVED, ExportState.REFUSED),
    ExportState.APPROVED: (ExportState.READY, ExportState.FAILED),
    ExportState.REFUSED: (),
    ExportState.READY: (),
    ExportState.FAILED: (),
}
"""Next states of an export; a trigger of the database refuses every other step."""


class ProofKind(models.TextChoices):
    """佐证类型: papers that clear a doubt, by the names of the sheets they are listed on."""

    GUEST_PUPIL = "借读证明", "借读证明"
    SCHOOL_ELSEWHERE = "外出就读证明", "外出就读证明"
    LONG_ILLNESS = "长期病假证明", "长期病假证明"
    WAIVER = "放弃申请", "放弃申请"
    FAILURE_SETTLED = "失败销账", "失败销账"
    ID_CORRECTION = "身份证更正", "身份证更正"
    HOME_TEACHING = "送教上门", "送教上门"
    EMPLOYMENT = "就业登记", "就业登记"
    BOARDING_CHANGE = "寄宿变更", "寄宿变更"
