"""How an outbox entry ends: by the server's outcome or by its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sync.cache import action_text
from sync.cache.attached import remember
from sync.cache.given_ids import GivenIds
from sync.cache.outbox import Outbox
from sync.cache.shown import State
from sync.cache.store import Store
from sync.cache.undelivered import Undelivered
from sync.connectors.port import TURNED_AWAY, Outcome, Result
from sync.domain.actions import (
    Action,
    AttachQuickNote,
    CreateTicket,
    DiscardHeld,
    DiscardQuickNote,
    EditTicket,
    MarkRead,
    MergeTicket,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
)

Row = Mapping[str, Any]
_APPLIED = (Result.APPLIED, Result.ALREADY_APPLIED)


class Settling:
    """All calls inside the caller's transaction; those that touch tickets give the ids to rebuild."""

    def __init__(self, store: Store, outbox: Outbox, undelivered: Undelivered) -> None:
        self._store = store
        self._outbox = outbox
        self._undelivered = undelivered
        self.ids = GivenIds(store, outbox)

    def settle(self, outcome: Outcome, now_ms: int) -> set[str]:
        """One outcome; the tickets to rebuild. An outcome for what is settled already changes nothing."""
        found = self._outbox.entry(outcome.client_key)
        if found is None or found[1] is State.SENT:
            return set()
        action, _ = found
        touched = set(action_text.tickets_of(action))
        if outcome.result is Result.UNKNOWN:
            self._store.execute(
                "UPDATE outbox SET state = ?, in_doubt = max(in_doubt, ?) WHERE client_key = ?",
                (State.WAITING, int(outcome.reason != TURNED_AWAY), outcome.client_key),
            )
        elif outcome.result in _APPLIED:
            touched |= self._applied(action, outcome, now_ms)
        elif outcome.result is Result.DROPPED:
            self._outbox.remove(outcome.client_key)
        else:
            self._failed(action, outcome, now_ms)
        return touched

    def _failed(self, action: Action, outcome: Outcome, now_ms: int) -> None:
        self._outbox.remove(action.client_key)
        if not self._outbox.ending(action.client_key):  # what ends a quick note has its words
            self._undelivered.add(action, outcome.reason or outcome.result.value, outcome.sentence, now_ms)
        match action:
            case SaveQuickNote():
                self._store.execute("DELETE FROM quick_note WHERE id = ?", (action.client_key,))
            case CreateTicket():
                self._store.execute("DELETE FROM ticket_tag WHERE ticket_id = ?", (action.ticket_id,))
                self._store.execute("DELETE FROM message WHERE ticket_id = ? AND state <> 0", (action.ticket_id,))
                self._store.execute("DELETE FROM ticket WHERE id = ?", (action.ticket_id,))
            case RecordSpotCheck():
                self._store.execute("DELETE FROM spot_check WHERE id = ?", (action.client_key,))
            case MarkRead():
                self._unread(action.ticket_id)
            case _:
                pass

    def _unread(self, ticket_id: str) -> None:
        """As far as the server knows it again: where it knew an earlier mark, the personal account is copied anew."""
        known = self._store.one("SELECT 1 FROM read_mark WHERE ticket_id = ? AND id IS NOT NULL", (ticket_id,))
        self._store.execute("DELETE FROM read_mark WHERE ticket_id = ?", (ticket_id,))
        if known is not None:
            self._store.execute("UPDATE account SET cursor = NULL WHERE kind = 'personal'")

    def _applied(self, action: Action, outcome: Outcome, now_ms: int) -> set[str]:
        touched: set[str] = set()
        match action:
            case PostMessage() | AttachQuickNote() | EditTicket():
                self._overlay(action, outcome, now_ms)
            case CreateTicket():
                touched = self.ids.map_ticket(action.ticket_id, outcome.ids.get("ticket", action.ticket_id))
                self._sent(action.client_key, outcome.ids.get("message"))
            case SaveQuickNote():
                self.ids.map_note(action.client_key, outcome.ids.get("note", action.client_key))
                self._outbox.remove(action.client_key)
            case DiscardQuickNote():
                self._store.execute("DELETE FROM quick_note WHERE id = ?", (action.note_id,))
                self._outbox.remove(action.client_key)
            case RecordSpotCheck():
                self._spot_check(action.client_key, outcome.ids.get("spotCheck", action.client_key))
            case MergeTicket():
                self._sent(action.client_key, None)
            case MarkRead() | DiscardHeld():
                self._outbox.remove(action.client_key)
        return touched

    def _overlay(self, action: PostMessage | AttachQuickNote | EditTicket, outcome: Outcome, now_ms: int) -> None:
        """Go on showing what the server has, until its row comes back."""
        if isinstance(action, AttachQuickNote):
            self._store.execute("DELETE FROM quick_note WHERE id = ?", (action.note_id,))
            remember(self._store, outcome.ids.get("message"), action.note_id)
        if isinstance(action, PostMessage) and action.then_status is not None and not outcome.status_applied:
            key = f"{action.client_key}-status"
            wanted, base = {"status": action.then_status.value}, action.base_status
            left = EditTicket(key, action.ticket_id, wanted, {"status": None if base is None else base.value}, now_ms)
            self._undelivered.add(left, "stateMismatch", outcome.sentence, now_ms)
            self._outbox.rewrite(action.client_key, replace(action, then_status=None, base_status=None))
        self._sent(action.client_key, outcome.ids.get("message"))

    def _sent(self, client_key: str, message_id: str | None) -> None:
        self._store.execute(
            "UPDATE outbox SET state = ?, sent_id = ? WHERE client_key = ?", (State.SENT, message_id, client_key)
        )

    def _spot_check(self, local: str, given: str) -> None:
        self._store.execute("DELETE FROM spot_check WHERE id = ? AND id <> ?", (given, local))
        self._store.execute("UPDATE spot_check SET id = ? WHERE id = ?", (given, local))
        self._outbox.remove(local)

    def proven(self, client_key: str, row: Row) -> set[str]:
        """The server shows a row with this key: it has the words. The tickets to rebuild."""
        found = self._outbox.entry(client_key)
        if found is None:
            return self._proven_late(client_key, row)
        action, state = found
        touched = {ticket for ticket in (action_text.ticket_of(action),) if ticket is not None}
        match action:
            case AttachQuickNote() if state is not State.SENT:  # the note's own end may be open: send again
                self._store.execute("UPDATE outbox SET sent_id = ? WHERE client_key = ?", (row["id"], client_key))
            case CreateTicket():
                touched |= self.ids.map_ticket(action.ticket_id, row.get("ticketId", row["id"]))
                self._outbox.remove(client_key)
            case SaveQuickNote():
                self.ids.map_note(client_key, row["id"])
                self._outbox.remove(client_key)
            case _:
                self._outbox.remove(client_key)
        return touched

    def _proven_late(self, client_key: str, row: Row) -> set[str]:
        """The same for what was taken for refused: an answer before that one may have been lost."""
        action = self._undelivered.get(client_key)
        ticket = self._undelivered.delivered(client_key)
        touched = set() if ticket is None else {ticket}
        if isinstance(action, CreateTicket):
            touched |= self.ids.map_ticket(action.ticket_id, row.get("ticketId", row["id"]))
        return touched

    def decided_elsewhere(self, client_keys: Iterable[str], now_ms: int) -> set[str]:
        """Another workstation of this person has decided about these held words; they can be taken back here too.
        The tickets to rebuild."""
        touched: set[str] = set()
        for key in client_keys:
            action = self._undelivered.waiting(key)
            if action is not None:
                self._undelivered.discard(key, now_ms)
                touched |= action_text.tickets_of(action)
        return touched

    def forget_sent(self, shown_again: set[str], complete_account: int | None) -> set[str]:
        """End what was shown until the server's rows came back: edits with the ticket's row, all with the end
        of a round of that account. The tickets to rebuild."""
        sent = self._store.rows(
            "SELECT o.client_key, o.ticket_id, o.kind, t.account, o.into_id FROM outbox o "
            "LEFT JOIN ticket t ON t.id = o.ticket_id WHERE o.state = ?",
            (State.SENT,),
        )
        touched = set()
        for client_key, ticket_id, kind, account, into_id in sent:
            over = complete_account is not None and account in (None, complete_account)
            if over or (kind in ("EditTicket", "MergeTicket") and ticket_id in shown_again):
                self._outbox.remove(client_key)
                touched |= {one for one in (ticket_id, into_id) if one is not None}
                if kind == "CreateTicket":
                    self._forget_unseen(ticket_id)
        return touched

    def _forget_unseen(self, ticket_id: str) -> None:
        """A ticket made here whose row never came: somebody has moved it out of sight already."""
        if self._store.one("SELECT 1 FROM ticket WHERE id = ? AND number IS NULL", (ticket_id,)) is not None:
            self._store.execute("DELETE FROM ticket_tag WHERE ticket_id = ?", (ticket_id,))
            self._store.execute("DELETE FROM message WHERE ticket_id = ? AND state <> 0", (ticket_id,))
            self._store.execute("DELETE FROM ticket WHERE id = ?", (ticket_id,))
