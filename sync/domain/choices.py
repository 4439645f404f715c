"""What a person may decide about words or a change that could not be delivered (ARCHITECTURE 4): one pure rule."""

from enum import StrEnum
from typing import Final

from sync.domain.protocol import ACCOUNT_NOT_FOUND, CLOSED, MERGED, NOT_FOUND, OVERTAKEN, STATE_MISMATCH


class Choice(StrEnum):
    """An answer to "what now?"; none of them loses a word."""

    SEND_ANYWAY = "sendAnyway"
    EDIT = "edit"
    AS_NOTE = "asNote"
    SEND_ON_MERGED = "sendOnMerged"
    FOLLOW_UP = "followUp"
    OTHER_CATEGORY = "otherCategory"
    APPLY_MINE = "applyMine"
    OPEN_TICKET = "openTicket"
    DISCARD = "discard"


_REPLY: Final = {
    OVERTAKEN: (Choice.SEND_ANYWAY, Choice.EDIT, Choice.AS_NOTE),
    CLOSED: (Choice.FOLLOW_UP, Choice.AS_NOTE),
}
_WORDS: Final = frozenset({"reply", "note"})


def choices(reason: str, kind: str, *, reachable: bool, merged: bool = False) -> tuple[Choice, ...]:
    """The choices, the proposed one first; DISCARD is always the last.

    `reason`: the wire's word for why; `kind`: reply, note, ticket, quickNote, edit or merge. `reachable`: the ticket
    is here. `merged`: it was merged into another that is here, which is what OPEN_TICKET opens then.
    """
    if kind in _WORDS:
        answers = _for_words(reason, kind, reachable=reachable, merged=merged)
    elif kind in ("edit", "merge"):
        answers = _for_change(reason, kind, reachable=reachable, merged=merged)
    elif kind == "ticket":
        gone = reason in (NOT_FOUND, ACCOUNT_NOT_FOUND)
        answers = (Choice.OTHER_CATEGORY,) if gone else (Choice.SEND_ANYWAY, Choice.OTHER_CATEGORY)
    else:
        answers = (Choice.SEND_ANYWAY,)
    opens = (Choice.OPEN_TICKET,) if (reachable or merged) and kind not in ("ticket", "quickNote") else ()
    return (*answers, *opens, Choice.DISCARD)


def _for_words(reason: str, kind: str, *, reachable: bool, merged: bool) -> tuple[Choice, ...]:
    if merged:
        return (Choice.SEND_ON_MERGED, Choice.EDIT, *_as_note(kind))
    if not reachable or reason == MERGED:
        return ()
    if kind == "reply" and reason in _REPLY:
        return _REPLY[reason]
    return (Choice.SEND_ANYWAY, Choice.EDIT, *_as_note(kind))


def _as_note(kind: str) -> tuple[Choice, ...]:
    return (Choice.AS_NOTE,) if kind == "reply" else ()


def _for_change(reason: str, kind: str, *, reachable: bool, merged: bool) -> tuple[Choice, ...]:
    """A change that met a merge is dropped: what it was about is closed, and goes on elsewhere."""
    if merged or not reachable or reason == MERGED:
        return ()
    if kind == "merge":
        return () if reason == STATE_MISMATCH else (Choice.SEND_ANYWAY,)
    return (Choice.APPLY_MINE,)
