"""What the tray icon shows: the first of error, offline, do not disturb, count that holds."""

from dataclasses import dataclass
from enum import StrEnum

from sync.engine.status import Condition


class Look(StrEnum):
    """The shapes there are."""

    IDLE = "idle"
    COUNT = "count"
    OFFLINE = "offline"
    DND = "dnd"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Face:
    """A shape and the number in its pill; 0 for no pill. Offline the number is the last one known."""

    look: Look
    count: int = 0

    def digits(self, size: int) -> str:
        """What stands in the pill of an icon of that many px: two signs are all that 16 px can carry."""
        if self.count <= 0:
            return ""
        if self.count > 99:
            return "9+" if size <= 16 else "99+"
        return str(self.count)


_UNKNOWN = (Condition.SIGNED_OUT, Condition.INCOMPATIBLE, Condition.DISK_FULL)


def face_of(condition: Condition | None, awaiting: int, quiet: bool) -> Face:
    """`condition` is None before the first round: nothing is known but what the cache holds."""
    if condition in _UNKNOWN:
        return Face(Look.ERROR)
    if condition in (None, Condition.OFFLINE):
        return Face(Look.OFFLINE, awaiting)
    if quiet:
        return Face(Look.DND, awaiting)
    return Face(Look.COUNT, awaiting) if awaiting else Face(Look.IDLE)
