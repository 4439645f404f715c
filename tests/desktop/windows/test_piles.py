"""Duplicates in the pile: put together over all categories, merged by sender, linked over senders."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.windows.piles import PilesWindow
from sync.domain.actions import EditTicket, MergeTicket
from tests.rigs.alike import WORDS, show_alike
from tests.rigs.frame import Frame
from tests.rigs.world import ME


@pytest.fixture
def piles(frame: Frame) -> PilesWindow:
    """Oskar asked twice and twice again, Lena the same once."""
    asked = show_alike(frame)
    person = frame.world.requester_of(asked)
    again = frame.world.ticket("Charged twice", "Billing", "Oskar N.", minutes_ago=5, number=4240, requester_id=person)
    frame.world.message(again, "inbound", WORDS, minutes_ago=5)
    frame.run("piles")
    return frame.parts.own_words.piles


def shown(window: PilesWindow) -> list[tuple[str, list[int | None]]]:
    return [(pile.title, [row.number for row in pile.rows]) for pile in window._piles.values()]


def test_tickets_that_belong_together_are_shown_the_oldest_first(piles: PilesWindow) -> None:
    assert piles.isVisible()
    assert shown(piles) == [
        ("3 tickets of 2 people", [4221, 4230, 4240]),
        ("3 tickets of Oskar N.", [4159, 4230, 4240]),
    ]
    assert piles._says.text().startswith("Each sender keeps one thread")


def test_merge_all_merges_each_sender_s_and_links_the_senders(frame: Frame, piles: PilesWindow) -> None:
    piles.merge_all()
    actions = [row.action for row in frame.desk.reader.outbox()]
    numbers = {one: frame.desk.reader.ticket_by_number(one) for one in (4221, 4230, 4240)}
    merges = [(one.ticket_id, one.into_id) for one in actions if isinstance(one, MergeTicket)]
    links = [(one.ticket_id, *one.wanted) for one in actions if isinstance(one, EditTicket)]
    assert merges == [(numbers[4240], numbers[4230])]
    assert links == [(numbers[4221], f"links/{numbers[4230]}")]
    assert shown(piles) == [("2 tickets of Oskar N.", [4159, 4230])]
    assert "done" in piles.notice.words


def test_what_one_sender_has_over_categories_is_merged_within_each_and_linked_over_them(
    frame: Frame, piles: PilesWindow, qtbot: QtBot
) -> None:
    person = frame.world.requester_of(frame.desk.reader.ticket_by_number(4230) or "")
    for number in (4300, 4301):
        made = frame.world.ticket("No chart", "Refunds", "Oskar N.", minutes_ago=1, number=number, requester_id=person)
        frame.world.message(made, "inbound", f"Figure {number} is missing.", minutes_ago=1)
    piles.look_up()
    title = "5 tickets of Oskar N."
    qtbot.waitUntil(lambda: title in {pile.title for pile in piles._piles.values()})
    [wide] = [pile for pile in piles._piles.values() if pile.title == title]
    assert (wide.reason, wide.categories) == ("One sender, several categories", "Billing, Refunds")

    assert piles.cards.choose(wide.id)
    assert piles._says.text().startswith("Each category keeps one thread")
    piles.merge_all()
    actions = [row.action for row in frame.desk.reader.outbox()]
    ids = {number: frame.desk.reader.ticket_by_number(number) for number in (4159, 4230, 4240, 4300, 4301)}
    assert {(one.ticket_id, one.into_id) for one in actions if isinstance(one, MergeTicket)} == {
        (ids[4230], ids[4159]), (ids[4240], ids[4159]), (ids[4301], ids[4300]),
    }  # fmt: skip
    links = [(one.ticket_id, *one.wanted) for one in actions if isinstance(one, EditTicket)]
    assert links == [(ids[4159], f"links/{ids[4300]}")]


def test_one_of_them_is_opened(frame: Frame, piles: PilesWindow, qtbot: QtBot) -> None:
    first = piles.tickets.current
    with qtbot.waitSignal(piles.ticket_wanted):
        piles.tickets.opened.emit()
    assert frame.parts.presenter.ticket_id == first
    assert not piles.isVisible()


def test_an_empty_pile_says_so(frame: Frame) -> None:
    frame.run("piles")
    window = frame.parts.own_words.piles
    assert shown(window) == []
    assert "No open tickets belong together" in window.notice.words
    assert not window._merge.isEnabled()


def standing(frame: Frame) -> list[tuple[str | None, frozenset[str]]]:
    """What each ticket of the pile was merged into, and what it is linked with."""
    reader = frame.desk.reader
    found = [reader.ticket(reader.ticket_by_number(one) or "") for one in (4159, 4221, 4230, 4240)]
    return [(one.merged_into_id, one.links) for one in found if one is not None]


def test_all_of_a_pile_is_taken_back_by_one_key(frame: Frame, piles: PilesWindow, qtbot: QtBot) -> None:
    before, offered = standing(frame), shown(piles)
    piles.merge_all()
    assert standing(frame) != before

    QTest.keyClick(piles.cards, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: shown(piles) == offered)
    assert standing(frame) == before


def test_a_merge_that_was_sent_stays_and_is_said_to(frame: Frame, piles: PilesWindow) -> None:
    first, _, _, _ = standing(frame)
    piles.merge_all()
    frame.desk.cache.batch(200, 10_000_000)

    piles.take_back()

    assert "stay merged" in frame.window.notice.words
    assert standing(frame)[1] == first
    assert standing(frame)[3][0] == frame.desk.reader.ticket_by_number(4230)


def test_what_was_done_elsewhere_is_not_taken_back_here(frame: Frame, piles: PilesWindow) -> None:
    frame.open(4203)
    frame.run("take")
    piles.take_back()
    assert frame.shown(4203).assignee_id == ME
