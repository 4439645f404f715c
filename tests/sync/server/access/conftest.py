"""The tests of the access table run on both databases."""

from collections.abc import Iterator

import pytest

from tests.rigs.cast import Cast, cast_at


@pytest.fixture
def cast(server_database: str) -> Iterator[Cast]:
    """Everybody, at work."""
    with cast_at(server_database) as made:
        yield made
