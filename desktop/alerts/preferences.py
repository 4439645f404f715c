"""The agent's alert choices in the settings file: read with care, written at once, the last change taken back."""

import json
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.settings import Settings
from sync.domain.alerting import AlertSettings, Chime, ChimeChoice, ChimeRule, QuietHours
from sync.domain.records import Priority

_NAME = "alerts/choices"
_UNDO_MOST = 50


class Preferences(QObject):
    """changed(): the choices are others."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._before: list[AlertSettings] = []
        self.now = decoded(settings.text(_NAME))

    def set(self, choices: AlertSettings) -> None:
        """From now on; kept on the disk when this returns."""
        if choices == self.now:
            return
        self._before = [*self._before[1 - _UNDO_MOST :], self.now]
        self._keep(choices)

    def take_back(self) -> bool:
        """Undo the last change since the start; False where there is none."""
        if not self._before:
            return False
        self._keep(self._before.pop())
        return True

    def _keep(self, choices: AlertSettings) -> None:
        self.now = choices
        self._settings.put(_NAME, encoded(choices))
        self.changed.emit()


def encoded(choices: AlertSettings) -> str:
    """As JSON."""
    return json.dumps(asdict(choices), separators=(",", ":"))


def decoded(text: str) -> AlertSettings:
    """From JSON; whatever a file lacks or holds wrongly is the default, as a wrong setting must not silence alerts."""
    try:
        held = json.loads(text) if text else {}
        return _whole(held)
    except (ValueError, TypeError, KeyError):
        return AlertSettings()


def _whole(held: dict[str, Any]) -> AlertSettings:
    usual = AlertSettings()
    quiet = held.get("quiet", {})
    return AlertSettings(
        new=_choice(held.get("new"), usual.new),
        inbound=_choice(held.get("inbound"), usual.inbound),
        check=_choice(held.get("check"), usual.check),
        rules=tuple(_rule(one) for one in held["rules"]) if "rules" in held else usual.rules,
        quiet=QuietHours(
            bool(quiet.get("on", False)),
            _minute(quiet.get("from_minute"), usual.quiet.from_minute),
            _minute(quiet.get("to_minute"), usual.quiet.to_minute),
        ),
        dnd_until=int(held.get("dnd_until", 0)),
        urgent_rings_anyway=bool(held.get("urgent_rings_anyway", True)),
        repeat=bool(held.get("repeat", False)),
        repeat_minutes=max(1, min(60, int(held.get("repeat_minutes", usual.repeat_minutes)))),
        silent_in_view=bool(held.get("silent_in_view", True)),
    )


def _choice(held: Any, usual: ChimeChoice) -> ChimeChoice:
    return usual if held is None else ChimeChoice(Chime(held["chime"]), int(held["volume"]))


def _rule(held: dict[str, Any]) -> ChimeRule:
    priority = held.get("priority")
    choice = ChimeChoice(Chime(held["choice"]["chime"]), int(held["choice"]["volume"]))
    return ChimeRule(choice, held.get("category_id"), None if priority is None else Priority(priority))


def _minute(held: Any, usual: int) -> int:
    return int(held) % (24 * 60) if held is not None else usual
