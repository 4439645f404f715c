"""The list: rows in pages, order kept by the cache, what is looked at stays where it is."""

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester

from desktop.models.row_text import RowText, brief, initials
from desktop.models.ticket_list import PAGE, TicketListModel
from sync.cache.changes import Changes
from sync.cache.rows import Sort, View
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS
from tests.rigs.frame import Frame
from tests.rigs.world import ME, World


def test_the_model_keeps_qts_rules(frame: Frame) -> None:
    """A broken rule is a warning of Qt's, which fails the test."""
    tester = QAbstractItemModelTester(frame.parts.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    frame.run("view_mine")
    frame.run("view_all")
    assert tester.model() is frame.parts.model


def test_most_in_need_comes_first_and_waiting_last(frame: Frame) -> None:
    assert frame.row_numbers()[:9] == [4187, 4203, 4198, 4211, 4214, 4215, 4209, 4216, 4218]
    assert set(frame.row_numbers()[9:]) == {4171, 4190, 4176, 4165, 4158}


def test_rows_far_down_are_read_in_pages(world: World, frame: Frame) -> None:
    for number in range(2 * PAGE + 10):
        world.ticket(f"Question {number}", minutes_ago=number + 1, number=9000 + number)
    frame.run("view_all")
    model = frame.parts.model
    assert model.rowCount() == 2 * PAGE + 24
    assert {row.number for row in map(model.row_at, range(model.rowCount())) if row} >= set(range(9000, 9200))
    assert model.row_at(model.rowCount()) is None


def test_a_change_of_one_row_repaints_that_row_only(frame: Frame, world: World) -> None:
    changed: list[tuple[int, int]] = []
    frame.parts.model.dataChanged.connect(lambda first, last, *_: changed.append((first.row(), last.row())))
    world.change(frame.tickets[4203], subject="Charged three times")
    assert (1, 1) in changed
    index = frame.parts.model.index(1, 0)
    assert "Charged three times" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_new_ticket_moves_neither_selection_nor_place(frame: Frame, world: World) -> None:
    for number in range(60):
        world.ticket(f"Older {number}", minutes_ago=300 + number, number=7000 + number)
    frame.run("view_all")
    frame.list.go_to(40)
    chosen = frame.list.current()
    top = frame.parts.model.key_at(frame.list.rowAt(0))
    offset = frame.list.rowViewportPosition(frame.list.rowAt(0))
    world.ticket("The most pressing one", minutes_ago=100_000, number=9999)
    frame.parts.model.reload_now()
    assert frame.row_numbers()[0] == 9999
    assert frame.list.current() == chosen
    assert frame.parts.model.key_at(frame.list.rowAt(0)) == top
    assert frame.list.rowViewportPosition(frame.list.rowAt(0)) == offset


def test_a_ticket_that_left_the_view_leaves_the_list_and_stays_in_the_pane(frame: Frame) -> None:
    frame.run("view_awaiting")
    frame.open(4218)
    frame.desk.intents.set_status(frame.tickets[4218], frame.shown(4171).status)
    frame.desk.bridge.changed.emit(Changes(tickets=frozenset({frame.tickets[4218]}), counts=True))
    frame.parts.model.reload_now()
    assert 4218 not in frame.row_numbers()
    assert frame.parts.presenter.ticket_id == frame.tickets[4218]


def test_each_order_is_the_caches(frame: Frame) -> None:
    model: TicketListModel = frame.parts.model
    model.show_view(View("all"), Sort("subject"))
    subjects = [row.subject for row in map(model.row_at, range(model.rowCount())) if row]
    assert subjects == sorted(subjects, key=str.casefold)


def test_an_empty_index_has_no_rows_below(frame: Frame) -> None:
    model = frame.parts.model
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.rowCount(QModelIndex()) == 14


def test_a_row_is_said_as_one_sentence(frame: Frame, world: World) -> None:
    words = RowText(frame.shown(4203)).spoken(world.clock.now)
    subject = "Charged twice for invoice 2026-1143"
    assert words == f"Oskar N., {subject}, ticket 4203, Billing, awaiting us, 12 min over, unassigned, unread."
    assert "high priority" in RowText(frame.shown(4187)).spoken(world.clock.now)


def test_clocks_say_over_due_or_age(frame: Frame, world: World) -> None:
    now = world.clock.now
    assert RowText(frame.shown(4187)).clock(now) == ("overdue", "34 min over")
    assert RowText(frame.shown(4198)).clock(now) == ("due", "due in 9 min")
    assert RowText(frame.shown(4215)).clock(now) == ("", "41 min")
    assert RowText(frame.shown(4158)).clock(now) == ("", "2 d")


def test_states_have_their_word(frame: Frame) -> None:
    assert RowText(frame.shown(4187)).state()[2] == "1 to send"
    assert RowText(frame.shown(4187)).state(offline=True)[2] == "Saved here"
    assert RowText(frame.shown(4203)).state() == ("", "", "")


def test_short_lengths_and_initials() -> None:
    assert [brief(ms) for ms in (0, 30 * MINUTE_MS, 90 * MINUTE_MS, 5 * HOUR_MS, 3 * DAY_MS)] == [
        "1 min", "30 min", "1 h 30 min", "5 h", "3 d",
    ]  # fmt: skip
    assert [initials(name) for name in ("Marta K.", "Li", "Ana Maria Silva", "  ")] == ["MK", "LI", "AS", ""]


def test_mine_are_mine(frame: Frame) -> None:
    frame.run("view_mine")
    assert set(frame.row_numbers()) == {4187, 4211, 4171, 4165}
    assert all(frame.shown(number or 0).assignee_id == ME for number in frame.row_numbers())


def test_a_list_whose_lane_has_ended_asks_it_nothing_more(frame: Frame) -> None:
    model = frame.parts.model
    model.refresh(Changes(everything=True))
    timers = model.findChildren(QTimer)
    assert any(timer.isActive() for timer in timers)
    model.close()
    assert not any(timer.isActive() for timer in timers)
