"""What the engine says of itself: the value behind status line, tray and window title."""

from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """How well the workstation hears the server."""

    ONLINE = "online"
    DELAYED = "delayed"
    OFFLINE = "offline"
    SIGNED_OUT = "signedOut"
    INCOMPATIBLE = "incompatible"
    DISK_FULL = "diskFull"


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One moment's state. Times in ms UTC of the workstation's clock; None where there was none yet.

    `sentence` says what is wrong and what to do, for every condition but online. `loading` is the share (0 to 1)
    of a first copy under way, None otherwise. `poll_seconds` is set while delayed. `reason`: while signed out, the
    word for why (as of `Denied`), where the server told.
    """

    condition: Condition
    last_contact_ms: int | None = None
    offline_since_ms: int | None = None
    next_try_ms: int | None = None
    poll_seconds: int | None = None
    sentence: str | None = None
    loading: float | None = None
    reason: str = ""
