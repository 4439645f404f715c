"""What is true at the server now, read from its tables and not through its own rules of access."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sync.domain.times import to_utc_date
from sync.server.accounts import Kind
from tests.simulation.server import Server

CANARY: Final = re.compile(rb"canary\d{5}x")
_WORD: Final = re.compile(r"canary\d{5}x")
_VISIBLE: Final = """
SELECT a.id, c.id FROM agent a JOIN category c ON a.is_active AND (a.is_owner OR c.id IN
(SELECT category_id FROM category_grant g WHERE g.agent_id = a.id))
"""
_STATES: Final = "SELECT account, type, MAX(changed) FROM object_state GROUP BY account, type"
_ARRIVALS: Final = """
SELECT s.account, a.id, a.ticket_id, a.message_id, a.kind, a.priority, a.by_agent_id, a.at, a.for_agent_id
FROM arrival a
JOIN object_state s ON s.object_id = a.id AND s.type = 'TicketArrival' AND NOT s.destroyed ORDER BY a.id
"""
_SAID: Final = """
SELECT t.category_id, m.body_text FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE m.kind <> 'event'
"""
_LATER: Final = """
SELECT t.category_id, t.subject || ' ' || COALESCE(r.name, '') || ' ' || COALESCE(r.email, '')
FROM ticket t LEFT JOIN requester r ON r.id = t.requester_id
UNION ALL SELECT t.category_id, r.name || ' ' || COALESCE(r.email, '')
FROM message m JOIN ticket t ON t.id = m.ticket_id
JOIN requester r ON r.id = m.author_id
UNION ALL SELECT t.category_id, m.body_text FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE m.kind = 'event'
"""
_OF_THE_TEAM: Final = "SELECT title FROM incident"
_OWN: Final = "SELECT agent_id, text FROM quick_note UNION ALL SELECT agent_id, body_text FROM held_message"
_NAMES: Final = ("id", "ticketId", "messageId", "kind", "priority", "byAgentId")
_FOR: Final = "forAgentId"


def words_in(texts: Iterable[str]) -> list[str]:
    """The words that were written, each as often as it stands there."""
    return [word for text in texts for word in _WORD.findall(text)]


Arrival = tuple[str, Mapping[str, Any]]


class Facts:
    """Read anew only when the server has changed, which is looked up after `look_again`. `later`: words stand in
    names, subjects and events too."""

    def __init__(self, server: Server, later: bool = False) -> None:
        self._server = server
        self._later = later
        self._version: object = None
        self._stale = True
        self._visible: dict[str, set[str]] = {}
        self._accounts: list[Any] = []
        self._states: list[tuple[Any, ...]] = []
        self._arrivals: list[tuple[Any, ...]] = []
        self._homes: dict[str, set[str]] = {}

    def look_again(self) -> None:
        """Something may have happened."""
        self._stale = True

    def version(self) -> object:
        """Of what is true now: another one after each change that anybody could see."""
        self._read()
        return self._version

    def visible(self, agent_id: str) -> set[str]:
        """The categories that this person may see."""
        self._read()
        return self._visible.get(agent_id, set())

    def accounts(self, agent_id: str, is_owner: bool) -> dict[int, str]:
        """The accounts that this person may see: their ids by their numbers."""
        visible = self.visible(agent_id)
        return {
            one.number: one.id
            for one in self._accounts
            if (one.kind is Kind.CATEGORY and one.category_id in visible)
            or one.agent_id == agent_id
            or one.kind is Kind.TEAM
            or (one.kind is Kind.OVERSIGHT and is_owner)
        }

    def states(self, agent_id: str, is_owner: bool) -> dict[str, dict[str, str]]:
        """The states of those accounts, by their types."""
        accounts, found = self.accounts(agent_id, is_owner), dict[str, dict[str, str]]()
        for number, name, changed in self._states:
            if number in accounts:
                found.setdefault(accounts[number], {})[name] = str(changed)
        return found

    def rights(self, agent_id: str) -> dict[str, str]:
        """The states of what tells that somebody's rights have changed."""
        self._read()
        concerned = {
            one.number: ("CategoryGrant",) if one.agent_id == agent_id else ("Agent", "Category")
            for one in self._accounts
            if one.agent_id == agent_id or one.kind is Kind.TEAM
        }
        return {
            f"{number} {name}": str(changed)
            for number, name, changed in self._states
            if name in concerned.get(number, ())
        }

    def arrivals(self) -> list[tuple[int, str]]:
        """Every arrival that stands: the number of its account, its id."""
        self._read()
        return [(row[0], row[1]) for row in self._arrivals]

    def account_id(self, number: int) -> str:
        """The id of the account of that number."""
        self._read()
        return next(str(one.id) for one in self._accounts if one.number == number)

    def accounts_of_categories(self) -> dict[str, str]:
        """The id of each category's account."""
        self._read()
        return {one.category_id: one.id for one in self._accounts if one.category_id is not None}

    def arrivals_for(self, agent_id: str, is_owner: bool, without: set[str]) -> list[Arrival]:
        """The arrivals that this person may hear of, but for some: the account of each, and how the wire has it."""
        accounts = self.accounts(agent_id, is_owner)
        return [
            (accounts[row[0]], {**dict(zip(_NAMES, row[1:7], strict=True)), "at": to_utc_date(row[7]), _FOR: row[8]})
            for row in self._arrivals
            if row[0] in accounts and row[1] not in without
        ]

    def strange(self, octets: bytes, agent_id: str, own: set[str]) -> str | None:
        """A word in `octets` that this person neither wrote nor may see."""
        for found in CANARY.findall(octets):
            word = str(found, "ascii")
            if word in own:
                continue
            homes = self._home_of(word)
            if homes and not homes & {*self.visible(agent_id), agent_id}:
                return word
        return None

    def _home_of(self, word: str) -> set[str]:
        """The categories, or the agents, that a word belongs to."""
        self._read()
        return self._homes.get(word, set())

    def _read(self) -> None:
        if not self._stale:
            return
        self._stale, version = False, self._server.version()
        if version == self._version:
            return
        self._version = version
        self._visible = {}
        for agent_id, category_id in self._server.rows(_VISIBLE):
            self._visible.setdefault(agent_id, set()).add(category_id)
        parts = self._server.office.house.parts
        self._accounts = parts.database.read(parts.accounts.all)
        self._states = self._server.rows(_STATES)
        self._arrivals = self._server.rows(_ARRIVALS)
        self._homes = {}
        team = set(words_in(row[0] for row in self._server.rows(_OF_THE_TEAM))) if self._later else set()
        named = self._server.rows(_LATER) if self._later else []
        for home, text in [*self._server.rows(_SAID), *self._server.rows(_OWN), *named]:
            for word in CANARY.findall(text.encode()):
                if word.decode() not in team:
                    self._homes.setdefault(word.decode(), set()).add(home)
