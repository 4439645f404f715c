"""One workshop for all tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.simulation.workshop import Workshop, workshop


@pytest.fixture(scope="session", name="made")
def _made() -> Iterator[Workshop]:
    with workshop() as made:
        yield made
