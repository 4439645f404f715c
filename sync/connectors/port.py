"""What an engine may ask of any server, named once (ARCHITECTURE 2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from sync.domain.actions import Action
from sync.domain.presence import Doing
from sync.domain.records import TicketArrival

Row = Mapping[str, Any]


class AccountKind(StrEnum):
    """What an account of the server holds (ARCHITECTURE 3)."""

    CATEGORY = "category"
    PERSONAL = "personal"
    TEAM = "team"
    OVERSIGHT = "oversight"


@dataclass(frozen=True, slots=True)
class Account:
    """One account that the signed-in person may see. `category_id` only for category accounts."""

    id: str
    kind: AccountKind
    name: str
    read_only: bool = False
    category_id: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """A verified answer to "who am I and what may I see"; the only thing that may lead to a purge.

    `state` changes whenever the answer would. `server_now_ms` is the server's clock, for its offset. `mails`: whether
    replies go out by mail; a server that does not say mails them.
    """

    server_id: str
    user_id: str
    user_name: str
    is_owner: bool
    accounts: tuple[Account, ...]
    state: str
    server_now_ms: int
    limits: Mapping[str, int] = field(default_factory=dict)
    mails: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Changes of one account since a cursor, with the cursor to store in the same transaction.

    `rows` maps a type's name to objects in wire form (camelCase, UTCDate), each whole; `destroyed` maps a type's
    name to ids. `replace` is True for the first page of a fresh copy: rows that the account held before are gone
    once the page with `more == False` has come. `access_state` tells whether `Access` must be asked again.
    `progress` is the share (0 to 1) of a first copy that this page completes, None outside one.
    """

    account_id: str
    cursor: str
    rows: Mapping[str, Sequence[Row]]
    destroyed: Mapping[str, Sequence[str]]
    more: bool
    replace: bool
    access_state: str
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """Which accounts have something new; an account that cannot be asked any more counts as one.

    `totals`: where the server was asked to count, how many objects of which types stand in an account that has nothing
    new.
    """

    moved: frozenset[str]
    access_state: str
    totals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Result(StrEnum):
    """What became of one action."""

    APPLIED = "applied"
    ALREADY_APPLIED = "alreadyApplied"
    CONFLICT = "conflict"
    HELD = "held"
    REFUSED = "refused"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


TURNED_AWAY: Final = "turnedAway"
"""UNKNOWN for this reason: the whole request was refused, so this try at least has done nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one action.

    `ids` maps what the action created to the server's ids ("ticket", "message", "note", "spotCheck").
    `reason` is a wire word such as `stateMismatch`, `overtaken`, `notFound`, `accountNotFound`, `closed`, `merged`,
    `tooLarge`, `invalidProperties`; `sentence` says it to a person. `status_applied` is False where the words
    were stored and the status chosen for afterwards was not. DROPPED: what it was about is gone, and nobody needs to
    know (a tag on a ticket that was deleted).
    """

    client_key: str
    result: Result
    ids: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    sentence: str | None = None
    status_applied: bool = True


@dataclass(frozen=True, slots=True)
class Routed:
    """An action with the account in which its ticket stands now, looked up at each send (ARCHITECTURE 4).

    `in_doubt`: the server may have carried it out at an earlier try, of which nothing is known.
    """

    action: Action
    account_id: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class StateHint:
    """Something changed in these accounts; /changes is the truth."""

    account_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ArrivalHint:
    """An arrival, told ahead of its rows so that the chime needs no fetch."""

    account_id: str
    arrival: TicketArrival


@dataclass(frozen=True, slots=True)
class PresenceHint:
    """A colleague (or this person) looks or types there for `left_s` more seconds; `doing` None: not any more."""

    account_id: str
    ticket_id: str
    agent_id: str
    doing: Doing | None
    left_s: float


@dataclass(frozen=True, slots=True)
class Alive:
    """The stream is there: connected, or a ping."""


@dataclass(frozen=True, slots=True)
class ComeBack:
    """The server ends the stream, and asks to be called again after so many seconds; for the listener only."""

    after_s: float


Hint = StateHint | ArrivalHint | PresenceHint | Alive | ComeBack


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a kind of server can do; the screens follow it. `presence` and `take_next`: it is a Together too."""

    push: bool
    idempotency_keys: bool
    reports_removals: bool
    per_field_base: bool
    blobs: bool
    max_actions: int
    max_request_bytes: int
    presence: bool = False
    take_next: bool = False


class Connector(Protocol):
    """Blocking calls; each raises Offline, Denied, Rejected or Incompatible of sync.domain.errors."""

    @property
    def abilities(self) -> Abilities: ...

    def access(self) -> Access:
        """Who am I and what may I see."""
        ...

    def changes(self, account: Account, cursor: str | None) -> Page:
        """The next page since `cursor`; None, or a cursor that the server has forgotten, begins a fresh copy,
        newest tickets first."""
        ...

    def poll(self, cursors: Sequence[tuple[Account, str | None]], counting: bool = False) -> Poll:
        """Which of these accounts moved on since their cursors; one request where the server allows it.

        `counting`: with totals as of the cursors, as far as they can be had along with that.
        """
        ...

    def send(self, actions: Sequence[Routed]) -> list[Outcome]:
        """Carry out; one outcome for each, in order. A lost answer is `unknown`, never a guess.

        Raises Rejected only where none was carried out.
        """
        ...

    def fetch_blob(self, account_id: str, blob_id: str, name: str) -> Iterator[bytes]:
        """The bytes of a file in chunks. Raises Rejected("...", "notFound") if it is not to be had."""
        ...

    def store_blob(self, account_id: str, chunks: Iterator[bytes], size: int, media_type: str) -> str:
        """Upload; the server's blob id."""
        ...

    def listen(self) -> Iterator[Hint]:
        """Hints until the stream ends (raises Offline when it breaks). Only where `abilities.push`."""
        ...

    def hang_up(self) -> None:
        """End a running `listen` from another thread."""
        ...

    def forget_connections(self) -> None:
        """Begin with new connections: the machine slept, the old ones are stale."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """The ticket that is this person's now, and the account in which it stands."""

    ticket_id: str
    account_id: str


class Together(Protocol):
    """What only helps those who work at the same time: online, best effort, never by the outbox."""

    def tell_presence(self, account_id: str | None, ticket_id: str | None, doing: Doing | None) -> None:
        """What this workstation looks at now; None for each: nothing. Holds for a lease of sync.domain.presence."""
        ...

    def take_next(self, client_key: str, category_ids: Sequence[str] | None) -> Taken | None:
        """The ticket most in need among these categories (None: all that are granted) is this person's now; None:
        there is none. The same key gets the same answer, so a lost one is asked for again."""
        ...


class SignIn(Protocol):
    """How a person gets a token; separate, since it needs no token."""

    def sign_in(self, name: str, password: str, device: str) -> str:
        """The token. Raises Denied for a wrong name or password, Offline with `retry_after` when slowed."""
        ...
