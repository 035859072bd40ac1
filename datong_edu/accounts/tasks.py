"""Celery tasks of accounts."""

from celery import shared_task

from datong_edu.accounts.session_store import SessionStore
from datong_edu.core.access import machine


@shared_task(name="accounts.clear_sessions", ignore_result=True, access=machine("beat, every night"))
def clear_sessions() -> None:
    """Drop the rows of sessions that have ended."""
    SessionStore.clear_expired()
