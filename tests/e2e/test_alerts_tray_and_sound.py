"""The tray icon and the chimes on real hosts and a real sound server, as a user's desktop would have them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from resources.sounds.make_sounds import SOUNDS
from stage.process import environment, wait_until
from stage.sound import NullSink, null_sink
from tests.rigs.sni import SniHost, sni_host

PROJECT = Path(__file__).parents[2]
ANSWER_SECONDS = 20.0


class Driven:
    """The driver's process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        """Send one line; the next answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """The next line that it says."""
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def driven(variables: dict[str, str]) -> Iterator[Driven]:
    with subprocess.Popen(
        [sys.executable, str(PROJECT / "tests" / "e2e" / "alert_driver.py")],
        env={**variables, "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        one = Driven(process)
        watch = Timer(90, process.kill)  # so that waiting for a line that never comes ends
        watch.start()
        try:
            assert one.hear() == {"ready": True}
            yield one
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(ANSWER_SECONDS) == 0
        finally:
            watch.cancel()
            process.kill()


@pytest.fixture
def screen(xvfb: str, session_bus: str, tmp_path: Path) -> dict[str, str]:
    """A screen and a bus, no tray, no sound."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    return environment(
        tmp_path,
        DISPLAY=xvfb,
        DBUS_SESSION_BUS_ADDRESS=session_bus,
        XDG_RUNTIME_DIR=str(folder),
        QT_QPA_PLATFORM="xcb",
    )


@pytest.mark.parametrize("name", list(SOUNDS))
def test_a_recording_tells_which_chime_rang(name: str, screen: dict[str, str], null_sink: NullSink) -> None:
    with null_sink.record() as recorder, driven({**screen, **null_sink.environment()}) as program:
        since = recorder.position()
        assert program.ask("chime", chime=name, volume=80)["played"]
        first = SOUNDS[name].fundamentals[0]
        assert recorder.wait_for(first, since=since, seconds=ANSWER_SECONDS) is not None
        pitches = [sound.fundamentals[0] for sound in SOUNDS.values()]
        assert recorder.loudest(pitches, since=since) == first


def test_a_chime_is_proven_to_its_end_and_silently(screen: dict[str, str], null_sink: NullSink) -> None:
    with null_sink.record() as recorder, driven({**screen, **null_sink.environment()}) as program:
        since = recorder.position()
        assert program.ask("prove", chime="deskBell", volume=0) == {"proved": True}
        assert recorder.heard(SOUNDS["deskBell"].fundamentals[0], since=since) is None


def test_without_a_sound_server_nothing_hangs(screen: dict[str, str]) -> None:
    with driven(screen) as program:
        answer = program.ask("chime", chime="deskBell", volume=80)
        assert answer["played"] is False
        assert answer["seconds"] < 0.5
        assert program.ask("prove", chime="deskBell", volume=0) == {"proved": False}


def test_the_icon_stands_in_a_tray_by_bus_with_all_sizes_and_clicks(screen: dict[str, str], sni_host: SniHost) -> None:
    with driven(screen) as program:
        assert program.ask("tray") == {"tray": True}
        item = sni_host.wait_for_item(ANSWER_SECONDS)
        assert item is not None
        assert sni_host.property(item, "Id") == "deskbell"
        program.ask("face", look="count", count=42, tooltip="Deskbell: 42 awaiting us, 3 new.")
        assert wait_until(
            lambda: "42 awaiting" in str(sni_host.property(item, "ToolTip")), program.process, ANSWER_SECONDS
        )
        sizes = {pixmap[0] for pixmap in sni_host.property(item, "IconPixmap")}
        assert {16, 22, 24, 32, 48, 64} <= sizes
        sni_host.activate(item)
        assert program.hear() == {"chosen": "raise"}


def test_a_tray_that_comes_late_gets_the_icon(screen: dict[str, str], session_bus: str) -> None:
    with driven(screen) as program:
        assert program.ask("tray") == {"tray": False}
        with sni_host(session_bus) as host:
            assert host.wait_for_item(ANSWER_SECONDS) is not None
            assert program.hear() == {"tray": True}


def test_the_icon_stands_in_a_tray_of_the_x_window_system(screen: dict[str, str], tray_host: None) -> None:
    del tray_host
    with driven(screen) as program:
        assert program.ask("tray") == {"tray": True}
        assert program.ask("face", look="offline", count=7, tooltip="Deskbell: offline") == {"face": True}


def test_a_sound_server_that_comes_late_or_again_is_used_and_nothing_ends(
    screen: dict[str, str], tmp_path: Path, needs: Callable[[str], str]
) -> None:
    needs("paplay")
    link = tmp_path / "sound"
    with driven({**screen, "PULSE_SERVER": f"unix:{link}"}) as program:
        assert program.ask("chime", chime="deskBell", volume=80)["played"] is False
        for _ in range(2):
            with null_sink() as card:
                link.unlink(missing_ok=True)
                link.symlink_to(card.server.removeprefix("unix:"))
                with card.record() as recorder:
                    since = recorder.position()
                    assert program.ask("chime", chime="deskBell", volume=80)["played"]
                    heard = recorder.wait_for(SOUNDS["deskBell"].fundamentals[0], since=since, seconds=ANSWER_SECONDS)
                    assert heard is not None
            assert program.ask("chime", chime="deskBell", volume=80)["played"] is False
