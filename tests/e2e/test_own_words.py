"""What becomes of one's own words, on whole desktops and a real server: taken back, overtaken, merged, deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.models.thread import State
from desktop.windows.merge import MergeWindow
from sync.domain.choices import Choice
from sync.server.tables import MessageRow
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.team import Desktop, desktops, tickets_at_server

MARTA, TOM, DANA = "Marta K.", "Tom B.", "Dana O."
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("own words"),
]


@dataclass
class Team:
    """Marta and Tom have Billing, Dana owns it all; two tickets wait there."""

    office: Office
    at: dict[str, Desktop]
    tickets: list[str]

    def words(self, ticket_id: str) -> list[tuple[str, str]]:
        """What the server has of a ticket, without events."""
        database = self.office.house.parts.database
        query = MessageRow.select().where(MessageRow.ticket_id == ticket_id).order_by(MessageRow.seq)
        rows = database.read(lambda: database.rows(query))
        return [(row["kind"], row["body_text"]) for row in rows if row["kind"] not in ("event", "inbound")]

    def gone(self, desktop: Desktop, ticket_id: str) -> bool:
        return desktop.run.desk.reader.ticket(ticket_id) is None

    def opens(self, name: str, ticket_id: str) -> None:
        self.at[name].run.open_ticket(ticket_id)
        self.at[name].wait(lambda: self.at[name].run.parts.presenter.ticket_id == ticket_id)

    def sends(self, name: str, ticket_id: str, words: str) -> None:
        """By the keyboard."""
        self.opens(name, ticket_id)
        pane = self.at[name].run.window.pane
        pane.compose(Mode.REPLY)
        QTest.keyClicks(pane.composer.sheet.editor, words)
        QTest.keyClick(pane.composer.sheet.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.at[name].wait(lambda: pane.composer.mode is None)


@pytest.fixture
def team(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Team]:
    folder = tmp_path / "server"
    folder.mkdir()
    with office_of_its_own(folder) as office:
        billing = office.category("Billing")
        for name in (MARTA, TOM):
            office.agent(name, billing)
        office.agent(DANA, is_owner=True)
        tickets = [office.file(billing, f"Question {number}").ticket.id for number in range(2)]
        with desktops(office, (MARTA, TOM, DANA), tmp_path, qapp, qtbot) as seated:
            for desktop in seated.values():
                desktop.settle(2)
            yield Team(office, seated, tickets)


def test_taken_back_it_was_never_sent_and_then_it_is_sent_once(team: Team) -> None:
    marta, ticket = team.at[MARTA], team.tickets[0]
    team.sends(MARTA, ticket, "Too soon.")
    pane = marta.run.window.pane
    marta.wait(lambda: pane.sending.words.startswith("Sending in "))
    marta.run.parts.commanding.run("undo_send")
    marta.wait(lambda: pane.composer.draft.text == "Too soon.")
    assert marta.run.desk.reader.counts().outbox == 0
    QTest.keyClick(pane.composer.sheet.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    marta.wait(lambda: pane.sending.words.startswith("Sending in "))
    assert team.words(ticket) == []
    pane.sending._now.click()
    marta.wait(lambda: team.words(ticket) == [("reply", "Too soon.")])
    marta.wait(lambda: pane.thread_view.entries[-1].state is State.SENT)


def test_overtaken_while_it_waited_it_is_kept_as_a_note_from_the_thread(team: Team) -> None:
    marta, tom, ticket = team.at[MARTA], team.at[TOM], team.tickets[0]
    tom.run.desk.settings.put("writing/undoSeconds", 0)
    team.sends(MARTA, ticket, "It went out on Friday.")
    team.sends(TOM, ticket, "It is on its way.")
    view = marta.run.window.pane.thread_view
    marta.wait(lambda: any(one.held is not None for one in view.entries))
    held = next(one for one in view.entries if one.held is not None)
    assert held.held is not None
    assert held.held.why.startswith("Tom B. answered ")
    view.column.chosen.emit(held.client_key, Choice.AS_NOTE)
    marta.wait(lambda: ("note", "It went out on Friday.") in team.words(ticket))
    assert team.words(ticket) == [("reply", "It is on its way."), ("note", "It went out on Friday.")]
    marta.wait(lambda: marta.run.desk.reader.counts().undelivered == 0)


def test_merged_at_one_desktop_it_leads_on_at_the_other(team: Team) -> None:
    marta, tom, (first, second) = team.at[MARTA], team.at[TOM], team.tickets
    team.opens(TOM, second)
    team.opens(MARTA, second)
    marta.run.parts.commanding.run("merge")
    window = marta.run.window.findChild(MergeWindow)
    assert isinstance(window, MergeWindow)
    window.field.setText("Question 0")
    marta.wait(lambda: window.cards.current == first)
    window.merge()
    marta.wait(lambda: marta.run.parts.presenter.ticket_id == first)
    link = tom.run.window.pane.link
    tom.wait(lambda: link.words.startswith("This ticket goes on in #"))
    link._yes.click()
    tom.wait(lambda: any(one.origin for one in tom.run.window.pane.thread_view.entries))
    assert tom.run.parts.presenter.ticket_id == first


def test_an_owner_deletes_and_it_is_gone_everywhere(team: Team) -> None:
    dana, ticket = team.at[DANA], team.tickets[0]
    team.opens(DANA, ticket)
    dana.run.do("delete_ticket")
    box = dana.run._deleting.question
    assert box is not None
    next(one for one in box.buttons() if one.text() == "Delete for good").click()
    for desktop in team.at.values():
        desktop.wait(partial(team.gone, desktop, ticket))
    (left,) = tickets_at_server(team.office.house).values()
    assert [row[0] for row in left] == [team.tickets[1]]
    team.opens(MARTA, team.tickets[1])
    marta = team.at[MARTA].run
    marta.do("delete_ticket")
    assert marta.window.notice.words.startswith("Only an owner may delete a ticket.")
