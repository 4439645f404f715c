"""Two agents and an owner side by side on imported tickets: each sees, finds and is rung for only their own.

PRODUCT A1, B1, B2. DESKBELL_TEST_TICKETS=FOLDER runs it on the two full files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.models.place import view
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.team import Desktop, desktops, import_tickets, messages_at_server, tickets_at_server

MARTA, TOM, DANA = "Marta K.", "Tom B.", "Dana O."
MOST_WORDS = 150
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("two agents"),
]


@dataclass
class Team:
    """`of` are the categories of each agent; the first of them is where the test works."""

    office: Office
    of: dict[str, list[str]]

    def visible(self, name: str) -> dict[str, list[tuple[str, int, str]]]:
        """The tickets that the server has for that person, by category."""
        everything = tickets_at_server(self.office.house)
        return {one: rows for one, rows in everything.items() if name == DANA or one in self.of[name]}

    def count(self, name: str) -> int:
        return sum(len(rows) for rows in self.visible(name).values())


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A server with imported tickets; every second category is Marta's, the others are Tom's, all are Dana's."""
    folder = tmp_path_factory.mktemp("server")
    with office_of_its_own(folder) as office:
        import_tickets(folder / "server.sqlite")
        ids = [category["id"] for category in office.house.grants.categories()]
        made = Team(office, {MARTA: ids[::2], TOM: ids[1::2]})
        for name in (MARTA, TOM):
            office.agent(name, *made.of[name])
        office.agent(DANA, is_owner=True)
        yield made


@pytest.fixture
def side_by_side(team: Team, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[dict[str, Desktop]]:
    """All three at their desktops, with everything loaded."""
    with desktops(team.office, (MARTA, TOM, DANA), tmp_path, qapp, qtbot) as seated:
        for name, desktop in seated.items():
            desktop.settle(team.count(name))
        yield seated


def words_of(rows: list[tuple[str, int, str]]) -> set[str]:
    return {word for _, _, subject in rows for word in re.findall(r"[a-z]{4,}", subject.lower())}


def test_each_sees_the_tickets_of_their_categories_and_no_others(team: Team, side_by_side: dict[str, Desktop]) -> None:
    everything = tickets_at_server(team.office.house)
    messages = messages_at_server(team.office.house)
    for name, desktop in side_by_side.items():
        mine = team.visible(name)
        reader = desktop.run.desk.reader
        for category_id, rows in everything.items():
            expected = len(rows) if category_id in mine else 0
            assert len(desktop.tickets("all", category_id)) == expected
            desktop.rows_on_screen(view("all", category_id), expected)
            for ticket_id, number, _ in rows:
                assert (reader.ticket(ticket_id) is not None) == (category_id in mine)
                assert (reader.ticket_by_number(number) == ticket_id) == (category_id in mine)
        assert {row.id for row in reader.categories()} == {*mine}
        some = [rows[0][0] for rows in mine.values()]
        assert [len(reader.thread(one)) for one in some] == [messages[one] for one in some]


def test_each_finds_words_of_their_own_tickets_only(team: Team, side_by_side: dict[str, Desktop]) -> None:
    rows = {name: [row for of_category in team.visible(name).values() for row in of_category] for name in (MARTA, TOM)}
    for name, other in ((MARTA, TOM), (TOM, MARTA)):
        own_ids = {ticket_id for ticket_id, _, _ in rows[name]}
        theirs = sorted(words_of(rows[other]) - words_of(rows[name]))[:MOST_WORDS]
        assert theirs
        for word in theirs:
            assert {row.id for row in side_by_side[name].finds(f'"{word}"')} <= own_ids
            assert {row.id for row in side_by_side[other].finds(f'"{word}"')}
            assert {row.id for row in side_by_side[DANA].finds(f'"{word}"')}
        unheard = f"Quixotic{other[:3]}"
        filed = team.office.file(team.of[other][0], unheard)
        side_by_side[other].has(filed.ticket.id)
        side_by_side[name].searches(unheard, 0)
        side_by_side[other].searches(unheard, 1)


def test_each_is_rung_for_their_own_only(team: Team, side_by_side: dict[str, Desktop]) -> None:
    marta, tom, dana = (side_by_side[name] for name in (MARTA, TOM, DANA))
    before = {name: desktop.run.parts.browsing.counts.awaiting for name, desktop in side_by_side.items()}
    filed = team.office.file(team.of[MARTA][0], "Marta's new question")
    marta.is_rung("Marta's new question")
    team.office.file(team.of[TOM][0], "Tom's new question")
    tom.is_rung("Tom's new question")
    for desktop, more in ((marta, 1), (tom, 1), (dana, 2)):
        desktop.counts(before[desktop.name] + more)
    team.office.answer(filed.ticket.id, "One more thing")
    dana.wait(lambda: len(dana.run.desk.reader.thread(filed.ticket.id)) == 2)
    assert not marta.told_of("Tom's")
    assert not tom.told_of("Marta's")
    assert tom.rung == 1
    assert (dana.rung, dana.told_of("new question")) == (0, False)  # an owner hears at the check, not at each ticket


def test_a_moved_ticket_leaves_one_desktop_and_rings_at_the_other(team: Team, side_by_side: dict[str, Desktop]) -> None:
    marta, tom, dana = (side_by_side[name] for name in (MARTA, TOM, DANA))
    filed = team.office.file(team.of[MARTA][0], "Wanders unmistakably")
    marta.has(filed.ticket.id)
    marta.run.open_ticket(filed.ticket.id)
    marta.wait(lambda: marta.run.parts.presenter.ticket_id == filed.ticket.id)
    dana.has(filed.ticket.id)
    dana.run.desk.intents.move(filed.ticket.id, team.of[TOM][0])
    marta.wait(lambda: marta.run.desk.reader.ticket(filed.ticket.id) is None)
    marta.wait(lambda: marta.run.parts.presenter.ticket_id != filed.ticket.id)
    marta.wait(lambda: not marta.told_of("unmistakably"))
    assert marta.finds("unmistakably") == []
    assert marta.run.desk.reader.thread(filed.ticket.id) == []
    tom.is_rung("Wanders unmistakably")
    tom.wait(lambda: [row.id for row in tom.finds("unmistakably")] == [filed.ticket.id])
    dana.wait(lambda: [row.id for row in dana.finds("unmistakably")] == [filed.ticket.id])


def test_a_grant_and_a_revoke_while_they_work(team: Team, side_by_side: dict[str, Desktop]) -> None:
    marta, tom = side_by_side[MARTA], side_by_side[TOM]
    category_id = team.of[TOM][0]
    grants, people = team.office.house.grants, team.office.house.people
    marta_id = people.find(MARTA)["id"]
    number = len(tickets_at_server(team.office.house)[category_id])
    grants.grant(marta_id, category_id)
    marta.wait(lambda: len(marta.tickets("all", category_id)) == number)
    marta.wait(lambda: marta.run.desk.reader.unindexed() == 0)
    marta.rows_on_screen(view("all", category_id), number)
    assert marta.rung == 0  # what was there before rings nobody
    filed = team.office.file(category_id, "Both of us hear incredulously")
    for desktop in (marta, tom):
        desktop.is_rung("incredulously")
    grants.revoke(marta_id, category_id)
    marta.wait(lambda: marta.tickets("all", category_id) == [])
    marta.wait(lambda: marta.run.desk.reader.ticket(filed.ticket.id) is None)
    marta.rows_on_screen(view("all"), team.count(MARTA))
    marta.wait(lambda: not marta.told_of("incredulously"))
    assert marta.finds("incredulously") == []
    marta.wait(lambda: category_id not in {row.id for row in marta.run.parts.browsing.categories})
    team.office.file(category_id, "Only Tom hears this")
    tom.wait(lambda: tom.told_of("Only Tom hears this"))
    assert not marta.told_of("Only Tom")
