"""What requests leave behind: how often dear things were asked for, and calls that may be repeated."""

from django.db import models

from datong_edu.accounts.models import User
from datong_edu.core.access import machine


class UseCount(models.Model):
    """使用计数: how often one subject (user, client or address) used something in one window of time."""

    key = models.CharField("对象", max_length=100)
    window = models.DateTimeField("时段起点")
    seconds = models.IntegerField("时段长度（秒）")
    used = models.IntegerField("次数", default=1)

    access = machine("counted by the limits, shown to nobody")

    class Meta:
        verbose_name = verbose_name_plural = "使用计数"
        constraints = [
            models.UniqueConstraint(fields=["key", "seconds", "window"], name="use_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.used}"


class RepeatableCall(models.Model):
    """可重发的调用: the answer once given under an Idempotency-Key, sealed, for a day."""

    client = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="客户端")
    key = models.CharField("重发标识", max_length=100)
    digest = models.CharField("内容摘要", max_length=64)
    status = models.SmallIntegerField("状态码")
    cipher = models.BinaryField()
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)

    access = machine("answered to the client whose key it is")

    class Meta:
        verbose_name = verbose_name_plural = "可重发的调用"
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="repeatable_call_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.status}"
