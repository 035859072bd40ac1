"""What the tests of core share."""

from tests.worker.fixtures import emptied_staging, start_worker

__all__ = ["emptied_staging", "start_worker"]
