"""Start a program, wait until it answers, and end it again."""

import os
import select
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO

START_SECONDS = 30.0
END_SECONDS = 5.0
_TICK_SECONDS = 0.01


class ProgramMissing(Exception):
    """A program that is not installed; the message says which, for a person."""


class NotReady(Exception):
    """A program that ended or kept silent before it was ready; the message quotes its last words."""


def found(program: str) -> str:
    """Return the program's full path; raises ProgramMissing."""
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(f"{program} is not installed: run make test as root, or install it by hand.")
    return path


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return a small environment in which nothing of the caller's own desktop shows."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", **more}


def wait_until(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Return whether ready() came true while the process lived, within the given seconds."""
    deadline = monotonic() + seconds
    while not ready():
        try:
            process.wait(_TICK_SECONDS)
        except subprocess.TimeoutExpired:
            if monotonic() < deadline:
                continue
        return False
    return True


@contextmanager
def running(
    command: Sequence[str],
    ready: Callable[[], bool],
    *,
    env: Mapping[str, str],
    log: Path,
    pass_fds: Sequence[int] = (),
    user: str | None = None,
    seconds: float = START_SECONDS,
    stop: signal.Signals = signal.SIGTERM,
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run the command until the block ends; its output goes to log. Raises ProgramMissing, NotReady."""
    with log.open("wb") as output:
        process = _start([found(command[0]), *command[1:]], env, output, pass_fds, user)
        try:
            if not wait_until(ready, process, seconds):
                words = log.read_text(errors="replace").strip()[-800:] or "it said nothing"
                raise NotReady(f"{command[0]} was not ready within {seconds:g} s; its last words: {words}")
            yield process
        finally:
            end(process, stop)


def _start(
    command: Sequence[str],
    env: Mapping[str, str],
    output: IO[bytes],
    pass_fds: Sequence[int],
    user: str | None,
) -> "subprocess.Popen[bytes]":
    """Start the command so that it ends with us even where we are killed."""
    leash = shutil.which("setpriv")
    return subprocess.Popen(
        [leash, "--pdeathsig", "TERM", "--", *command] if leash else command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=pass_fds,
        user=user,
        group=user and _group_of(user),
        extra_groups=[] if user else None,
    )


def _group_of(user: str) -> int:
    """Return the number of the user's own group."""
    listed = subprocess.run(["id", "-g", user], capture_output=True, text=True, check=True)
    return int(listed.stdout)


def end(process: "subprocess.Popen[bytes]", stop: signal.Signals = signal.SIGTERM) -> None:
    """Ask the process to end, and insist after five seconds; returns when it is gone."""
    if process.poll() is not None:
        return
    process.send_signal(stop)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Announcement:
    """A pipe on which a program writes one line when it answers, such as Xvfb's display number."""

    def __init__(self) -> None:
        """Open the pipe; `end` is what the program is given."""
        self._read, self.end = os.pipe()
        self._text = b""

    def arrived(self) -> bool:
        """Return whether a whole line has come; never blocks."""
        while b"\n" not in self._text and select.select([self._read], [], [], 0)[0]:
            piece = os.read(self._read, 4096)
            if not piece:
                break
            self._text += piece
        return b"\n" in self._text

    def line(self) -> str:
        """Return the line without its end."""
        return self._text.decode().partition("\n")[0].strip()

    def close(self) -> None:
        """Close both ends."""
        os.close(self._read)
        os.close(self.end)
