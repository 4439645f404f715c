"""The records that travel and are shown: frozen, typed, valid once built."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Awaiting(StrEnum):
    """Whose turn it is; a closed ticket awaits nobody (None)."""

    TEAM = "team"
    REQUESTER = "requester"


class Priority(StrEnum):
    """How much a ticket presses, least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Channel(StrEnum):
    """How a ticket came in."""

    FORM = "form"
    EMAIL = "email"
    PHONE = "phone"
    IMPORT = "import"
    WEBHOOK = "webhook"


class MessageKind(StrEnum):
    """What an entry of a thread is; requesters see inbound messages and replies only."""

    INBOUND = "inbound"
    REPLY = "reply"
    NOTE = "note"
    EVENT = "event"


class Rating(StrEnum):
    """What a requester said of the answer."""

    GOOD = "good"
    BAD = "bad"


class ArrivalKind(StrEnum):
    """Why something rings."""

    NEW = "new"
    INBOUND = "inbound"
    MOVED = "moved"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message; `size` in bytes. `blob_id` is the server's, or a local one until sent."""

    blob_id: str
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Category:
    """What access is granted by; `limit_ms` is how long a ticket may await the team (spot-check).

    `description` says in a sentence, for those who ask, what belongs into it.
    """

    id: str
    name: str
    agent_ids: tuple[str, ...] = ()
    limit_ms: int = 2 * 3_600_000
    description: str = ""


@dataclass(frozen=True, slots=True)
class CategoryGrant:
    """A category that the agent of the personal account may see; `account_id` is that category's account."""

    id: str
    category_id: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A colleague, by name; no more is shown to other agents."""

    id: str
    name: str
    is_owner: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What another system told of a requester: a payment, a reward, whatever it calls `kind`. Time in ms UTC."""

    id: str
    at: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks. `facts`: what other systems told of them, the newest first."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    created_at: int = 0
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request. Times in ms UTC. `number` is None while unsent.

    `reminders`: how often the requester had to ask again before being answered.
    """

    id: str
    number: int | None
    subject: str
    category_id: str
    requester_id: str | None
    created_at: int
    updated_at: int
    status: Status = Status.NEW
    priority: Priority = Priority.NORMAL
    channel: Channel = Channel.FORM
    site: str | None = None
    assignee_id: str | None = None
    awaiting: Awaiting | None = Awaiting.TEAM
    awaiting_since: int | None = None
    closed_at: int | None = None
    resolution: str | None = None
    outcome: str | None = None
    tags: frozenset[str] = frozenset()
    merged_into_id: str | None = None
    follow_up_of: str | None = None
    last_seq: int = 0
    reminders: int = 0
    rating: Rating | None = None
    links: frozenset[str] = frozenset()
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a thread, insert-only. `author_id` is an agent's or the requester's id, None for the system.

    `seq` is the server's order within the ticket; `composed_at` the workstation's time, `posted_at` the server's.
    """

    id: str
    ticket_id: str
    seq: int
    kind: MessageKind
    body_text: str
    composed_at: int
    posted_at: int
    author_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class TicketArrival:
    """A new ticket, a new inbound message, a ticket moved in, or a reply that came back: the only thing that rings.

    `for_agent_id`: it is for this agent alone; None: for everybody whom the category alerts.
    """

    id: str
    ticket_id: str
    message_id: str | None
    kind: ArrivalKind
    priority: Priority
    by_agent_id: str | None
    at: int
    for_agent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a reply that was to be mailed. `status`: queued, handedOver, delayed, bounced, failed or notSent;
    `detail` is what a mail server said, or `noAddress`."""

    id: str
    ticket_id: str
    message_id: str
    status: str
    at: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ReadMark:
    """How far the agent has read a ticket; the larger `last_seq` wins."""

    id: str
    ticket_id: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class QuickNote:
    """Something jotted down; `ticket_id` once it was attached."""

    id: str
    text: str
    created_at: int
    ticket_id: str | None = None
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """One run of the owner's check: when, how fresh the data was, and what it found."""

    id: str
    by_agent_id: str | None
    at: int
    as_of: int
    awaiting: int
    new: int
    too_long: int
    oldest_ticket_id: str | None = None
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """Words of an agent that could not be posted; kept in the author's personal account."""

    id: str
    ticket_id: str | None
    kind: MessageKind
    body_text: str
    composed_at: int
    reason: str
    client_key: str | None = None
