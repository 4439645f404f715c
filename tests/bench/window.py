"""Starts `tests.bench.seat` with a plan and reads what it tells."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


@dataclass
class Window:
    """A running seat; `began` is when its process was asked for (monotonic seconds)."""

    process: "subprocess.Popen[str]"
    began: float
    events: list[Event] = field(default_factory=list)

    def until(self, event: str) -> Event:
        """The next event of that name. Raises RuntimeError where the process ends before."""
        if self.process.stdout is None:
            raise RuntimeError("no output to read")
        for line in self.process.stdout:
            found: Event = json.loads(line)
            self.events.append(found)
            if found["event"] == event:
                return found
        raise RuntimeError(f"the window ended before it was {event}")

    def finish(self) -> Event:
        """Let it end; its last words."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        return self.until("end")


@contextmanager
def window(display: str | None = None, **plan: Any) -> Iterator[Window]:
    """While the seat runs: off screen, or on a display. Only Qt's own platform variables are ours."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER")
    surroundings = {name: value for name, value in os.environ.items() if name not in hidden}
    surroundings |= {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display} if display else {"QT_QPA_PLATFORM": "offscreen"}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.desktop" if "data" in plan else "tests.bench.seat", json.dumps(plan)],
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Window(process, began)
    finally:
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def virtual_screen() -> Iterator[str | None]:
    """The name of a display of its own; None where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        yield None
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait()
