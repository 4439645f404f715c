"""The ids that the server gave to what was made here: every pointer follows."""

import json

from sync.cache import action_text
from sync.cache.outbox import Outbox
from sync.cache.shown import State
from sync.cache.store import Store


class GivenIds:
    """All calls inside the caller's transaction."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    def map_ticket(self, local: str, given: str) -> set[str]:
        """A ticket made here is `given` at the server: every pointer to it follows. The tickets to rebuild."""
        if local == given:
            return {given}
        self._store.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (local, given))
        if self._store.one("SELECT 1 FROM ticket WHERE id = ?", (given,)) is not None:
            self._store.execute("DELETE FROM ticket_tag WHERE ticket_id = ?", (local,))
            self._store.execute("DELETE FROM ticket WHERE id = ?", (local,))
        else:
            self._rename_ticket(local, given)
        self._store.execute("DELETE FROM message WHERE ticket_id = ? AND state <> 0", (local,))
        pointing = "SELECT client_key, action FROM outbox WHERE ticket_id = ? OR into_id = ?"
        for client_key, text in self._store.rows(pointing, (local, local)):
            self._outbox.rewrite(client_key, action_text.with_ticket(action_text.from_text(text), local, given))
        for client_key, text in self._store.rows(
            "SELECT client_key, action FROM undelivered WHERE ticket_id = ?", (local,)
        ):
            action = action_text.with_ticket(action_text.from_text(text), local, given)
            self._store.execute(
                "UPDATE undelivered SET ticket_id = ?, action = ? WHERE client_key = ?",
                (given, action_text.to_text(action), client_key),
            )
        for table in ("draft", "read_mark"):
            self._store.execute(f"UPDATE OR REPLACE {table} SET ticket_id = ? WHERE ticket_id = ?", (given, local))
        return {local, given}

    def _rename_ticket(self, local: str, given: str) -> None:
        self._store.execute("UPDATE ticket_tag SET ticket_id = ? WHERE ticket_id = ?", (given, local))
        kept = self._store.value("SELECT confirmed FROM ticket WHERE id = ?", (local,))
        confirmed = None if kept is None else json.dumps({**json.loads(kept), "id": given})
        self._store.execute("UPDATE ticket SET id = ?, confirmed = ? WHERE id = ?", (given, confirmed, local))

    def map_note(self, local: str, given: str) -> None:
        """A quick note made here is `given` at the server, whose row of it is still to come."""
        if local == given:
            return
        self._store.execute("DELETE FROM quick_note WHERE id = ?", (given,))
        self._store.execute(
            "UPDATE quick_note SET id = ?, account = ?, state = ? WHERE id = ?",
            (given, self._outbox.account_of("personal") or 0, State.CONFIRMED, local),
        )
        for client_key, action in self._outbox.ending(local):
            self._outbox.rewrite(client_key, action_text.with_note(action, local, given))
            self._store.execute(  # what was sent under the other id has not ended it: again
                "UPDATE outbox SET state = ? WHERE client_key = ? AND state = ?",
                (State.WAITING, client_key, State.SENT),
            )
