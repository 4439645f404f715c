"""What an agent has chosen to hear and when: occasions, chimes, rules, quiet times (PRODUCT A5)."""

from dataclasses import dataclass
from enum import StrEnum

from sync.domain.records import ArrivalKind, Awaiting, Priority
from sync.domain.times import MINUTE_MS

DAY_MINUTES = 24 * 60
UNTIL_CANCELLED = 2**63 - 1


class Chime(StrEnum):
    """The sounds there are; each value but the last is a file's name in resources/sounds."""

    DESK_BELL = "deskBell"
    TWO_NOTES = "twoNotes"
    TRIPLE_BELL = "tripleBell"
    WOOD_BLOCK = "woodBlock"
    OWNERS_CHECK = "ownersCheck"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class ChimeChoice:
    """A chime and how loud, 0 to 100."""

    chime: Chime
    volume: int

    def __post_init__(self) -> None:
        if not 0 <= self.volume <= 100:
            raise ValueError(f"volume {self.volume} is not within 0 to 100")


@dataclass(frozen=True, slots=True)
class ChimeRule:
    """A chime for a category, a priority, or both together; None stands for any."""

    choice: ChimeChoice
    category_id: str | None = None
    priority: Priority | None = None

    def __post_init__(self) -> None:
        if self.category_id is None and self.priority is None:
            raise ValueError("a rule names a category or a priority")

    def fits(self, category_id: str, priority: Priority) -> bool:
        """Whether an arrival of this category and priority rings by this rule."""
        return self.category_id in (None, category_id) and self.priority in (None, priority)

    @property
    def weight(self) -> int:
        """How specific the rule is; a priority counts more than a category."""
        return (2 if self.priority is not None else 0) + (1 if self.category_id is not None else 0)


_NEW = ChimeChoice(Chime.DESK_BELL, 70)
_INBOUND = ChimeChoice(Chime.TWO_NOTES, 55)
_CHECK = ChimeChoice(Chime.OWNERS_CHECK, 60)
_URGENT = ChimeRule(ChimeChoice(Chime.TRIPLE_BELL, 90), priority=Priority.URGENT)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Each day from one minute of the local day to another, over midnight where the first is the later."""

    on: bool = False
    from_minute: int = 19 * 60
    to_minute: int = 7 * 60 + 30

    def left(self, local_minute: int) -> int:
        """How many minutes it stays quiet from this minute of the day; 0 where it is not."""
        return (self.to_minute - local_minute) % DAY_MINUTES if self.hold(local_minute) else 0

    def hold(self, local_minute: int) -> bool:
        """Whether this minute of the day (0 to 1439) is quiet; equal ends mean never."""
        if not self.on or self.from_minute == self.to_minute:
            return False
        if self.from_minute < self.to_minute:
            return self.from_minute <= local_minute < self.to_minute
        return local_minute >= self.from_minute or local_minute < self.to_minute


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """One agent's choices. `dnd_until` in ms UTC: 0 for off, `UNTIL_CANCELLED` for until it is switched off."""

    new: ChimeChoice = _NEW
    inbound: ChimeChoice = _INBOUND
    check: ChimeChoice = _CHECK
    rules: tuple[ChimeRule, ...] = (_URGENT,)
    quiet: QuietHours = QuietHours()
    dnd_until: int = 0
    urgent_rings_anyway: bool = True
    repeat: bool = False
    repeat_minutes: int = 2
    silent_in_view: bool = True

    def choice(self, kind: ArrivalKind, category_id: str, priority: Priority) -> ChimeChoice:
        """The chime of an arrival. A category's rule is for new tickets, a priority's for answers too."""
        answer = kind in (ArrivalKind.INBOUND, ArrivalKind.UNDELIVERED)
        fitting = [
            rule for rule in self.rules if rule.fits(category_id, priority) and not (answer and rule.priority is None)
        ]
        if fitting:
            return max(fitting, key=lambda rule: rule.weight).choice
        return self.inbound if answer else self.new

    def do_not_disturb(self, now: int) -> bool:
        """Whether do-not-disturb is on at this moment (ms UTC)."""
        return now < self.dnd_until

    def quiet_at(self, now: int, local_minute: int) -> bool:
        """Whether sound and notifications wait."""
        return self.do_not_disturb(now) or self.quiet.hold(local_minute)

    def quiet_until(self, now: int, local_minute: int) -> int | None:
        """When sound and notifications come back (ms UTC); None while they do not wait."""
        ends = (
            [now - now % MINUTE_MS + self.quiet.left(local_minute) * MINUTE_MS] if self.quiet.hold(local_minute) else []
        )
        return max([*ends, self.dnd_until]) if self.do_not_disturb(now) else max(ends, default=None)

    @property
    def repeat_ms(self) -> int:
        """Time between two rings of a ticket that nobody has handled."""
        return max(1, self.repeat_minutes) * MINUTE_MS


def is_handled(assignee_id: str | None, awaiting: Awaiting | None) -> bool:
    """Whether somebody took, answered or closed the ticket, so that it need not ring again."""
    return assignee_id is not None or awaiting is not Awaiting.TEAM
