"""Settings of a worker that a test starts: the test's own database and broker, and kinds of job for tests."""

import os

from datong_edu.settings.test import *  # noqa: F403 - the usual way to extend Django settings
from datong_edu.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
CELERY_BROKER_URL = os.environ["TEST_BROKER"]
CELERY_IMPORTS = ("tests.worker.handlers",)
