"""The agent's alert choices in the settings file: read with care, written at once."""

import json
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.settings import Settings
from sync.domain.alerting import AlertSettings, Chime, ChimeChoice, ChimeRule, QuietHours
from sync.domain.records import Priority

NAME = "alerts/choices"


class Preferences(QObject):
    """changed(): the choices are others."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.now = decoded(settings.text(NAME))
        settings.changed.connect(self._setting_changed)

    def set(self, choices: AlertSettings) -> None:
        """From now on; kept on the disk when this returns."""
        self._settings.put(NAME, encoded(choices))

    @Slot(str)
    def _setting_changed(self, name: str) -> None:
        if name == NAME:
            choices = decoded(self._settings.text(NAME))
            if choices != self.now:
                self.now = choices
                self.changed.emit()


def encoded(choices: AlertSettings) -> str:
    """As JSON."""
    return json.dumps(asdict(choices), separators=(",", ":"))


def decoded(text: str) -> AlertSettings:
    """From JSON; whatever a file lacks or holds wrongly is the default, as a wrong setting must not silence alerts."""
    try:
        held = json.loads(text) if text else {}
        return _whole(held)
    except (ValueError, TypeError, KeyError, AttributeError):
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
