"""Every thread of the desktop: work lanes, the sync loop and the push listener; results come home by one signal."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sync.domain.errors import DeskbellError

T = TypeVar("T")
Failed = Callable[[DeskbellError], None]


class Lane(Protocol):
    """A queue of work off the UI thread."""

    def run(self, work: Callable[[], T], done: Callable[[T], None] | None = None, failed: Failed | None = None) -> None:
        """Do `work` after all that was asked for before; then `done` or `failed` on the UI thread.

        An error that is no DeskbellError is our own bug: it is raised on the UI thread and reaches the log.
        Without `failed` a DeskbellError is treated so too.
        """
        ...


class Home(QObject):
    """Carries finished work to the UI thread, in the order in which it finished."""

    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._open = True
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def bring(self, finish: Callable[[], None]) -> None:
        """Have `finish` called on the UI thread. From any thread."""
        self._arrived.emit(finish)

    def close(self) -> None:
        """What is still on its way is dropped: those who asked are gone."""
        self._open = False

    @Slot(object)
    def _call(self, finish: Callable[[], None]) -> None:
        if self._open:
            finish()


class WorkLane:
    """One worker thread; work is done one piece after the other."""

    def __init__(self, name: str, home: Home) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"deskbell-{name}")
        self._home = home

    def run(self, work: Callable[[], T], done: Callable[[T], None] | None = None, failed: Failed | None = None) -> None:
        self._pool.submit(self._carry, work, done, failed)

    def _carry(self, work: Callable[[], T], done: Callable[[T], None] | None, failed: Failed | None) -> None:
        finish = _finish_of(work, done, failed)
        if finish is not None:
            self._home.bring(finish)

    def close(self) -> None:
        """Finish what was asked for and end the thread. Results after this are not brought home any more."""
        self._pool.shutdown(wait=True)


class InlineLane:
    """Does the work at once, in the caller's thread: for tests and for work before the first window."""

    def run(self, work: Callable[[], T], done: Callable[[T], None] | None = None, failed: Failed | None = None) -> None:
        finish = _finish_of(work, done, failed)
        if finish is not None:
            finish()

    def close(self) -> None:
        """Nothing to end."""


def _finish_of(
    work: Callable[[], T], done: Callable[[T], None] | None, failed: Failed | None
) -> Callable[[], None] | None:
    try:
        result = work()
    except DeskbellError as error:
        known = error
        return _raising(known) if failed is None else lambda: failed(known)
    except Exception as error:  # our own bug: it must be loud on the UI thread, not die with the worker
        return _raising(error)
    return None if done is None else lambda: done(result)


def _raising(error: Exception) -> Callable[[], None]:
    def finish() -> None:
        raise error

    return finish


class LoopLane:
    """A thread that calls `step` again and again; `step` answers with the seconds to wait before
    the next call, infinite to wait for a nudge."""

    def __init__(self, name: str, home: Home, step: Callable[[], float]) -> None:
        self._step = step
        self._home = home
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=f"deskbell-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Cut the present wait short. From any thread, as often as one likes."""
        self._wake.set()

    def wait(self, seconds: float) -> bool:
        """For `step` itself: sleep, but wake when stopped; True if it is time to stop."""
        return self._stopping.wait(seconds)

    def stop(self, seconds: float = 10.0) -> bool:
        """End after the step under way; False if that took longer than `seconds`."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            if self._stopping.is_set():
                break
            try:
                seconds = self._step()
            except Exception as error:  # our own bug: loud on the UI thread, and the loop goes on after a pause
                self._home.bring(_raising(error))
                seconds = 30.0
            self._wake.wait(seconds if math.isfinite(seconds) else None)


def begun(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work` at once on a thread of its own, which does not outlive the process; what this gives waits for the
    result, or raises what the work raised. Nobody need ask for it."""
    promised: Future[T] = Future()

    def carry() -> None:
        try:
            promised.set_result(work())
        except BaseException as error:  # whoever asks for the result meets it
            promised.set_exception(error)

    threading.Thread(target=carry, name="deskbell-ahead", daemon=True).start()
    return promised.result


class Lanes:
    """The lanes by name: `cache` writes, `lists` and `search` read, `chores` does slow odd jobs (keyring, files),
    `online` asks the server for what only makes sense at once."""

    def __init__(self) -> None:
        self.home = Home()
        self.cache = WorkLane("cache", self.home)
        self.lists = WorkLane("lists", self.home)
        self.search = WorkLane("search", self.home)
        self.chores = WorkLane("chores", self.home)
        self.online = WorkLane("online", self.home)

    def close(self) -> None:
        """Writers last, so that nothing asked for is lost."""
        for lane in (self.search, self.lists, self.chores, self.online, self.cache):
            lane.close()
        self.home.close()


class InlineLanes:
    """The same names, all at once and in the caller's thread."""

    def __init__(self) -> None:
        self.home = Home()
        self.cache = InlineLane()
        self.lists = InlineLane()
        self.search = InlineLane()
        self.chores = InlineLane()
        self.online = InlineLane()

    def close(self) -> None:
        """Nothing to end."""


AnyLanes = Lanes | InlineLanes
