"""Presence/set: what this device looks at, or that it looks at nothing; held in memory for seconds (PRODUCT D6)."""

from collections.abc import Mapping
from typing import Final

from sync.domain.presence import Doing
from sync.domain.protocol import CAPABILITY, PRESENCE, TICKET
from sync.domain.times import to_utc_date
from sync.jmap.arguments import Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID, STRING, nullable, one_of
from sync.jmap.methods import Answer, Context
from sync.server.parts import Parts
from sync.server.presence import Board
from sync.server.store import colleague

_SIGNATURE: Final[Signature] = {
    "accountId": Argument(nullable(STRING)),
    "ticketId": Argument(nullable(ID)),
    "doing": Argument(nullable(one_of(*(one.value for one in Doing)))),
}
_STANDS: Final = "SELECT 1 FROM object_state WHERE account = ? AND type = ? AND object_id = ? AND NOT destroyed"


class PresenceSet:
    """A ticket that is not in the account is answered like one that is left: with `doing` and `until` null."""

    name = f"{PRESENCE}/set"
    capability = CAPABILITY

    def __init__(self, parts: Parts, gate: Gate, board: Board) -> None:
        self._parts = parts
        self._gate = gate
        self._board = board

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)
        account_id, ticket_id = given["accountId"], given["ticketId"]
        if (ticket_id is None) != (given["doing"] is None) or (ticket_id is not None and account_id is None):
            raise MethodError("invalidArguments", "Give account, ticket and what is done there, or null for each.")
        agent = colleague(context.principal)
        answer: dict[str, JSON] = {"accountId": account_id, "ticketId": ticket_id, "doing": None, "until": None}
        if account_id is not None and not self._stands(context, account_id, ticket_id):
            ticket_id = None
        if ticket_id is None:
            self._board.leave(agent.token_id)
        else:
            doing = Doing(given["doing"])
            until = self._board.say(agent.id, agent.token_id, account_id, ticket_id, doing)
            answer.update(doing=doing.value, until=to_utc_date(until))
        return Answer(answer)

    def _stands(self, context: Context, account_id: str, ticket_id: str | None) -> bool:
        """Whether the ticket is in the account; raises MethodError where the account is not to be seen."""

        def work() -> bool:
            self._gate.enter(context.principal, account_id, TICKET if ticket_id is not None else None)
            if ticket_id is None:
                return False
            account = self._parts.accounts.get(account_id)
            return bool(self._parts.database.select(_STANDS, (account.number, TICKET, ticket_id)))

        return self._parts.journal.read(work)
