"""Runs each test that asks for `rig` on every host, and each that asks for `case` on every data type of every host."""

from collections.abc import Iterator

import pytest

from stage.postgres import Postgres
from tests.contract.jmap.hosts import FACTORIES
from tests.contract.jmap.rig import HostFactory, Rig
from tests.contract.jmap.toy import BASE, ToyHost, rig_of
from tests.rigs.asgi_adapter import AsgiAdapter


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "case_with(*abilities): only for data types that can do all of these")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        needs = {one for marker in metafunc.definition.iter_markers("case_with") for one in marker.args}
        pairs = [(factory, case) for factory in FACTORIES for case in factory.cases if needs <= case.abilities()]
        names = [f"{factory.name}-{case.name}" for factory, case in pairs]
        metafunc.parametrize(("factory", "case"), pairs, ids=names)
    elif "rig" in metafunc.fixturenames:
        metafunc.parametrize("factory", FACTORIES, ids=[factory.name for factory in FACTORIES])


@pytest.fixture(scope="session")
def contract_postgres_url(postgres: Postgres, _schema_on_postgres: str) -> Iterator[str]:
    """One database for the whole contract, emptied before each test."""
    with postgres.database(like=_schema_on_postgres) as address:
        yield address


@pytest.fixture
def rig(factory: HostFactory, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A fresh host of the kind."""
    with factory.open(request) as opened:
        yield opened


@pytest.fixture
def toys() -> ToyHost:
    """A toy host, to look inside."""
    return ToyHost()


@pytest.fixture
def toy_rig(toys: ToyHost) -> Iterator[Rig]:
    """The toy host behind its HTTP skin."""
    assert BASE
    with AsgiAdapter(toys.app) as adapter:
        yield rig_of(toys, adapter)
        toys.feed.end_all()
