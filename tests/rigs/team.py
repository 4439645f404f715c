"""Whole desktops beside one another: the real program for each person, in this process, on one real server."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.alerts.notifications.toast import Toast
from desktop.app import Options, Program
from desktop.models.place import Place, view
from desktop.run import Run
from desktop.secrets import MemoryVault
from sync.cache.rows import TicketRow, ViewName
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.engine.status import Condition
from sync.server.house import House
from sync.server.tables import MessageRow as StoredMessage
from sync.server.tables import TicketRow as StoredTicket
from tests.rigs.office import PASSWORD, Office

ROOT = Path(__file__).parents[2]
FULL = ("complaints-2015.csv.gz", "it-tickets.csv.gz")
SAMPLE = ("complaints.csv", "it-tickets.csv")
WAIT_MS = 180_000
_PATIENCE_MS = 20_000


def ticket_files() -> list[Path]:
    """The sample, or with DESKBELL_TEST_TICKETS=FOLDER the two full files in that folder."""
    folder = os.environ.get("DESKBELL_TEST_TICKETS")
    if folder:
        return [Path(folder) / name for name in FULL]
    return [ROOT / "resources" / "sample" / name for name in SAMPLE]


def import_tickets(database: Path) -> None:
    """As an administrator does it, while the server serves."""
    for file in ticket_files():
        command = [sys.executable, "-m", "sync.server", "import", str(file), "--shift-dates"]
        environment = {**os.environ, "DESKBELL_DATABASE": str(database)}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def tickets_at_server(house: House) -> dict[str, list[tuple[str, int, str]]]:
    """Id, number and subject of every ticket, by category."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    database = house.parts.database
    query = StoredTicket.select(StoredTicket.id, StoredTicket.number, StoredTicket.subject, StoredTicket.category_id)
    for row in database.read(lambda: database.rows(query)):
        found.setdefault(row["category_id"], []).append((row["id"], row["number"], row["subject"]))
    return found


def messages_at_server(house: House) -> Counter[str]:
    """How many messages each ticket has."""
    database = house.parts.database
    rows = database.read(lambda: database.rows(StoredMessage.select(StoredMessage.ticket_id)))
    return Counter(row["ticket_id"] for row in rows)


class Desktop:
    """One person's program, and what reached them."""

    def __init__(self, name: str, program: Program, qtbot: QtBot) -> None:
        self.name = name
        self.program = program
        self._qtbot = qtbot
        self.rung = 0

    @property
    def run(self) -> Run:
        assert self.program.run is not None, f"{self.name} is not signed in"
        return self.program.run

    def wait(self, true: Callable[[], object], milliseconds: int = _PATIENCE_MS) -> None:
        """Until it is so; the test fails where that takes too long."""
        self._qtbot.waitUntil(lambda: bool(true()), timeout=milliseconds)

    def settle(self, tickets: int) -> None:
        """Until everything is here and found by search."""
        self.wait(lambda: self.program.run is not None, WAIT_MS)
        self.run.alerts.alerts.rang.connect(self._rang)
        self.wait(lambda: self.run.status is not None and self.run.status.condition is Condition.ONLINE, WAIT_MS)
        self.wait(lambda: len(self.tickets()) == tickets and self.run.desk.reader.is_whole(), WAIT_MS)
        self.wait(lambda: self.run.desk.reader.unindexed() == 0, WAIT_MS)

    def _rang(self, _choice: object) -> None:
        self.rung += 1

    def tickets(self, name: ViewName = "all", category_id: str | None = None) -> list[int]:
        """The keys of a view, as the cache has them."""
        place = view(name, category_id)
        assert place.view is not None
        return list(self.run.desk.reader.ticket_ids(place.view, self.run.parts.browsing._sort))

    def has(self, ticket_id: str) -> None:
        """Wait until that ticket is here."""
        self.wait(lambda: self.run.desk.reader.ticket(ticket_id) is not None)

    def counts(self, awaiting: int) -> None:
        """Wait until so many await an answer."""
        self.wait(lambda: self.run.parts.browsing.counts.awaiting == awaiting)

    def is_rung(self, subject: str) -> None:
        """Wait for the one chime and the notification that names that ticket."""

        def rung() -> None:
            assert (self.rung, self.told_of(subject)) == (1, True)

        self._qtbot.waitUntil(rung, timeout=WAIT_MS)

    def searches(self, words: str, expected: int) -> None:
        """Type it into the search field; the list shows so many."""
        self.run.window.tool_bar.search.put(words)
        self.wait(lambda: self.run.parts.browsing.place == Place(search=words))
        self.wait(lambda: self.run.window.list_pane.view.model().rowCount() == expected)

    def rows_on_screen(self, place: Place, expected: int) -> None:
        """Go there; the list shows so many."""
        self.run.parts.commanding.open_place(place)
        self.wait(lambda: self.run.window.list_pane.view.model().rowCount() == expected)

    def finds(self, words: str) -> list[TicketRow]:
        """What the search field's text finds."""
        return self.run.desk.reader.search(words, 500)

    def notices(self) -> list[str]:
        """What stands in the window, as a screen reader would say it."""
        return [toast.accessibleName() for toast in self.run.window.findChildren(Toast) if toast.isVisible()]

    def told_of(self, subject: str) -> bool:
        """Whether a notification names that ticket."""
        return any(subject in notice for notice in self.notices())


@contextmanager
def desktops(
    office: Office, names: Sequence[str], folder: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[dict[str, Desktop]]:
    """Signed in, each on a folder of its own."""
    clock = SystemClock()
    ids = IdFactory(clock, SystemRandom())
    team: dict[str, Desktop] = {}
    try:
        for name in names:
            data = folder / name.replace(" ", "-")
            data.mkdir()
            options = Options(data, office.address, name, PASSWORD, MemoryVault())
            team[name] = Desktop(name, Program(qapp, options, clock, ids), qtbot)
            assert team[name].program.start()
        yield team
    finally:
        for desktop in team.values():
            desktop.program.quit()
            desktop.program.deleteLater()
