"""The power goes off at every SQL statement, of the workstation and of the server, one after the other."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlcipher3 import dbapi2

from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.scene import Ear, LostError, Scene, scratch

WORKSTATION, SERVER = "workstation", "server"
_DRIVERS: Final[dict[str, Any]] = {WORKSTATION: dbapi2, SERVER: sqlite3}
_DIED: Final = 77


@dataclass(frozen=True)
class Killed:
    """`points` deaths, `lost` what did not survive one, with the place."""

    points: int
    lost: tuple[str, ...]


def kill_at_each_statement(every: int, say: Callable[[str], None]) -> Killed:
    """Each scenario, on each side; every so manyth statement only (1: all). Forks: call it without threads."""
    points, lost = 0, list[str]()
    for scenario in SCENARIOS:
        for side in (WORKSTATION, SERVER):
            died, gone = _side(scenario, side, every)
            say(f"{scenario.name}, {side}: {died} deaths, {len(gone)} lost")
            points, lost = points + died, lost + gone
    return Killed(points, tuple(lost))


def _side(scenario: Scenario, side: str, every: int) -> tuple[int, list[str]]:
    with scratch() as folder:
        template, place = folder / "before", folder / "now"
        scene = Scene(place)
        place.mkdir()
        with scene.opened():
            scenario.before(scene)
        place.rename(template)
        lost, points, at = list[str](), 0, 1
        while True:
            shutil.copytree(template, place)
            heard: list[str] = []
            code = in_a_child(_die(scenario, scene, side, at), heard)
            said: list[str] = []
            if code not in (0, _DIED):
                said.append(f"the work itself failed with {code}: {heard}")
            elif in_a_child(_look(scene, set(heard)), said) != 0 and not said:
                said.append("the check died")
            lost += [f"{scenario.name}, {side}, statement {at}: {one}" for one in said]
            shutil.rmtree(place)
            if code != _DIED:
                return points, lost
            points, at = points + 1, at + every


class _Pipe(Ear):
    """Writes down each word at once, so that it is known after a death."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def hear(self, word: str) -> None:
        os.write(self._descriptor, word.encode() + b"\n")


def in_a_child(work: Callable[[int], None], lines: list[str]) -> int:
    """Run in a process of its own; its exit code, and the lines it left."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        try:
            work(writable)
        except BaseException as error:  # whatever it is, the parent shall say it
            os.write(writable, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, errors="replace") as found:
        lines += found.read().splitlines()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die(scenario: Scenario, scene: Scene, side: str, at: int) -> Callable[[int], None]:
    def work(writable: int) -> None:
        scene.ear = _Pipe(writable)
        with _deadly(side, at) as begin, scene.opened():
            begin()
            scenario.during(scene)
            os._exit(0)  # in order, but for the closing

    return work


def _look(scene: Scene, acknowledged: set[str]) -> Callable[[int], None]:
    def work(writable: int) -> None:
        scene.seed += 1
        with scene.opened():
            try:
                scene.converge(acknowledged)
            except LostError as lost:
                os.write(writable, f"{lost}\n".encode())

    return work


@contextmanager
def _deadly(side: str, at: int) -> Iterator[Callable[[], None]]:
    """Connections on which, once begun, the `at`th statement is never carried out."""
    left, armed = at, False

    def begin() -> None:
        nonlocal armed
        armed = True

    def traced(sql: str) -> None:
        nonlocal left
        if armed and not sql.startswith("--"):  # what a trigger does is a part of its statement
            left -= 1
            if left == 0:
                os._exit(_DIED)

    driver = _DRIVERS[side]
    real = driver.connect

    def connect(*words: Any, **named: Any) -> Any:
        connection = real(*words, **named)
        connection.set_trace_callback(traced)
        return connection

    driver.connect = connect
    try:
        yield begin
    finally:
        driver.connect = real
