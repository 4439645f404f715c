"""Actions as JSON text and back, for the outbox and the side journal."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

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
from sync.domain.records import Attachment, Channel, MessageKind, Priority, Status

_Fields = Mapping[str, Any]


def _attachments(fields: _Fields) -> tuple[Attachment, ...]:
    return tuple(Attachment(**one) for one in fields["attachments"])


def _optional_status(text: str | None) -> Status | None:
    return None if text is None else Status(text)


def _post(fields: _Fields) -> PostMessage:
    return PostMessage(
        client_key=fields["client_key"],
        ticket_id=fields["ticket_id"],
        kind=MessageKind(fields["kind"]),
        body_text=fields["body_text"],
        composed_at=fields["composed_at"],
        attachments=_attachments(fields),
        base_seq=fields["base_seq"],
        then_status=_optional_status(fields["then_status"]),
        base_status=_optional_status(fields["base_status"]),
    )


def _create(fields: _Fields) -> CreateTicket:
    typed = {
        "priority": Priority(fields["priority"]),
        "channel": Channel(fields["channel"]),
        "tags": frozenset(fields["tags"]),
        "attachments": _attachments(fields),
        "first_kind": MessageKind(fields.get("first_kind", MessageKind.INBOUND)),
    }
    return CreateTicket(**{**fields, **typed})


_READERS: Mapping[str, Callable[[_Fields], Action]] = {
    "PostMessage": _post,
    "CreateTicket": _create,
    "EditTicket": lambda fields: EditTicket(**fields),
    "MergeTicket": lambda fields: MergeTicket(**fields),
    "MarkRead": lambda fields: MarkRead(**fields),
    "SaveQuickNote": lambda fields: SaveQuickNote(**fields),
    "AttachQuickNote": lambda fields: AttachQuickNote(**fields),
    "DiscardQuickNote": lambda fields: DiscardQuickNote(**fields),
    "DiscardHeld": lambda fields: DiscardHeld(**fields),
    "RecordSpotCheck": lambda fields: RecordSpotCheck(**fields),
}


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value)}")


def to_text(action: Action) -> str:
    """The action as JSON; `from_text` gives an equal one."""
    return json.dumps({"": type(action).__name__, **asdict(action)}, default=_plain, ensure_ascii=False)


def from_text(text: str) -> Action:
    """The action again."""
    fields = json.loads(text)
    return _READERS[fields.pop("")](fields)


def ticket_of(action: Action) -> str | None:
    """The ticket that an action is about; None for those of the personal and the oversight account."""
    match action:
        case PostMessage() | EditTicket() | CreateTicket() | MergeTicket() | MarkRead() | AttachQuickNote():
            return action.ticket_id
        case _:
            return None


def into_of(action: Action) -> str | None:
    """The other ticket that an action changes: the one that a ticket is merged into."""
    return action.into_id if isinstance(action, MergeTicket) else None


def tickets_of(action: Action) -> frozenset[str]:
    """Every ticket whose shown row an action changes."""
    return frozenset(one for one in (ticket_of(action), into_of(action)) if one is not None)


def with_ticket(action: Action, old: str, new: str) -> Action:
    """The action with ticket `old` called `new`."""
    match action:
        case PostMessage() | EditTicket() | CreateTicket() | MarkRead() | AttachQuickNote() if action.ticket_id == old:
            return replace(action, ticket_id=new)
        case MergeTicket() if action.ticket_id == old and action.into_id != new:
            return replace(action, ticket_id=new)
        case MergeTicket() if action.into_id == old and action.ticket_id != new:
            return replace(action, into_id=new)
        case _:
            return action


def with_note(action: Action, old: str, new: str) -> Action:
    """The action with quick note `old` called `new`."""
    match action:
        case AttachQuickNote() | DiscardQuickNote() if action.note_id == old:
            return replace(action, note_id=new)
        case _:
            return action


def attachments_in(action: Action) -> tuple[Attachment, ...]:
    """The files that go with an action."""
    match action:
        case PostMessage() | CreateTicket():
            return action.attachments
        case _:
            return ()


def with_blob(action: Action, old: str, new: str) -> Action:
    """The action with file `old` called `new`, once it is uploaded."""
    match action:
        case PostMessage() | CreateTicket():
            files = tuple(replace(one, blob_id=new) if one.blob_id == old else one for one in action.attachments)
            return replace(action, attachments=files)
        case _:
            return action
