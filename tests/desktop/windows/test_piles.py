"""Duplicates in the pile: put together over all categories, merged by sender, linked over senders."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.windows.piles import PilesWindow
from sync.domain.actions import EditTicket, MergeTicket
from tests.rigs.alike import WORDS, show_alike
from tests.rigs.frame import Frame


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
