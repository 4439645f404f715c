"""Which tickets the tokens of links stand for, as far as they are here: both tickets of a link carry its token."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from sync.cache.rows import MessageRow
from sync.cache.store import Store
from sync.domain.actions import LINK_PREFIX, Action, EditTicket
from sync.domain.records import MessageKind, Ticket
from sync.domain.tokens import is_token, renamed, tokens_in

_OTHER: Final = """
SELECT l.ticket_id FROM ticket_link l JOIN ticket t ON t.id = l.ticket_id WHERE l.token = ? AND l.ticket_id <> ?
"""
_BESIDE: Final = "SELECT ticket_id FROM ticket_link WHERE token = ? AND ticket_id <> ?"
_CARRIED: Final = "SELECT token FROM ticket_link WHERE ticket_id = ?"
_TABLE: Final = (
    "CREATE TABLE ticket_link (token TEXT NOT NULL, ticket_id TEXT NOT NULL, PRIMARY KEY (token, ticket_id)) "
    "WITHOUT ROWID",
    "CREATE INDEX ticket_link_ticket ON ticket_link (ticket_id)",
    "CREATE TRIGGER ticket_link_gone AFTER DELETE ON ticket "
    "BEGIN DELETE FROM ticket_link WHERE ticket_id = OLD.id; END",
)
# What was kept before may name tickets elsewhere by their ids: it leaves, and the accounts are copied again.
_TOLD: Final = "kind = 'event' AND body_text LIKE '%\"what\":\"link\"%' AND state = 0"
_AWAY: Final = (
    "UPDATE account SET cursor = NULL, complete = 0 WHERE key IN (SELECT account FROM ticket WHERE links <> '' "
    f"OR follow_up_of IS NOT NULL UNION SELECT account FROM message WHERE {_TOLD})",
    "UPDATE ticket SET confirmed = json_set(confirmed, '$.links', json('{}'), '$.followUpOf', NULL) "
    "WHERE confirmed IS NOT NULL",
    "UPDATE ticket SET links = '', follow_up_of = NULL WHERE links <> '' OR follow_up_of IS NOT NULL",
    f"UPDATE message SET body_text = json_set(body_text, '$.from', NULL, '$.to', NULL) WHERE {_TOLD}",
)


def tokens_for_ids(store: Store) -> None:
    """The step of the schema."""
    for statement in (*_TABLE, *_AWAY):
        store.execute(statement)
    if store.value("SELECT EXISTS (SELECT 1 FROM account)"):
        store.owe()


def take_tickets(store: Store, rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Tickets came from the server; those that they are linked with may show it now."""
    return _take(store, ((token, row["id"]) for row in rows for token in row.get("links") or ()))


def take_messages(store: Store, rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """The same for messages: an event names a link that may be gone, or have passed to another ticket."""
    events = (row for row in rows if row["kind"] == MessageKind.EVENT)
    return _take(store, ((token, row["ticketId"]) for row in events for token in tokens_in(row["bodyText"])))


def _take(store: Store, pairs: Iterable[tuple[str, str]]) -> set[str]:
    carried = [(token, ticket_id) for token, ticket_id in pairs if is_token(token)]
    if not carried:
        return set()
    store.many("INSERT OR IGNORE INTO ticket_link VALUES (?, ?)", carried)
    return {one for pair in carried for (one,) in store.rows(_BESIDE, pair)}


def beside(store: Store, ticket_ids: Iterable[str]) -> set[str]:
    """The tickets here that are linked with any of these, or were."""
    return {
        other
        for one in ticket_ids
        for (token,) in store.rows(_CARRIED, (one,))
        for (other,) in store.rows(_BESIDE, (token, one))
    }


def linked(store: Store, ticket_id: str, links: Iterable[str]) -> dict[str, str]:
    """The tickets that links stand for, by the link: the id where it is known here, else the token as it is."""
    found = {one: one for one in links}
    for token in filter(is_token, tuple(found)):
        found[token] = store.value(_OTHER, (token, ticket_id)) or token
    return found


def told(store: Store, row: MessageRow) -> MessageRow:
    """An entry of a thread with the ids of the tickets that are known here."""
    if row.kind is not MessageKind.EVENT:
        return row
    body = renamed(row.body_text, lambda one: linked(store, row.ticket_id, [one])[one])
    return row if body == row.body_text else replace(row, body_text=body)


def by_id(store: Store, ticket: Ticket) -> Ticket:
    """The ticket with its links as ids where those are known here, for a merge: it changes whom a link is between."""
    return replace(ticket, links=frozenset(linked(store, ticket.id, ticket.links).values())) if ticket.links else ticket


def by_token(store: Store, ticket: Ticket, action: Action) -> Action:
    """An edit that names a link of the ticket by the other's id names it as the server does: so neither a link that
    the server has confirmed meanwhile shows twice, nor one that is taken away stays."""
    if not isinstance(action, EditTicket) or not ticket.links:
        return action
    known = linked(store, ticket.id, ticket.links)
    tokens = {LINK_PREFIX + other: LINK_PREFIX + token for token, other in known.items()}
    wanted = {tokens.get(name, name): value for name, value in action.wanted.items()}
    return replace(action, wanted=wanted, base={tokens.get(name, name): value for name, value in action.base.items()})
