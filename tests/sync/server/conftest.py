"""The server's tests run on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.bureau import Bureau, Caller, bureau


@pytest.fixture(params=["sqlite", "postgres"])
def server_database(request: pytest.FixtureRequest) -> str:
    """The address of a database in which a server was never opened."""
    name = "server_sqlite_path" if request.param == "sqlite" else "server_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def first(server_database: str) -> str:
    """The address of the database whose contents are to come back elsewhere."""
    return server_database


@pytest.fixture(params=["sqlite", "postgres"])
def second(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty place; another one than the first."""
    if request.param == "sqlite":
        (tmp_path / "second").mkdir()
        yield str(tmp_path / "second" / "server.sqlite")
    else:
        with request.getfixturevalue("postgres").database() as address:
            yield str(address)


@pytest.fixture
def desk(server_database: str) -> Iterator[Bureau]:
    """A running server."""
    with bureau(server_database) as opened:
        yield opened


@pytest.fixture
def billing(desk: Bureau) -> str:
    """A category."""
    return desk.house.grants.add_category("Billing")


@pytest.fixture
def repairs(desk: Bureau) -> str:
    """Another category."""
    return desk.house.grants.add_category("Repairs")


@pytest.fixture
def ann(desk: Bureau, billing: str) -> Caller:
    """Sees Billing only."""
    desk.agent("Ann", billing)
    return desk.caller("Ann")


@pytest.fixture
def olga(desk: Bureau, billing: str, repairs: str) -> Caller:
    """An owner: sees everything."""
    desk.agent("Olga", owner=True)
    return desk.caller("Olga")
