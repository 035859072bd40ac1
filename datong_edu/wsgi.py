"""WSGI entry of the portal, served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from datong_edu.core import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datong_edu.settings.dev")

application = get_wsgi_application()
keys.require_at_start()
