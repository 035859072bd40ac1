"""What slips into a log line all the same is masked when it is written."""

import io
import logging

import pytest
import structlog

from datong_edu.settings import logs
from tests import factories as make


@pytest.mark.parametrize(
    "number",
    ["140225201103080017", "14022519950101001X", "14022519950101001x", "G140225201103080017",
     "6217000011112222", "6217000011112222333", "13800001234", "14022720100101000144",
     "6217 0000 1111 2222 333", "140225950101001"],
)  # fmt: skip
@pytest.mark.parametrize("line", ["{}", "号码{}有误", 'KeyError: "{}"', "{{'id': '{}'}}", "a={} b"])
def test_number_never_stands_in_a_line(number: str, line: str) -> None:
    written = logs.redact(line.format(number))
    assert number not in written
    assert number[-2:] in written


@pytest.mark.parametrize(
    "line",
    ["2020-12-15 08:30:01 job=1234567 rows=300000", "uuid 3f2b8c1e-1f57-4a6c-9b1e-0f9d8c7b6a51", "140225",
     "GET /desk/people/ 200 0.123456789", "10.20.30.40:5432"],
)  # fmt: skip
def test_other_figures_stay(line: str) -> None:
    assert logs.redact(line) == line


@pytest.mark.parametrize("json", [True, False])
def test_formatter_masks_messages_and_tracebacks(json: bool) -> None:
    number = make.id_number()
    line = logs.configure(json=json)["formatters"]["line"]
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.setFormatter(line["()"](**{key: value for key, value in line.items() if key != "()"}))
    logger = logging.getLogger("redaction")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        raise ValueError(number)
    except ValueError:
        logger.exception("refused %s", number)
        structlog.get_logger("redaction").warning("refused", number=number)
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        logs.configure(json=False)
    assert target.getvalue().count("[号码****") >= 3
    assert number not in target.getvalue()
