"""What was done here, in words: for the outbox, and for what could not be delivered."""

from dataclasses import dataclass

from desktop.models.event_sentence import Names, priority_name, status_name
from desktop.translation import translate
from sync.domain.actions import (
    LINK_PREFIX,
    TAG_PREFIX,
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
from sync.domain.records import MessageKind


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
            what = (
                translate("ActionWords", "Reply to {name}").format(name=requester)
                if requester
                else translate("ActionWords", "Reply to requester")
            )
            return ActionWords("reply", what, action.body_text, MessageKind.REPLY)
        case PostMessage():
            return ActionWords("lock", translate("ActionWords", "Internal note"), action.body_text)
        case CreateTicket():
            what = translate("ActionWords", "New ticket from {name}").format(name=action.requester_name)
            return ActionWords("plus", what, f"{action.subject}\n\n{action.body_text}", MessageKind.INBOUND)
        case EditTicket():
            return ActionWords("event", translate("ActionWords", "Change"), "\n".join(_changes(action, names)))
        case MergeTicket():
            return ActionWords("link", translate("ActionWords", "Merged into another ticket"), "")
        case SaveQuickNote() | AttachQuickNote():
            return ActionWords("quick-note", translate("ActionWords", "Quick note"), action.text)
        case DiscardQuickNote():
            return ActionWords("discard", translate("ActionWords", "Quick note thrown away"), "")
        case DiscardHeld():
            return ActionWords("discard", translate("ActionWords", "Words at the server thrown away"), "")
        case RecordSpotCheck():
            return ActionWords("spot-check", translate("ActionWords", "Spot-check"), "")
        case MarkRead():
            return ActionWords("inbound", translate("ActionWords", "Read"), "")


def written_at(action: Action) -> int | None:
    """When the person did it, ms UTC; None where the action does not tell."""
    match action:
        case PostMessage() | CreateTicket():
            return action.composed_at
        case SaveQuickNote():
            return action.created_at
        case EditTicket() | MergeTicket() | AttachQuickNote() | DiscardQuickNote() | DiscardHeld() | RecordSpotCheck():
            return action.at
        case _:
            return None


def _changes(action: EditTicket, names: Names) -> list[str]:
    lines = []
    for name, value in action.wanted.items():
        text = "" if value is None else str(value)
        if name.startswith(TAG_PREFIX):
            line = (
                translate("ActionWords", "Tag {tag} added")
                if value
                else translate("ActionWords", "Tag {tag} taken away")
            )
            lines.append(line.format(tag=name.removeprefix(TAG_PREFIX)))
        elif name.startswith(LINK_PREFIX):
            other = names.tickets.get(name.removeprefix(LINK_PREFIX), translate("ActionWords", "another ticket"))
            line = (
                translate("ActionWords", "Linked with {ticket}")
                if value
                else translate("ActionWords", "No longer linked with {ticket}")
            )
            lines.append(line.format(ticket=other))
        elif name == "status":
            lines.append(translate("ActionWords", "Status: {value}").format(value=status_name(text)))
        elif name == "priority":
            lines.append(translate("ActionWords", "Priority: {value}").format(value=priority_name(text)))
        elif name == "assigneeId":
            lines.append(
                translate("ActionWords", "Assignee: {value}").format(
                    value=names.agent(text) if text else translate("ActionWords", "nobody")
                )
            )
        elif name == "categoryId":
            lines.append(translate("ActionWords", "Category: {value}").format(value=names.category(text)))
    return lines
