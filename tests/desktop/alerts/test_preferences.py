"""The alert choices in the settings file: nothing lost on the way, and a broken file never silences."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.alerts.preferences import NAME, Preferences, decoded, encoded
from desktop.settings import Settings
from sync.domain.alerting import AlertSettings, Chime, ChimeChoice, ChimeRule, QuietHours
from sync.domain.records import Priority

FULL = AlertSettings(
    new=ChimeChoice(Chime.WOOD_BLOCK, 10),
    inbound=ChimeChoice(Chime.SILENT, 0),
    check=ChimeChoice(Chime.DESK_BELL, 100),
    rules=(ChimeRule(ChimeChoice(Chime.TWO_NOTES, 5), "c1", Priority.LOW),),
    quiet=QuietHours(True, 60, 120),
    dnd_until=2**62,
    urgent_rings_anyway=False,
    repeat=True,
    repeat_minutes=7,
    silent_in_view=False,
)


def test_everything_comes_back() -> None:
    assert decoded(encoded(FULL)) == FULL
    assert decoded(encoded(AlertSettings())) == AlertSettings()


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"new": 3}', '{"rules": [{}]}', '{"quiet": null}'])
def test_a_broken_file_gives_the_defaults(text: str) -> None:
    assert decoded(text) == AlertSettings()


def test_a_change_is_on_the_disk_at_once_and_told(tmp_path: Path, qapp: QApplication) -> None:
    del qapp
    settings = Settings(tmp_path)
    preferences, told = Preferences(settings), list[AlertSettings]()
    preferences.changed.connect(lambda: told.append(preferences.now))
    preferences.set(FULL)
    assert told == [FULL]
    assert Preferences(Settings(tmp_path)).now == FULL
    preferences.set(FULL)
    assert told == [FULL]
    settings.forget(NAME)
    assert preferences.now == AlertSettings()
    assert preferences.now != replace(FULL)
