"""The thread as it is drawn: each message with its title, its time in words, its state, folded or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.models.choice_words import Answer
from desktop.models.event_sentence import Names, event_icon, event_sentence
from desktop.models.moments import Moments
from desktop.translation import translate
from sync.cache.rows import MessageRow
from sync.domain.records import Attachment, MessageKind
from sync.domain.times import MINUTE_MS, seconds_left

UNFOLDED = 4
UNREAD_UNFOLDED = 12
OFFLINE_AFTER_MS = MINUTE_MS
EXCERPT_MAX = 200
UNKNOWN_SIZE = -1


class State(StrEnum):
    """Where a message is, as the mark at its head's right end says."""

    NONE = "none"
    UNANSWERED = "unanswered"
    SAVED_HERE = "savedHere"
    SENDS_NEXT = "sendsNext"
    SENDS_SOON = "sendsSoon"
    SENDING = "sending"
    SENT = "sent"
    NEEDS_YOU = "needsYou"
    QUEUED = "queued"
    HANDED_OVER = "handedOver"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    FAILED = "failed"
    NOT_SENT = "notSent"


_MAILED = frozenset({State.QUEUED, State.HANDED_OVER, State.DELAYED, State.BOUNCED, State.FAILED, State.NOT_SENT})
_CALM = frozenset({State.NONE, State.SENT, State.QUEUED, State.HANDED_OVER, State.NOT_SENT})


@dataclass(frozen=True, slots=True)
class Held:
    """Why a message was not delivered, and what may be done with it."""

    why: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One message, ready to be shown. `seq` is 0 while unsent; `undo` says whether its sending may be taken back,
    `seconds` for how long before it goes. `origin`: the number of the merged ticket that it was written for.
    `why`: what the mail server said of it. `original`: the mail that it was, to be saved; its size is not known."""

    id: str
    kind: MessageKind
    title: str
    author: str
    when: str
    state: State
    body: str
    icon: str
    seq: int = 0
    attachments: tuple[Attachment, ...] = ()
    client_key: str | None = None
    folded: bool = False
    undo: bool = False
    seconds: int = 0
    held: Held | None = None
    origin: str = ""
    why: str = ""
    original: Attachment | None = None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What came with it, and the whole mail last."""
        return (*self.attachments, self.original) if self.original is not None else self.attachments

    @property
    def excerpt(self) -> str:
        """Its beginning on one line."""
        return " ".join(self.body[: 2 * EXCERPT_MAX].split())[:EXCERPT_MAX]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the thread's words depend on besides its rows. `awaiting_team`: whether an answer is owed.

    `held`: what was not delivered, by client key. `origins`: numbers of the tickets that were merged into this one.
    """

    requester: str
    names: Names
    moments: Moments
    now_ms: int
    awaiting_team: bool = False
    read_seq: int = 0
    online: bool = True
    few_lines: bool = False
    held: Mapping[str, Held] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)


def state_words(state: State) -> str:
    """The words of a state; empty where none is shown."""
    return {
        State.UNANSWERED: translate("Thread", "Not answered yet"),
        State.SAVED_HERE: translate("Thread", "Saved here"),
        State.SENDS_NEXT: translate("Thread", "Saved here, sends next"),
        State.SENDS_SOON: translate("Thread", "Sending soon"),
        State.SENDING: translate("Thread", "Sending"),
        State.SENT: translate("Thread", "Sent"),
        State.NEEDS_YOU: translate("Thread", "Needs you"),
        State.QUEUED: translate("Thread", "Sent, waits to be mailed"),
        State.HANDED_OVER: translate("Thread", "Mailed"),
        State.DELAYED: translate("Thread", "Mail delayed"),
        State.BOUNCED: translate("Thread", "Came back, not delivered"),
        State.FAILED: translate("Thread", "Could not be mailed"),
        State.NOT_SENT: translate("Thread", "Not mailed: no address"),
    }.get(state, "")


def entries(rows: Sequence[MessageRow], scene: Scene) -> list[Entry]:
    """The rows in their order, the last ones, the unread and those that need somebody unfolded."""
    unanswered = _unanswered(rows) if scene.awaiting_team else frozenset()
    shown = [_entry(row, scene, row.id in unanswered) for row in rows]
    words = [entry.id for entry in shown if entry.kind is not MessageKind.EVENT]
    unfolded = frozenset(words[-(1 if scene.few_lines else UNFOLDED) :])
    late = frozenset(words[-UNREAD_UNFOLDED:])
    return [replace(entry, folded=_folds(entry, unfolded, late, scene.read_seq)) for entry in shown]


def newest_original(entries: Sequence[Entry]) -> Attachment | None:
    """The last mail of a thread, as it came; None where nothing came by mail."""
    return next((entry.original for entry in reversed(entries) if entry.original is not None), None)


def spoken(entry: Entry) -> str:
    """The entry's name for a screen reader: kind, author, time and state."""
    who = (
        translate("Thread", "{title}, {author}").format(title=entry.title, author=entry.author)
        if entry.author
        else entry.title
    )
    parts = [who, entry.when, state_words(entry.state), entry.why]
    if entry.origin:
        parts.append(translate("Thread", "from ticket {number}").format(number=entry.origin))
    if entry.attachments:
        parts.append(translate("Thread", "files: {count}").format(count=len(entry.attachments)))
    return ", ".join(part for part in parts if part)


def _entry(row: MessageRow, scene: Scene, unanswered: bool) -> Entry:
    kind = MessageKind(row.kind)
    if kind is MessageKind.EVENT:
        return Entry(
            id=row.id, kind=kind, title=event_sentence(row.body_text, scene.names), author="",
            when=scene.moments.short(row.posted_at, scene.now_ms), state=State.NONE, body="",
            icon=event_icon(row.body_text), seq=row.seq, original=_original(row),
        )  # fmt: skip
    author = row.author_name or (scene.requester if kind is MessageKind.INBOUND else translate("Thread", "Somebody"))
    titles = {
        MessageKind.INBOUND: author,
        MessageKind.REPLY: translate("Thread", "Reply to {name}").format(name=scene.requester),
        MessageKind.NOTE: translate("Thread", "Internal note"),
    }
    state = _state(row, scene, unanswered)
    return Entry(
        id=row.id, kind=kind, title=titles[kind], author="" if kind is MessageKind.INBOUND else author,
        when=_when(row, scene), state=state, body=row.body_text, icon=_ICONS[kind],
        seq=row.seq if row.client_key is None else 0,
        attachments=tuple(row.attachments), client_key=row.client_key,
        undo=kind is MessageKind.REPLY and state in (State.SAVED_HERE, State.SENDS_NEXT, State.SENDS_SOON),
        seconds=seconds_left(row.hold_until, scene.now_ms) if state is State.SENDS_SOON else 0,
        held=scene.held.get(row.client_key or ""), origin=scene.origins.get(row.ticket_id, ""),
        why=_why(row, state), original=_original(row),
    )  # fmt: skip


_ICONS = {MessageKind.INBOUND: "inbound", MessageKind.REPLY: "reply", MessageKind.NOTE: "lock"}


def _original(row: MessageRow) -> Attachment | None:
    if row.original_blob_id is None:
        return None
    name = translate("Thread", "Original mail") + ".eml"
    return Attachment(row.original_blob_id, name, "message/rfc822", UNKNOWN_SIZE)


def _state(row: MessageRow, scene: Scene, unanswered: bool) -> State:
    if row.kind == MessageKind.INBOUND:
        return State.UNANSWERED if unanswered else State.NONE
    if row.hold_until is not None and row.hold_until > scene.now_ms:
        return State.SENDS_SOON
    state = State(row.state)
    if state is State.SENT and row.delivered is not None:
        mailed = State(row.delivered.status)
        return mailed if mailed in _MAILED else state
    return State.SENDS_NEXT if state is State.SAVED_HERE and scene.online else state


def _why(row: MessageRow, state: State) -> str:
    """What is known of a mail besides its state; said where it did not simply arrive."""
    if row.delivered is None or state in _CALM or state not in _MAILED:
        return ""
    return row.delivered.detail or ""


def _when(row: MessageRow, scene: Scene) -> str:
    written = scene.moments.short(row.composed_at, scene.now_ms)
    if row.kind == MessageKind.INBOUND:
        return scene.moments.short(row.posted_at or row.composed_at, scene.now_ms)
    if State(row.state) is not State.SENT:
        waited = scene.online and scene.now_ms - row.composed_at > OFFLINE_AFTER_MS
        return translate("Thread", "{time}, written offline").format(time=written) if waited else written
    posted = scene.moments.short(row.posted_at, scene.now_ms)
    if row.posted_at - row.composed_at > OFFLINE_AFTER_MS:
        return translate("Thread", "{posted}, written offline {written}").format(posted=posted, written=written)
    return posted


def _is_lost(row: MessageRow) -> bool:
    """A reply that never reached the requester answers nothing."""
    return row.delivered is not None and row.delivered.status in (State.BOUNCED, State.FAILED)


def _unanswered(rows: Sequence[MessageRow]) -> frozenset[str]:
    open_questions: list[str] = []
    for row in rows:
        if row.kind == MessageKind.REPLY and State(row.state) is not State.NEEDS_YOU and not _is_lost(row):
            open_questions.clear()
        elif row.kind == MessageKind.INBOUND:
            open_questions.append(row.id)
    return frozenset(open_questions)


def _folds(entry: Entry, unfolded: frozenset[str], late: frozenset[str], read_seq: int) -> bool:
    """Read and old; unread only where there is more of it than anybody reads at once."""
    if entry.kind is MessageKind.EVENT or entry.id in unfolded or entry.seq == 0:
        return False
    if entry.state is State.UNANSWERED:
        return entry.id not in late
    return entry.state in _CALM and (entry.seq <= read_seq or entry.id not in late)
