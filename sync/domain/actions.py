"""The closed set of what a person may do at a workstation; a built action is a valid one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.domain.records import Attachment, Channel, MessageKind, Priority, Status

EDITABLE = frozenset({"status", "assigneeId", "categoryId", "priority", "incidentId"})
TAG_PREFIX = "tags/"
LINK_PREFIX = "links/"
SET_PREFIXES = (TAG_PREFIX, LINK_PREFIX)
"""Fields that are sets: what is put in and taken out merges with what others do, and needs no base."""


def member_of(name: str) -> tuple[str, str] | None:
    """The set and its member that an edited field names: ("tags", NAME) or ("links", ID); None for other fields."""
    if not name.startswith(SET_PREFIXES):
        return None
    prefix, _, member = name.partition("/")
    return prefix, member


@dataclass(frozen=True, slots=True)
class PostMessage:
    """A note or a reply, with the status that the agent chose for afterwards ("then").

    `base_seq` is the highest confirmed seq that the agent's workstation held: a later reply of somebody else
    stops this one (ARCHITECTURE 4). `base_status` is the base of `then_status`.
    """

    client_key: str
    ticket_id: str
    kind: MessageKind
    body_text: str
    composed_at: int
    attachments: tuple[Attachment, ...] = ()
    base_seq: int = 0
    then_status: Status | None = None
    base_status: Status | None = None

    def __post_init__(self) -> None:
        if self.kind not in (MessageKind.REPLY, MessageKind.NOTE):
            raise ValueError("an agent writes replies and notes")
        if not self.body_text.strip() and not self.attachments:
            raise ValueError("an empty message")


@dataclass(frozen=True, slots=True)
class EditTicket:
    """New values for some fields of a ticket, in wire names, beside the confirmed values they replace.

    `wanted` maps status, assigneeId, categoryId, priority, incidentId to a string or None, `tags/NAME` to True or None.
    So `links/ID`, for another ticket that this one is linked with; the link stands on both.
    """

    client_key: str
    ticket_id: str
    wanted: Mapping[str, str | bool | None]
    base: Mapping[str, str | bool | None]
    at: int

    def __post_init__(self) -> None:
        for name, value in self.wanted.items():
            if name.startswith(SET_PREFIXES):
                if value not in (True, None):
                    raise ValueError(f"{name} is set or taken away")
            elif name not in EDITABLE:
                raise ValueError(f"{name} cannot be edited")
        if not self.wanted or set(self.wanted) != set(self.base):
            raise ValueError("each edit carries its base")


@dataclass(frozen=True, slots=True)
class CreateTicket:
    """A new ticket taken down by an agent (a phone call). `ticket_id` is local until the server gives its own.

    `follow_up_of`: the ticket that it goes on with, whose requester it gets. `first_kind` is REPLY where the first
    words are the agent's own to that requester.
    """

    client_key: str
    ticket_id: str
    category_id: str
    subject: str
    body_text: str
    composed_at: int
    requester_name: str
    requester_email: str | None = None
    requester_phone: str | None = None
    priority: Priority = Priority.NORMAL
    channel: Channel = Channel.PHONE
    tags: frozenset[str] = frozenset()
    attachments: tuple[Attachment, ...] = ()
    follow_up_of: str | None = None
    first_kind: MessageKind = MessageKind.INBOUND

    def __post_init__(self) -> None:
        if not self.subject.strip():
            raise ValueError("a ticket needs a subject")
        if self.first_kind is not MessageKind.INBOUND and self.follow_up_of is None:
            raise ValueError("only a follow-up begins with a reply")


@dataclass(frozen=True, slots=True)
class MergeTicket:
    """The ticket is a duplicate of another one of the same category, and goes on there (ARCHITECTURE 3.9)."""

    client_key: str
    ticket_id: str
    into_id: str
    at: int

    def __post_init__(self) -> None:
        if self.ticket_id == self.into_id:
            raise ValueError("a ticket is not merged into itself")


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Read up to `last_seq`."""

    client_key: str
    ticket_id: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class SaveQuickNote:
    """Something jotted down."""

    client_key: str
    text: str
    created_at: int

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an empty note")


@dataclass(frozen=True, slots=True)
class AttachQuickNote:
    """Post a quick note as an internal note of a ticket, and take it off the list.

    `note_id` is the note's id, or its client key while it is unsent.
    """

    client_key: str
    note_id: str
    ticket_id: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class DiscardQuickNote:
    """Take a quick note off the list."""

    client_key: str
    note_id: str
    at: int


@dataclass(frozen=True, slots=True)
class DiscardHeld:
    """The person has decided about words that the server holds for them: let it forget them."""

    client_key: str
    held_id: str
    at: int


@dataclass(frozen=True, slots=True)
class RecordSpotCheck:
    """One run of the owner's check."""

    client_key: str
    at: int
    as_of: int
    awaiting: int
    new: int
    too_long: int
    oldest_ticket_id: str | None = None


Action = (
    PostMessage
    | EditTicket
    | CreateTicket
    | MergeTicket
    | MarkRead
    | SaveQuickNote
    | AttachQuickNote
    | DiscardQuickNote
    | DiscardHeld
    | RecordSpotCheck
)


@dataclass(frozen=True, slots=True)
class Words:
    """What of an action a person wrote, so that it can be shown and sent again."""

    text: str
    kind: str
    ticket_id: str | None = None
    attachments: tuple[Attachment, ...] = field(default=())


def words_of(action: Action) -> Words | None:
    """The text that must not be lost if the action fails; None where the action holds none."""
    match action:
        case PostMessage():
            return Words(action.body_text, action.kind.value, action.ticket_id, action.attachments)
        case CreateTicket():
            return Words(f"{action.subject}\n\n{action.body_text}", "ticket", None, action.attachments)
        case SaveQuickNote():
            return Words(action.text, "quickNote")
        case AttachQuickNote():
            return Words(action.text, MessageKind.NOTE.value, action.ticket_id)
        case _:
            return None
