"""A server on both databases, as in the tests around this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.server.intake import Asker
from tests.rigs.bureau import Bureau, Caller, bureau

File = Callable[..., str]


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bureau]:
    """A running server."""
    address = str(tmp_path / "server.sqlite") if request.param == "sqlite" else None
    with bureau(address or str(request.getfixturevalue("server_postgres_url"))) as opened:
        yield opened


@pytest.fixture
def billing(desk: Bureau) -> str:
    """A category."""
    return desk.house.grants.add_category("Billing")


@pytest.fixture
def repairs(desk: Bureau) -> str:
    """Another one, which Ann does not see."""
    return desk.house.grants.add_category("Repairs")


@pytest.fixture
def ann(desk: Bureau, billing: str) -> Caller:
    """Sees Billing."""
    desk.agent("Ann", billing)
    return desk.caller("Ann")


@pytest.fixture
def file(desk: Bureau) -> File:
    """Files a ticket, indexes it, and gives its id: `file(category_id, subject, text, who)`."""

    def one(category_id: str, subject: str, text: str, who: str = "Bob") -> str:
        asker = Asker(who, f"{who.lower()}@mail.example")
        made = desk.file(category_id, subject, text, asker=asker).ticket.id
        while desk.house.likeness.index.work():
            pass
        return made

    return one
