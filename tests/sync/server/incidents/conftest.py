"""Incidents meet a whole house with its public side, on both databases."""

from collections.abc import Iterator

import pytest

from tests.rigs.street import Street, street_at


@pytest.fixture
def street(server_database: str) -> Iterator[Street]:
    """A running server with its public side."""
    with street_at(server_database) as opened:
        yield opened
