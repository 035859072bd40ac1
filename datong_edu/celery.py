"""Celery application. PostgreSQL holds the truth of every job; the broker is only a wake-up call."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datong_edu.settings.dev")

app = Celery("datong_edu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _require_keys(**_: Any) -> None:
    from datong_edu.core import keys  # the apps are loaded only now

    keys.require_at_start()
