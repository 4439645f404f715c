"""Who may open which accounts: the one place that decides it (ARCHITECTURE 3.1)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from sync.domain.lines import Line, Seer
from sync.domain.protocol import CAPABILITY, CONFIRM_HOURS, MAILS, PROTOCOL_VERSION, TEAM_WRITTEN
from sync.domain.times import to_utc_date
from sync.jmap.access import Account, Principal
from sync.jmap.errors import JSON
from sync.jmap.feed import States
from sync.server.accounts import TYPES, Kind
from sync.server.database import Database
from sync.server.parts import Colleague, Parts
from sync.server.settings import MAIL_NEEDS

# Each part is found by an index: this is asked at every call, however many agents there are.
_OPEN: Final = """
WITH me AS (SELECT id, is_owner FROM agent WHERE id = ? AND is_active), mine AS (
    SELECT number FROM account WHERE agent_id = (SELECT id FROM me)
    UNION ALL SELECT number FROM account WHERE agent_id IS NULL AND kind = 'team' AND EXISTS (SELECT 1 FROM me)
    UNION ALL SELECT number FROM account WHERE agent_id IS NULL AND kind IN ('oversight', 'category')
        AND EXISTS (SELECT 1 FROM me WHERE is_owner)
    UNION ALL SELECT a.number FROM me JOIN category_grant g ON g.agent_id = me.id
        JOIN account a ON a.category_id = g.category_id WHERE NOT me.is_owner)
SELECT a.number, a.id, a.kind, a.category_id, c.name FROM mine
JOIN account a ON a.number = mine.number LEFT JOIN category c ON c.id = a.category_id ORDER BY a.number
"""
# The same for all active agents at once, for a server with thousands of streams.
_OPEN_TO_ALL: Final = """
SELECT me.id, a.id FROM agent me JOIN account a ON a.agent_id = me.id WHERE me.is_active
UNION ALL SELECT me.id, a.id FROM agent me JOIN account a ON a.agent_id IS NULL AND (a.kind = 'team' OR me.is_owner)
    WHERE me.is_active
UNION ALL SELECT me.id, a.id FROM category_grant g JOIN agent me ON me.id = g.agent_id AND me.is_active
    AND NOT me.is_owner JOIN account a ON a.category_id = g.category_id
"""
_ALL_THAT_HOLD: Final = """
SELECT t.id FROM token t JOIN agent a ON a.id = t.agent_id AND a.is_active WHERE t.expires_at > ?
"""
_STATES: Final = """
WITH asked (account, type) AS (VALUES {rows})
SELECT a.account, a.type, (SELECT MAX(changed) FROM object_state s WHERE s.account = a.account AND s.type = a.type)
FROM asked a
"""
_IS_OWNER: Final = "SELECT is_owner FROM agent WHERE id = ?"
_HOLDS: Final = """
SELECT 1 FROM token t JOIN agent a ON a.id = t.agent_id AND a.is_active WHERE t.id = ? AND t.expires_at > ?
"""
_SEES: Final = """
SELECT 1 FROM agent a LEFT JOIN category_grant g ON g.agent_id = a.id AND g.category_id = ?
WHERE a.id = ? AND a.is_active AND (a.is_owner OR g.id IS NOT NULL)
"""
_IN_SIGHT: Final = """
SELECT 1 FROM ticket t JOIN agent a ON a.id = ? AND a.is_active LEFT JOIN category_grant g
ON g.agent_id = a.id AND g.category_id = t.category_id WHERE t.id = ? AND (a.is_owner OR g.id IS NOT NULL)
"""
_GRANTED: Final = """
SELECT g.category_id FROM category_grant g JOIN agent a ON a.id = g.agent_id AND a.is_active
WHERE g.agent_id = ? ORDER BY g.category_id
"""
_WHO_SEES: Final = """
SELECT a.id, g.id IS NOT NULL, g.second_line FROM agent a
LEFT JOIN category_grant g ON g.agent_id = a.id AND g.category_id = ?
WHERE a.is_active AND (a.is_owner OR g.id IS NOT NULL) ORDER BY a.name, a.id
"""
_CONFIRM_HOURS: Final = "access.confirm_hours"
_NAMES: Final = {Kind.PERSONAL: "Personal", Kind.TEAM: "Team", Kind.OVERSIGHT: "Oversight"}


def sees(database: Database, agent_id: str, category_id: str) -> bool:
    """Whether the agent may see a category's tickets now. Call inside a transaction."""
    return bool(database.select(_SEES, (category_id, agent_id)))


def in_sight(database: Database, agent_id: str, ticket_id: str) -> bool:
    """Whether there is such a ticket, in whatever category the agent may see now. Call inside a transaction."""
    return bool(database.select(_IN_SIGHT, (agent_id, ticket_id)))


def granted(database: Database, agent_id: str) -> list[str]:
    """The categories that are granted to an active agent, by id; an owner's sight beyond them does not count.

    Call inside a transaction.
    """
    return [str(one[0]) for one in database.select(_GRANTED, (agent_id,))]


def who_sees(database: Database, category_id: str) -> list[Seer]:
    """Every active agent who sees a category, by name, and how they stand to its alerts.

    Call inside a transaction.
    """
    rows = database.select(_WHO_SEES, (category_id,))
    return [
        (str(agent_id), Line.OWNER if not given else Line.SECOND if second else Line.FIRST)
        for agent_id, given, second in rows
    ]


class Openings:
    """The answers that sync.jmap asks of its host about a principal. Call inside a transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def accounts(self, principal: Principal) -> Mapping[str, Account]:
        """Every account open to the principal right now, by id."""
        return self._parts.database.once(("accounts", principal.id), lambda: self._drawn(principal))

    def _drawn(self, principal: Principal) -> Mapping[str, Account]:
        return {
            account_id: _account(kind, category_id, name)
            for _, account_id, kind, category_id, name in self._parts.database.select(_OPEN, (principal.id,))
        }

    def capabilities(self, principal: Principal) -> Mapping[str, Mapping[str, JSON]]:
        """What the Session says of this server and this user."""
        rows = self._parts.database.select(_IS_OWNER, (principal.id,))
        told = self._parts.settings.several(_CONFIRM_HOURS, *MAIL_NEEDS)
        return {
            CAPABILITY: {
                "protocol": PROTOCOL_VERSION,
                "serverId": self._parts.identity.server_id(),
                "userId": principal.id,
                "isOwner": bool(rows and rows[0][0]),
                "now": to_utc_date(self._parts.clock.now_ms()),
                CONFIRM_HOURS: told[_CONFIRM_HOURS],
                MAILS: all(told[name] is not None for name in MAIL_NEEDS),
            }
        }

    def states(self, principal: Principal) -> States:
        """The present state of every type in every open account."""
        ids: dict[int, str] = {}
        asked: list[int | str] = []
        for number, account_id, kind, _, _ in self._open(principal):
            ids[number] = account_id
            for name in sorted(TYPES[kind]):
                asked += (number, name)
        if not asked:
            return {}
        rows = ", ".join(["(CAST(? AS BIGINT), CAST(? AS TEXT))"] * (len(asked) // 2))
        found: dict[str, dict[str, str]] = {account_id: {} for account_id in ids.values()}
        for number, name, changed in self._parts.database.select(_STATES.format(rows=rows), asked):
            epoch = ids[number].rpartition("-")[2]
            found[ids[number]][name] = f"{epoch}.{changed or 0}"
        return found

    def account_ids(self, principal: Principal) -> frozenset[str]:
        """For a stream: opens its own transaction."""
        return self._parts.database.read(lambda: frozenset(row[1] for row in self._open(principal)))

    def present_states(self, principal: Principal) -> States:
        """For a stream: opens its own transaction."""
        return self._parts.database.read(lambda: self.states(principal))

    def may_go_on(self, principal: Principal) -> bool:
        """Whether the token still holds and the agent is still active; opens its own transaction."""
        if not isinstance(principal, Colleague):
            return False
        now = self._parts.clock.now_ms()
        return self._parts.database.read(lambda: bool(self._parts.database.select(_HOLDS, (principal.token_id, now))))

    def of_all(self) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
        """For all streams at once: the accounts open to each active agent, and every token that holds.

        Opens its own transaction.
        """
        database, now = self._parts.database, self._parts.clock.now_ms()
        pairs, tokens = database.read(lambda: (database.select(_OPEN_TO_ALL), database.select(_ALL_THAT_HOLD, (now,))))
        found: dict[str, set[str]] = {}
        for agent_id, account_id in pairs:
            found.setdefault(agent_id, set()).add(account_id)
        return {one: frozenset(accounts) for one, accounts in found.items()}, frozenset(one[0] for one in tokens)

    def _open(self, principal: Principal) -> list[tuple[int, str, Kind, str | None, str | None]]:
        return [
            (number, account_id, Kind(kind), category_id, name)
            for number, account_id, kind, category_id, name in self._parts.database.select(_OPEN, (principal.id,))
        ]


@lru_cache(maxsize=4096)
def _account(kind: str, category_id: str | None, name: str | None) -> Account:
    """Drawn once: it is looked up with every method call."""
    its = Kind(kind)
    return Account(
        name=name or _NAMES[its],
        types=TYPES[its],
        is_personal=its is Kind.PERSONAL,
        written=TEAM_WRITTEN if its is Kind.TEAM else None,
        capabilities={CAPABILITY: {"kind": kind, "categoryId": category_id}},
    )
