"""Every text of the person's that lives here, in the form in which the side journal keeps it."""

import json
from collections.abc import Iterable

from sync.cache import action_text, wire
from sync.cache.shown import State
from sync.cache.store import Store
from sync.domain.actions import Action, PostMessage
from sync.domain.records import Attachment

_UNDELIVERED = (
    "SELECT client_key, action, reason, sentence, at, base_seq, discarded_at, kind, text, ticket_id FROM undelivered"
)


def words_slot(client_key: str) -> str:
    """The journal's slot of an action, in the outbox or in Undelivered."""
    return f"words:{client_key}"


def draft_slot(ticket_id: str, mode: str) -> str:
    """The journal's slot of a draft."""
    return f"draft:{ticket_id}:{mode}"


def outbox_text(action: Action, at: int, hold: int | None = None) -> str:
    """What the journal keeps of an outbox entry; `hold`: until when it waits, ms UTC."""
    return _entry(action_text.to_text(action), at, hold)


class Words:
    """All calls inside the caller's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save_draft(self, ticket_id: str, mode: str, text: str, attachments: tuple[Attachment, ...], at: int) -> None:
        """Keep a draft."""
        self._store.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)",
            (ticket_id, mode, text, wire.attachments_text(attachments), at),
        )

    def drop_draft(self, ticket_id: str, mode: str) -> None:
        """End a draft."""
        self._store.execute("DELETE FROM draft WHERE ticket_id = ? AND mode = ?", (ticket_id, mode))

    def as_draft(self, action: Action, at: int) -> list[str]:
        """The words of an action as a draft, before those that are there; the slots that changed."""
        if not isinstance(action, PostMessage):
            return []
        return self._before(action.ticket_id, action.kind.value, action.body_text, action.attachments, at)

    def move_draft(self, ticket_id: str, mode: str, into_id: str, at: int) -> list[str]:
        """A draft goes to another ticket, before the one that is there; the slots that changed."""
        found = self._draft(ticket_id, mode)
        if found is None or ticket_id == into_id:
            return []
        self.drop_draft(ticket_id, mode)
        return [draft_slot(ticket_id, mode), *self._before(into_id, mode, *found, at)]

    def _before(self, ticket_id: str, mode: str, text: str, files: tuple[Attachment, ...], at: int) -> list[str]:
        there = self._draft(ticket_id, mode)
        if there is not None:
            text, files = f"{text}\n\n{there[0]}", files + there[1]
        self.save_draft(ticket_id, mode, text, files, at)
        return [draft_slot(ticket_id, mode)]

    def _draft(self, ticket_id: str, mode: str) -> tuple[str, tuple[Attachment, ...]] | None:
        found = self._store.one(
            "SELECT text, attachments FROM draft WHERE ticket_id = ? AND mode = ?", (ticket_id, mode)
        )
        return None if found is None else (found[0], wire.attachments_of(found[1]))

    def draft_text(self, ticket_id: str, mode: str, text: str, attachments: tuple[Attachment, ...], at: int) -> str:
        """What the journal keeps of a draft."""
        return _draft(ticket_id, mode, text, wire.attachments_text(attachments), at)

    def live(self) -> dict[str, str]:
        """All slots."""
        found = dict(self._outbox("", ()))
        found.update(self._undelivered("", ()))
        found.update(self._drafts("", ()))
        return found

    def live_of(self, slots: Iterable[str]) -> dict[str, str | None]:
        """These slots; None where there is nothing any more."""
        found: dict[str, str | None] = {}
        for slot in slots:
            kind, _, name = slot.partition(":")
            if kind == "draft":
                ticket_id, _, mode = name.rpartition(":")
                rows = self._drafts("WHERE ticket_id = ? AND mode = ?", (ticket_id, mode))
            else:
                rows = self._outbox("AND client_key = ?", (name,)) or self._undelivered("WHERE client_key = ?", (name,))
            found[slot] = rows[0][1] if rows else None
        return found

    def _outbox(self, where: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
        rows = self._store.rows(
            f"SELECT client_key, action, at, hold_until FROM outbox WHERE state <> {int(State.SENT)} "
            f"AND kind NOT IN ('MarkRead', 'RecordSpotCheck') {where} ORDER BY key",
            values,
        )
        return [(words_slot(key), _entry(action, at, hold)) for key, action, at, hold in rows]

    def _undelivered(self, where: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
        rows = self._store.rows(f"{_UNDELIVERED} {where}", values)
        return [(words_slot(row[0]), json.dumps({"undelivered": row}, ensure_ascii=False)) for row in rows]

    def _drafts(self, where: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
        rows = self._store.rows(f"SELECT ticket_id, mode, text, attachments, at FROM draft {where}", values)
        return [(draft_slot(row[0], row[1]), _draft(*row)) for row in rows]

    def bring_back(self, live: Iterable[str]) -> None:
        """Put texts from a journal into an empty cache. An outbox entry keeps its key, so that the server
        knows what it has already."""
        for text in live:
            saved = json.loads(text)
            if "draft" in saved:
                self._store.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)", saved["draft"])
            elif "undelivered" in saved:
                row = saved["undelivered"]
                self._store.execute(
                    "INSERT OR REPLACE INTO undelivered (client_key, action, reason, sentence, at, base_seq, "
                    "discarded_at, kind, text, ticket_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )

    def forget(self, ended: Iterable[str]) -> None:
        """What the person ended while the disk did not keep it: drafts that were sent, and undelivered words sent
        anew. An outbox entry stays; its key tells the server that it came already."""
        for slot in ended:
            kind, _, name = slot.partition(":")
            if kind == "draft":
                ticket_id, _, mode = name.rpartition(":")
                self.drop_draft(ticket_id, mode)
            else:
                self._store.execute("DELETE FROM undelivered WHERE client_key = ?", (name,))

    def outbox_of(self, live: Iterable[str]) -> list[tuple[Action, int, int | None]]:
        """The outbox entries of a journal in their order: when each was made, and until when it waits."""
        found = [json.loads(text) for text in live]
        return [(action_text.from_text(one["outbox"]), one["at"], one.get("hold")) for one in found if "outbox" in one]

    def tickets(self) -> set[str]:
        """The tickets that outbox and Undelivered point to."""
        found = self._store.rows(
            "SELECT ticket_id FROM outbox UNION SELECT into_id FROM outbox UNION SELECT ticket_id FROM undelivered"
        )
        return {ticket_id for (ticket_id,) in found if ticket_id is not None}

    def blobs(self) -> set[str]:
        """The attachments that anything written here refers to."""
        texts = self._store.rows("SELECT action FROM outbox UNION ALL SELECT action FROM undelivered")
        found = {file.blob_id for (text,) in texts for file in action_text.attachments_in(action_text.from_text(text))}
        for (text,) in self._store.rows("SELECT attachments FROM draft"):
            found.update(file.blob_id for file in wire.attachments_of(text))
        return found


def _entry(action: str, at: int, hold: int | None) -> str:
    return json.dumps({"outbox": action, "at": at, "hold": hold}, ensure_ascii=False)


def _draft(ticket_id: str, mode: str, text: str, attachments: str | None, at: int) -> str:
    return json.dumps({"draft": [ticket_id, mode, text, attachments, at]}, ensure_ascii=False)
