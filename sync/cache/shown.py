"""Shown = the domain rules over the confirmed row and its outbox entries, rebuilt in the caller's transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from sync.cache import wire
from sync.cache.action_text import from_text
from sync.cache.index import SearchIndex
from sync.cache.links import by_id, by_token
from sync.cache.store import Record, Store
from sync.domain.actions import Action, AttachQuickNote, CreateTicket, MergeTicket, PostMessage
from sync.domain.records import Attachment, MessageKind, Ticket
from sync.domain.rules import after_reply, merged_away, project, taken_in

_COLUMNS = ", ".join(wire.TICKET_COLUMNS)
_INSERT = f"INSERT INTO ticket ({_COLUMNS}) VALUES ({', '.join('?' * len(wire.TICKET_COLUMNS))})"
_UPDATE = f"UPDATE ticket SET {', '.join(f'{name} = ?' for name in wire.TICKET_COLUMNS)} WHERE id = ?"
_MESSAGE = f"INSERT INTO message VALUES ({', '.join('?' * len(wire.MESSAGE_COLUMNS))})"
_DOC = ("account", "number", "subject", "requester_id", "tags")


class State(IntEnum):
    """Where a message or an outbox entry stands; SENT: the server has it, its row has not come back yet."""

    CONFIRMED = 0
    WAITING = 1
    SENDING = 2
    SENT = 3
    NEEDS_YOU = 4


def me(store: Store) -> str | None:
    """The id of the person whose cache this is."""
    found: str | None = store.value("SELECT value FROM meta WHERE name = 'userId'")
    return found


def limits(store: Store) -> Mapping[str, int]:
    """How long a ticket may await the team, by category."""
    return dict(store.rows("SELECT id, min(limit_ms) FROM category GROUP BY id"))


def new_ticket(action: CreateTicket) -> Ticket:
    """The ticket that an agent takes down, as it is shown until the server gives its own."""
    ticket = Ticket(
        id=action.ticket_id,
        number=None,
        subject=action.subject,
        category_id=action.category_id,
        requester_id=None,
        created_at=action.composed_at,
        updated_at=action.composed_at,
        priority=action.priority,
        channel=action.channel,
        awaiting_since=action.composed_at,
        tags=action.tags,
        follow_up_of=action.follow_up_of,
    )
    return after_reply(ticket, action.composed_at) if action.first_kind is MessageKind.REPLY else ticket


def free_key(store: Store, key: int) -> int:
    """The first message key from `key` on that is not taken."""
    while store.one("SELECT 1 FROM message WHERE key = ?", (key,)) is not None:
        key += 1
    return key


def column(store: Store, ticket_id: str) -> dict[str, Any] | None:
    """A ticket's row by column name."""
    names = ("key", *wire.TICKET_COLUMNS, "confirmed")
    found = store.one(f"SELECT {', '.join(names)} FROM ticket WHERE id = ?", (ticket_id,))
    return None if found is None else dict(zip(names, found, strict=True))


def confirmed(store: Store, ticket_id: str) -> dict[str, Any] | None:
    """What the server last said of a ticket, in wire form; None where it is not here."""
    row = column(store, ticket_id)
    return None if row is None else _said(row)


class Shown:
    """Rebuilds what is shown of single tickets."""

    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index

    def rebuild(self, ticket_ids: Iterable[str]) -> None:
        """Make these tickets and their unconfirmed messages again. Inside the caller's transaction."""
        known = limits(self._store)
        for ticket_id in sorted(set(ticket_ids)):
            self._ticket(ticket_id, known)
            self._messages(ticket_id)

    def column(self, ticket_id: str) -> dict[str, Any] | None:
        """The ticket's row by column name."""
        return column(self._store, ticket_id)

    def confirmed(self, ticket_id: str) -> dict[str, Any] | None:
        """What the server last said of a ticket, in wire form."""
        return confirmed(self._store, ticket_id)

    def last_seq(self, ticket_id: str | None) -> int:
        """The highest seq of the server's that is here, the base of a reply."""
        found = self._store.value("SELECT max(seq) FROM message WHERE ticket_id = ? AND state = 0", (ticket_id,))
        return found or 0

    def _ticket(self, ticket_id: str, known: Mapping[str, int]) -> None:
        entries = self._entries(ticket_id)
        row = self.column(ticket_id)
        if row is None:
            self._create(entries, known)
            return
        if not entries and row["confirmed"] is None:
            return
        confirmed = _said(row)
        shown = self._projected(wire.ticket_record(confirmed), entries)
        self._write(row, shown, known)
        kept = json.dumps(confirmed) if entries else None
        self._store.execute("UPDATE ticket SET confirmed = ? WHERE id = ?", (kept, ticket_id))

    def _entries(self, ticket_id: str) -> list[tuple[int, Action]]:
        """What waits in the outbox and changes this ticket, with its place there."""
        rows = self._store.rows(
            "SELECT key, action FROM outbox WHERE ticket_id = ? OR into_id = ? ORDER BY key", (ticket_id, ticket_id)
        )
        return [(key, from_text(text)) for key, text in rows]

    def _projected(self, ticket: Ticket, entries: Iterable[tuple[int, Action]]) -> Ticket:
        for key, action in entries:
            if isinstance(action, MergeTicket):
                ticket = self._merged(ticket, action, key)
            else:
                ticket = project(ticket, by_token(self._store, ticket, action))
        return ticket

    def _merged(self, ticket: Ticket, action: MergeTicket, key: int) -> Ticket:
        """A merge waits there: the one ticket is closed, the other has what was the first one's until then."""
        if ticket.id == action.ticket_id:
            return merged_away(ticket, action.into_id, action.at)
        row = self.column(action.ticket_id)
        if row is None:
            return ticket
        before = [entry for entry in self._entries(action.ticket_id) if entry[0] < key]
        gone = self._projected(wire.ticket_record(_said(row)), before)
        return taken_in(by_id(self._store, ticket), by_id(self._store, gone), action.at)

    def _create(self, entries: Sequence[tuple[int, Action]], known: Mapping[str, int]) -> None:
        made = next((action for _, action in entries if isinstance(action, CreateTicket)), None)
        if made is None:
            return
        base = new_ticket(made)
        shown = self._projected(base, entries)
        account = self._store.value("SELECT key FROM account WHERE category_id = ?", (shown.category_id,))
        if account is not None:
            self._store.execute(_INSERT, self._values(shown, account, 0, known))
            self.set_tags(shown.id, shown.tags)
            self._store.execute(
                "UPDATE ticket SET confirmed = ? WHERE id = ?", (json.dumps(wire.ticket_row(base)), shown.id)
            )

    def _values(self, ticket: Ticket, account: int, seen: int, known: Mapping[str, int]) -> tuple[Any, ...]:
        limit = known.get(ticket.category_id, wire.DEFAULT_LIMIT_MS)
        return wire.ticket_values(wire.ticket_row(ticket), account, limit, seen)

    def _write(self, row: Mapping[str, Any], shown: Ticket, known: Mapping[str, int]) -> None:
        values = self._values(shown, row["account"], row["seen"], known)
        self.update(row, values)

    def update(self, row: Mapping[str, Any], values: tuple[Any, ...]) -> None:
        """Write a ticket's columns over its row, and see to search and tags."""
        new = dict(zip(wire.TICKET_COLUMNS, values, strict=True))
        moved = any(new[name] != row[name] for name in _DOC)
        if moved:
            self._index.drop("ticket_id = ?", (row["id"],))
        self._store.execute(_UPDATE, (*values, row["id"]))
        if moved:
            self._index.later("ticket_id = ?", (row["id"],))
            self._index.refresh_now("ticket_id = ?", (row["id"],))
        if row["follow_up_of"] not in (None, new["follow_up_of"]):  # the earlier one is elsewhere now
            self._store.owe()
        if new["tags"] != row["tags"]:
            self.set_tags(row["id"], new["tags"].split("\n") if new["tags"] else ())

    def set_tags(self, ticket_id: str, tags: Iterable[str]) -> None:
        """The tags by which `tag:` finds a ticket."""
        self._store.execute("DELETE FROM ticket_tag WHERE ticket_id = ?", (ticket_id,))
        self._store.many("INSERT INTO ticket_tag VALUES (?, ?)", ((tag, ticket_id) for tag in tags))

    def _messages(self, ticket_id: str) -> None:
        local = ("ticket_id = ? AND state <> 0", (ticket_id,))
        self._index.drop(*local)
        self._store.execute(f"DELETE FROM message WHERE {local[0]}", local[1])
        account = self._store.value("SELECT account FROM ticket WHERE id = ?", (ticket_id,))
        if account is None:
            return
        entries = self._store.rows(
            "SELECT key, client_key, action, at, state, sent_id FROM outbox WHERE ticket_id = ? UNION ALL "
            "SELECT 0, client_key, action, at, 4, NULL FROM undelivered WHERE ticket_id = ? AND discarded_at IS NULL "
            "ORDER BY 4, 1",
            (ticket_id, ticket_id),
        )
        for number, entry in enumerate(entries):
            self._message(ticket_id, account, number, entry)
        self._index.later(*local)
        self._index.refresh_now(*local)

    def _message(self, ticket_id: str, account: int, number: int, entry: Record) -> None:
        _, client_key, text, _, state, sent_id = entry
        written = _written(from_text(text))
        if written is None:
            return
        kind, body, composed_at, files = written
        if sent_id and self._store.one("SELECT 1 FROM message WHERE id = ?", (sent_id,)) is not None:
            return
        key = free_key(self._store, wire.message_key(composed_at, client_key))
        message_id = sent_id or client_key
        author = None if kind is MessageKind.INBOUND else me(self._store)
        values = (
            key, message_id, account, ticket_id, wire.LOCAL_SEQ + number, kind.value, author, body, composed_at,
            composed_at, wire.attachments_text(files), client_key, state, 0, None,
        )  # fmt: skip
        self._store.execute(_MESSAGE, values)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the server last said of a ticket of this row."""
    return wire.parsed(row["confirmed"]) if row["confirmed"] else wire.stored_ticket(row)


def _written(action: Action) -> tuple[MessageKind, str, int, tuple[Attachment, ...]] | None:
    match action:
        case PostMessage():
            return action.kind, action.body_text, action.composed_at, action.attachments
        case AttachQuickNote():
            return MessageKind.NOTE, action.text, action.at, ()
        case CreateTicket():
            return action.first_kind, action.body_text, action.composed_at, action.attachments
        case _:
            return None
