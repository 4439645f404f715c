"""An owner and an agent at their desktops, the real server between them: an alert's receipt, ticks, and leaving."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.models.place import PEOPLE
from desktop.pages.people import PeoplePage
from desktop.windows.remove_person import RemovePersonWindow
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.team import Desktop, desktops

MARTA, DANA = "Marta K.", "Dana O."
WITHIN_S = 60.0  # no round comes by itself in these tests (no_polls); the figure itself is printed
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("two agents"),
]


@dataclass
class House:
    """Marta has Billing; Dana owns."""

    office: Office
    billing: str
    marta_id: str
    marta: Desktop
    dana: Desktop

    def page(self) -> PeoplePage:
        """The page of people, before Dana, with Marta's row."""
        window = self.dana.run.window
        window.activateWindow()
        self.dana.wait(window.isActiveWindow)
        self.dana.run.parts.commanding.run("people")
        page = self.dana.run.window.pages[PEOPLE]
        assert isinstance(page, PeoplePage)
        self.dana.wait(lambda: page.matrix.row_of(self.marta_id) >= 0)
        return page

    def count(self, sql: str) -> int:
        """A figure of the server's database."""
        database = self.office.house.parts.database
        return int(database.read(lambda: database.select(sql))[0][0])


@pytest.fixture
def house(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[House]:
    folder = tmp_path / "server"
    folder.mkdir()
    with office_of_its_own(folder) as office:
        billing = office.category("Billing")
        office.category("Repairs")
        marta_id = office.agent(MARTA, billing)
        office.agent(DANA, is_owner=True)
        with desktops(office, (MARTA, DANA), tmp_path, qapp, qtbot) as seated:
            for desktop in seated.values():
                desktop.settle(0)
                desktop.wait(partial(_is_whole, desktop))
            yield House(office, billing, marta_id, seated[MARTA], seated[DANA])


def test_the_owner_reads_on_which_workstation_it_was_shown(house: House) -> None:
    ticket_id = house.office.file(house.billing, "Charged twice").ticket.id
    house.marta.is_rung("Charged twice")
    house.dana.has(ticket_id)
    house.dana.wait(lambda: house.count("SELECT COUNT(*) FROM alert_receipt WHERE shown IS NOT NULL AND rang > 0"))
    run = house.dana.run
    run.parts.commanding.open_ticket(ticket_id)
    run.do("who_rings")
    window = run.reaching.shown
    assert window is not None
    house.dana.wait(lambda: window.lines)
    said = {line.title.partition(" on ")[0]: line.words for line in window.lines}
    assert said[MARTA].startswith("offered")
    assert ", shown +" in said[MARTA]
    people = {line.title: line for line in window.lines if "granted" in line.words}
    assert "(connected)" in people[MARTA].words
    assert people[MARTA].ink == "sent"


def test_a_tick_opens_a_category_and_a_tick_closes_it(house: House) -> None:
    page = house.page()
    repairs = next(one.id for one in page.matrix.categories if one.name == "Repairs")
    waiting = house.office.file(repairs, "Broken").ticket.id
    titles = [page.matrix.headerData(one, Qt.Orientation.Horizontal) for one in range(page.matrix.columnCount())]
    cell = (page.matrix.row_of(house.marta_id), titles.index("Repairs"))
    for there in (True, False):
        page.view.setCurrentIndex(page.matrix.index(*cell))
        QTest.keyClick(page.view, Qt.Key.Key_Space)
        page.saving.save()
        if not there:
            page.notice.answered.emit(True)
        house.marta.wait(partial(_is_here, house.marta, waiting, there))
        house.dana.wait(lambda: page.preview.isHidden())


def _is_whole(desktop: Desktop) -> bool:
    """Everything has come once: what is filed now rings."""
    reader = desktop.run.desk.reader
    return bool(reader.categories()) and reader.is_whole()


def _is_here(desktop: Desktop, ticket_id: str, there: bool) -> bool:
    return (desktop.run.desk.reader.ticket(ticket_id) is not None) is there


def test_who_is_removed_is_before_the_sign_in_page_by_push(no_polls: Callable[[], bool], house: House) -> None:
    page = house.page()
    page.view.setCurrentIndex(page.matrix.index(page.matrix.row_of(house.marta_id), 1))
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    leaving = page.windows.shown
    assert isinstance(leaving, RemovePersonWindow)
    house.marta.wait(no_polls)
    began = monotonic()
    leaving.remove.click()
    house.marta.wait(lambda: house.marta.program.run is None)
    took = monotonic() - began
    print(f"removed and signed out in {took:.2f} s")  # noqa: T201  # the figure, with pytest -s
    house.dana.wait(lambda: page.notice.words == f"{MARTA} was removed.")
    assert took < WITHIN_S
