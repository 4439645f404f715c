"""Which notes were quick notes: where a server that is set back has the quick note again, it is attached once more."""

from typing import Final

from sync.cache.store import Store

_TABLE: Final = "CREATE TABLE attached (message_id TEXT PRIMARY KEY, note_id TEXT NOT NULL) WITHOUT ROWID"
_GONE: Final = (
    "DELETE FROM attached WHERE NOT EXISTS (SELECT 1 FROM message WHERE id = message_id) "
    "AND NOT EXISTS (SELECT 1 FROM outbox WHERE sent_id = message_id)"
)


def attached_notes(store: Store) -> None:
    """The step of the schema."""
    store.execute(_TABLE)


def remember(store: Store, message_id: str | None, note_id: str) -> None:
    """The server has made this message of that quick note; None: it did not say which."""
    if message_id is not None:
        store.execute("INSERT OR REPLACE INTO attached VALUES (?, ?)", (message_id, note_id))


def quick_note_of(store: Store, message_id: str | None) -> str | None:
    """The id of the quick note that a message was."""
    found: str | None = store.value("SELECT note_id FROM attached WHERE message_id = ?", (message_id,))
    return found


def forget_gone(store: Store) -> None:
    """Those whose messages have left."""
    store.execute(_GONE)
