"""Two workstations and a server of its own: what the first line does not show reaches the second, until it is taken.

PRODUCT A9: nobody reached in time, the next in line.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.models.place import view
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.team import Desktop, desktops

ANN, CLEO = "Ann F.", "Cleo S."
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("next in line"),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Billing has Ann in its first line and Cleo in its second; the server waits a second, not a minute."""
    folder = tmp_path / "server"
    folder.mkdir()
    with office_of_its_own(folder) as opened:
        opened.house.parts.settings.put("alert.reach_s", "1")
        billing = opened.category("Billing")
        opened.agent(ANN, billing)
        cleo = opened.agent(CLEO)
        opened.house.grants.grant(cleo, billing, second_line=True)
        yield opened


@pytest.fixture
def team(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[dict[str, Desktop]]:
    with desktops(office, (ANN, CLEO), tmp_path, qapp, qtbot) as seated:
        for desktop in seated.values():
            desktop.settle(0)
            desktop.rows_on_screen(
                view("closed"), 0
            )  # else what comes stands before whoever's window is the active one
        yield seated


def test_what_the_first_line_does_not_show_reaches_the_second_until_it_is_taken(
    office: Office, team: dict[str, Desktop]
) -> None:
    ann, cleo = team[ANN], team[CLEO]
    ann.run.alerts.toggle_quiet()
    ticket_id = office.file(office.house.grants.find_category("Billing")["id"], "Charged twice").ticket.id
    ann.has(ticket_id)
    cleo.wait(lambda: cleo.told_of("Nobody was reached: #1"), 60_000)
    assert cleo.told_of("Charged twice")
    assert cleo.rung == 0  # not as an arrival of their own
    assert not ann.told_of("Charged twice")

    ann.run.desk.intents.assign(ticket_id, ann.run.desk.reader.me() or "")
    cleo.wait(lambda: not cleo.told_of("Charged twice"), 60_000)
    row = cleo.run.desk.reader.ticket(ticket_id)
    assert row is not None
    assert row.row.assignee_id == ann.run.desk.reader.me()
