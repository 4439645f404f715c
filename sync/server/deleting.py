"""A ticket leaves for good: with its thread, its files, and what others knew of it; an entry in the audit log stays."""

from typing import Final

from sync.domain import protocol
from sync.domain.records import Ticket
from sync.server.accounts import StoredAccount
from sync.server.audit import Actor, Deed
from sync.server.database import Database
from sync.server.incidents.repairs import count_answers
from sync.server.likeness.index import Index
from sync.server.link_tokens import stamp_followers
from sync.server.linking import Linking
from sync.server.parts import Colleague, Parts
from sync.server.ticketing import Ticketing, part_from
from sync.server.unreached import Unreached

_FILES: Final = "SELECT DISTINCT u.blob_id FROM blob_use u JOIN message m ON m.id = u.message_id WHERE m.ticket_id = ?"
_STILL_USED: Final = "SELECT 1 FROM blob_use WHERE blob_id = ? LIMIT 1"


class Deleting:
    """Call inside a write transaction."""

    def __init__(self, parts: Parts, ticketing: Ticketing) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._linking = Linking(parts, ticketing)
        self._index = Index(parts.database)
        self._unreached = Unreached(parts)

    def delete(self, ticket: Ticket, by: Colleague) -> None:
        """Delete a ticket, and those that were merged into it: their threads are one."""
        merged = [self._ticketing.held(one) for one in self._ticketing.merged_into(ticket.id)]
        for one in (ticket, *(one for one in merged if one is not None)):
            self._delete(one)
            detail = {"number": one.number, "categoryId": one.category_id}
            self._parts.audit.record(Deed.TICKET_DELETED, Actor.of(by), one.id, detail)

    def _delete(self, ticket: Ticket) -> None:
        database, journal = self._parts.database, self._parts.journal
        account = self._ticketing.account_of(ticket)
        self._linking.gone(ticket)
        self._index.forget(ticket.id)
        key = (ticket.id,)
        messages = database.select("SELECT id, author_id FROM message WHERE ticket_id = ?", key)
        arrivals = database.select("SELECT id FROM arrival WHERE ticket_id = ?", key)
        journal.gone(account, protocol.TICKET, ticket.id)
        journal.gone(account, protocol.MESSAGE, *(str(one[0]) for one in messages))
        deliveries = database.select("SELECT id FROM delivery WHERE ticket_id = ?", key)
        journal.gone(account, protocol.DELIVERY, *(str(one[0]) for one in deliveries))
        for (arrival_id,) in arrivals:
            if journal.stands(account, protocol.TICKET_ARRIVAL, arrival_id):
                journal.gone(account, protocol.TICKET_ARRIVAL, arrival_id)
        self._forget_reading(ticket)
        self._unreached.forget_ticket(ticket.id)
        files = [str(one[0]) for one in database.select(_FILES, key)]
        answered = database.select("SELECT incident_id FROM incident_repair WHERE ticket_id = ?", key)
        for sql in (
            "DELETE FROM blob_use WHERE message_id IN (SELECT id FROM message WHERE ticket_id = ?)",
            "DELETE FROM alert_receipt WHERE arrival_id IN (SELECT id FROM arrival WHERE ticket_id = ?)",
            "DELETE FROM message WHERE ticket_id = ?",
            "DELETE FROM arrival WHERE ticket_id = ?",
            "DELETE FROM page_secret WHERE ticket_id = ?",
            "DELETE FROM feedback WHERE ticket_id = ?",
            "DELETE FROM incident_repair WHERE ticket_id = ?",
            "DELETE FROM delivery WHERE ticket_id = ?",
            "DELETE FROM letter WHERE ticket_id = ?",
            "DELETE FROM mail_participant WHERE ticket_id = ?",
            "UPDATE mail_in SET ticket_id = NULL, message_id = NULL WHERE ticket_id = ?",
            "DELETE FROM ticket WHERE id = ?",
        ):
            database.execute(sql, key)
        stamp_followers(self._parts, ticket.id)
        for blob_id in files:
            forget_file(database, blob_id)
        for (incident_id,) in answered:
            count_answers(self._parts, str(incident_id))
        self._part({ticket.requester_id, *(one[1] for one in messages)} - {None}, ticket, account)

    def _part(self, people: set[str | None], ticket: Ticket, account: StoredAccount) -> None:
        """Who wrote to it and has nothing more in the category stands there no more."""
        for requester_id in sorted(str(one) for one in people):
            self._ticketing.hold_requester(requester_id)
            part_from(self._parts, account, requester_id, ticket.id)

    def _forget_reading(self, ticket: Ticket) -> None:
        """What each agent has read of it."""
        database, accounts = self._parts.database, self._parts.accounts
        for mark_id, agent_id in database.select(
            "SELECT id, agent_id FROM read_mark WHERE ticket_id = ?", (ticket.id,)
        ):
            self._parts.journal.gone(accounts.of_agent(agent_id), protocol.READ_MARK, mark_id)
        database.execute("DELETE FROM read_mark WHERE ticket_id = ?", (ticket.id,))


def forget_file(database: Database, blob_id: str) -> None:
    """A file that a message no longer refers to: its bytes go too, unless another message refers to it."""
    if database.select(_STILL_USED, (blob_id,)):
        return
    for table, column in (("blob_chunk", "blob_id"), ("blob_claim", "blob_id"), ("blob", "id")):
        database.execute(f"DELETE FROM {table} WHERE {column} = ?", (blob_id,))  # noqa: S608  # our own tables
