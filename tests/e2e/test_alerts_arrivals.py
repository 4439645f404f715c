"""An arrival on a whole desktop: chime in the sound card, card on the screen, count in the tray, click."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from resources.sounds.make_sounds import SOUNDS
from stage.notifications import NotificationDaemon
from stage.process import wait_until
from stage.sound import NullSink
from tests.rigs.sni import SniHost

PROJECT = Path(__file__).parents[2]
SECONDS = 20.0


class Program:
    """The driver's process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def ask(self, do: str, answer: str, **values: Any) -> dict[str, Any]:
        """Send one line and read until a line holds `answer`."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
        self.process.stdin.flush()
        return self.hear(answer)

    def until(self, true: Callable[[], object]) -> bool:
        """Whether it came true within the time allowed."""
        return wait_until(lambda: bool(true()), self.process, SECONDS)

    def hear(self, answer: str) -> dict[str, Any]:
        """Read until a line holds `answer`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if answer in said:
                return said
        raise AssertionError(f"the program ended without {answer}")


@pytest.fixture
def program(sni_host: SniHost, stage_environment: dict[str, str]) -> Iterator[Program]:
    del sni_host
    with subprocess.Popen(
        [sys.executable, str(PROJECT / "tests" / "e2e" / "arrivals_driver.py")],
        env={**stage_environment, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'packaging'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        one = Program(process)
        watch = Timer(90, process.kill)  # so that waiting for a line that never comes ends
        watch.start()
        try:
            one.hear("ready")
            yield one
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(SECONDS) == 0
        finally:
            watch.cancel()
            process.kill()


def test_one_arrival_is_heard_seen_counted_and_opened(
    program: Program, null_sink: NullSink, notification_daemon: NotificationDaemon, sni_host: SniHost
) -> None:
    with null_sink.record() as recorder:
        since = recorder.position()
        ticket = program.ask("arrive", "arrived", count=1, subject="Download stops at 62 %")["arrived"]
        assert recorder.wait_for(SOUNDS["deskBell"].fundamentals[0], since=since, seconds=SECONDS) is not None
    assert program.until(lambda: len(notification_daemon.shown()) == 1)
    assert notification_daemon.shown()[0].body.startswith("Download stops at 62 %")
    item = sni_host.wait_for_item(SECONDS)
    assert item is not None
    assert program.until(lambda: "1 awaiting us" in str(sni_host.property(item, "ToolTip")))
    notification_daemon.click()
    assert program.hear("opened")["opened"] == ticket


def test_two_hundred_in_a_minute_are_one_card(program: Program, notification_daemon: NotificationDaemon) -> None:
    program.ask("arrive", "arrived", count=200, subject="Storm")
    assert program.until(lambda: notification_daemon.shown()[-1:] and "200" in notification_daemon.shown()[-1].summary)
    assert program.until(lambda: notification_daemon.displayed() == 1)


def test_do_not_disturb_is_silent_and_counts_on(
    program: Program, null_sink: NullSink, notification_daemon: NotificationDaemon, sni_host: SniHost
) -> None:
    assert program.ask("quiet", "quiet") == {"quiet": True}
    with null_sink.record() as recorder:
        since = recorder.position()
        program.ask("arrive", "arrived", count=1, subject="Quiet")
        item = sni_host.wait_for_item(SECONDS)
        assert item is not None
        assert program.until(lambda: "1 awaiting us" in str(sni_host.property(item, "ToolTip")))
        assert recorder.heard(SOUNDS["deskBell"].fundamentals[0], since=since) is None
    assert notification_daemon.shown() == []


def test_the_quiet_check_at_the_start_says_what_works_and_makes_no_sound(
    program: Program, null_sink: NullSink, notification_daemon: NotificationDaemon
) -> None:
    with null_sink.record() as recorder:
        since = recorder.position()
        found = dict[str, str]()
        while len(found) < 4 or "underWay" in found.values():
            said = program.hear("way")
            found[said["way"]] = said["verdict"]
        assert recorder.heard(SOUNDS["deskBell"].fundamentals[0], since=since) is None
    assert found == {"sound": "works", "notification": "works", "tray": "works", "count": "unknown"}
    assert notification_daemon.shown() == []
