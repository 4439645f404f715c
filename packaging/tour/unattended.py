"""The tour: from a customer's question to the chime, offline and back, and the owner's check; all on real parts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt

from resources.sounds.make_sounds import SOUNDS
from stage.sound import RATE, Recorder
from stage.surroundings import Surroundings
from sync.engine.status import Condition
from tour.house import AGENT, COLLEAGUE, MINE, OWNER, THEIRS, House
from tour.seat import Seat
from tour.steps import Failed, Steps
from tour.visitor import Filed, Visitor, words_at_server

_NOTE = "Looked at the escrow account: the January payment was booked twice."
_REPLY = "Hello Ines, your payment was booked twice by mistake. We are giving one of them back today."
_SUBJECT = "Charged twice for January"
_CHIME = "deskBell"
_CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Tour:
    """What the tour goes through."""

    steps: Steps
    house: House
    here: Surroundings
    seat: Seat
    folder: Path

    def go(self, recorder: Recorder | None) -> None:
        """All of it. Raises Failed."""
        with self.steps.step(f"{AGENT}'s desktop is open, signed in and has its tickets"):
            self.seat.sit_down(self.folder / "agent", self.house.address, AGENT, self.house.password)
            self.seat.wait("the first copy", self.seat.loaded, 60)
            self.seat.wait("the list shows them", lambda: self.seat.rows() > 0, 30)
        self.seat.picture("1-inbox")
        filed = self._ring(recorder)
        self._open()
        self._offline()
        self._back(filed)
        self._check()

    def _ring(self, recorder: Recorder | None) -> Filed:
        visitor = Visitor(self.house.address)
        with self.steps.step(f"a question about {THEIRS} is filed: not {AGENT}'s, {COLLEAGUE} would hear it"):
            self.seat.errand("filing", lambda: visitor.file(THEIRS, "Oskar N.", "Not for Marta", "A wrong entry."))
        before = self.seat.counts
        start = recorder.position() if recorder is not None else 0
        heard: list[float] = []
        self.seat.run.alerts.alerts.rang.connect(lambda _choice: heard.append(monotonic()))
        with self.steps.step(f"a question about {MINE} is filed through the public form"):
            asked = "The January payment was taken twice. Please pay one back."
            filed = self.seat.errand("filing", lambda: visitor.file(MINE, "Ines R.", _SUBJECT, asked))
        self.seat.wait("the chime", lambda: bool(heard), 5)
        self.steps.done("from accepted to the chime being played", max(0.0, heard[0] - filed.accepted))
        self.seat.wait("the count", lambda: self.seat.counts.awaiting == before.awaiting + 1, 5)
        self.steps.done(
            f"from accepted to the count: {self.seat.run.window.windowTitle()}", monotonic() - filed.accepted
        )
        self._notified(filed)
        if recorder is not None:
            self._heard(recorder, start)
        self.seat.picture_of_screen("2-rung")
        if len(heard) != 1:
            raise Failed(f"one question is to ring once; it rang {len(heard)} times")
        return filed

    def _notified(self, filed: Filed) -> None:
        daemon = self.here.daemon
        if daemon is None:
            return

        def named() -> bool:
            return any(str(filed.number) in one.summary + one.body for one in daemon.shown())

        self.seat.wait("the notification", named, 5)
        self.steps.done("from accepted to the notification that names the ticket", monotonic() - filed.accepted)
        if any("Not for Marta" in one.summary + one.body for one in daemon.shown()):
            raise Failed("a ticket of somebody else's category was shown")

    def _heard(self, recorder: Recorder, start: int) -> None:
        pitch = SOUNDS[_CHIME].fundamentals[0]
        self.seat.wait("the recording", lambda: recorder.position() - start > 2 * RATE, 10)
        if recorder.heard(pitch, start) is None:
            raise Failed(f"the recording of the sound card does not hold the chime's pitch, {pitch:g} Hz")
        self.steps.say(f"the recording of the sound card holds the chime's pitch, {pitch:g} Hz")

    def _open(self) -> None:
        with self.steps.step("a click on the notification opens the ticket"):
            if self.here.daemon is not None:
                self.here.daemon.click()
            else:
                self.seat.run.parts.commanding.run("next_awaiting")
            self.seat.wait("the ticket", lambda: self.seat.shows(_SUBJECT), 5)
        self.seat.picture("3-ticket")

    def _offline(self) -> None:
        with self.steps.step("the network is gone, and the window says so"):
            self.house.stop()
            self.seat.wait("offline", lambda: self.seat.condition is Condition.OFFLINE, 60)
        with self.steps.step("a note and a reply are written offline, by keyboard"):
            self._write(Qt.Key.Key_N, _NOTE, Qt.Key.Key_S, "4-note", 1)
            self._write(Qt.Key.Key_R, _REPLY, Qt.Key.Key_Return, "5-reply", 2)
        self.seat.picture("6-saved-here")

    def _write(self, key: Qt.Key, words: str, save: Qt.Key, picture: str, waiting: int) -> None:
        self.seat.press(key)
        self.seat.type(words)
        self.seat.picture(picture)
        self.seat.press(save, _CONTROL)
        self.seat.wait("saved here", lambda: self.seat.counts.outbox >= waiting, 10)

    def _back(self, filed: Filed) -> None:
        with self.steps.step("the network is back, and everything was sent"):
            self.house.start()
            self.seat.press(Qt.Key.Key_F5)
            self.seat.wait("online", lambda: self.seat.condition is Condition.ONLINE, 60)
            self.seat.wait("an empty outbox", lambda: self.seat.counts.outbox == 0, 30)
        with self.steps.step("the server has the note once and the reply once"):
            address, password = self.house.address, self.house.password
            words = self.seat.errand("asking", lambda: words_at_server(address, OWNER, password, filed.number))
            if words.count(("note", _NOTE)) != 1 or words.count(("reply", _REPLY)) != 1:
                raise Failed(f"the server has {words}")
        with self.steps.step("the requester reads the reply on the private page, and no note"):
            page = self.seat.errand("reading", lambda: Visitor(address).read(filed.page))
            if "booked twice by mistake" not in page or "escrow" in page:
                raise Failed("the private page does not show the reply alone")
        self.seat.picture("7-sent")

    def _check(self) -> None:
        self.seat.get_up()
        with self.steps.step(f"{OWNER} signs in, who sees every category"):
            self.seat.sit_down(self.folder / "owner", self.house.address, OWNER, self.house.password)
            self.seat.wait("the first copy", self.seat.loaded, 60)
        with self.steps.step("the spot-check finds who waits too long, and is recorded"):
            self.seat.run.do("spot_check")
            window = self.seat.run.windows.spot_check
            if window is None:
                raise Failed("its window did not open")
            self.seat.wait("its figures", lambda: window.table.rowCount() > 0, 10)
        self.seat.picture("8-spot-check", window)
        with self.steps.step("deskbell spot-check says the same on a terminal"):
            data = str(self.seat.data)
            command = [sys.executable, "-m", "desktop", "--data", data, "spot-check"]
            done = self.seat.errand(
                "asking", lambda: subprocess.run(command, capture_output=True, text=True, check=False)
            )
            if done.returncode != 1:
                raise Failed(f"it ended with {done.returncode}: {done.stdout}{done.stderr}")
            for line in done.stdout.splitlines()[:3]:
                self.steps.say(line)
