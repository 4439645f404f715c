"""With DESKBELL_REQUIRE_ALL=1 a skipped test fails: a build server tests everything or says that it did not."""

import os
from collections.abc import Generator

import pytest

REQUIRED = os.environ.get("DESKBELL_REQUIRE_ALL") == "1"


def _failed_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure with the skip's own reason; an expected failure stays one."""
    if not REQUIRED or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"DESKBELL_REQUIRE_ALL=1, but this was skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge each test."""
    report = yield
    _failed_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge each module, which may be skipped as a whole."""
    report = yield
    _failed_if_skipped(report)
    return report
