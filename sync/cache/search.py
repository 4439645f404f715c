"""Finds tickets by any word, number, requester or tag, the newest first (FTS5 in the order of its row numbers)."""

from collections.abc import Iterator
from typing import Any

from sync.cache.merges import any_merged, end_of
from sync.cache.store import Store
from sync.cache.wire import KEY_BITS
from sync.domain.search import Query, Term

_BEST = 1000
_LOOKED_AT = 5000


def find(store: Store, query: Query, limit: int, newest_first: bool) -> list[int]:
    """The keys of up to `limit` tickets. Raises Interrupted when another thread interrupts the store."""
    found: dict[int, None] = {}
    if query.is_empty() or limit < 1:
        return []
    if query.number is not None:
        found.update((key, None) for (key,) in store.rows("SELECT key FROM ticket WHERE number = ?", (query.number,)))
    where, values = _filters(query)
    by_text = bool(query.terms or query.senders)
    keys = _by_text(store, query, where, values, newest_first) if by_text else _by_columns(store, query, where, values)
    onward = by_text and query.statuses is None and any_merged(store)
    for key in keys:
        found[_end(store, key) if onward else key] = None
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _end(store: Store, key: int) -> int:
    """Words in a ticket that was merged are found in the one that shows its thread."""
    merged = store.value("SELECT id FROM ticket WHERE key = ? AND merged_into_id IS NOT NULL", (key,))
    end = None if merged is None else end_of(store, merged)
    return key if end is None else int(store.value("SELECT key FROM ticket WHERE id = ?", (end,)))


def requesters_found(store: Store, text: str, limit: int) -> list[str]:
    """Ids of up to `limit` requesters with words that begin so in name or address, who wrote last first."""
    words = [word for word in text.split() if any(character.isalnum() for character in word)]
    query = Query(senders=tuple(Term(word, prefix=True) for word in words))
    found: dict[str, None] = {}
    if not words:
        return []
    rows = store.first_column(
        "SELECT t.requester_id FROM message_text f CROSS JOIN message m ON m.key = f.rowid "
        "CROSS JOIN ticket t ON t.id = m.ticket_id WHERE f.message_text MATCH ? AND t.requester_id IS NOT NULL "
        f"ORDER BY f.rowid DESC LIMIT {_LOOKED_AT}",
        [match_text(query)],
    )
    for requester_id in rows:
        found[requester_id] = None
        if len(found) >= limit:
            break
    return list(found)[:limit]


def match_text(query: Query) -> str:
    """The FTS5 expression; every text is a quoted string, so that nothing typed is syntax."""
    senders = [f"requester : {_quoted(term)}" for term in query.senders]
    return " AND ".join([*(_quoted(term) for term in query.terms), *senders])


def _quoted(term: Term) -> str:
    text = term.text.replace('"', '""')
    return f'"{text}" *' if term.prefix else f'"{text}"'


def _by_text(store: Store, query: Query, where: str, values: list[Any], newest_first: bool) -> Iterator[int]:
    bounds, limits = "", list[Any]()
    if query.after is not None:
        bounds, limits = f"{bounds} AND f.rowid >= ?", [*limits, query.after << KEY_BITS]
    if query.before is not None:
        bounds, limits = f"{bounds} AND f.rowid < ?", [*limits, query.before << KEY_BITS]
    order = "f.rowid DESC" if newest_first else f"f.rank LIMIT {_BEST}"
    return store.first_column(
        "SELECT t.key FROM message_text f CROSS JOIN message m ON m.key = f.rowid "
        f"CROSS JOIN ticket t ON t.id = m.ticket_id WHERE f.message_text MATCH ?{bounds}{where} ORDER BY {order}",
        [match_text(query), *limits, *values],
    )


def _by_columns(store: Store, query: Query, where: str, values: list[Any]) -> Iterator[int]:
    bounds, limits = "", list[Any]()
    if query.after is not None:
        bounds, limits = f"{bounds} AND t.updated_at >= ?", [*limits, query.after]
    if query.before is not None:
        bounds, limits = f"{bounds} AND t.created_at < ?", [*limits, query.before]
    if not (bounds or where):
        return iter(())
    return store.first_column(
        f"SELECT t.key FROM ticket t WHERE 1{bounds}{where} ORDER BY t.updated_at DESC, t.key DESC", [*limits, *values]
    )


def _filters(query: Query) -> tuple[str, list[Any]]:
    """What must hold of the ticket's columns."""
    where, values = "", list[Any]()
    if query.statuses is not None:
        where += f" AND t.status IN ({', '.join('?' * len(query.statuses))})"
        values.extend(sorted(status.value for status in query.statuses))
    for tag in query.tags:
        where += " AND t.id IN (SELECT ticket_id FROM ticket_tag WHERE tag >= ? AND tag < ?)"
        values.extend((tag, tag + "\U0010ffff"))
    if query.categories:
        any_of = " OR ".join(["c.name LIKE ? ESCAPE '\\'"] * len(query.categories))
        where += f" AND t.category_id IN (SELECT c.id FROM category c WHERE {any_of})"
        values.extend(_like(name) for name in query.categories)
    return where, values


def _like(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"
