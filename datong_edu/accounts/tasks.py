"""Celery tasks of accounts."""

from celery import shared_task

from datong_edu.accounts.session_store import SessionStore


@shared_task(name="accounts.clear_sessions", ignore_result=True)
def clear_sessions() -> None:
    """Drop the rows of sessions that have ended."""
    SessionStore.clear_expired()
