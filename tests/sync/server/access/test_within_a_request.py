"""What one may see is asked once where nothing can change, and anew after everything that was changed."""

from collections.abc import Mapping

import pytest

from sync.domain.protocol import CAPABILITY
from sync.server.database import Database
from tests.rigs.bureau import Caller
from tests.rigs.cast import Cast


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions about accounts that reach the database."""
    found: list[str] = []
    real = Database.select

    def select(self: Database, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        if "FROM mine" in sql:
            found.append(sql)
        return real(self, sql, parameters)

    monkeypatch.setattr(Database, "select", select)
    return found


def answers(caller: Caller, *calls: tuple[str, Mapping[str, object]]) -> list[str]:
    """The name of each answer; of an error its type."""
    return [one[1]["type"] if one[0] == "error" else one[0] for one in caller.calls(*calls)]


def id_of(caller: Caller) -> str:
    """Who it is."""
    return str(caller.document()["capabilities"][CAPABILITY]["userId"])


def test_many_calls_that_read_ask_once(cast: Cast, asked: list[str]) -> None:
    reading = ("Ticket/get", {"accountId": cast.accounts["category"]})
    caller = cast.callers["with"]
    asked.clear()
    assert answers(caller, *[reading] * 6) == ["Ticket/get"] * 6
    assert len(asked) == 1
    cast.bureau.house.grants.revoke(id_of(caller), cast.category)
    assert answers(caller, *[reading] * 2) == ["accountNotFound"] * 2
    cast.bureau.house.grants.grant(id_of(caller), cast.category)
    assert answers(caller, reading) == ["Ticket/get"]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_right_that_a_call_takes_or_gives_holds_for_the_next_call(cast: Cast, keeps: bool) -> None:
    """Two owners; one makes herself an agent, with or without the category."""
    cast.bureau.agent("another", owner=True)
    owner = cast.callers["owner"]
    me, oversight = id_of(owner), cast.accounts["oversight"]
    reading = ("Ticket/get", {"accountId": cast.accounts["category"]})
    looking = ("AgentAccess/get", {"accountId": oversight, "ids": [me]})
    patch = {"isOwner": False, **({f"categoryIds/{cast.category}": True} if keeps else {})}
    taken = ("AgentAccess/set", {"accountId": oversight, "update": {me: patch}})
    assert answers(owner, reading, looking, taken, looking, reading) == [
        "Ticket/get", "AgentAccess/get", "AgentAccess/set", "accountNotFound",
        "Ticket/get" if keeps else "accountNotFound",
    ]  # fmt: skip


def test_who_writes_on_a_snapshot_sees_what_was_written(cast: Cast) -> None:
    database = cast.bureau.house.parts.database

    def count() -> int:
        return int(database.select("SELECT COUNT(*) FROM setting")[0][0])

    def look() -> int:
        return database.once("settings", count)

    def work() -> tuple[int, int, int]:
        first = look()
        database.execute("INSERT INTO setting (name, value) VALUES ('a test', '1')")
        second = look()
        database.execute("DELETE FROM setting WHERE name = 'a test'")
        return first, second, look()

    there = database.read(look)
    assert database.read(work) == database.write(work) == (there, there + 1, there)
    assert database.read(lambda: database.once("settings", lambda: -1)) == -1
    assert database.read(look) == there
