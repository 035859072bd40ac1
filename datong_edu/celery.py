"""Celery application. PostgreSQL holds the truth of every job; the broker is only a wake-up call."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datong_edu.settings.dev")

app = Celery("datong_edu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
