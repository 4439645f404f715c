"""What the server's answer to one action means, and how it is said to a person."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from sync.connectors.central.api import PASSING
from sync.connectors.port import Outcome, Result
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
from sync.domain.protocol import (
    ACCOUNT_NOT_FOUND,
    ALREADY_EXISTS,
    CLOSED,
    HELD_MESSAGE,
    MERGED,
    MESSAGE,
    NOT_FOUND,
    OVERTAKEN,
    QUICK_NOTE,
    SPOT_CHECK,
    STATE_MISMATCH,
    TICKET,
)
from sync.jmap.client import Handle, MalformedError, Response
from sync.jmap.errors import MethodError, SetError
from sync.jmap.results import SetResult, read_set

SENTENCES: Final = {
    OVERTAKEN: "A colleague answered this ticket after you had last seen it, so your reply was not sent. "
    "Read theirs, then send yours again or keep it as a note.",
    CLOSED: "This ticket has been closed for too long to be answered. Open a new ticket for what you wrote.",
    MERGED: "This ticket was merged into another one. Open that one and send your reply there.",
    NOT_FOUND: "This ticket is not in your categories any more, so this was not delivered. Your words are kept here.",
    ACCOUNT_NOT_FOUND: "This category is not yours any more, so this was not delivered. Your words are kept here.",
    STATE_MISMATCH: "Somebody changed this in the meantime, so your change was left out. "
    "Set it again if you still want it.",
    ALREADY_EXISTS: "The server already has other words under this entry's key. Send yours again to post them too.",
    "forbidden": "You may not do this at the server. Ask your administrator.",
    "accountReadOnly": "You may read here, but not write. Ask your administrator.",
    "tooLarge": "This is larger than the server takes. Make it shorter or leave a file out.",
    "overQuota": "The server has no room left for this. Ask your administrator.",
    "invalidProperties": "The server does not take this as it is. Change it and send it again.",
}
OTHERWISE: Final = "The server did not take this. Copy your words, and tell your administrator."

CONFLICTS: Final = frozenset({OVERTAKEN, CLOSED, MERGED})


class Doubt(Enum):
    """An answer that must be looked into before it means anything."""

    MISMATCH = auto()
    NOT_FOUND = auto()
    NO_ACCOUNT = auto()


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where in a /set answer the action's result stands."""

    created: str | None = None
    updated: str | None = None
    destroyed: str | None = None


def verdict(action: Action, response: Response, handle: Handle) -> Outcome | Doubt:
    """The outcome of the action that `handle` carried."""
    try:
        answer = read_set(response.arguments(handle))
    except MethodError as error:
        return _of_kind(action, error.kind)
    except MalformedError:
        return unknown(action, None)
    slot = _slot(action)
    if slot.created is not None and slot.created in answer.created:
        return _created(action, answer.created[slot.created], response, handle)
    if _done(answer, slot):
        return Outcome(action.client_key, Result.APPLIED)
    error_found = _error(answer, slot)
    return unknown(action, None) if error_found is None else _of_kind(action, error_found.kind, error_found)


def unknown(action: Action, reason: str | None) -> Outcome:
    """Nothing is known about it: ask again."""
    return Outcome(action.client_key, Result.UNKNOWN, reason=reason)


def refused(action: Action, result: Result, reason: str, sentence: str | None = None) -> Outcome:
    """It was not done, for this reason."""
    return Outcome(action.client_key, result, reason=reason, sentence=sentence or SENTENCES.get(reason, OTHERWISE))


def _of_kind(action: Action, kind: str, error: SetError | None = None) -> Outcome | Doubt:
    if kind in PASSING:
        return unknown(action, kind)
    if kind == ACCOUNT_NOT_FOUND:
        return Doubt.NO_ACCOUNT
    if kind == NOT_FOUND:
        return _missing(action)
    if kind == STATE_MISMATCH and isinstance(action, EditTicket):
        return Doubt.MISMATCH
    if kind in CONFLICTS:
        return replace(refused(action, Result.CONFLICT, kind), ids=_merged_into(error))
    if kind == ALREADY_EXISTS and error is not None:
        return _there_already(action, error)
    described = error.description if error is not None else None
    return refused(action, Result.REFUSED, kind, described if described and described.endswith(".") else None)


def _merged_into(error: SetError | None) -> dict[str, str]:
    """The ticket that a merged one goes on in, if the server names it."""
    into = None if error is None else error.more.get("mergedIntoId")
    return {"mergedInto": into} if isinstance(into, str) else {}


def _there_already(action: Action, error: SetError) -> Outcome:
    """The key is taken: by these words themselves, a detail apart, or by the held message that they became."""
    existing, type_name = error.more.get("existingId"), error.more.get("existingType")
    if isinstance(existing, str) and type_name == _TYPES.get(type(action)):
        return Outcome(action.client_key, Result.ALREADY_APPLIED, {_NAMES[type(action)]: existing})
    if type_name == HELD_MESSAGE:
        return refused(action, Result.HELD, NOT_FOUND)
    return refused(action, Result.REFUSED, ALREADY_EXISTS)


def _missing(action: Action) -> Outcome | Doubt:
    if isinstance(action, DiscardQuickNote | DiscardHeld):
        return Outcome(action.client_key, Result.ALREADY_APPLIED)
    return Doubt.NOT_FOUND


def _slot(action: Action) -> _Slot:
    match action:
        case EditTicket() | MergeTicket():
            return _Slot(updated=action.ticket_id)
        case DiscardHeld():
            return _Slot(destroyed=action.held_id)
        case DiscardQuickNote():
            return _Slot(destroyed=action.note_id)
        case _:
            return _Slot(created=action.client_key)


def _done(answer: SetResult, slot: _Slot) -> bool:
    return slot.updated in answer.updated or slot.destroyed in answer.destroyed


def _error(answer: SetResult, slot: _Slot) -> SetError | None:
    if slot.created is not None:
        return answer.not_created.get(slot.created)
    if slot.updated is not None:
        return answer.not_updated.get(slot.updated)
    return answer.not_destroyed.get(slot.destroyed or "")


def _created(action: Action, row: object, response: Response, handle: Handle) -> Outcome:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        return unknown(action, None)
    ids = {_NAMES[type(action)]: row["id"]}
    for wire, name in (("messageId", "message"), ("requesterId", "requester")):
        if isinstance(action, CreateTicket) and isinstance(row.get(wire), str):
            ids[name] = row[wire]
    applied = True
    if isinstance(action, PostMessage) and action.then_status is not None:
        applied = _status_applied(response, handle)
    return Outcome(action.client_key, Result.APPLIED, ids, status_applied=applied)


def _status_applied(response: Response, handle: Handle) -> bool:
    """Whether the implied Ticket/set of a reply with a status went through. A replay has none: it was done then."""
    try:
        implied = response.implied(handle, f"{TICKET}/set")
        return implied is None or not read_set(implied).not_updated
    except (MethodError, MalformedError):
        return False


_NAMES: Final = {
    PostMessage: "message",
    AttachQuickNote: "message",
    CreateTicket: "ticket",
    MarkRead: "readMark",
    SaveQuickNote: "note",
    RecordSpotCheck: "spotCheck",
}
_TYPES: Final = {
    PostMessage: MESSAGE,
    AttachQuickNote: MESSAGE,
    CreateTicket: TICKET,
    SaveQuickNote: QUICK_NOTE,
    RecordSpotCheck: SPOT_CHECK,
}
