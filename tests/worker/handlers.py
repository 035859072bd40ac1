"""Kinds of job that only tests have."""

import time

from datong_edu.core.access import machine
from datong_edu.core.exceptions import PortalError
from datong_edu.core.jobs import JobRun, job

SECRET = "140225201103080017"


@job("test.count", machine("a test"))
def count(run: JobRun) -> None:
    """Count to `steps`, a tenth of a second each."""
    steps = run.payload.get("steps", 1)
    for step in range(steps):
        run.progress("数数", step, steps)
        time.sleep(0.1)
    run.result = {"counted": steps}


@job("test.fail", machine("a test"))
def fail(run: JobRun) -> None:
    """Fall over with a number in the text of the error."""
    raise ValueError(f"no such person {SECRET}")


@job("test.refuse", machine("a test"))
def refuse(run: JobRun) -> None:
    """Refuse in words."""
    raise PortalError("名册里没有一行可以写入。")
