"""Celery tasks of the shell."""

from celery import shared_task
from oauth2_provider.models import clear_expired

from datong_edu.core.access import machine
from datong_edu.web import limits
from datong_edu.web.api import repeating


@shared_task(name="web.expire", ignore_result=True, access=machine("beat, every night"))
def expire() -> None:
    """Drop counts of windows long past, answers kept for a day, and tokens that have expired."""
    limits.expire()
    repeating.expire()
    clear_expired()
