"""The owner's choices about the check: how often, told or not, which categories."""

import json
from dataclasses import dataclass

from desktop.settings import Settings
from sync.domain.spot_check import MINUTES, MINUTES_LEAST, MINUTES_MOST

_MINUTES = "check/minutes"
LEFT_OUT = "check/leftOut"
_NOTIFY = "check/notify"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The owner's choices about the check."""

    settings: Settings

    @property
    def minutes(self) -> int:
        """Between two checks, 1 to 120."""
        return max(MINUTES_LEAST, min(MINUTES_MOST, self.settings.number(_MINUTES, MINUTES)))

    @property
    def notify(self) -> bool:
        """Whether a check is told by notification and chime; it is recorded in any case."""
        return self.settings.flag(_NOTIFY, default=True)

    @property
    def left_out(self) -> frozenset[str]:
        """Ids of the categories that are not followed."""
        try:
            held = json.loads(self.settings.text(LEFT_OUT) or "[]")
        except ValueError:
            held = []
        return frozenset(one for one in held if isinstance(one, str)) if isinstance(held, list) else frozenset()

    def set_minutes(self, minutes: int) -> None:
        self.settings.put(_MINUTES, minutes)

    def set_notify(self, notify: bool) -> None:
        self.settings.put(_NOTIFY, notify)

    def set_left_out(self, category_ids: frozenset[str]) -> None:
        self.settings.put(LEFT_OUT, json.dumps(sorted(category_ids)))
