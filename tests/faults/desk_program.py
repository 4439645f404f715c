"""The real desktop with somebody at it who never rests: writes, answers, tags; says each word that is saved."""

import json
import os
import random
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import Options, Program
from desktop.run import Run
from desktop.secrets import Secrets
from sync.cache.rows import Sort, TicketDetail, View
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind, Status

_PERIOD_MS = 25
_LOOK_MS = 100


class FileVault:
    """Key and token in a file, so that they outlive the program as a keyring does. For tests only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Secrets | None:
        return Secrets.from_text(self._path.read_text()) if self._path.exists() else None

    def save(self, kept: Secrets) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(kept.to_text())
        fresh.replace(self._path)


class Somebody:
    """At the keyboard. `rests`: only looks on until nothing is left to send, then ends the program."""

    def __init__(self, program: Program, rests: bool) -> None:
        self._program = program
        self._random = random.Random(os.getpid())
        self._words: dict[str, str] = {}
        self._run: Run | None = None
        self._count = 0
        self._calm = 0
        self._timer = QTimer(program, interval=_LOOK_MS if rests else _PERIOD_MS)
        self._timer.timeout.connect(self._look if rests else self._act)
        self._timer.start()

    def _there(self) -> Run | None:
        run = self._program.run
        if run is not None and run is not self._run:
            self._run = run
            run.desk.intents.saved.connect(self._saved)
        return run

    def _look(self) -> None:
        run = self._there()
        if run is None:
            return
        reader, status = run.desk.reader, run.status
        calm = reader.is_whole() and reader.counts().outbox == 0 and status is not None and status.loading is None
        self._calm = self._calm + 1 if calm else 0
        if self._calm > 20:
            say("rested")
            self._program.quit()

    def _act(self) -> None:
        run = self._there()
        if run is None:
            return
        keys = run.desk.reader.ticket_ids(View("all"), Sort("created"))
        if not len(keys):
            return
        (row,) = run.desk.reader.ticket_rows([self._random.choice(keys)])
        detail = run.desk.reader.ticket(row.id)
        if detail is not None:
            self._do(run, detail)

    def _do(self, run: Run, detail: TicketDetail) -> None:
        self._count += 1
        word, intents, ticket = f"word{os.getpid()}x{self._count}", run.desk.intents, detail.row.id
        match self._random.randrange(6):
            case 0:
                self._words[intents.reply(ticket, word, detail.confirmed_seq)] = word
            case 1:
                then = Status.CLOSED
                key = intents.reply(ticket, word, detail.confirmed_seq, then, detail.row.status)
                self._words[key] = word
            case 2:
                self._words[intents.note(ticket, word)] = word
            case 3:
                self._words[intents.quick_note(word)] = word
            case 4:
                intents.add_tag(ticket, self._random.choice(("late", "odd", "call")))
            case _:
                intents.save_draft(ticket, MessageKind.NOTE, word)  # each takes the place of the one before

    def _saved(self, key: str) -> None:
        word = self._words.pop(key, None)
        if word is not None:
            say(word)


def say(word: str) -> None:
    """A line, at once."""
    os.write(1, word.encode() + b"\n")


def main() -> None:
    """`{"data", "server", "name", "password", "rests"}` as the argument."""
    told = json.loads(sys.argv[1])
    data = Path(told["data"])
    application = QApplication(["deskbell"])
    clock = SystemClock()
    options = Options(data, told["server"], told["name"], told["password"], FileVault(data / "secrets"))
    program = Program(application, options, clock, IdFactory(clock, random.SystemRandom()))
    if not program.start():
        sys.exit("a Deskbell runs on this folder already")
    somebody = Somebody(program, told["rests"])
    code = application.exec()
    del somebody
    sys.exit(code)


main()
