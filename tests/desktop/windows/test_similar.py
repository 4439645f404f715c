"""What belongs beside the ticket in view: shown with reasons, opened, linked, merged and taken up by one key each."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.similar_panel import SimilarTicket
from sync.domain.actions import EditTicket
from sync.domain.errors import Offline
from sync.domain.records import Status
from sync.domain.similar import Kind, Similar
from sync.engine.status import Condition
from tests.rigs.alike import ANSWER, show_alike
from tests.rigs.frame import Frame, say_status
from tests.rigs.world import TOM


@pytest.fixture
def alike(frame: Frame, qtbot: QtBot) -> Frame:
    """The ticket 4230 is open, and what is like it is found."""
    asked = show_alike(frame)
    frame.tickets[4230] = asked
    frame.parts.commanding.open_ticket(asked)
    qtbot.waitUntil(lambda: bool(parts(frame)))
    return frame


def parts(frame: Frame) -> list[SimilarTicket]:
    return frame.window.pane.details.similar.parts


def part(frame: Frame, number: int) -> SimilarTicket:
    return next(one for one in parts(frame) if one.row.number == number)


def press(frame: Frame, number: int, key: Qt.Key) -> None:
    part(frame, number).title.setFocus()
    QTest.keyClick(part(frame, number).title, key)


def test_each_is_shown_with_its_reasons_and_what_can_be_done(alike: Frame) -> None:
    found = {one.row.number: (one.row.reasons, set(one.buttons)) for one in parts(alike)}
    assert found == {
        4221: ("97 % the same words, shares 2026-1143", {"link", "merge"}),
        4203: ("40 % the same words, shares 2026-1143", {"link", "merge"}),
        4159: ("same sender, 2 days apart", {"link", "merge"}),
        3908: ("90 % the same words, answered", {"link", "answer"}),
    }
    assert alike.window.pane.head._alike.words == "Also in #4221"


def test_a_link_that_leads_out_of_sight_says_so_and_shows_no_id(alike: Frame) -> None:
    hidden, world, panel = "t" + "9" * 32, alike.world, alike.window.pane.details.similar
    assert not panel.unseen.isVisibleTo(panel)
    asked = alike.tickets[4230]
    world.change(asked, links={hidden: True})
    world.message(asked, "event", f'{{"what":"link","from":null,"to":"{hidden}","by":"{TOM}"}}', TOM, minutes_ago=1)
    alike.parts.own_words.similar.look_up()
    assert panel.unseen.isVisibleTo(panel)
    assert panel.unseen.text() == "Linked with a ticket in a category that is not yours"
    said = [f"{one.title} {one.body}".strip() for one in alike.window.pane.thread_view.column.shown]
    assert "Tom B. linked it with a ticket in a category that is not yours" in said
    assert hidden not in " ".join(said)


def test_a_press_opens_it_and_what_was_found_is_gone_with_the_ticket(alike: Frame, qtbot: QtBot) -> None:
    part(alike, 4159).title.click()
    assert alike.parts.presenter.ticket_id != alike.tickets[4230]
    assert not alike.window.pane.head._alike.words
    qtbot.waitUntil(lambda: 4230 in {one.row.number for one in parts(alike)})


def test_one_key_links_and_the_same_key_takes_the_link_away(alike: Frame, qtbot: QtBot) -> None:
    press(alike, 4221, Qt.Key.Key_L)
    [edit] = [row.action for row in alike.desk.reader.outbox() if isinstance(row.action, EditTicket)]
    assert list(edit.wanted.values()) == [True]
    qtbot.waitUntil(lambda: part(alike, 4221).row.linked)
    assert part(alike, 4221).row.reasons.startswith("Linked, ")
    assert alike.window.pane.head._alike.words == "Also in #4203"  # what is linked is known already
    press(alike, 4221, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: not part(alike, 4221).row.linked)


def test_one_key_asks_to_merge_with_the_ticket_in_sight(alike: Frame, qtbot: QtBot) -> None:
    press(alike, 4221, Qt.Key.Key_M)
    dialog = alike.parts.own_words.merging.dialog
    assert dialog.isVisible()
    assert dialog.field.text() == "#4221"
    qtbot.waitUntil(lambda: dialog._merge.isEnabled())
    dialog.merge()
    detail = alike.desk.reader.ticket(alike.tickets[4230])
    assert detail is not None
    assert detail.merged_into_id is not None


def test_an_earlier_answer_becomes_a_draft_that_says_where_it_is_from(alike: Frame, qtbot: QtBot) -> None:
    composer = alike.window.pane.composer
    press(alike, 3908, Qt.Key.Key_A)
    assert composer.draft.text == ANSWER
    assert "#3908" in composer.sheet.notice.words
    draft = alike.desk.reader.draft(alike.tickets[4230], "reply")
    assert draft is not None
    assert draft.text == ANSWER


def test_what_was_begun_is_kept_above_the_earlier_answer(alike: Frame, qtbot: QtBot) -> None:
    composer = alike.window.pane.composer
    alike.run("reply")
    composer.sheet.editor.insertPlainText("Hello Oskar,")
    press(alike, 3908, Qt.Key.Key_A)
    assert composer.draft.text == f"Hello Oskar,\n\n{ANSWER}"


def test_the_command_goes_to_the_first_of_them_and_says_where_there_is_none(alike: Frame, qtbot: QtBot) -> None:
    alike.run("similar")
    assert alike.window.pane.details.isVisible()
    qtbot.waitUntil(lambda: alike.window.focusWidget() is parts(alike)[0].title)
    alike.open(4216)
    alike.run("similar")
    assert "Nothing is like this ticket" in alike.window.notice.words


def test_online_the_server_is_asked_and_offline_what_is_known_here_stays(alike: Frame, qtbot: QtBot) -> None:
    similar, asked = alike.parts.own_words.similar, list[str]()

    def answer(account_id: str, ticket_id: str) -> Sequence[Similar]:
        asked.append(ticket_id)
        one = Similar("t-elsewhere", account_id, Kind.NEAR, 0.9, (), 77, "At the server", Status.OPEN)
        return [one]

    def fails(_account_id: str, _ticket_id: str) -> Sequence[Similar]:
        raise Offline("It does not answer. Try again.")

    similar.compare = answer
    similar.look_up()
    assert [one.row.number for one in parts(alike)] == [77]
    similar.compare = fails
    similar.look_up()
    assert [one.row.number for one in parts(alike)] == [4221, 4203, 4159, 3908]
    say_status(alike.world, Condition.OFFLINE)
    similar.compare = answer
    similar.look_up()
    assert len(asked) == 1
