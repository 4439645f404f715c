"""Cycles of garbage are collected on the main thread between tests, as the desktop does it: Qt objects among them."""

import gc
from collections.abc import Generator

import pytest

_FULL: int = 50


def pytest_configure() -> None:
    """From here on nothing is collected unasked."""
    gc.disable()


def pytest_collection_finish() -> None:
    """The tests themselves stay to the end."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """After a test's fixtures are gone: the young ones each time, everything now and then."""
    result = yield
    gc.collect(2 if _due() else 0)
    return result


def _due() -> bool:
    return gc.get_count()[1] > _FULL
