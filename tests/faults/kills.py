"""kill -9 of the real desktop and the real server at random moments, while people write; then all is counted."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import requests

from desktop.opening import FOLDER
from desktop.secrets import Secrets
from desktop.settings import Settings
from sync.domain.clock import SystemClock
from sync.server.house import House
from tests.faults.scene import SERVER, LostError, Scene, scratch
from tests.rigs.office import PASSWORD, quick_hasher

ROOT: Final = Path(__file__).parents[2]
_NAME, _CATEGORIES = "Marta K.", ("Downloads", "Billing")
_SERVER_SHARE: Final = 0.35
_AT_WORK_SHARE: Final = 0.5
_LONGEST_SECONDS: Final = 1.5
_PATIENCE_SECONDS: Final = 180.0


@dataclass
class Acknowledged:
    """Words that were said to be saved, by whoever says it. Used by several threads."""

    by_agent: set[str] = field(default_factory=set)
    by_requesters: set[str] = field(default_factory=set)


class Helpdesk:
    """The server as a process at one address, and the desktop as a process on one data folder."""

    def __init__(self, folder: Path, database: str | None, words: Acknowledged) -> None:
        self._folder = folder
        self._database = database or str(folder / SERVER)
        self._words = words
        self._environment = _alone(folder, self._database)
        self._port = 0
        self._stopping = threading.Event()
        self.data = folder / "data"
        self.data.mkdir()
        self._furnish()
        self.server = self._serve()
        self.desktop = self._sit_down(rests=False)
        self._requester = threading.Thread(target=self._ask, daemon=True)
        self._requester.start()

    def _furnish(self) -> None:
        house = House.open(self._database, hasher=quick_hasher())
        agent = house.people.add(_NAME, PASSWORD)
        for name in _CATEGORIES:
            house.grants.grant(agent, house.grants.add_category(name))
        house.parts.settings.put("form.per_hour", "1000000")
        house.close()

    def _serve(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "sync.server", "serve", "--port", str(self._port)]
        server = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        if not self._port:
            if server.stdout is None:
                raise RuntimeError("no output to read")
            self._port = int(server.stdout.readline().split()[-1].rpartition(":")[2])
        return server

    def _sit_down(self, rests: bool) -> "subprocess.Popen[str]":
        told = {"data": str(self.data), "server": self.address, "name": _NAME, "password": PASSWORD, "rests": rests}
        command = [sys.executable, "-m", "tests.faults.desk_program", json.dumps(told)]
        desktop = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        threading.Thread(target=self._listen, args=(desktop,), daemon=True).start()
        return desktop

    def _listen(self, desktop: "subprocess.Popen[str]") -> None:
        for line in desktop.stdout or ():
            if line.endswith("\n") and line.startswith("word"):
                self._words.by_agent.add(line.strip())

    def _ask(self) -> None:
        count = 0
        while not self._stopping.wait(0.15):
            count += 1
            word = f"word{os.getpid()}r{count}"
            fields = {
                "category": _CATEGORIES[count % 2], "name": "Bob", "email": f"bob{count % 7}@shop.example",
                "subject": f"Stuck {count}", "text": word,
            }  # fmt: skip
            with suppress(requests.RequestException):  # nothing was promised then
                answer = requests.post(f"{self.address}/tickets", data=fields, timeout=10, allow_redirects=False)
                if answer.status_code == requests.codes.see_other:
                    self._words.by_requesters.add(word)

    @property
    def address(self) -> str:
        """Where the server answers, before and after its deaths."""
        return f"http://127.0.0.1:{self._port}"

    def await_a_word(self) -> None:
        """Until the agent has saved something more. Raises LostError if they never do."""
        before, deadline = len(self._words.by_agent), monotonic() + _PATIENCE_SECONDS
        while len(self._words.by_agent) == before:
            if monotonic() > deadline or self.desktop.poll() is not None:
                raise LostError("the desktop does not get to work any more")
            sleep(0.01)

    def kill_server(self) -> None:
        """The power of the server goes off; it starts again."""
        self._kill(self.server)
        self.server = self._serve()

    def kill_desktop(self) -> None:
        """The power of the workstation goes off; the program starts again."""
        self._kill(self.desktop)
        self.desktop = self._sit_down(rests=False)

    def _kill(self, process: "subprocess.Popen[str]") -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    def rest(self) -> None:
        """Nobody writes any more; the desktop sends what is left and ends in order. Raises LostError."""
        self._stopping.set()
        self._requester.join()
        self._kill(self.desktop)
        self.desktop = self._sit_down(rests=True)
        try:
            code = self.desktop.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise LostError(f"the desktop did not come to rest in {_PATIENCE_SECONDS:g} s") from late
        if code != 0:
            raise LostError(f"the desktop ended with {code}")

    def close(self) -> None:
        """The end."""
        self._stopping.set()
        for process in (self.desktop, self.server):
            if process.poll() is None:
                self._kill(process)


def _alone(folder: Path, database: str) -> Mapping[str, str]:
    """An environment without a screen, a bus, a keyring and anybody's own files."""
    return {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder),
        "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen", "DESKBELL_DATABASE": database,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }  # fmt: skip


@dataclass(frozen=True)
class Toll:
    """How many deaths of each, and how many words were acknowledged; `lost`: what did not survive."""

    desktops: int
    servers: int
    words: int
    lost: tuple[str, ...]


def kill_at_random(kills: int, seed: int, database: str | None = None, say: Callable[[str], None] = print) -> Toll:
    """So many deaths of either process; then the server's database and the cache are compared word by word."""
    source, words = random.Random(seed), Acknowledged()
    servers = desktops = 0
    with scratch() as folder:
        desk = Helpdesk(folder, database, words)
        try:
            for number in range(kills):
                if source.random() < _AT_WORK_SHARE:
                    desk.await_a_word()
                sleep(source.uniform(0.0, _LONGEST_SECONDS))
                if source.random() < _SERVER_SHARE:
                    desk.kill_server()
                    servers += 1
                else:
                    desk.kill_desktop()
                    desktops += 1
                if number % 20 == 19:
                    say(f"{number + 1} of {kills} kills, {len(words.by_agent)} and {len(words.by_requesters)} words")
            began = monotonic()
            desk.rest()
            say(f"came to rest in {monotonic() - began:.1f} s")
        except LostError as error:
            return Toll(desktops, servers, 0, (str(error),))
        finally:
            desk.close()
        acknowledged = words.by_agent | words.by_requesters
        lost = _count(folder, desk.data, database, acknowledged)
    if not words.by_agent or not words.by_requesters:
        lost.append("nobody wrote anything: this showed nothing")
    return Toll(desktops, servers, len(acknowledged), tuple(lost))


def _count(folder: Path, data: Path, database: str | None, acknowledged: set[str]) -> list[str]:
    kept = Secrets.from_text((data / "secrets").read_text())
    scene = Scene(
        folder, SystemClock(), known={"token": kept.token or ""}, address=database, key=kept.cache_key,
        place=data / Settings(data).text(FOLDER),
    )  # fmt: skip
    try:
        with scene.opened():
            scene.converge(acknowledged)
    except LostError as error:
        return [str(error)]
    return []
