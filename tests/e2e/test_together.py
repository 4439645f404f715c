"""Two agents at their desktops with the real server between them: they see each other, and never take the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.team import Desktop, desktops

MARTA, TOM, KIM = "Marta K.", "Tom B.", "Kim S."
WITHIN_S = 60.0  # presence comes by push alone; a round brings none
AT_ONCE_S = 25.0  # not by the end of a lease, which is 30 s
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("two agents"),
]


@dataclass
class Team:
    """Marta and Tom share Billing; Kim has Repairs."""

    office: Office
    billing: str
    people: dict[str, str]
    at: dict[str, Desktop]
    tickets: list[str]

    def goes_to(self, name: str, ticket_id: str) -> None:
        """That person opens the ticket in the window that is the active one now."""
        run = self.at[name].run
        run.window.activateWindow()
        self.at[name].wait(run.window.isActiveWindow)
        run.parts.commanding.open_ticket(ticket_id)

    def reads(self, name: str, words: str) -> float:
        """Wait until the head of that person's ticket says so; the seconds that took."""
        began = monotonic()
        head = self.at[name].run.window.pane.head
        self.at[name].wait(lambda: head.company.words == words)
        return monotonic() - began

    def takes(self, name: str, other_than: set[str]) -> str:
        """Wait until a ticket other than those is before that person, and theirs: one may stand open before."""
        presenter, reader = self.at[name].run.parts.presenter, self.at[name].run.desk.reader

        def theirs() -> bool:
            detail = reader.ticket(presenter.ticket_id) if presenter.ticket_id not in other_than else None
            return detail is not None and detail.row.assignee_id == self.people[name]

        self.at[name].wait(theirs)
        return presenter.ticket_id

    def sees_assigned(self, name: str, ticket_id: str, assignee: str) -> None:
        """Wait until that person's cache says whose ticket it is."""

        def told() -> bool:
            detail = self.at[name].run.desk.reader.ticket(ticket_id)
            return detail is not None and detail.row.assignee_id == self.people[assignee]

        self.at[name].wait(told)

    def shown(self, name: str, ticket_id: str) -> str:
        """What that person's list says of the company at a ticket."""
        return str(self.at[name].run.parts.model.company(ticket_id))


@pytest.fixture
def team(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Team]:
    folder = tmp_path / "server"
    folder.mkdir()
    with office_of_its_own(folder) as office:
        billing, repairs = office.category("Billing"), office.category("Repairs")
        people = {name: office.agent(name, billing) for name in (MARTA, TOM)}
        people[KIM] = office.agent(KIM, repairs)
        tickets = [office.file(billing, f"Question {number}").ticket.id for number in range(3)]
        with desktops(office, (MARTA, TOM, KIM), tmp_path, qapp, qtbot) as seated:
            for name, desktop in seated.items():
                desktop.settle(0 if name == KIM else 3)
            yield Team(office, billing, people, seated, tickets)


def test_they_see_each_other_look_and_type(team: Team) -> None:
    ticket_id = team.tickets[0]
    team.at[TOM].run.parts.commanding.open_ticket(ticket_id)
    team.goes_to(MARTA, ticket_id)
    assert team.reads(TOM, "Marta K. is looking") < WITHIN_S
    marta = team.at[MARTA].run.window.pane
    marta.compose(Mode.REPLY)
    QTest.keyClicks(marta.composer.sheet.editor, "Hello")
    assert team.reads(TOM, "Marta K. is typing a reply") < WITHIN_S
    assert team.shown(TOM, ticket_id) == "Marta K. is typing a reply"
    assert (team.shown(MARTA, ticket_id), team.shown(KIM, ticket_id)) == ("", "")
    marta.leave()
    assert team.reads(TOM, "Marta K. is looking") < WITHIN_S
    team.goes_to(TOM, ticket_id)
    assert team.reads(MARTA, "Tom B. is looking") < WITHIN_S
    assert team.reads(TOM, "") < WITHIN_S


def test_who_leaves_or_loses_the_category_is_gone_at_once(team: Team) -> None:
    ticket_id = team.tickets[0]
    team.at[TOM].run.parts.commanding.open_ticket(ticket_id)
    team.goes_to(MARTA, ticket_id)
    team.reads(TOM, "Marta K. is looking")
    team.office.house.grants.revoke(team.people[MARTA], team.billing)
    assert team.reads(TOM, "") < AT_ONCE_S
    team.office.house.grants.grant(team.people[MARTA], team.billing)
    team.at[MARTA].has(ticket_id)
    team.goes_to(MARTA, ticket_id)
    team.reads(TOM, "Marta K. is looking")
    team.at[MARTA].program.quit()
    assert team.reads(TOM, "") < AT_ONCE_S


def test_both_take_the_next_and_neither_gets_the_others(team: Team) -> None:
    for name in (MARTA, TOM):
        team.at[name].run.do("take_next")
    first = {name: team.takes(name, set()) for name in (MARTA, TOM)}
    assert len(set(first.values())) == 2
    for name, ticket_id in first.items():
        for both in (MARTA, TOM):
            team.sees_assigned(both, ticket_id, name)
    team.at[MARTA].run.do("take_next")
    team.takes(MARTA, set(first.values()))
    team.at[TOM].run.do("take_next")
    notice = team.at[TOM].run.window.notice
    team.at[TOM].wait(lambda: notice.words.startswith("Well done"))
