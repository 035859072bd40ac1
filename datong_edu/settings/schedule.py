"""What happens by itself: by the clock, and after a deed in another room."""

from celery.schedules import crontab

# Celery beat; times are Asia/Shanghai.
CELERY_BEAT_SCHEDULE = {
    "nightly cross-check": {"task": "crosschecks.nightly", "schedule": crontab(hour=2, minute=0)},
    "drop expired uploads": {
        "task": "importing.expire",
        "schedule": crontab(hour=3, minute=30),
    },
    "sign the audit chains": {"task": "core.sign_audit", "schedule": crontab(hour=4, minute=0)},
    "verify the audit chains": {"task": "core.verify_audit", "schedule": crontab(hour=4, minute=40)},
    "check what must always hold": {"task": "core.check_invariants", "schedule": crontab(hour=5, minute=0)},
    "drop files kept for hours": {"task": "core.expire_blobs", "schedule": crontab(minute=10)},
    "drop ended sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=4, minute=20)},
    "drop what calls left behind": {"task": "web.expire", "schedule": crontab(hour=4, minute=40)},
    "requeue jobs whose worker died": {"task": "core.reap_jobs", "schedule": crontab()},
}

# A deed of one room -> kinds of jobs queued when its transaction commits.
FOLLOW_UPS = {
    "importing.applied": ["crosschecks.recheck_county", "dashboards.refresh"],
    "importing.undone": ["crosschecks.recheck_county", "dashboards.refresh"],
}
FOLLOW_UP_LABELS = {"crosschecks.recheck_county": "本县疑点复核", "dashboards.refresh": "指标更新"}
"""What a clerk reads of a follow-up before it is set off."""
