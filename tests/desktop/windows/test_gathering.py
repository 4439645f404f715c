"""Tickets are put to an incident by one key, several at once; one answer goes to all, each with its own name."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.windows.answer_all import AnswerAllWindow
from sync.cache.rows import TicketRow
from sync.domain.actions import EditTicket, PostMessage
from tests.rigs.frame import Frame
from tests.rigs.incidents import GATHERED, RUNNING, TITLE, fill_incidents, page_of, show_incidents

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def actions(frame: Frame) -> list[object]:
    return [one.action for one in frame.desk.cache.batch(200, 10_000_000)]


def offered(frame: Frame) -> list[str]:
    frame.run("incident")
    menu = frame.parts.gathering.menu
    assert menu is not None
    return [action.text().partition("  ")[2] for action in menu.actions()]


def press(frame: Frame, words: str) -> None:
    menu = frame.parts.gathering.menu
    assert menu is not None
    next(action for action in menu.actions() if action.text().endswith(words)).trigger()
    menu.close()


def test_the_head_says_to_which_incident_a_ticket_belongs(frame: Frame) -> None:
    fill_incidents(frame)
    frame.open(4187)
    assert TITLE in frame.window.pane.head._incident.words
    frame.open(4203)
    assert frame.window.pane.head._incident.words == ""


def test_one_key_puts_a_ticket_to_an_incident_and_takes_it_out(frame: Frame, qtbot: QtBot) -> None:
    fill_incidents(frame)
    frame.open(4203)
    assert offered(frame) == [TITLE, "Invoices of March lack the VAT number", "New incident from it…"]
    press(frame, TITLE)
    [edit] = [one for one in actions(frame) if isinstance(one, EditTicket)]
    assert (edit.ticket_id, edit.wanted, edit.base) == (
        frame.tickets[4203], {"incidentId": RUNNING}, {"incidentId": None}
    )  # fmt: skip
    qtbot.waitUntil(lambda: TITLE in frame.window.pane.head._incident.words)
    assert offered(frame)[-1] == "No incident"
    press(frame, "No incident")
    qtbot.waitUntil(lambda: frame.window.pane.head._incident.words == "")


def test_what_was_put_to_an_incident_at_once_is_taken_back_at_once(frame: Frame) -> None:
    fill_incidents(frame)
    rows = [frame.shown(number) for number in (4203, 4209, 4215)]
    before = incidents_of(frame, rows)
    frame.parts.gathering.put(rows, RUNNING)
    assert incidents_of(frame, rows) == [RUNNING] * 3
    frame.window.notice.pressed.emit("undo")
    assert incidents_of(frame, rows) == before


def incidents_of(frame: Frame, rows: list[TicketRow]) -> list[str | None]:
    found = [frame.desk.reader.ticket(row.id) for row in rows]
    return [one.incident_id for one in found if one is not None]


def test_a_new_incident_takes_the_ticket_along_but_none_of_its_words(frame: Frame) -> None:
    frame.open(4203)
    frame.parts.gathering.offer()
    press(frame, "New incident from it…")
    page = page_of(frame)
    assert not page.form.title.text()
    draft = page.incidents.drafts()[page.incidents.id]
    assert draft.tickets == (frame.tickets[4203],)
    assert "Charged twice" not in repr(draft)
    page.incidents.opened.emit(RUNNING, page.incidents.drafts()[page.incidents.id].tickets)
    [edit] = [one for one in actions(frame) if isinstance(one, EditTicket)]
    assert edit.wanted == {"incidentId": RUNNING}


def test_one_answer_goes_to_each_with_its_own_words(frame: Frame, qtbot: QtBot) -> None:
    page = show_incidents(frame)
    frame.desk.cache.save_draft(frame.tickets[4214], "reply", "Half a thought")
    page.buttons.answer.click()
    window = frame.parts.gathering.answering
    assert isinstance(window, AnswerAllWindow)
    window.text.setPlainText("Hello {name}, #{number}: by {eta}.")
    assert "Hello Ines R., #4187: by 2026-03-17, " in window.preview.text()
    window.cards.choose(frame.tickets[4218])
    assert "Hello Ruth A., #4218" in window.preview.text()
    window.send_all()
    qtbot.waitUntil(lambda: not window.isVisible())
    undo = frame.desk.settings.undo_send_ms
    frame.world.clock.now += undo + 1
    sent = {one.ticket_id: one.body_text for one in actions(frame) if isinstance(one, PostMessage)}
    for number in GATHERED:
        assert f"#{number}:" in sent[frame.tickets[number]]
    begun = frame.desk.reader.draft(frame.tickets[4214], "reply")
    assert begun is not None
    assert begun.text == "Half a thought"


def test_where_no_ticket_is_open_no_answer_goes_and_the_words_stay(frame: Frame) -> None:
    show_incidents(frame)
    kept = frame.desk.reader.incident(RUNNING)
    assert kept is not None
    window = AnswerAllWindow(frame.desk, replace(kept, id="i" + "9" * 32), 0, frame.window)
    window.text.setPlainText("Hello")
    window.send_all()
    assert "nobody would get the answer" in window.notice.words
    assert window.text.toPlainText() == "Hello"


def test_a_long_answer_leaves_the_window_on_the_screen(frame: Frame) -> None:
    show_incidents(frame)
    kept = frame.desk.reader.incident(RUNNING)
    assert kept is not None
    window = AnswerAllWindow(frame.desk, kept, 0, frame.window)
    short = window.minimumSizeHint().height()
    window.text.setPlainText("A line\n" * 300)
    assert window.preview.text().count("A line") == 300
    assert window.minimumSizeHint().height() <= short + 60


def test_a_ticket_of_it_is_opened_from_there_and_the_words_stay(frame: Frame) -> None:
    page = show_incidents(frame)
    page.buttons.answer.click()
    window = frame.parts.gathering.answering
    assert window is not None
    window.text.setPlainText("Half an answer")
    window.cards.choose(frame.tickets[4214])
    window.cards.opened.emit()
    assert frame.parts.presenter.ticket_id == frame.tickets[4214]
    frame.parts.gathering.answer_all(RUNNING)
    again = frame.parts.gathering.answering
    assert again is not None
    assert again.text.toPlainText() == "Half an answer"


def test_without_a_time_of_repair_it_is_said_before_anything_goes(frame: Frame) -> None:
    show_incidents(frame)
    kept = frame.desk.reader.incident(RUNNING)
    assert kept is not None
    frame.world.page("T" + "0" * 32 + "-1", {})
    window = AnswerAllWindow(frame.desk, kept, 0, frame.window)
    window._incident = kept.__class__(kept.id, kept.title, kept.since)
    window.text.setPlainText("By {eta}")
    before = len(actions(frame))
    window.send_all()
    assert "{eta} has no value" in window.notice.words
    assert len(actions(frame)) == before
