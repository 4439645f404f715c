"""What a reader gives to screens: frozen rows, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from sync.domain.actions import Action
from sync.domain.choices import Choice
from sync.domain.records import Attachment, Awaiting, Channel, MessageKind, Priority, Requester, Status


class MessageState(StrEnum):
    """Where a message is (PRODUCT C2)."""

    SAVED_HERE = "savedHere"
    SENDING = "sending"
    SENT = "sent"
    NEEDS_YOU = "needsYou"


ViewName = Literal["awaiting", "mine", "unassigned", "waiting", "new", "closed", "all"]
SortName = Literal[
    "mostInNeed", "updated", "created", "number", "subject", "requester", "status", "priority", "assignee", "category"
]


@dataclass(frozen=True, slots=True)
class View:
    """Which tickets: a view of all visible categories, or of one."""

    name: ViewName
    category_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """In which order. `descending` turns the name's natural first (oldest, A, least) round; `mostInNeed` has one."""

    name: SortName = "mostInNeed"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One line of a list. `key` is the cache's own handle, stable while the ticket is here; times in ms UTC.

    `due_at`: when the wait for the team gets too long (awaiting_since + the category's limit), None otherwise.
    `pending` counts outbox entries that touch it.
    """

    key: int
    id: str
    number: int | None
    subject: str
    requester_name: str
    category_id: str
    category_name: str
    status: Status
    priority: Priority
    awaiting: Awaiting | None
    awaiting_since: int | None
    due_at: int | None
    updated_at: int
    created_at: int
    assignee_id: str | None
    assignee_name: str | None
    tags: tuple[str, ...]
    unread: bool
    is_new: bool
    pending: int
    needs_you: bool
    draft: bool


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """One ticket, whole. `read_seq` is how far I have read; `confirmed_seq` the base for a reply.

    `base` holds the confirmed values of the editable fields in wire names, for `EditTicket.base`
    (a tag that is not in `base_tags` has the base None).
    """

    row: TicketRow
    requester: Requester | None
    channel: Channel
    site: str | None
    closed_at: int | None
    resolution: str | None
    outcome: str | None
    merged_into_id: str | None
    follow_up_of: str | None
    last_seq: int
    read_seq: int
    confirmed_seq: int
    base: Mapping[str, str | None]
    base_tags: frozenset[str]
    links: frozenset[str] = frozenset()
    reminders: int = 0
    rating: str | None = None
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """How far a mailed reply has come: queued, handedOver, delayed, bounced, failed or notSent; since when (ms UTC),
    and what the mail server said."""

    status: str
    at: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One entry of a thread. `client_key` is set for what this person's workstation wrote and is not confirmed;
    `hold_until`: a reply that goes at that time, ms UTC, and can be taken back until then. `original_blob_id`: the
    mail that it was, as it came."""

    id: str
    ticket_id: str
    seq: int
    kind: MessageKind
    author_id: str | None
    author_name: str
    is_mine: bool
    body_text: str
    composed_at: int
    posted_at: int
    attachments: tuple[Attachment, ...]
    state: MessageState
    client_key: str | None
    hold_until: int | None = None
    delivered: Delivered | None = None
    original_blob_id: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category of the side bar. `granted`: I may open its tickets; `alerted`: it counts for the badge."""

    id: str
    name: str
    account_id: str | None
    awaiting: int
    new: int
    limit_ms: int
    alerted: bool = True


@dataclass(frozen=True, slots=True)
class Counts:
    """The one answer to "how many": tray, title, list and side bar all show it. `as_of`: last good contact, ms."""

    awaiting: int = 0
    new: int = 0
    by_category: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    mine: int = 0
    unassigned: int = 0
    waiting: int = 0
    outbox: int = 0
    undelivered: int = 0
    quick_notes: int = 0
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something done here that the server has not confirmed. `action` tells what; `hold_until` as in MessageRow."""

    client_key: str
    ticket_id: str | None
    ticket_number: int | None
    ticket_subject: str | None
    action: Action
    at: int
    attempts: int
    state: MessageState
    hold_until: int | None = None


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field of a change that was left out: what the person wanted, what it is now, and what it was to them.

    `name` in wire names (`tags/NAME` for a tag), values as on the wire.
    """

    name: str
    mine: str | bool | None
    theirs: str | bool | None
    base: str | bool | None


@dataclass(frozen=True, slots=True)
class UndeliveredRow:
    """Words (or a change, `kind` "edit" or "merge") that wait for the person's decision, and why.

    `Reader.since(ticket_id, base_seq)` gives the messages that the person had not seen when writing. `choices`: what
    `Cache.resolve` takes, the proposed one first. `goal_id`, `goal_number`: the ticket that they are about now (the one
    that theirs was merged into), None if none is here. `only_at_server`: written at another workstation of theirs.
    """

    client_key: str
    ticket_id: str | None
    ticket_number: int | None
    ticket_subject: str | None
    kind: str
    text: str
    action: Action
    reason: str
    sentence: str
    at: int
    base_seq: int
    discarded_at: int | None = None
    choices: tuple[Choice, ...] = ()
    goal_id: str | None = None
    goal_number: int | None = None
    conflicts: tuple[FieldConflict, ...] = ()
    only_at_server: bool = False


@dataclass(frozen=True, slots=True)
class UndeliveredGroup:
    """So many items of Undelivered that came together (`first_at` to `last_at`, ms UTC), and how many for each reason.

    `client_keys`: the newest first.
    """

    count: int
    first_at: int
    last_at: int
    reasons: Mapping[str, int]
    client_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuickNoteRow:
    """A quick note on the list."""

    id: str
    text: str
    created_at: int
    state: MessageState


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A text begun. `mode` is reply, note, or a name of the caller's own (newTicket)."""

    ticket_id: str
    mode: str
    text: str
    attachments: tuple[Attachment, ...]
    at: int
