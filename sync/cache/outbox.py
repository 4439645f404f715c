"""What was done here and is not confirmed: put in, sent in order, settled by outcomes or by the server's rows."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sync.cache import action_text
from sync.cache.shown import State
from sync.cache.store import Store
from sync.cache.undelivered import Undelivered
from sync.connectors.port import Outcome, Result, Routed
from sync.domain.actions import (
    Action,
    AttachQuickNote,
    CreateTicket,
    DiscardQuickNote,
    EditTicket,
    MarkRead,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
)

Row = Mapping[str, Any]
_APPLIED = (Result.APPLIED, Result.ALREADY_APPLIED)


class Outbox:
    """All calls inside the caller's transaction; those that touch tickets give the ids to rebuild."""

    def __init__(self, store: Store, undelivered: Undelivered) -> None:
        self._store = store
        self._undelivered = undelivered

    def put(self, action: Action, now_ms: int) -> None:
        """Add an action, and what it shows at once outside tickets."""
        self._store.execute(
            "INSERT INTO outbox (client_key, ticket_id, kind, action, at, state) VALUES (?, ?, ?, ?, ?, ?)",
            (
                action.client_key,
                action_text.ticket_of(action),
                type(action).__name__,
                action_text.to_text(action),
                now_ms,
                State.WAITING,
            ),
        )
        self._show(action)

    def _show(self, action: Action) -> None:
        match action:
            case MarkRead():
                self._store.execute(
                    "INSERT INTO read_mark VALUES (?, NULL, ?, ?, 0) ON CONFLICT (ticket_id) DO UPDATE "
                    "SET last_seq = max(last_seq, excluded.last_seq)",
                    (action.ticket_id, self.account_of("personal") or 0, action.last_seq),
                )
                self._store.execute("DELETE FROM new_ticket WHERE ticket_id = ?", (action.ticket_id,))
            case SaveQuickNote():
                self._store.execute(
                    "INSERT OR REPLACE INTO quick_note VALUES (?, ?, ?, ?, NULL, ?, ?, 0)",
                    (action.client_key, self.account_of("personal") or 0, action.text, action.created_at,
                     action.client_key, State.WAITING),
                )  # fmt: skip
            case RecordSpotCheck():
                by = self._store.value("SELECT value FROM meta WHERE name = 'userId'")
                self._store.execute(
                    "INSERT OR REPLACE INTO spot_check VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                    (action.client_key, self.account_of("oversight") or 0, by, action.at, action.as_of, action.awaiting,
                     action.new, action.too_long, action.oldest_ticket_id, action.client_key),
                )  # fmt: skip
            case _:
                pass

    def account_of(self, kind: str) -> int | None:
        """The row number of the only account of that kind."""
        found: int | None = self._store.value("SELECT key FROM account WHERE kind = ?", (kind,))
        return found

    def keys(self) -> set[str]:
        """The client keys of all that waits here or in Undelivered."""
        found = self._store.rows("SELECT client_key FROM outbox UNION ALL SELECT client_key FROM undelivered")
        return {key for (key,) in found}

    def entry(self, client_key: str) -> tuple[Action, State] | None:
        """One entry."""
        found = self._store.one("SELECT action, state FROM outbox WHERE client_key = ?", (client_key,))
        return None if found is None else (action_text.from_text(found[0]), State(found[1]))

    def remove(self, client_key: str) -> None:
        """The entry's words are proven to be elsewhere."""
        self._store.execute("DELETE FROM outbox WHERE client_key = ?", (client_key,))

    def rewrite(self, client_key: str, action: Action) -> None:
        """The entry with other contents."""
        self._store.execute(
            "UPDATE outbox SET action = ?, ticket_id = ? WHERE client_key = ?",
            (action_text.to_text(action), action_text.ticket_of(action), client_key),
        )

    def waits(self) -> bool:
        """Whether anything is to be sent."""
        return self._store.one("SELECT 1 FROM outbox WHERE state <> ?", (State.SENT,)) is not None

    def unsent(self, client_key: str) -> Action | None:
        """An entry that was never sent, nor leant on by another; None otherwise."""
        found = self._store.one(
            "SELECT action FROM outbox WHERE client_key = ? AND state = ? AND attempts = 0", (client_key, State.WAITING)
        )
        action = None if found is None else action_text.from_text(found[0])
        return action if isinstance(action, PostMessage) else None

    def take_out(self, action: Action) -> None:
        """Its words are a draft now."""
        self.remove(action.client_key)

    # settling

    def settle(self, outcome: Outcome, now_ms: int) -> set[str]:
        """One outcome; the tickets to rebuild. An outcome for what is settled already changes nothing."""
        found = self.entry(outcome.client_key)
        if found is None or found[1] is State.SENT:
            return set()
        action, _ = found
        touched = {ticket for ticket in (action_text.ticket_of(action),) if ticket is not None}
        if outcome.result is Result.UNKNOWN:
            self._store.execute("UPDATE outbox SET state = ? WHERE client_key = ?", (State.WAITING, outcome.client_key))
        elif outcome.result in _APPLIED:
            touched |= self._applied(action, outcome, now_ms)
        else:
            self._failed(action, outcome, now_ms)
        return touched

    def _failed(self, action: Action, outcome: Outcome, now_ms: int) -> None:
        self._undelivered.add(action, outcome.reason or outcome.result.value, outcome.sentence, now_ms)
        self.remove(action.client_key)
        match action:
            case SaveQuickNote():
                self._store.execute("DELETE FROM quick_note WHERE id = ?", (action.client_key,))
            case CreateTicket():
                self._store.execute("DELETE FROM ticket_tag WHERE ticket_id = ?", (action.ticket_id,))
                self._store.execute("DELETE FROM message WHERE ticket_id = ? AND state <> 0", (action.ticket_id,))
                self._store.execute("DELETE FROM ticket WHERE id = ?", (action.ticket_id,))
            case RecordSpotCheck():
                self._store.execute("DELETE FROM spot_check WHERE id = ?", (action.client_key,))
            case _:
                pass

    def _applied(self, action: Action, outcome: Outcome, now_ms: int) -> set[str]:
        touched: set[str] = set()
        match action:
            case PostMessage() | AttachQuickNote() | EditTicket():
                self._overlay(action, outcome, now_ms)
            case CreateTicket():
                touched = self.map_ticket(action.ticket_id, outcome.ids.get("ticket", action.ticket_id))
                self._sent(action.client_key, outcome.ids.get("message"))
            case SaveQuickNote():
                self.map_note(action.client_key, outcome.ids.get("note", action.client_key))
                self.remove(action.client_key)
            case DiscardQuickNote():
                self._store.execute("DELETE FROM quick_note WHERE id = ?", (action.note_id,))
                self.remove(action.client_key)
            case RecordSpotCheck():
                self._spot_check(action.client_key, outcome.ids.get("spotCheck", action.client_key))
            case MarkRead():
                self.remove(action.client_key)
        return touched

    def _overlay(self, action: PostMessage | AttachQuickNote | EditTicket, outcome: Outcome, now_ms: int) -> None:
        """Go on showing what the server has, until its row comes back."""
        if isinstance(action, AttachQuickNote):
            self._store.execute("DELETE FROM quick_note WHERE id = ?", (action.note_id,))
        if isinstance(action, PostMessage) and action.then_status is not None and not outcome.status_applied:
            key = f"{action.client_key}-status"
            wanted, base = {"status": action.then_status.value}, action.base_status
            left = EditTicket(key, action.ticket_id, wanted, {"status": None if base is None else base.value}, now_ms)
            self._undelivered.add(left, "stateMismatch", outcome.sentence, now_ms)
            self.rewrite(action.client_key, replace(action, then_status=None, base_status=None))
        self._sent(action.client_key, outcome.ids.get("message"))

    def _sent(self, client_key: str, message_id: str | None) -> None:
        self._store.execute(
            "UPDATE outbox SET state = ?, sent_id = ? WHERE client_key = ?", (State.SENT, message_id, client_key)
        )

    def _spot_check(self, local: str, given: str) -> None:
        self._store.execute("DELETE FROM spot_check WHERE id = ? AND id <> ?", (given, local))
        self._store.execute("UPDATE spot_check SET id = ? WHERE id = ?", (given, local))
        self.remove(local)

    def proven(self, client_key: str, row: Row) -> set[str]:
        """The server shows a row with this key: it has the words. The tickets to rebuild."""
        found = self.entry(client_key)
        if found is None:
            ticket = self._undelivered.delivered(client_key)
            return set() if ticket is None else {ticket}
        action, state = found
        touched = {ticket for ticket in (action_text.ticket_of(action),) if ticket is not None}
        match action:
            case AttachQuickNote() if state is not State.SENT:  # the note's own end may be open: send again
                self._store.execute("UPDATE outbox SET sent_id = ? WHERE client_key = ?", (row["id"], client_key))
            case CreateTicket():
                touched |= self.map_ticket(action.ticket_id, row.get("ticketId", action.ticket_id))
                self.remove(client_key)
            case SaveQuickNote():
                self.map_note(client_key, row["id"])
                self.remove(client_key)
            case _:
                self.remove(client_key)
        return touched

    def forget_sent(self, shown_again: set[str], complete_account: int | None) -> set[str]:
        """End what was shown until the server's rows came back: edits with the ticket's row, all with the end
        of a round of that account. The tickets to rebuild."""
        sent = self._store.rows(
            "SELECT o.client_key, o.ticket_id, o.kind, t.account FROM outbox o "
            "LEFT JOIN ticket t ON t.id = o.ticket_id WHERE o.state = ?",
            (State.SENT,),
        )
        touched = set()
        for client_key, ticket_id, kind, account in sent:
            over = complete_account is not None and account in (None, complete_account)
            if over or (kind == "EditTicket" and ticket_id in shown_again):
                self.remove(client_key)
                touched.add(ticket_id)
                if kind == "CreateTicket":
                    self._forget_unseen(ticket_id)
        return touched

    def _forget_unseen(self, ticket_id: str) -> None:
        """A ticket made here whose row never came: somebody has moved it out of sight already."""
        if self._store.one("SELECT 1 FROM ticket WHERE id = ? AND number IS NULL", (ticket_id,)) is not None:
            self._store.execute("DELETE FROM ticket_tag WHERE ticket_id = ?", (ticket_id,))
            self._store.execute("DELETE FROM message WHERE ticket_id = ? AND state <> 0", (ticket_id,))
            self._store.execute("DELETE FROM ticket WHERE id = ?", (ticket_id,))

    # ids that the server gave

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
        for table in ("outbox", "undelivered"):
            found = self._store.rows(f"SELECT client_key, action FROM {table} WHERE ticket_id = ?", (local,))
            for client_key, text in found:
                action = action_text.with_ticket(action_text.from_text(text), local, given)
                self._store.execute(
                    f"UPDATE {table} SET ticket_id = ?, action = ? WHERE client_key = ?",
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
        """A quick note made here is `given` at the server."""
        if local == given:
            return
        self._store.execute("DELETE FROM quick_note WHERE id = ?", (given,))
        self._store.execute("UPDATE quick_note SET id = ?, state = ? WHERE id = ?", (given, State.CONFIRMED, local))
        kinds = "kind IN ('AttachQuickNote', 'DiscardQuickNote')"
        for client_key, text in self._store.rows(f"SELECT client_key, action FROM outbox WHERE {kinds}"):
            self.rewrite(client_key, action_text.with_note(action_text.from_text(text), local, given))

    # sending

    def batch(self, max_actions: int, max_bytes: int) -> list[Routed]:
        """What to send next, marked as being sent."""
        chosen: list[Routed] = []
        blocked: set[str | None] = self._moving()
        size = 0
        waiting = self._store.rows(
            "SELECT client_key, ticket_id, action FROM outbox WHERE state = ? ORDER BY key", (State.WAITING,)
        )
        for client_key, ticket_id, text in waiting:
            action = action_text.from_text(text)
            account = None if ticket_id in blocked else self._account(action)
            if len(chosen) == max_actions or (chosen and size + len(text) > max_bytes):
                break
            if ticket_id is not None and (account is None or isinstance(action, CreateTicket) or _moves(action)):
                blocked.add(ticket_id)
            if account is None:
                continue
            chosen.append(Routed(action, account))
            size += len(text)
            self._store.execute(
                "UPDATE outbox SET state = ?, attempts = attempts + 1 WHERE client_key = ?", (State.SENDING, client_key)
            )
        return chosen

    def _moving(self) -> set[str | None]:
        """Tickets whose move the server has carried out, but whose new account is not known here yet."""
        sent = self._store.rows("SELECT ticket_id, action FROM outbox WHERE state = ?", (State.SENT,))
        return {ticket_id for ticket_id, text in sent if _moves(action_text.from_text(text))}

    def calm(self) -> set[str]:
        """What was being sent waits again; its tickets."""
        found = self._store.rows("SELECT ticket_id FROM outbox WHERE state = ?", (State.SENDING,))
        self._store.execute("UPDATE outbox SET state = ? WHERE state = ?", (State.WAITING, State.SENDING))
        return {ticket_id for (ticket_id,) in found if ticket_id is not None}

    def _account(self, action: Action) -> str | None:
        """Where an action belongs now; None: nowhere, or not yet."""
        by_kind = "SELECT id FROM account WHERE kind = ?"
        found: str | None
        match action:
            case CreateTicket():
                found = self._store.value("SELECT id FROM account WHERE category_id = ?", (action.category_id,))
            case MarkRead() | SaveQuickNote():
                found = self._store.value(by_kind, ("personal",))
            case DiscardQuickNote():
                found = None if self._unsent_note(action.note_id) else self._store.value(by_kind, ("personal",))
            case RecordSpotCheck():
                found = self._store.value(by_kind, ("oversight",))
            case AttachQuickNote() if self._unsent_note(action.note_id):
                found = None
            case PostMessage() | EditTicket() | AttachQuickNote():
                found = self._store.value(
                    "SELECT a.id FROM ticket t JOIN account a ON a.key = t.account WHERE t.id = ?", (action.ticket_id,)
                )
        return found

    def _unsent_note(self, note_id: str) -> bool:
        return self._store.one("SELECT 1 FROM outbox WHERE client_key = ?", (note_id,)) is not None

    def stranded(self) -> list[Action]:
        """What has no account to go to, once every account has been copied whole: no longer reachable."""
        if self._store.one("SELECT 1 FROM account WHERE complete = 0") is not None:
            return []
        found = self._store.rows("SELECT client_key, ticket_id, action FROM outbox WHERE state = ?", (State.WAITING,))
        made_here = {
            ticket for (ticket,) in self._store.rows("SELECT ticket_id FROM outbox WHERE kind = 'CreateTicket'")
        }
        lost = []
        for _, ticket_id, text in found:
            action = action_text.from_text(text)
            waits = isinstance(action, AttachQuickNote | DiscardQuickNote) and self._unsent_note(action.note_id)
            later = ticket_id in made_here and not isinstance(action, CreateTicket)
            if not waits and not later and self._account(action) is None:
                lost.append(action)
        return lost


def _moves(action: Action) -> bool:
    return isinstance(action, EditTicket) and "categoryId" in action.wanted
