"""The surroundings of the demo: all parts where they can be had, a sentence for each that cannot."""

import shutil
from pathlib import Path

import pytest

from stage.surroundings import display_here, surroundings
from tests.rigs.children import children


def test_a_whole_desktop_lacks_nothing(
    xvfb: str, session_bus: str, notification_daemon: object, tray_host: None, null_sink: object
) -> None:
    """The fixtures are only asked so that this is skipped where one of the programs is missing."""
    before = children("Xvfb")
    with surroundings("800x600") as around:
        assert len(children("Xvfb") - before) == 1
        assert around.lacking == ()
        assert around.environment["DISPLAY"] == around.display
        assert display_here(around.environment)
        assert around.daemon is not None
        assert around.daemon.displayed() == 0
    assert children("Xvfb") == before
    assert not Path(around.environment["HOME"]).exists()


def test_without_any_program_the_offscreen_platform_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with surroundings() as around:
        assert around.environment["QT_QPA_PLATFORM"] == "offscreen"
        assert (around.display, around.daemon, around.card) == (None, None, None)
        assert [line.split(" ", 1)[0] for line in around.lacking] == ["Xvfb", "dbus-daemon", "pulseaudio"]


def test_without_a_daemon_the_rest_is_there(xvfb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("Xvfb", "xkbcomp", "sh"):
        found = shutil.which(program)
        if found:
            (tmp_path / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    with surroundings() as around:
        assert around.display is not None
        assert around.daemon is None
        assert "there is no tray icon" in " ".join(around.lacking)


@pytest.mark.parametrize("around", [{}, {"DISPLAY": ":4711"}, {"DISPLAY": "nonsense"}, {"WAYLAND_DISPLAY": "gone"}])
def test_a_display_that_does_not_answer_is_none(around: dict[str, str]) -> None:
    assert not display_here(around)
