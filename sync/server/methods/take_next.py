"""Ticket/takeNext: the ticket most in need becomes the caller's, never the same one two agents' (PRODUCT D6)."""

from collections.abc import Mapping, Sequence
from typing import Final

from sync.domain.protocol import CAPABILITY, CATEGORY_GRANT, TAKE_NEXT
from sync.domain.records import Priority, Ticket
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID, list_of, nullable
from sync.jmap.methods import Answer, Context
from sync.server.access import Openings, granted
from sync.server.ledger import Receipt
from sync.server.parts import Colleague, Parts
from sync.server.receipts import fingerprint
from sync.server.store import colleague
from sync.server.ticketing import Ticketing
from sync.server.types import kinds as ours

MOST_CATEGORIES: Final = 500
_SIGNATURE: Final[Signature] = {
    **ACCOUNT,
    "clientKey": Argument(ours.CLIENT_KEY),
    "categoryIds": Argument(nullable(list_of(ID)), None),
}
_NEEDY: Final = """
SELECT id FROM ticket WHERE awaiting = 'team' AND assignee_id IS NULL AND priority = ?
AND category_id IN ({marks}) ORDER BY awaiting_since, id LIMIT 1
"""
_MOST_PRESSING_FIRST: Final = tuple(reversed(Priority))
_NOTHING: Final = ""
"""What the receipt of an answer without a ticket names."""


class TakeNext:
    """Called on the personal account. One transaction, its row locked; the same client key gets the same answer."""

    name = TAKE_NEXT
    capability = CAPABILITY

    def __init__(self, parts: Parts, openings: Openings, ticketing: Ticketing) -> None:
        self._parts = parts
        self._openings = openings
        self._gate = Gate(openings.accounts)
        self._ticketing = ticketing

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)
        wanted = given["categoryIds"]
        if wanted is not None and len(wanted) > MOST_CATEGORIES:
            raise MethodError("requestTooLarge", f"At most {MOST_CATEGORIES} categories at a time.")
        agent = colleague(context.principal)
        content = fingerprint({"categoryIds": None if wanted is None else sorted(set(wanted))})

        def work() -> Answer:
            self._gate.enter(agent, given["accountId"], CATEGORY_GRANT, writes=True)
            answer = self._once(agent, given["clientKey"], content, wanted)
            self._parts.journal.stamp()
            return answer

        return self._parts.journal.write(work)

    def _once(self, agent: Colleague, key: str, content: str, wanted: Sequence[str] | None) -> Answer:
        seen = self._seen(agent)
        try:
            before = self._parts.receipts.claim(agent.id, key, self.name, content, _NOTHING)
        except SetError as error:
            raise MethodError("invalidArguments", "This client key belongs to something else.") from error
        if before is not None:
            return self._answer(seen, self._ticketing.held(before) if before else None)
        taken = self._take(agent, self._among(agent, seen, wanted))
        if taken is not None:
            mine = (Receipt.author_id == agent.id) & (Receipt.client_key == key)
            self._parts.database.run(Receipt.update({Receipt.object_id: taken.id}).where(mine))
        return self._answer(seen, taken)

    def _seen(self, agent: Colleague) -> dict[str, str]:
        """The accounts that the agent may open, by the category that each holds."""
        found: dict[str, str] = {}
        for account_id, account in self._openings.accounts(agent).items():
            category_id = account.capabilities[CAPABILITY]["categoryId"]
            if category_id is not None:
                found[category_id] = account_id
        return found

    def _among(self, agent: Colleague, seen: Mapping[str, str], wanted: Sequence[str] | None) -> list[str]:
        """The categories to choose from: those named, else those granted; an owner without grants looks everywhere."""
        if wanted is None:
            wanted = granted(self._parts.database, agent.id) or list(seen)
        return sorted({one for one in wanted if one in seen})

    def _take(self, agent: Colleague, categories: Sequence[str]) -> Ticket | None:
        ticket_id = self._most_in_need(categories) if categories else None
        ticket = self._ticketing.held(ticket_id) if ticket_id is not None else None
        if ticket is None:
            return None
        now = self._parts.clock.now_ms()
        after = self._ticketing.edit(ticket, "assigneeId", agent.id, agent.id, now)
        self._ticketing.save(ticket, after, agent.id)
        return after

    def _most_in_need(self, categories: Sequence[str]) -> str | None:
        """Locked, on PostgreSQL: first among those that nobody else holds just now, then waiting for the others."""
        sql = _NEEDY.format(marks=", ".join("?" * len(categories)))
        for lock in (" FOR UPDATE SKIP LOCKED", " FOR UPDATE") if self._parts.database.is_postgres else ("",):
            for priority in _MOST_PRESSING_FIRST:
                rows = self._parts.database.select(sql + lock, (priority.value, *categories))
                if rows:
                    return str(rows[0][0])
        return None

    def _answer(self, seen: Mapping[str, str], ticket: Ticket | None) -> Answer:
        """A ticket that has gone out of sight since is not named again."""
        account_id = seen.get(ticket.category_id) if ticket is not None else None
        if ticket is None or account_id is None:
            return Answer({"ticketId": None, "accountId": None})
        return Answer({"ticketId": ticket.id, "accountId": account_id})
