"""Words that the server holds for their author, who may decide about them at any of their workstations."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sync.cache import wire
from sync.cache.outbox import Outbox
from sync.cache.store import Record, Store
from sync.domain.actions import DiscardHeld, PostMessage
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind

Row = Mapping[str, Any]

# What no list of this workstation's own holds, and nobody here has decided about: `held h` in the caller's query.
ONLY_HELD: Final = (
    "h.client_key IS NOT NULL AND trim(h.body_text) <> '' AND h.kind IN ('reply', 'note') "
    "AND h.client_key NOT IN (SELECT client_key FROM undelivered) "
    "AND h.client_key NOT IN (SELECT client_key FROM outbox) "
    "AND h.id NOT IN (SELECT json_extract(action, '$.held_id') FROM outbox WHERE kind = 'DiscardHeld')"
)
ONLY_HELD_ROWS: Final = (
    "SELECT h.client_key, h.ticket_id, h.kind, h.body_text, h.composed_at, h.reason, h.attachments "
    "FROM held h WHERE " + ONLY_HELD
)


def held_action(row: Record) -> PostMessage:
    """A row of ONLY_HELD_ROWS as what its author once did."""
    client_key, ticket_id, kind, text, composed_at, _, files = row
    return PostMessage(client_key, ticket_id or "", MessageKind(kind), text, composed_at, wire.attachments_of(files))


class Held:
    """All calls inside the caller's transaction."""

    def __init__(self, store: Store, outbox: Outbox, ids: IdFactory) -> None:
        self._store = store
        self._outbox = outbox
        self._ids = ids

    def get(self, client_key: str) -> tuple[PostMessage, str] | None:
        """Words that only the server holds, and why."""
        row = self._store.one(f"{ONLY_HELD_ROWS} AND h.client_key = ?", (client_key,))
        return None if row is None else (held_action(row), row[5])

    def decided(self, client_key: str, now_ms: int) -> None:
        """The person has decided here: the server need not hold these words any longer."""
        for (held_id,) in self._store.rows("SELECT id FROM held WHERE client_key = ?", (client_key,)):
            self._outbox.put(DiscardHeld(self._ids.client_key(), held_id, now_ms), now_ms)
            self._store.execute("DELETE FROM held WHERE id = ?", (held_id,))


def take_held(store: Store, rows: Iterable[Row], account: int, seen: int) -> None:
    """Held messages of a page become rows. Inside the caller's transaction."""
    store.many(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], account, row.get("ticketId"), row["kind"], row["bodyText"], wire.ms(row["composedAt"]),
                row["reason"], row.get("clientKey"), seen, _files_text(row),
            )
            for row in rows
        ),
    )  # fmt: skip


def _files_text(row: Row) -> str | None:
    """As attachments are kept; None where there are none."""
    return json.dumps(row["attachments"]) if row.get("attachments") else None


def keys_of(store: Store, held_ids: Iterable[str]) -> list[str]:
    """The client keys of held messages that are here."""
    found = (store.value("SELECT client_key FROM held WHERE id = ?", (one,)) for one in held_ids)
    return [key for key in found if key is not None]
