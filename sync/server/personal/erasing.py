"""Erases a requester at their wish: words, names, addresses, files. Numbers and times stay.

What stays and why is listed in packaging/server/PRIVACY.md. A ticket stays as a number with its category, status and
times, a message as its kind, author and times: without them past figures of the house, which it may be bound to keep,
would change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from sync.domain import protocol, rules
from sync.domain.records import MessageKind, Status, Ticket
from sync.server.accounts import StoredAccount
from sync.server.audit import Actor, Deed
from sync.server.deleting import forget_file
from sync.server.incidents.followers import count_again
from sync.server.ledger import PageSecret
from sync.server.likeness.index import Index
from sync.server.mail.outgoing_tables import LetterRow
from sync.server.parts import Parts
from sync.server.personal.finding import Theirs, by_address, find
from sync.server.tables import MessageRow, RequesterRow
from sync.server.ticketing import Ticketing

NAME: Final = "Erased requester"
WORDS: Final = "Erased at the requester's wish."

_WITHOUT_WORDS: Final = frozenset(
    {
        "status", "priority", "assigneeId", "categoryId", "merged", "link", "delivery", "privateLink", "reminder",
        "solved", "rating", "erased", "incidentId", "incidentTold",
    }
)  # fmt: skip
"""Events whose values are ids, numbers and words of ours; of any other only that it happened stays."""
_THREAD: Final = "WHERE t.ticket_id = ? ORDER BY t.seq"
_OF_TICKET: Final = "WHERE ticket_id = ?"
_HEADERS: Final = "SELECT header_id FROM mail_in WHERE message_id = ? AND header_id IS NOT NULL"
_FILES: Final = "SELECT blob_id FROM blob_use WHERE message_id = ?"
_HELD_FILES: Final = """
SELECT u.message_id, u.blob_id FROM blob_use u JOIN held_message h ON h.id = u.message_id WHERE h.ticket_id = ?
"""
_STANDS_IN: Final = "SELECT account FROM object_state WHERE type = ? AND object_id = ? AND NOT destroyed"
_BY_TICKET: Final = (
    "UPDATE mail_in SET header_id = NULL WHERE ticket_id = ?",
    "DELETE FROM mail_participant WHERE ticket_id = ?",
    "DELETE FROM letter WHERE ticket_id = ?",
    "UPDATE delivery SET detail = NULL WHERE ticket_id = ?",
    "UPDATE ticket SET page_turn = page_turn + 1 WHERE id = ?",
)
_OWN_TO_AGENTS: Final = ((protocol.QUICK_NOTE, "quick_note"), (protocol.HELD_MESSAGE, "held_message"))


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of it was: in numbers, since everything else is gone."""

    requester_id: str
    tickets: int
    messages: int
    files: int


class Erasing:
    """Call inside a write transaction of the journal. What it leaves in the file of the database: see `scrubbing`."""

    def __init__(self, parts: Parts, ticketing: Ticketing) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._index = Index(parts.database)

    def erase(self, named: str, by: Actor) -> Erased:
        """By id or e-mail address; again, it does nothing more. Raises Rejected `notFound`."""
        self._for_good()
        first = find(self._parts.database, named)
        self._ticketing.hold_requester(str(first.requester["id"]))
        theirs = find(self._parts.database, str(first.requester["id"]))
        messages, files = 0, 0
        for ticket_id in theirs.tickets:
            counts = self._ticket(ticket_id, by)
            messages, files = messages + counts[0], files + counts[1]
        for message_id in theirs.elsewhere:
            files += self._elsewhere(message_id)
        self._requester(theirs)
        done = Erased(str(theirs.requester["id"]), len(theirs.tickets), messages + len(theirs.elsewhere), files)
        detail = {"tickets": done.tickets, "messages": done.messages, "files": done.files}
        self._parts.audit.record(Deed.REQUESTER_ERASED, by, done.requester_id, detail)
        return done

    def forget_address(self, email: str, by: Actor) -> bool:
        """Of somebody who never asked, and only follows an incident or stood in copy; whether there was anything."""
        self._for_good()
        gone = self._address(email.strip().lower())
        if gone:
            self._parts.audit.record(Deed.REQUESTER_ERASED, by, "", {"tickets": 0, "messages": 0, "files": 0})
        return gone > 0

    def _for_good(self) -> None:
        if not self._parts.database.is_postgres:
            self._parts.database.execute("PRAGMA secure_delete = 1")

    def _ticket(self, ticket_id: str, by: Actor) -> tuple[int, int]:
        ticket = self._ticketing.held(ticket_id)
        if ticket is None:
            raise LookupError(ticket_id)
        database = self._parts.database
        self._index.forget(ticket_id)
        account, files = self._ticketing.account_of(ticket), 0
        rows = database.whole_rows(MessageRow, _THREAD, (ticket_id,))
        for row in rows:
            files += self._message(account, row)
        for sql in _BY_TICKET:
            database.execute(sql, (ticket_id,))
        database.run(PageSecret.delete().where(PageSecret.ticket_id == ticket_id))
        deliveries = database.select("SELECT id FROM delivery WHERE ticket_id = ?", (ticket_id,))
        self._parts.journal.present(account, protocol.DELIVERY, *(str(one[0]) for one in deliveries))
        self._agents_own(ticket_id)
        self._close(ticket, by)
        return len(rows), files

    def _close(self, ticket: Ticket, by: Actor) -> None:
        """Nobody's turn any more; an event says why."""
        now = self._parts.clock.now_ms()
        bare = replace(ticket, subject=WORDS, resolution=None, tags=frozenset(), site=None, updated_at=now)
        closed = bare if bare.status is Status.CLOSED else rules.with_status(bare, Status.CLOSED, now)
        if ticket.subject != WORDS or bare.status is not Status.CLOSED:
            closed = self._ticketing.tell(closed, "erased", None, None, by.id, now)
        self._ticketing.save(ticket, closed)

    def _elsewhere(self, message_id: str) -> int:
        """Their words in the ticket of somebody else."""
        [row] = self._parts.database.whole_rows(MessageRow, "WHERE t.id = ?", (message_id,))
        ticket = self._ticketing.held(row["ticket_id"])
        if ticket is None:
            raise LookupError(row["ticket_id"])
        self._unreferred(str(row["ticket_id"]), message_id)
        self._parts.database.execute("UPDATE mail_in SET header_id = NULL WHERE message_id = ?", (message_id,))
        return self._message(self._ticketing.account_of(ticket), row)

    def _unreferred(self, ticket_id: str, message_id: str) -> None:
        """Letters to the ticket's own requester name the mails that they follow; the name is of the writer's making."""
        database = self._parts.database
        named = {f"<{one}>" for (one,) in database.select(_HEADERS, (message_id,))}
        for letter in database.whole_rows(LetterRow, _OF_TICKET, (ticket_id,)) if named else ():
            kept = [one for one in letter["refers"] if one not in named]
            database.run(LetterRow.update({LetterRow.refers: kept}).where(LetterRow.id == letter["id"]))

    def _message(self, account: StoredAccount, row: dict[str, Any]) -> int:
        database, message_id = self._parts.database, str(row["id"])
        body = _bare_event(row["body_text"]) if row["kind"] == MessageKind.EVENT else WORDS
        files = [str(one[0]) for one in database.select(_FILES, (message_id,))]
        database.execute("DELETE FROM blob_use WHERE message_id = ?", (message_id,))
        for blob_id in files:
            forget_file(database, blob_id)
        given: dict[Any, Any] = {
            MessageRow.body_text: body,
            MessageRow.attachments: [],
            MessageRow.original_blob_id: None,
        }
        database.run(MessageRow.update(given).where(MessageRow.id == message_id))
        self._parts.journal.present(account, protocol.MESSAGE, message_id)
        return len(files)

    def _agents_own(self, ticket_id: str) -> None:
        """What agents jotted down for the ticket, or could not deliver to it."""
        database, accounts = self._parts.database, self._parts.accounts
        self._held_files(ticket_id)
        for type_name, table in _OWN_TO_AGENTS:
            sql = f"SELECT id, agent_id FROM {table} WHERE ticket_id = ?"  # noqa: S608  # our own tables
            for object_id, agent_id in database.select(sql, (ticket_id,)):
                self._parts.journal.gone(accounts.of_agent(agent_id), type_name, object_id)
            database.execute(f"DELETE FROM {table} WHERE ticket_id = ?", (ticket_id,))  # noqa: S608  # our own tables

    def _held_files(self, ticket_id: str) -> None:
        """What agents wanted to send with words that could not be delivered."""
        database = self._parts.database
        found = database.select(_HELD_FILES, (ticket_id,))
        for held_id, blob_id in found:
            database.execute("DELETE FROM blob_use WHERE blob_id = ? AND message_id = ?", (blob_id, held_id))
            forget_file(database, str(blob_id))

    def _address(self, email_key: str) -> int:
        """What is kept by the address alone: letters, whose correspondent it is, which incidents it follows."""
        database = self._parts.database
        followed = database.select("SELECT incident_id FROM incident_follower WHERE email_key = ?", (email_key,))
        gone = database.execute("DELETE FROM letter WHERE to_key = ?", (email_key,))
        for table in by_address():
            gone += database.execute(f"DELETE FROM {table} WHERE email_key = ?", (email_key,))  # noqa: S608  # our own tables
        for (incident_id,) in followed:
            count_again(self._parts, str(incident_id))
        return gone

    def _requester(self, theirs: Theirs) -> None:
        database, requester_id = self._parts.database, str(theirs.requester["id"])
        if theirs.requester["email_key"] is not None:
            self._address(str(theirs.requester["email_key"]))
        database.execute("UPDATE hook_event SET data = '[]' WHERE requester_id = ?", (requester_id,))
        given: dict[Any, Any] = {
            RequesterRow.name: NAME,
            RequesterRow.email: None,
            RequesterRow.email_key: None,
            RequesterRow.phone: None,
            RequesterRow.facts: None,
        }
        database.run(RequesterRow.update(given).where(RequesterRow.id == requester_id))
        numbers = {int(one[0]) for one in database.select(_STANDS_IN, (protocol.REQUESTER, requester_id))}
        for account in accounts_of(self._parts, numbers):
            self._parts.journal.present(account, protocol.REQUESTER, requester_id)


def accounts_of(parts: Parts, numbers: set[int]) -> list[StoredAccount]:
    """The accounts with these numbers."""
    return [one for one in parts.accounts.all() if one.number in numbers]


def _bare_event(body: str) -> str:
    try:
        said: Any = orjson.loads(body)
    except ValueError:
        said = {}
    event = said if isinstance(said, dict) else {}
    what, by = event.get("what"), event.get("by")
    kept = event if what in _WITHOUT_WORDS else {}
    bare = {"what": what, "from": kept.get("from"), "to": kept.get("to"), "by": by}
    return orjson.dumps(bare).decode()
