"""Fields changed, tickets merged, one answer sent to many: what one key did is one deed, and is taken back as one."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from desktop.bridge import Bridge
from desktop.lanes import Lane
from desktop.saving import Saving, Wanted
from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.cache.rows import TicketDetail
from sync.domain.actions import Action, EditTicket, MergeTicket, PostMessage, member_of
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind

Edit = tuple[str, Wanted]
"""A ticket, and new values for some of its fields, in wire names."""
Answer = tuple[str, str, int]
"""A ticket, the words of a reply, and the last message that the person had before them."""


@dataclass(slots=True, eq=False)
class _Deed:
    """What was there before, once it is done (`before` None until then), and the keys of the merges and replies.

    `unwanted`: it is to be taken back as soon as it is done.
    """

    before: list[Edit] | None = None
    merges: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    unwanted: bool = False


@dataclass(slots=True)
class _Came:
    """What became of a deed: each action that was put, and why others were not; `lost`: words that are not saved."""

    keys: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    before: list[Edit] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    error: DeskbellError | None = None
    lost: str = ""


class Editing(Saving):
    """Each ticket's change is an action of its own; the deed is what the person did."""

    def __init__(
        self, cache: Cache, lane: Lane, bridge: Bridge, ids: IdFactory, clock: Clock, nudge: Callable[[], None]
    ) -> None:
        super().__init__(cache, lane, bridge, ids, clock, nudge)
        self._deeds: list[_Deed] = []

    @property
    def can_undo(self) -> bool:
        """Whether anything was changed since the start."""
        return bool(self._deeds)

    def edit(self, ticket_id: str, wanted: Wanted) -> None:
        """New values for some fields, in wire names; what they replace is looked up where the writing is done."""
        self.edit_all([(ticket_id, wanted)])

    def edit_all(self, edits: Sequence[Edit], merges: Sequence[tuple[str, str]] = ()) -> None:
        """One deed: the merges (from, into), then the edits. A ticket that is not here any more stops no other one."""
        if edits or merges:
            deed = _Deed()
            self._deeds.append(deed)
            self._lane.run(lambda: self._do(edits, merges), lambda came: self._done(deed, came), self._lost)

    def answer_all(self, answers: Sequence[Answer], merges: Sequence[tuple[str, str]], hold_ms: int) -> None:
        """One deed: the merges (from, into), then the replies. All go after `hold_ms` and can be taken back until then;
        drafts of these tickets stay."""
        deed = _Deed()
        self._deeds.append(deed)
        self._lane.run(lambda: self._send(answers, merges, hold_ms), lambda came: self._done(deed, came), self._lost)

    def undo_edit(self) -> None:
        """Set the fields of the last deed back to what they were, and take its merges and replies back where they were
        not sent yet; the replies' words are drafts then. Nothing happens where there is none."""
        if self._deeds:
            deed = self._deeds.pop()
            deed.unwanted = True
            self._undo(deed)

    def _do(self, edits: Sequence[Edit], merges: Sequence[tuple[str, str]]) -> _Came:
        """On the lane."""
        came = self._merge(merges)
        for ticket_id, wanted in edits:
            detail = self._reader.ticket(ticket_id)
            if detail is None:
                came.error = Rejected(self.tr("This ticket is not here any more."), "notFound")
                continue
            base = _base_of(detail, wanted)
            before = _shown_of(detail, wanted)
            if self._put_one(EditTicket(self._ids.client_key(), ticket_id, wanted, base, self._clock.now_ms()), came):
                came.before.append((ticket_id, before))
        return came

    def _send(self, answers: Sequence[Answer], merges: Sequence[tuple[str, str]], hold_ms: int) -> _Came:
        """On the lane."""
        came = self._merge(merges, hold_ms)
        for ticket_id, text, base in answers:
            key, now = self._ids.client_key(), self._clock.now_ms()
            if self._put_one(PostMessage(key, ticket_id, MessageKind.REPLY, text, now, (), base), came, hold_ms):
                came.replies.append(key)
            else:
                came.lost = text
        return came

    def _merge(self, merges: Sequence[tuple[str, str]], hold_ms: int = 0) -> _Came:
        came = _Came()
        for one, into in merges:
            merge = MergeTicket(self._ids.client_key(), one, into, self._clock.now_ms())
            if self._put_one(merge, came, hold_ms):
                came.merges.append(merge.client_key)
        return came

    def _put_one(self, action: Action, came: _Came, hold_ms: int = 0) -> bool:
        try:
            came.changes |= self._cache.put(action, None, hold_ms=hold_ms)
        except DeskbellError as error:
            came.error = error
            return False
        came.keys.append(action.client_key)
        return True

    def _done(self, deed: _Deed | None, came: _Came) -> None:
        if deed is not None:
            deed.before, deed.merges, deed.replies = came.before, came.merges, came.replies
            if deed.unwanted:
                self._undo(deed)
            elif not came.keys:
                self._deeds.remove(deed)
        if came.keys:
            self._tell("", came.changes)
        for key in came.keys:
            self.saved.emit(key)
        if came.error is not None:
            self._fail(came.error, came.lost)

    def _undo(self, deed: _Deed) -> None:
        """What it changed last goes back first. A deed that is still being done comes here again."""
        if deed.before is None:
            return
        back = deed.before[::-1]

        def work() -> tuple[_Came, Changes, int, int]:
            came = self._do(back, ())
            replies, stay = self._take_back(deed.replies)
            merges, left = self._take_back(deed.merges)
            return came, replies | merges, stay, left

        def done(result: tuple[_Came, Changes, int, int]) -> None:
            came, changes, stay, left = result
            self._done(None, came)
            if len(deed.merges) + len(deed.replies) > stay + left:
                self._tell("", changes)
            if stay:
                words = self.tr("What was sent already stays sent: {count} of the answers.")
                self._fail(Rejected(words.format(count=stay), "sent"), "")
            if left:
                words = self.tr("Merged tickets stay merged: it was sent already. {count} of them.")
                self._fail(Rejected(words.format(count=left), "sent"), "")

        self._lane.run(work, done, self._lost)

    def _take_back(self, keys: Sequence[str]) -> tuple[Changes, int]:
        """On the lane; how many were sent already."""
        changes, left = Changes(), len(keys)
        for key in keys:
            with suppress(Rejected):
                changes |= self._cache.take_back(key)
                left -= 1
        return changes, left

    def _lost(self, error: DeskbellError) -> None:
        self._fail(error, "")


def _base_of(detail: TicketDetail, wanted: Wanted) -> dict[str, str | bool | None]:
    """The confirmed values that the fields in `wanted` replace."""
    return {
        name: _held(name, detail.base_tags, detail.links) if member_of(name) else detail.base.get(name)
        for name in wanted
    }


def _held(name: str, tags: Collection[str], links: Collection[str]) -> bool | None:
    """Whether the ticket has this tag or this link."""
    prefix, member = member_of(name) or ("", "")
    return member in (tags if prefix == "tags" else links) or None


def _shown_of(detail: TicketDetail, wanted: Wanted) -> dict[str, str | bool | None]:
    """The values that the screen shows for the fields in `wanted`, to come back to by undo."""
    row = detail.row
    held: dict[str, str | bool | None] = {
        "status": row.status.value,
        "assigneeId": row.assignee_id,
        "categoryId": row.category_id,
        "priority": row.priority.value,
        "incidentId": detail.incident_id,
    }
    return {name: _held(name, row.tags, detail.links) if member_of(name) else held[name] for name in wanted}
