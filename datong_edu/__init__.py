"""The building of the Datong education-poverty portal: wiring and whatever several rooms share."""

from datong_edu.celery import app as celery_app

__all__ = ["celery_app"]
