"""What leaves the cache, and how nothing of it stays: single rows, what a fresh copy lacks, a whole account."""

from collections.abc import Mapping, Sequence

from sync.cache import wire
from sync.cache.index import SearchIndex
from sync.cache.store import Store

_BY_ID = {
    "Category": "category",
    "CategoryGrant": "category_grant",
    "Agent": "agent",
    "ReadMark": "read_mark",
    "QuickNote": "quick_note",
    "HeldMessage": "held",
    "SpotCheck": "spot_check",
    "AgentAccess": "agent_access",
    "UnreachedAlert": "unreached_alert",
    "FaqEntry": "faq_entry",
    "Closing": "closing",
    "TicketArrival": "arrival",
    "Delivery": "delivery",
    "Incident": "incident",
    "IncidentNote": "incident_note",
    "Surge": "surge",
    "NextInLine": "next_in_line",
}
_SWEPT = {
    "category": "",
    "category_grant": "",
    "agent": "",
    "requester": "",
    "read_mark": "AND ticket_id NOT IN (SELECT ticket_id FROM outbox WHERE kind = 'MarkRead')",
    "quick_note": "AND state = 0",
    "held": "",
    "agent_access": "",
    "unreached_alert": "",
    "faq_entry": "",
    "closing": "",
    "delivery": "",
    "incident": "",
    "incident_note": "",
    "surge": "",
    "next_in_line": "",
    "spot_check": "AND id NOT IN (SELECT client_key FROM outbox)",
}
_WHOSE = "ticket_id IN (SELECT id FROM ticket WHERE requester_id = ? AND account = ?)"


class Departures:
    """Removes rows with all that hangs on them. All calls inside the caller's transaction.

    A row counts only in the account it stands in: what another account has taken over is left alone.
    """

    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index
        self._files: set[str] = set()
        self._erased = False

    def files(self) -> set[str]:
        """The blob ids of all that left since this was asked last: their bytes are to leave too."""
        files, self._files = self._files, set()
        return files

    def erased(self) -> bool:
        """Whether words that stood here were replaced by others since this was asked last."""
        erased, self._erased = self._erased, False
        return erased

    def _note_files(self, where: str, values: Sequence[object]) -> None:
        whose = f"{where} AND coalesce(attachments, original) IS NOT NULL"
        for text, original in self._store.rows(f"SELECT attachments, original FROM message WHERE {whose}", values):
            self._files.update(file.blob_id for file in wire.attachments_of(text))
            self._files.update((original,) if original else ())

    def destroyed(self, gone: Mapping[str, Sequence[str]], account: int) -> set[str]:
        """What the server said is gone from this account; the ids of tickets that went."""
        tickets = set()
        for ticket_id in gone.get("Ticket", ()):
            if self._store.one("SELECT 1 FROM ticket WHERE id = ? AND account = ?", (ticket_id, account)) is not None:
                self._ticket(ticket_id, account)
                tickets.add(ticket_id)
        for message_id in gone.get("Message", ()):
            self._messages("id = ? AND account = ? AND state = 0", (message_id, account))
        for requester_id in gone.get("Requester", ()):
            self._index.drop(_WHOSE, (requester_id, account))
            self._delete("requester WHERE id = ? AND account = ?", (requester_id, account))
            self._index.later(_WHOSE, (requester_id, account))
        for name, table in _BY_ID.items():
            self._store.many(
                f"DELETE FROM {table} WHERE id = ? AND account = ?",
                ((one, account) for one in gone.get(name, ())),
            )
        return tickets

    def sweep(self, account: int, seen: int) -> set[str]:
        """What a fresh copy did not show; the ids of tickets that went."""
        old = self._store.rows(
            "SELECT id FROM ticket WHERE account = ? AND seen <> ? AND id NOT IN "
            "(SELECT ticket_id FROM outbox WHERE kind = 'CreateTicket')",
            (account, seen),
        )
        tickets = {ticket_id for (ticket_id,) in old}
        for ticket_id in sorted(tickets):
            self._ticket(ticket_id, account)
        self._messages("account = ? AND seen <> ? AND state = 0", (account, seen))
        for table, also in _SWEPT.items():
            self._delete(f"{table} WHERE account = ? AND seen <> ? {also}", (account, seen))
        return tickets

    def never_came(self, account: int) -> bool:
        """At the end of a round: quick notes that the server made and has no more, since before it told of them."""
        query = "DELETE FROM quick_note WHERE account = ? AND state = 0 AND seen = 0"
        return bool(self._store.execute(query, (account,)).rowcount)

    def replaced(self, message_id: str, *, was_here_only: bool) -> None:
        """A message comes anew: with its place in the thread, or from the server with other words, since they were
        erased there; then the old ones leave with every byte."""
        if not was_here_only:
            self._erased = True
            self._messages("id = ?", (message_id,))
            return
        self._index.drop("id = ?", (message_id,))
        self._store.execute("DELETE FROM message WHERE id = ?", (message_id,))

    def purge(self, account: int) -> None:
        """Everything of an account that is gone. The caller empties the write-ahead log afterwards."""
        self._store.owe()
        self._note_files("account = ?", (account,))
        here = self._store.value("SELECT count(*) FROM message WHERE account = ?", (account,))
        if here * 4 > self._store.value("SELECT count(*) FROM message"):
            self._bulk(account)
        else:
            self._index.drop("account = ?", (account,))
        of_it = "ticket_id IN (SELECT id FROM ticket WHERE account = ?)"
        for table in ("ticket_tag", "new_ticket"):
            self._store.execute(f"DELETE FROM {table} WHERE {of_it}", (account,))
        for table in ("ticket", "message", "requester", "arrival", *_SWEPT):
            self._store.execute(f"DELETE FROM {table} WHERE account = ?", (account,))
        self._store.execute("DELETE FROM account WHERE key = ?", (account,))

    def _bulk(self, account: int) -> None:
        self._index.empty()
        self._store.execute(
            "DELETE FROM unindexed WHERE key IN (SELECT key FROM message WHERE account = ?)", (account,)
        )

    def _messages(self, where: str, values: Sequence[object]) -> None:
        self._note_files(where, values)
        self._index.drop(where, values)
        self._delete(f"message WHERE {where}", values)

    def _delete(self, what: str, values: Sequence[object]) -> None:
        if self._store.execute(f"DELETE FROM {what}", values).rowcount:
            self._store.owe()

    def _ticket(self, ticket_id: str, account: int) -> None:
        self._store.owe()
        self._index.drop("ticket_id = ?", (ticket_id,))
        self._note_files("ticket_id = ? AND account = ?", (ticket_id, account))
        self._store.execute("DELETE FROM ticket WHERE id = ?", (ticket_id,))
        for table in ("ticket_tag", "new_ticket"):
            self._store.execute(f"DELETE FROM {table} WHERE ticket_id = ?", (ticket_id,))
        self._store.execute(
            "DELETE FROM message WHERE ticket_id = ? AND (account = ? OR state <> 0)", (ticket_id, account)
        )
        for table in ("arrival", "delivery", "next_in_line"):
            self._store.execute(f"DELETE FROM {table} WHERE ticket_id = ? AND account = ?", (ticket_id, account))
        self._index.later("ticket_id = ?", (ticket_id,))
