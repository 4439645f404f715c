"""Work is done off the UI thread, in order, and comes home to it."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from desktop.lanes import Home, InlineLane, LoopLane, WorkLane
from sync.domain.errors import Offline


@pytest.fixture
def home(qtbot: QtBot) -> Home:
    return Home()


@pytest.fixture
def lane(home: Home) -> Iterator[WorkLane]:
    lane = WorkLane("test", home)
    yield lane
    lane.close()


def test_results_come_home_in_order_on_the_ui_thread(lane: WorkLane, qtbot: QtBot) -> None:
    came: list[tuple[int, bool, bool]] = []
    ui = threading.current_thread()

    def work(number: int) -> tuple[int, bool]:
        return number, threading.current_thread() is ui

    for number in range(20):
        lane.run(partial(work, number), lambda answer: came.append((*answer, threading.current_thread() is ui)))
    qtbot.waitUntil(lambda: len(came) == 20)
    assert came == [(number, False, True) for number in range(20)]


def fail_with(error: Exception) -> None:
    raise error


def test_a_failure_of_the_world_goes_to_failed(lane: WorkLane, qtbot: QtBot) -> None:
    sentences: list[str] = []
    lane.run(lambda: fail_with(Offline("No network.")), None, lambda error: sentences.append(str(error)))
    qtbot.waitUntil(lambda: bool(sentences))
    assert sentences == ["No network."]


def test_a_bug_is_loud_on_the_ui_thread_and_the_lane_goes_on(lane: WorkLane, qtbot: QtBot) -> None:
    done: list[int] = []
    with qtbot.captureExceptions() as bugs:
        lane.run(lambda: fail_with(KeyError("ours")))
        lane.run(lambda: 7, done.append)
        qtbot.waitUntil(lambda: bool(done))
    assert [kind for kind, _, _ in bugs] == [KeyError]


def test_what_comes_after_the_end_is_dropped(home: Home, qtbot: QtBot) -> None:
    lane = WorkLane("test", home)
    came: list[int] = []
    lane.run(lambda: 1, came.append)
    lane.close()
    home.close()
    qtbot.wait(20)  # one turn of the event loop: nothing may come
    assert came == []


def test_inline_lanes_work_at_once() -> None:
    came: list[int] = []
    InlineLane().run(lambda: 3, came.append)
    assert came == [3]


def test_a_loop_waits_until_it_is_nudged_and_ends_at_once(home: Home, qtbot: QtBot) -> None:
    turns: list[int] = []

    def step() -> float:
        turns.append(1)
        return float("inf")

    loop = LoopLane("test", home, step)
    loop.start()
    qtbot.waitUntil(lambda: len(turns) == 1)
    loop.nudge()
    qtbot.waitUntil(lambda: len(turns) == 2)
    assert loop.stop(5)


def test_a_bug_in_a_loop_is_loud(home: Home, qtbot: QtBot) -> None:
    loop = LoopLane("test", home, lambda: fail_with(ZeroDivisionError("ours")) or 0.0)  # type: ignore[func-returns-value]  # it raises
    with qtbot.captureExceptions() as bugs:
        loop.start()
        qtbot.waitUntil(lambda: bool(bugs))
    assert loop.stop(5)
    assert bugs[0][0] is ZeroDivisionError
