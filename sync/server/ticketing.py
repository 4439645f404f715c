"""What happens to a stored ticket: messages, events, edits, moves, arrivals. Inside a write transaction."""

from dataclasses import replace
from typing import Final

import orjson

from sync.domain import ids, protocol, rules
from sync.domain.actions import member_of
from sync.domain.records import ArrivalKind, Attachment, MessageKind, Status, Ticket
from sync.server import rows
from sync.server.access import sees
from sync.server.accounts import StoredAccount
from sync.server.database import Database
from sync.server.ledger import BlobUse
from sync.server.link_tokens import stamp_followers
from sync.server.parts import Parts
from sync.server.tables import ArrivalRow, MessageRow, TicketRow
from sync.server.unreached import Unreached
from sync.server.wire import arrival_wire

_WHERE: Final = "SELECT category_id FROM ticket WHERE id = ?"
_HOLD: Final = "SELECT 1 FROM ticket WHERE id = ? FOR UPDATE"
_HOLD_REQUESTER: Final = "SELECT 1 FROM requester WHERE id = ? FOR UPDATE"
_MESSAGES: Final = "SELECT id FROM message WHERE ticket_id = ? ORDER BY seq"
_ARRIVALS: Final = "SELECT id FROM arrival WHERE ticket_id = ?"
_DELIVERIES: Final = "SELECT id FROM delivery WHERE ticket_id = ?"
_OTHERS: Final = "SELECT 1 FROM ticket WHERE requester_id = ? AND category_id = ? AND id <> ? LIMIT 1"
_SPOKEN: Final = """
SELECT 1 FROM message m JOIN ticket t ON t.id = m.ticket_id
WHERE m.author_id = ? AND t.category_id = ? AND t.id <> ? LIMIT 1
"""
_SPEAKERS: Final = "SELECT DISTINCT author_id FROM message WHERE ticket_id = ? AND kind = 'inbound' ORDER BY author_id"
_MERGED_INTO: Final = """
WITH RECURSIVE down(id) AS (SELECT id FROM ticket WHERE merged_into_id = ? UNION
SELECT t.id FROM down JOIN ticket t ON t.merged_into_id = down.id) SELECT id FROM down ORDER BY id
"""


class Ticketing:
    """Changes tickets by the domain's rules, and notes in the journal what changed in which account."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._unreached = Unreached(parts)

    def held(self, ticket_id: str) -> Ticket | None:
        """The ticket, with other writers kept away until the transaction ends."""
        database = self._parts.database
        if database.is_postgres:
            database.select(_HOLD, (ticket_id,))
        found = database.whole_rows(TicketRow, "WHERE t.id = ?", (ticket_id,))
        return rows.ticket_of(found[0]) if found else None

    def held_in(self, category_id: str | None, ticket_id: str) -> Ticket | None:
        """The same for a ticket of that category; one that is elsewhere is like one that is nowhere: who asks for it
        neither waits for those who work on it nor keeps them waiting."""
        rows_there = self._parts.database.select(_WHERE, (ticket_id,))
        if not rows_there or rows_there[0][0] != category_id:
            return None
        ticket = self.held(ticket_id)
        return ticket if ticket is not None and ticket.category_id == category_id else None

    def end_of(self, ticket: Ticket) -> Ticket:
        """The ticket in which this one goes on, itself if it was not merged; held like the ones between."""
        seen = {ticket.id}
        while ticket.merged_into_id is not None and ticket.merged_into_id not in seen:
            onward = self.held(ticket.merged_into_id)
            if onward is None:
                break
            seen.add(onward.id)
            ticket = onward
        return ticket

    def merged_into(self, ticket_id: str) -> list[str]:
        """The tickets that were merged into this one, and into those."""
        return [str(one[0]) for one in self._parts.database.select(_MERGED_INTO, (ticket_id,))]

    def account_of(self, ticket: Ticket) -> StoredAccount:
        """The account in which the ticket stands."""
        account = self._parts.accounts.of_category(ticket.category_id)
        if account is None:
            raise LookupError(ticket.category_id)
        return account

    def save(self, before: Ticket, after: Ticket, by: str | None = None) -> None:
        """Write what differs, and note it; a ticket that changes its category moves, and rings there unless closed."""
        old, new = rows.row_of(before), rows.row_of(after)
        different = {TicketRow._meta.fields[name]: new[name] for name in new if old[name] != new[name]}
        if not different:
            return
        self._parts.database.run(TicketRow.update(different).where(TicketRow.id == after.id))
        if before.category_id != after.category_id:
            self._move(before, after)
            self._take_along(after)
            if after.status is not Status.CLOSED:
                self.arrive(self.account_of(after), after, ArrivalKind.MOVED, None, by, after.updated_at)
        else:
            self._parts.journal.present(self.account_of(after), protocol.TICKET, after.id)

    def post(
        self,
        ticket: Ticket,
        kind: MessageKind,
        body_text: str,
        *,
        message_id: str,
        author_id: str | None,
        composed_at: int,
        at: int,
        attachments: tuple[Attachment, ...] = (),
        client_key: str | None = None,
        status_before: str | None = None,
        original_blob_id: str | None = None,
    ) -> Ticket:
        """Store a message as the next of the thread; the ticket with its new `last_seq`, which the caller saves.

        `original_blob_id`: the mail that it was, as it came.
        """
        seq = ticket.last_seq + 1
        row = {
            "id": message_id,
            "ticket_id": ticket.id,
            "seq": seq,
            "kind": kind.value,
            "author_id": author_id,
            "body_text": body_text,
            "composed_at": composed_at,
            "posted_at": at,
            "attachments": [rows.attachment_json(one) for one in attachments],
            "client_key": client_key,
            "status_before": status_before,
            "original_blob_id": original_blob_id,
        }
        self._parts.database.insert(MessageRow, [row])
        files = {one.blob_id for one in attachments} | ({original_blob_id} if original_blob_id else set())
        for blob_id in files:
            self._parts.database.insert(BlobUse, [{"blob_id": blob_id, "message_id": message_id}])
        self._parts.journal.present(self.account_of(ticket), protocol.MESSAGE, message_id)
        return replace(ticket, last_seq=seq)

    def tell(
        self, ticket: Ticket, what: str, old: object, new: object, by: str | None, at: int, words: str | None = None
    ) -> Ticket:
        """Store an event message: a compact JSON that the workstation puts into words; `words`: what somebody added."""
        more = {} if words is None else {"words": words}
        body = orjson.dumps({"what": what, "from": old, "to": new, "by": by, **more}).decode()
        return self.post(
            ticket,
            MessageKind.EVENT,
            body,
            message_id=self._parts.ids.new(ids.MESSAGE),
            author_id=by,
            composed_at=at,
            at=at,
        )

    def edit(self, ticket: Ticket, name: str, value: str | bool | None, by: str | None, at: int) -> Ticket:
        """One field edited, with its event; not yet saved. The same value again changes nothing."""
        after = rules.after_edit(ticket, name, value, at)
        if replace(after, updated_at=ticket.updated_at) == ticket:
            return ticket
        if (found := member_of(name)) is not None:
            what, one = found[0].removesuffix("s"), found[1]
            return self.tell(after, what, None if value else one, one if value else None, by, at)
        return self.tell(after, name, _field(ticket, name), value, by, at)

    def arrive(
        self,
        account: StoredAccount,
        ticket: Ticket,
        kind: ArrivalKind,
        message_id: str | None,
        by: str | None,
        at: int,
        for_agent_id: str | None = None,
    ) -> None:
        """Make something ring; `for_agent_id`: with this agent alone."""
        row = {
            "id": self._parts.ids.new(ids.ARRIVAL),
            "ticket_id": ticket.id,
            "message_id": message_id,
            "kind": kind.value,
            "priority": ticket.priority.value,
            "by_agent_id": by,
            "at": at,
            "for_agent_id": for_agent_id,
        }
        self._parts.database.insert(ArrivalRow, [row])
        self._parts.journal.present(account, protocol.TICKET_ARRIVAL, str(row["id"]))
        self._parts.journal.ring(account, arrival_wire(row))

    def meet(self, account: StoredAccount, requester_id: str) -> None:
        """See to it that the requester stands in the account."""
        self.hold_requester(requester_id)
        if not self._parts.journal.stands(account, protocol.REQUESTER, requester_id):
            self._parts.journal.present(account, protocol.REQUESTER, requester_id)

    def _take_along(self, moved: Ticket) -> None:
        """What was merged into a ticket that moved moves with it: its thread stays whole."""
        for ticket_id in self.merged_into(moved.id):
            before = self.held(ticket_id)
            if before is None or before.category_id == moved.category_id:
                continue
            keeps = before.assignee_id is not None and sees(self._parts.database, before.assignee_id, moved.category_id)
            after = replace(
                before,
                category_id=moved.category_id,
                assignee_id=before.assignee_id if keeps else None,
                updated_at=moved.updated_at,
            )
            new = rows.row_of(after)
            changes = {TicketRow._meta.fields[name]: new[name] for name in ("category_id", "assignee_id", "updated_at")}
            self._parts.database.run(TicketRow.update(changes).where(TicketRow.id == after.id))
            self._move(before, after)

    def _move(self, before: Ticket, after: Ticket) -> None:
        """Destroyed in the one account, created in the other, with the same ids (ARCHITECTURE 3.1)."""
        journal, database = self._parts.journal, self._parts.database
        source, target = self.account_of(before), self.account_of(after)
        messages, arrivals, deliveries = _hanging(database, after.id)
        journal.gone(source, protocol.TICKET, after.id)
        journal.gone(source, protocol.MESSAGE, *messages)
        rung = [one for one in arrivals if journal.stands(source, protocol.TICKET_ARRIVAL, one)]
        journal.gone(source, protocol.TICKET_ARRIVAL, *rung)
        for requester_id in _people_of(database, after):
            self.meet(target, requester_id)
            part_from(self._parts, source, requester_id, after.id)
        journal.gone(source, protocol.DELIVERY, *deliveries)
        self._unreached.moved(source, after.id)
        journal.present(target, protocol.TICKET, after.id)
        journal.present(target, protocol.MESSAGE, *messages)
        journal.present(target, protocol.DELIVERY, *deliveries)
        stamp_followers(self._parts, after.id)

    def hold_requester(self, requester_id: str) -> None:
        """Nobody else files for this requester, or parts from them, until the transaction ends."""
        if self._parts.database.is_postgres:
            self._parts.database.select(_HOLD_REQUESTER, (requester_id,))


def part_from(parts: Parts, account: StoredAccount, requester_id: str, without: str) -> None:
    """Who has no ticket and no words in the category, but for the ticket that leaves, stands there no more. The caller
    holds the requester."""
    here = (requester_id, account.category_id, without)
    if not parts.journal.stands(account, protocol.REQUESTER, requester_id):
        return
    if not any(parts.database.select(sql, here) for sql in (_OTHERS, _SPOKEN)):
        parts.journal.gone(account, protocol.REQUESTER, requester_id)


def _people_of(database: Database, ticket: Ticket) -> list[str]:
    """The ticket's requester, and whoever else wrote to it."""
    spoke = database.select(_SPEAKERS, (ticket.id,))
    return [str(one) for one in dict.fromkeys((ticket.requester_id, *(row[0] for row in spoke))) if one is not None]


def _hanging(database: Database, ticket_id: str) -> list[list[str]]:
    """The ids of what hangs on a ticket: its messages in order, its arrivals, its deliveries."""
    return [[str(one[0]) for one in database.select(sql, (ticket_id,))] for sql in (_MESSAGES, _ARRIVALS, _DELIVERIES)]


def _field(ticket: Ticket, name: str) -> str | None:
    found: dict[str, str | None] = {
        "status": ticket.status.value,
        "priority": ticket.priority.value,
        "assigneeId": ticket.assignee_id,
        "categoryId": ticket.category_id,
        "incidentId": ticket.incident_id,
    }
    return found[name]
