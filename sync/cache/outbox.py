"""What was done here and is not confirmed: put in, shown, sent in order."""

from collections.abc import Iterator

from sync.cache import action_text
from sync.cache.hold import HELD, passes
from sync.cache.shown import State
from sync.cache.store import Store
from sync.connectors.port import Routed
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


class Outbox:
    """All calls inside the caller's transaction; those that touch tickets give the ids to rebuild."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, action: Action, now_ms: int, hold_until: int | None = None, *, in_doubt: bool = False) -> None:
        """Add an action, and what it shows at once outside tickets. `in_doubt`: it may have been sent already."""
        self._store.execute(
            "INSERT INTO outbox (client_key, ticket_id, into_id, kind, action, at, state, hold_until, in_doubt) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                action.client_key,
                action_text.ticket_of(action),
                action_text.into_of(action),
                type(action).__name__,
                action_text.to_text(action),
                now_ms,
                State.WAITING,
                hold_until,
                int(in_doubt),
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

    def ending(self, note_id: str) -> list[tuple[str, Action]]:
        """What attaches this quick note to a ticket, or discards it."""
        found = self._store.rows(
            "SELECT client_key, action FROM outbox WHERE kind IN ('AttachQuickNote', 'DiscardQuickNote') "
            "AND json_extract(action, '$.note_id') = ?",
            (note_id,),
        )
        return [(key, action_text.from_text(text)) for key, text in found]

    def entry(self, client_key: str) -> tuple[Action, State] | None:
        """One entry."""
        found = self._store.one("SELECT action, state FROM outbox WHERE client_key = ?", (client_key,))
        return None if found is None else (action_text.from_text(found[0]), State(found[1]))

    def remove(self, client_key: str) -> None:
        """The entry's words, if it has any, are elsewhere."""
        self._store.execute("DELETE FROM outbox WHERE client_key = ?", (client_key,))

    def rewrite(self, client_key: str, action: Action) -> None:
        """The entry with other contents."""
        self._store.execute(
            "UPDATE outbox SET action = ?, ticket_id = ?, into_id = ? WHERE client_key = ?",
            (action_text.to_text(action), action_text.ticket_of(action), action_text.into_of(action), client_key),
        )

    def waits(self, now_ms: int) -> bool:
        """Whether anything is to be sent now."""
        query = f"SELECT 1 FROM outbox WHERE state <> :sent AND NOT {HELD}"
        return self._store.one(query, {"sent": State.SENT, "now": now_ms}) is not None

    def unsent(self, client_key: str) -> Action | None:
        """A message or a merge that was never sent, nor leant on by another; None otherwise."""
        found = self._store.one(
            "SELECT action FROM outbox WHERE client_key = ? AND state = ? AND attempts = 0", (client_key, State.WAITING)
        )
        action = None if found is None else action_text.from_text(found[0])
        return action if isinstance(action, PostMessage | MergeTicket) else None

    # sending

    def batch(self, max_actions: int, max_bytes: int, now_ms: int) -> list[Routed]:
        """What to send next, marked as being sent; what is held, and what must come after it, stays."""
        chosen: list[Routed] = []
        blocked: set[str | None] = self._moving()
        size = 0
        for client_key, ticket_id, text, action, in_doubt in self._free(now_ms):
            account = None if action_text.tickets_of(action) & blocked else self._account(action)
            if len(chosen) == max_actions or (chosen and size + len(text) > max_bytes):
                break
            if ticket_id is not None and (account is None or isinstance(action, CreateTicket) or _moves(action)):
                blocked.add(ticket_id)
            if account is None:
                continue
            chosen.append(Routed(action, account, bool(in_doubt)))
            size += len(text)
            self._store.execute(
                "UPDATE outbox SET state = ?, attempts = attempts + 1 WHERE client_key = ?", (State.SENDING, client_key)
            )
        return chosen

    def _free(self, now_ms: int) -> Iterator[tuple[str, str | None, str, Action, int]]:
        """What waits and is neither held nor must come after what is held, in its order."""
        held: set[str | None] = set()
        waiting = self._store.rows(
            f"SELECT client_key, ticket_id, action, {HELD}, in_doubt FROM outbox WHERE state = :waiting ORDER BY key",
            {"waiting": State.WAITING, "now": now_ms},
        )
        for client_key, ticket_id, text, is_held, in_doubt in waiting:
            action = action_text.from_text(text)
            if is_held or (ticket_id in held and not passes(action)):
                held.add(ticket_id)
            else:
                yield client_key, ticket_id, text, action, in_doubt

    def _moving(self) -> set[str | None]:
        """Tickets whose move the server has carried out, but whose new account is not known here yet."""
        sent = self._store.rows("SELECT ticket_id, action FROM outbox WHERE state = ?", (State.SENT,))
        return {ticket_id for ticket_id, text in sent if _moves(action_text.from_text(text))}

    def awaited(self) -> list[str]:
        """The accounts in which the rows of what was sent are still to come."""
        found = self._store.rows(
            "SELECT DISTINCT a.id FROM outbox o LEFT JOIN ticket t ON t.id = o.ticket_id JOIN account a "
            "ON a.key = t.account OR (t.account IS NULL AND a.kind = 'personal') WHERE o.state = ?",
            (State.SENT,),
        )
        return [account for (account,) in found]

    def calm(self) -> set[str]:
        """What was being sent waits again; its tickets."""
        found = self._store.rows("SELECT ticket_id, into_id FROM outbox WHERE state = ?", (State.SENDING,))
        self._store.execute("UPDATE outbox SET state = ?, in_doubt = 1 WHERE state = ?", (State.WAITING, State.SENDING))
        return {ticket_id for row in found for ticket_id in row if ticket_id is not None}

    def _account(self, action: Action) -> str | None:
        """Where an action belongs now; None: nowhere, or not yet."""
        by_kind = "SELECT id FROM account WHERE kind = ?"
        found: str | None
        match action:
            case CreateTicket():
                found = self._store.value("SELECT id FROM account WHERE category_id = ?", (action.category_id,))
            case MarkRead() | SaveQuickNote():
                found = self._store.value(by_kind, ("personal",))
            case DiscardHeld():
                found = self._store.value(by_kind, ("personal",))
            case DiscardQuickNote():
                found = None if self._unsent_note(action.note_id) else self._store.value(by_kind, ("personal",))
            case RecordSpotCheck():
                found = self._store.value(by_kind, ("oversight",))
            case AttachQuickNote() if self._unsent_note(action.note_id):
                found = None
            case PostMessage() | EditTicket() | MergeTicket() | AttachQuickNote():
                found = self._store.value(
                    "SELECT a.id FROM ticket t JOIN account a ON a.key = t.account WHERE t.id = ?", (action.ticket_id,)
                )
        return found

    def _unsent_note(self, note_id: str) -> bool:
        return self._store.one("SELECT 1 FROM outbox WHERE client_key = ?", (note_id,)) is not None

    def stranded(self, now_ms: int) -> list[Action]:
        """What has no account to go to, once every account has been copied whole: no longer reachable.

        What is held, or must come after it, is not asked about before its time: should the ticket turn up elsewhere,
        it would go at once.
        """
        if self._store.one("SELECT 1 FROM account WHERE complete = 0") is not None:
            return []
        made_here = {
            ticket for (ticket,) in self._store.rows("SELECT ticket_id FROM outbox WHERE kind = 'CreateTicket'")
        }
        lost = []
        for _, _, _, action, _ in self._free(now_ms):
            waits = isinstance(action, AttachQuickNote | DiscardQuickNote) and self._unsent_note(action.note_id)
            later = bool(action_text.tickets_of(action) & made_here) and not isinstance(action, CreateTicket)
            if not waits and not later and self._account(action) is None:
                lost.append(action)
        return lost


def _moves(action: Action) -> bool:
    return isinstance(action, EditTicket) and "categoryId" in action.wanted
