"""ASGI entry of the portal, for servers that want it."""

import os

from django.core.asgi import get_asgi_application

from datong_edu.core import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datong_edu.settings.dev")

application = get_asgi_application()
keys.require_at_start()
