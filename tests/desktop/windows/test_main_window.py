"""The main window: what stands where, what keys do, and what is said."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.place import UNDELIVERED, view
from desktop.pages.two_columns import TwoColumns
from desktop.windows.browsing import title_of
from desktop.windows.main_window import side_and_list
from sync.cache.rows import View
from sync.domain.records import Status
from sync.engine.status import Condition, SyncStatus
from tests.rigs.frame import Frame, say_status
from tests.rigs.world import ME, World

Key = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen: raising, grabbing


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1920, (224, 440)), (1440, (208, 400)), (1280, (200, 368)), (960, (52, 330)), (900, (52, 330))],
)
def test_widths_are_the_drawn_ones(frame: Frame, qtbot: QtBot, width: int, widths: tuple[int, int]) -> None:
    frame.window.resize(width, 800)
    qtbot.waitUntil(lambda: frame.window.width() == width)
    assert (frame.window.side_bar.width(), frame.window.list_pane.width()) == widths == side_and_list(width)


def test_details_go_first_then_words_of_the_side_bar_then_one_place(frame: Frame) -> None:
    frame.open(4187)
    shown = {}
    for width in (1440, 1280, 900, 700):
        frame.window.resize(width, 800)
        shown[width] = (frame.window.pane.details.isVisible(), frame.window.one_place)
    assert shown == {1440: (True, False), 1280: (False, False), 900: (False, False), 700: (False, True)}


def test_in_one_place_enter_opens_and_escape_returns(frame: Frame) -> None:
    frame.window.resize(700, 600)
    frame.list.setFocus()
    frame.list.go_to(0)
    QTest.keyClick(frame.list, Key.Key_Return)
    assert frame.window.pane.isVisible()
    assert not frame.list.isVisible()
    frame.run("leave")
    assert frame.list.isVisible()


def test_the_width_that_somebody_drew_is_kept(frame: Frame, world: World) -> None:
    frame.window._split.moveSplitter(460, 1)
    frame.window.resize(1500, 900)
    assert frame.window.list_pane.width() == 460
    assert world.desk.settings.number("window/list400", 0) == 460


def test_title_list_side_bar_and_status_line_agree(frame: Frame) -> None:
    counts = frame.desk.reader.counts()
    assert frame.window.windowTitle() == "(9) Deskbell"
    assert counts.awaiting == 9
    frame.run("view_awaiting")
    assert frame.parts.model.rowCount() == 9
    item = frame.window.side_bar.item(view("awaiting"))
    assert item.accessibleName() == "Awaiting us, 9"
    assert frame.window.status_line.words() == ["Online", "Outbox 1", "Awaiting us 9, new 0"]


def test_offline_says_as_of_and_never_zero(frame: Frame, world: World) -> None:
    say_status(world, Condition.OFFLINE)
    assert frame.window.windowTitle() == "(9 as of 14:03) Deskbell, offline"
    assert frame.window.banner.isVisible()
    assert "as of 14:03" in frame.window.status_line.words()[-1]
    say_status(world, Condition.ONLINE)
    assert not frame.window.banner.isVisible()


@pytest.mark.parametrize(
    ("awaiting", "as_of", "offline", "title"),
    [
        (0, "", False, "Deskbell"),
        (9, "", False, "(9) Deskbell"),
        (0, "14:03", True, "(0 as of 14:03) Deskbell, offline"),
        (3, "", True, "Deskbell, offline"),
    ],
)
def test_titles(awaiting: int, as_of: str, offline: bool, title: str) -> None:
    assert title_of(awaiting, as_of, offline) == title


def test_single_keys_triage(frame: Frame) -> None:
    frame.list.setFocus()
    frame.list.go_to(0)
    QTest.keyClick(frame.list, Key.Key_F)
    assert frame.parts.presenter.ticket_id == frame.tickets[4203]
    QTest.keyClick(frame.list, Key.Key_A)
    assert frame.shown(4203).assignee_id == ME
    assert frame.window.notice.words == "#4203 is yours now."
    QTest.keyClick(frame.list, Key.Key_Z)
    assert frame.shown(4203).assignee_id is None
    QTest.keyClick(frame.list, Key.Key_W)
    assert frame.shown(4203).status is Status.WAITING


def test_letters_in_a_text_field_are_letters(frame: Frame) -> None:
    frame.open(4203)
    field = frame.window.tool_bar.search
    field.setFocus()
    for key in (Key.Key_A, Key.Key_W, Key.Key_F):
        QTest.keyClick(field, key)
    assert field.text() == "awf"
    assert frame.shown(4203).assignee_id is None


def _mark_three(frame: Frame) -> list[int]:
    frame.run("view_unassigned")
    frame.list.setFocus()
    frame.list.go_to(0)
    QTest.keyClick(frame.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(frame.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    return [row.number or 0 for row in frame.list.marked_rows()]


def test_several_are_marked_and_taken_together(frame: Frame) -> None:
    numbers = _mark_three(frame)
    assert len(numbers) == 3
    frame.run("take")
    assert {frame.shown(number).assignee_id for number in numbers} == {ME}
    assert frame.window.notice.words == "3 tickets are yours now."


def test_what_was_done_to_several_is_taken_back_from_all(frame: Frame) -> None:
    frame.open(4211)
    frame.run("wait")
    numbers = _mark_three(frame)
    frame.run("take")
    frame.run("undo")
    assert {frame.shown(number).assignee_id for number in numbers} == {None}
    assert frame.window.notice.words == "Taken back."
    assert frame.shown(4211).status is Status.WAITING
    frame.run("undo")
    assert frame.shown(4211).status is Status.OPEN
    frame.run("undo")
    assert frame.window.notice.words == "There is nothing to take back."


def test_a_menu_for_several_chooses_by_digit(frame: Frame) -> None:
    frame.run("view_unassigned")
    frame.list.go_to(0)
    QTest.keyClick(frame.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    numbers = [row.number or 0 for row in frame.list.marked_rows()]
    frame.run("status")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Key.Key_3)
    assert {frame.shown(number).status for number in numbers} == {Status.CLOSED}


def test_views_by_key_and_back_again(frame: Frame) -> None:
    frame.run("view_mine")
    frame.open(4211)
    frame.run("view_closed")
    assert frame.parts.model.rowCount() == 0
    assert frame.window.list_pane.empty_words == "No tickets here."
    frame.run("back")
    assert frame.parts.browsing.place == view("mine")
    assert frame.parts.presenter.ticket_id == frame.tickets[4211]
    frame.run("forward")
    assert frame.parts.browsing.place == view("closed")


def test_a_ticket_that_comes_to_an_empty_list_opens_nothing(frame: Frame, qtbot: QtBot) -> None:
    """The keyboard was in the list: what is being read stays, and what came is as new as it was."""
    frame.open(4211)
    frame.run("view_closed")
    frame.window.activateWindow()
    qtbot.waitUntil(frame.window.isActiveWindow)
    frame.list.setFocus()
    frame.window.list_pane.setFocus()
    frame.world.change(frame.tickets[4203], status="closed")
    qtbot.waitUntil(lambda: frame.row_numbers() == [4203])
    assert frame.list.hasFocus()
    assert frame.parts.presenter.ticket_id == frame.tickets[4211]
    QTest.keyClick(frame.list, Key.Key_Down)
    assert frame.parts.presenter.ticket_id == frame.tickets[4203]


def test_search_finds_as_one_types_and_esc_goes_back(frame: Frame, qtbot: QtBot) -> None:
    frame.run("search")
    field = frame.window.tool_bar.search
    QTest.keyClicks(field, "refund")
    qtbot.waitUntil(lambda: frame.row_numbers() == [4171, 4211])
    QTest.keyClicks(field, " zzz")
    qtbot.waitUntil(lambda: frame.parts.model.rowCount() == 0)
    assert frame.window.list_pane.empty_words == "No ticket matches “refund zzz”. Try fewer words."
    QTest.keyClick(field, Key.Key_Escape)
    assert frame.parts.browsing.place == view("all")
    assert frame.parts.model.rowCount() == 14


def test_a_number_goes_to_its_ticket(frame: Frame) -> None:
    frame.parts.commanding.jump("#4176")
    assert frame.parts.presenter.ticket_id == frame.tickets[4176]
    frame.parts.commanding.jump("77")
    assert frame.window.notice.words == "There is no ticket #77 in your categories."


def test_the_palette_offers_and_runs(frame: Frame) -> None:
    frame.open(4187)
    frame.run("palette")
    field = frame.window.palette_.field
    QTest.keyClicks(field, "refund")
    words = frame.window.palette_.offered()
    assert words[:2] == ["#4171 Refund is not on my card yet", "#4211 Refund for two seats we no longer need"]
    assert "Move to category Refunds" in words
    QTest.keyClick(field, Key.Key_Return)
    assert frame.parts.presenter.ticket_id == frame.tickets[4171]
    assert not frame.window.palette_.isVisible()


def test_the_palette_moves_a_ticket(frame: Frame) -> None:
    frame.open(4187)
    frame.run("palette")
    QTest.keyClicks(frame.window.palette_.field, "move refunds")
    QTest.keyClick(frame.window.palette_.field, Key.Key_Return)
    assert frame.shown(4187).category_name == "Refunds"


def test_esc_leaves_the_palette_with_the_keyboard_where_it_was(frame: Frame) -> None:
    frame.window.activateWindow()
    frame.list.setFocus()
    frame.run("palette")
    QTest.keyClick(frame.window.palette_.field, Key.Key_Escape)
    assert frame.window.focusWidget() is frame.list


def test_f6_goes_round_the_panes(frame: Frame) -> None:
    frame.open(4187)
    frame.window.tool_bar.search.setFocus()
    seen: list[QWidget | None] = []
    for _ in range(len(frame.window.panes())):
        frame.run("next_pane")
        seen.append(frame.window.focusWidget())
    assert frame.list in seen
    assert len({id(one) for one in seen}) == len(frame.window.panes())
    assert seen[-1] is frame.window.tool_bar.search


def test_pages_stand_in_for_list_and_ticket(frame: Frame) -> None:
    frame.run("view_undelivered")
    assert frame.window.page == UNDELIVERED
    frame.run("view_undelivered")
    assert frame.window.page == "outbox"
    frame.open(4187)
    assert frame.window.page == ""


def test_copying_takes_number_and_subject(frame: Frame) -> None:
    frame.list.setFocus()
    frame.list.go_to(1)
    QTest.keyClick(frame.list, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "#4203 Charged twice for invoice 2026-1143"


def test_a_failure_is_said_and_stays_a_while(frame: Frame) -> None:
    frame.desk.intents.failed.emit("The disk is full. Free some space.", "words")
    assert frame.window.notice.words == "The disk is full. Free some space."


def test_signed_out_is_said_in_the_banner(frame: Frame) -> None:
    frame.parts.browsing.show_status(SyncStatus(Condition.SIGNED_OUT))
    assert frame.window.banner.isVisible()


def test_no_categories_yet_is_said(frame: Frame, world: World) -> None:
    world.save_access(())
    frame.desk.bridge.access_changed.emit()
    frame.run("view_awaiting")
    assert frame.window.list_pane.empty_words == "You have no categories yet. Ask your administrator for one."


def test_closing_asks_the_owner_of_the_window(frame: Frame, qtbot: QtBot) -> None:
    with qtbot.waitSignal(frame.window.close_wanted):
        frame.window.close()
    assert frame.window.isVisible()


def test_the_menu_bar_comes_and_goes(frame: Frame) -> None:
    assert not frame.window.menuBar().isVisible()
    frame.window.toggle_menu_bar()
    assert frame.window.menuBar().isVisible()


def test_find_in_the_ticket_by_key_and_esc_back(frame: Frame) -> None:
    frame.open(4187)
    frame.window.resize(700, 800)
    frame.run("leave")
    QTest.keyClick(frame.list, Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    bar = frame.window.pane.finding.bar
    assert bar.field.hasFocus()
    bar.field.setText("mirror")
    QTest.keyClick(bar.field, Key.Key_Return)
    assert bar.count.text() == "1 of 2"
    QTest.keyClick(bar.field, Key.Key_Escape)
    assert not bar.isVisible()
    assert frame.window.pane.isVisible()


def test_a_page_in_one_place_goes_back_to_its_list_first(frame: Frame, world: World) -> None:
    frame.window.resize(700, 700)
    frame.run("view_outbox")
    page = frame.window.pages["outbox"]
    assert isinstance(page, TwoColumns)
    QTest.keyClick(page.cards, Key.Key_Return)
    assert not page.cards.isVisible()
    frame.run("leave")
    assert page.cards.isVisible()
    assert frame.window.page == "outbox"
    frame.run("leave")
    assert frame.window.page == ""


def test_what_is_typed_whole_is_not_offered_again(frame: Frame) -> None:
    field = frame.window.tool_bar.search
    offered = field.completer().model()
    field.setText("status:")
    field.textEdited.emit("status:")
    assert offered.rowCount() > 2
    field.textEdited.emit("status:open")
    assert "status:open" not in [offered.index(row, 0).data() for row in range(offered.rowCount())]


def test_an_empty_view_of_what_is_new_does_not_say_that_nobody_waits(frame: Frame) -> None:
    frame.run("view_new")
    assert frame.parts.browsing._nothing(View("new")) == "Nothing new since you looked. New tickets ring here."
