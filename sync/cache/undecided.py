"""What could not be delivered, as screens read it: why, what may be done about it, and what came together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from sync.cache.action_text import from_text
from sync.cache.held import ONLY_HELD_ROWS, held_action
from sync.cache.merges import end_of
from sync.cache.rows import FieldConflict, UndeliveredGroup, UndeliveredRow
from sync.cache.shown import confirmed
from sync.cache.store import Store
from sync.cache.strays import REASON, stray, strays
from sync.cache.undelivered import sentence_of
from sync.domain.actions import Action, EditTicket, PostMessage, member_of
from sync.domain.choices import choices

TOGETHER_MS: Final = 60_000
MANY: Final = 5
_COLUMNS: Final = "client_key, ticket_id, kind, text, action, reason, sentence, at, base_seq, discarded_at"


def undelivered_rows(store: Store, *, discarded: bool) -> list[UndeliveredRow]:
    """What waits for a decision, or what was discarded, the newest first; with what only the server holds."""
    rows = _own(store, f"discarded_at IS {'NOT ' if discarded else ''}NULL", ())
    if not discarded:
        rows += [*_only_held(store, "", ()), *(_stray(store, *one) for one in strays(store))]
    return sorted(rows, key=lambda one: (one.at, one.client_key), reverse=True)


def undelivered_row(store: Store, client_key: str) -> UndeliveredRow | None:
    """One of them, waiting or discarded."""
    key = (client_key,)
    found = _own(store, "client_key = ?", key) or _only_held(store, "AND h.client_key = ?", key)
    begun = stray(store, client_key)
    return found[0] if found else None if begun is None else _stray(store, *begun)


def _stray(store: Store, action: PostMessage, at: int) -> UndeliveredRow:
    told = (REASON, sentence_of(REASON), at, 0, None)
    return _row(store, (action.client_key, action.ticket_id, action.kind.value, action.body_text, action, *told))


def _own(store: Store, where: str, values: Sequence[str]) -> list[UndeliveredRow]:
    rows = store.rows(f"SELECT {_COLUMNS} FROM undelivered WHERE {where}", values)
    return [_row(store, (*row[:4], from_text(row[4]), *row[5:])) for row in rows]


def _only_held(store: Store, where: str, values: Sequence[str]) -> list[UndeliveredRow]:
    rows = []
    for row in store.rows(f"{ONLY_HELD_ROWS} {where}", values):
        key, ticket_id, kind, text, composed_at, reason, _ = row
        told = (reason, sentence_of(reason), composed_at, 0, None)
        rows.append(_row(store, (key, ticket_id, kind, text, held_action(row), *told), only_at_server=True))
    return rows


def groups(rows: Sequence[UndeliveredRow], more_than: int = MANY) -> list[UndeliveredGroup]:
    """Those of the rows (the newest first) that came together and are more than so many: each is told as one."""
    bundles: list[list[UndeliveredRow]] = [list(rows[:1])] if rows else []
    for newer, older in pairwise(rows):
        if newer.at - older.at > TOGETHER_MS:
            bundles.append([])
        bundles[-1].append(older)
    return [_group(bundle) for bundle in bundles if len(bundle) > more_than]


def _group(rows: Sequence[UndeliveredRow]) -> UndeliveredGroup:
    reasons = dict(Counter(row.reason for row in rows))
    return UndeliveredGroup(len(rows), rows[-1].at, rows[0].at, reasons, tuple(row.client_key for row in rows))


def _row(store: Store, values: Sequence[Any], *, only_at_server: bool = False) -> UndeliveredRow:
    key, ticket_id, kind, text, action, reason, sentence, at, base_seq, discarded_at = values
    found = None if ticket_id is None else store.one("SELECT number, subject FROM ticket WHERE id = ?", (ticket_id,))
    number, subject = found or (None, None)
    end = None if found is None else end_of(store, ticket_id)
    goal = end or (None if found is None else ticket_id)
    return UndeliveredRow(
        client_key=key,
        ticket_id=ticket_id,
        ticket_number=number,
        ticket_subject=subject,
        kind=kind,
        text=text,
        action=action,
        reason=reason,
        sentence=sentence,
        at=at,
        base_seq=base_seq,
        discarded_at=discarded_at,
        choices=choices(reason, kind, reachable=found is not None, merged=end is not None),
        goal_id=goal,
        goal_number=store.value("SELECT number FROM ticket WHERE id = ?", (goal,)),
        conflicts=_conflicts(action, None if found is None else confirmed(store, ticket_id)),
        only_at_server=only_at_server,
    )


def _conflicts(action: Action, now: Mapping[str, Any] | None) -> tuple[FieldConflict, ...]:
    if not isinstance(action, EditTicket):
        return ()
    return tuple(
        FieldConflict(name, value, field_of(now, name), action.base.get(name)) for name, value in action.wanted.items()
    )


def field_of(now: Mapping[str, Any] | None, name: str) -> str | bool | None:
    """A field of a wire Ticket by the name that an edit calls it."""
    said = now or {}
    member = member_of(name)
    if member is not None:
        return True if (said.get(member[0]) or {}).get(member[1]) else None
    found: str | None = said.get(name)
    return found
