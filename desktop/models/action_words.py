"""What was done here, in words: for the outbox, and for what could not be delivered."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.models.event_sentence import Names, priority_name, status_name
from sync.domain.actions import (
    TAG_PREFIX,
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
from sync.domain.records import MessageKind


def _tr(text: str) -> str:
    return QCoreApplication.translate("ActionWords", text)


@dataclass(frozen=True, slots=True)
class ActionWords:
    """`what` is a short name ("Reply to Noor H."), `text` the words that it holds, or what it changes."""

    icon: str
    what: str
    text: str
    kind: MessageKind = MessageKind.NOTE


def action_words(action: Action, requester: str, names: Names) -> ActionWords:
    """`requester`: the ticket's, empty if it is not known."""
    match action:
        case PostMessage() if action.kind is MessageKind.REPLY:
            what = _tr("Reply to {name}").format(name=requester) if requester else _tr("Reply to requester")
            return ActionWords("reply", what, action.body_text, MessageKind.REPLY)
        case PostMessage():
            return ActionWords("lock", _tr("Internal note"), action.body_text)
        case CreateTicket():
            what = _tr("New ticket from {name}").format(name=action.requester_name)
            return ActionWords("plus", what, f"{action.subject}\n\n{action.body_text}", MessageKind.INBOUND)
        case EditTicket():
            return ActionWords("event", _tr("Change"), "\n".join(_changes(action, names)))
        case SaveQuickNote() | AttachQuickNote():
            return ActionWords("quick-note", _tr("Quick note"), action.text)
        case DiscardQuickNote():
            return ActionWords("discard", _tr("Quick note thrown away"), "")
        case RecordSpotCheck():
            return ActionWords("spot-check", _tr("Spot-check"), "")
        case MarkRead():
            return ActionWords("inbound", _tr("Read"), "")


def written_at(action: Action) -> int | None:
    """When the person did it, ms UTC; None where the action does not tell."""
    match action:
        case PostMessage() | CreateTicket():
            return action.composed_at
        case SaveQuickNote():
            return action.created_at
        case EditTicket() | AttachQuickNote() | DiscardQuickNote() | RecordSpotCheck():
            return action.at
        case _:
            return None


def _changes(action: EditTicket, names: Names) -> list[str]:
    lines = []
    for name, value in action.wanted.items():
        text = "" if value is None else str(value)
        if name.startswith(TAG_PREFIX):
            line = _tr("Tag {tag} added") if value else _tr("Tag {tag} taken away")
            lines.append(line.format(tag=name.removeprefix(TAG_PREFIX)))
        elif name == "status":
            lines.append(_tr("Status: {value}").format(value=status_name(text)))
        elif name == "priority":
            lines.append(_tr("Priority: {value}").format(value=priority_name(text)))
        elif name == "assigneeId":
            lines.append(_tr("Assignee: {value}").format(value=names.agent(text) if text else _tr("nobody")))
        elif name == "categoryId":
            lines.append(_tr("Category: {value}").format(value=names.category(text)))
    return lines
