"""Which ticket goes on in which: the chains of merged tickets, as they are shown here."""

from collections.abc import Iterable
from typing import Final

from sync.cache import wire
from sync.cache.shown import column
from sync.cache.store import Store
from sync.domain.actions import MergeTicket
from sync.domain.errors import Rejected
from sync.domain.records import Status
from sync.domain.rules import may_merge

# Bounded, since two merges that cross each other are a circle until the server has had its say.
_UP: Final = """
WITH RECURSIVE up(id, step) AS (
  SELECT merged_into_id, 1 FROM ticket WHERE id = ? UNION ALL
  SELECT t.merged_into_id, up.step + 1 FROM up JOIN ticket t ON t.id = up.id WHERE up.step < 50)
SELECT up.id FROM up JOIN ticket t ON t.id = up.id ORDER BY up.step DESC LIMIT 1
"""
_DOWN: Final = """
WITH RECURSIVE down(id) AS (
  SELECT id FROM ticket WHERE merged_into_id = ? UNION
  SELECT t.id FROM down JOIN ticket t ON t.merged_into_id = down.id)
SELECT id FROM down
"""
_ANY: Final = "SELECT 1 FROM ticket WHERE merged_into_id IS NOT NULL LIMIT 1"


def any_merged(store: Store) -> bool:
    """Whether any ticket here was merged: most often none was, and nothing need be looked for."""
    return store.one(_ANY) is not None


def end_of(store: Store, ticket_id: str) -> str | None:
    """The ticket in which this one goes on in the end, if it was merged and that one is here."""
    found: str | None = store.value(_UP, (ticket_id,))
    return found if found != ticket_id else None


def merged_into(store: Store, ticket_id: str) -> list[str]:
    """The tickets that were merged into this one, and into those."""
    return [one for (one,) in store.rows(_DOWN, (ticket_id,)) if one != ticket_id]


def with_ends(store: Store, ticket_ids: Iterable[str]) -> frozenset[str]:
    """These tickets, and those whose threads show their messages too."""
    found = frozenset(ticket_ids)
    if not found or not any_merged(store):
        return found
    return found | {end for one in found if (end := end_of(store, one)) is not None}


def check_merge(store: Store, action: MergeTicket) -> None:
    """Raises Rejected for a merge that the server would refuse as far as is known here."""
    rows = [column(store, one) for one in (action.ticket_id, action.into_id)]
    ticket, into = (None if row is None else wire.ticket_record(wire.stored_ticket(row)) for row in rows)
    if ticket is None or into is None:
        raise Rejected("One of these tickets is not here. Choose another.", "notFound")
    if may_merge(ticket, into):
        return
    if ticket.category_id != into.category_id:
        sentence = "These tickets are in two categories. Move one of them first, then merge."
    elif into.status is Status.CLOSED and into.merged_into_id is None and ticket.merged_into_id is None:
        sentence = "That ticket is closed, and somebody else's. Open it again first, then merge."
    else:
        sentence = "One of these tickets was merged already. Look at it, then choose again."
    raise Rejected(sentence, "invalidProperties")
