"""The owner's check on a real cache: what it finds, that it is recorded, told once, and answers the terminal."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import spot_check_cli
from desktop.alerts.check_run import run_check
from desktop.alerts.check_timer import CheckTimer
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Note
from desktop.alerts.preferences import Preferences
from desktop.files import RESOURCES
from desktop.instance import Answer, Message, RunningInstance
from sync.cache.cache import Cache
from sync.domain.errors import Corrupt
from sync.domain.spot_check import Report
from sync.domain.times import MINUTE_MS
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import KEY, TOM, World

pytestmark = pytest.mark.qt_log_ignore("PulseAudioService", extend=True)


class Shown:
    """The window's toasts, kept."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def show(self, note: Note) -> None:
        self.notes.append(note)

    def close(self, key: str) -> None:
        self.notes = [note for note in self.notes if note.key != key]


@dataclass
class Checking:
    """A timer on a world, and what it told."""

    world: World
    timer: CheckTimer
    shown: Shown
    reports: list[Report]
    quiet: list[bool]

    def past(self, minutes: int) -> None:
        """Time passes, and the timer's beat comes."""
        self.world.clock.now += minutes * MINUTE_MS
        self.timer._look()


@pytest.fixture
def checking(world: World) -> Iterator[Checking]:
    desk = world.desk
    notifications, shown, quiet = Notifications(), Shown(), [False]
    notifications.use_window(shown)
    timer = CheckTimer(
        desk.cache,
        desk.lanes.search,
        desk.intents,
        desk.bridge,
        desk.settings,
        Preferences(desk.settings),
        ChimePlayer(RESOURCES / "sounds"),
        notifications,
        desk.clock,
        lambda: quiet[0],
    )
    reports: list[Report] = []
    timer.checked.connect(reports.append)
    yield Checking(world, timer, shown, reports, quiet)
    timer.stop()


def fill(world: World) -> tuple[str, str]:
    """Two beyond the limit of two hours, one soon, one fresh, one waiting for the requester."""
    first = world.ticket("Stops at 62 %", minutes_ago=154, assigneeId=TOM)
    second = world.ticket("Charged twice", "Billing", minutes_ago=132)
    world.ticket("Licence file", minutes_ago=111)
    world.ticket("Fresh", minutes_ago=5)
    world.ticket("Theirs", minutes_ago=500, awaiting="requester", status="waiting")
    return first, second


def test_it_finds_who_waits_oldest_first_with_who_is_responsible(world: World) -> None:
    first, second = fill(world)
    report = run_check(world.desk.reader, world.clock.now, world.clock.now)
    found = [(one.ticket.ticket_id, one.ticket.responsible) for one in report.too_long]
    assert found == [(first, "Tom B."), (second, None)]
    assert [one.ticket.subject for one in report.soon] == ["Licence file"]
    assert report.awaiting == 4
    assert report.new == 5


def test_each_check_is_recorded_and_told_by_one_note(checking: Checking) -> None:
    fill(checking.world)
    checking.timer.start()
    assert len(checking.reports) == 1
    assert [note.title for note in checking.shown.notes] == ["5 new, 4 awaiting, 2 too long"]
    assert "Stops at 62 % (Downloads), Tom B." in checking.shown.notes[0].body
    recorded = checking.world.desk.reader.spot_checks(0)
    assert [(one.awaiting, one.new, one.too_long) for one in recorded] == [(4, 5, 2)]
    checking.past(14)
    assert len(checking.reports) == 1
    checking.past(1)
    assert len(checking.reports) == 2
    assert checking.reports[1].new == 0
    assert len(checking.world.desk.reader.spot_checks(0)) == 2


def test_after_a_restart_it_goes_on_from_the_last_check(checking: Checking) -> None:
    checking.timer.start()
    checking.timer.stop()
    checking.past(5)
    checking.reports.clear()
    checking.timer.start()
    assert checking.reports == []
    checking.past(10)
    assert len(checking.reports) == 1


def test_a_check_that_fell_into_sleep_runs_once_on_waking(checking: Checking) -> None:
    checking.timer.start()
    checking.past(600)
    checking.past(0)
    assert len(checking.reports) == 2


def test_a_clock_set_back_does_not_stop_the_checks(checking: Checking) -> None:
    checking.timer.start()
    checking.past(-6000)
    checking.past(15)
    assert len(checking.reports) == 2


def test_in_a_quiet_time_it_is_recorded_and_not_told(checking: Checking) -> None:
    fill(checking.world)
    checking.quiet[0] = True
    checking.timer.start()
    assert checking.shown.notes == []
    assert len(checking.world.desk.reader.spot_checks(0)) == 1


def test_when_nobody_waits_nothing_rings(checking: Checking) -> None:
    checking.timer.start()
    assert checking.shown.notes == []
    assert len(checking.reports) == 1


def test_offline_it_says_as_of_when(checking: Checking) -> None:
    bridge, now = checking.world.desk.bridge, checking.world.clock.now
    bridge.status = SyncStatus(Condition.OFFLINE, last_contact_ms=now - 23 * MINUTE_MS)
    checking.timer.check_now()
    assert checking.reports[0].as_of == now - 23 * MINUTE_MS
    bridge.status = SyncStatus(Condition.ONLINE, last_contact_ms=now - 10_000)
    checking.timer.check_now()
    assert checking.reports[1].as_of == now


PROGRAM = """
import sys
from pathlib import Path
from desktop import spot_check_cli
from desktop.models.moments import Moments
from sync.domain.clock import SystemClock
sys.exit(spot_check_cli.run(Path(sys.argv[1]), None, SystemClock(), Moments()))
"""


class TestTerminal:
    """`deskbell spot-check`."""

    def run(self, folder: Path, world: World, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
        code = spot_check_cli.run(
            folder,
            lambda: Cache.open(folder / "cache", KEY, world.clock, world.ids),
            world.clock,
            world.desk.moments,
        )
        said = capsys.readouterr()
        return code, said.out, said.err

    def test_straight_from_the_cache(self, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, _ = self.run(tmp_path, world, capsys)
        assert (code, out.splitlines()[0][:33]) == (0, "0 new, 0 awaiting, 0 too long (of")
        fill(world)
        code, out, _ = self.run(tmp_path, world, capsys)
        assert code == 1
        lines = out.splitlines()
        assert lines[0].startswith("5 new, 4 awaiting, 2 too long")
        assert "34 min over" in lines[3]
        assert "Stops at 62 % [Downloads] responsible: Tom B." in lines[3]
        assert "responsible: nobody" in lines[4]

    def test_what_cannot_be_told_is_two_and_a_sentence(
        self, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def broken() -> Cache:
            raise Corrupt("The cache is damaged. Start Deskbell; it sets it aside and loads it again.")

        assert spot_check_cli.run(tmp_path, broken, world.clock, world.desk.moments) == 2
        assert "damaged" in capsys.readouterr().err

    def test_the_running_program_answers(self, world: World, tmp_path: Path, qtbot: QtBot) -> None:
        fill(world)
        asked: list[Message] = []

        def handle(message: Message, answer: Answer) -> None:
            asked.append(message)
            report = run_check(world.desk.reader, world.clock.now, world.clock.now)
            answer(spot_check_cli.answer_of(report, online=True))

        running = RunningInstance(tmp_path, handle)
        assert running.start()
        with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True) as one:
            qtbot.waitUntil(lambda: one.poll() is not None, timeout=20_000)
            out = one.communicate()[0]
        assert one.returncode == 1
        assert out.startswith("5 new, 4 awaiting, 2 too long (live, ")
        assert asked == [{"do": "spotCheck"}]
        running.close()
