"""What single keys do to the tickets that are selected: take, assign, status, category, priority, tags, read."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QInputDialog, QMenu

from desktop.desk import Desk
from desktop.models.palette import status_words
from desktop.saving import Wanted
from desktop.widgets.ticket_list import TicketListView
from desktop.widgets.ticket_pane import TicketPane
from sync.cache.rows import TicketRow
from sync.domain.actions import TAG_PREFIX
from sync.domain.limits import TAG_MAX, clean_line
from sync.domain.records import Priority, Status


class Triage(QObject):
    """Acts on the selected tickets, or on the one in view.

    done(str, bool): a sentence about what was done, and whether it can be taken back.
    """

    done = Signal(str, bool)

    def __init__(
        self,
        desk: Desk,
        view: TicketListView,
        pane: TicketPane,
        in_view: Callable[[], str],
        me: Callable[[], str],
    ) -> None:
        """`in_view` gives the id of the ticket in the pane, `me` my own; both empty where there is none."""
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._pane = pane
        self._in_view = in_view
        self._me = me

    def targets(self) -> list[TicketRow]:
        """Several, if several are selected; else the ticket in view."""
        marked = self._view.marked_rows()
        if len(marked) > 1:
            return marked
        detail = self._desk.reader.ticket(self._in_view()) if self._in_view() else None
        return [detail.row] if detail is not None else marked

    def run(self, command_id: str) -> None:
        """One of the commands of the table that edit tickets."""
        match command_id:
            case "take":
                self._take()
            case "wait":
                self.set_status(Status.WAITING)
            case "read":
                self._read()
            case "undo":
                self._undo()
            case "assign" | "status" | "category" | "priority" | "tags":
                self._choose(command_id)

    def set_status(self, status: Status) -> None:
        rows = self.targets()
        self._edit({"status": status.value}, [row for row in rows if row.status is not status])
        self._say(rows, self.tr("{ticket}: {value}."), status_words(status))

    def move(self, category_id: str) -> None:
        rows = self.targets()
        self._edit({"categoryId": category_id}, [row for row in rows if row.category_id != category_id])
        names = {row.id: row.name for row in self._desk.reader.categories()}
        self._say(rows, self.tr("{ticket} moved to {value}."), names.get(category_id, ""))

    def assign(self, agent_id: str | None, name: str) -> None:
        rows = self.targets()
        self._edit({"assigneeId": agent_id}, [row for row in rows if row.assignee_id != agent_id])
        self._say(rows, self.tr("{ticket} assigned to {value}."), name)

    def set_priority(self, priority: Priority) -> None:
        rows = self.targets()
        self._edit({"priority": priority.value}, rows)
        self._say(rows, self.tr("{ticket}: priority {value}."), self._priority_words(priority))

    def add_tag(self, tag: str) -> None:
        rows, name = self.targets(), clean_line(tag)[:TAG_MAX]
        self._edit({TAG_PREFIX + name: True}, [row for row in rows if name and name not in row.tags])
        self._say(rows, self.tr("{ticket} tagged {value}."), name)

    def _take(self) -> None:
        me, rows = self._me(), self.targets()
        if not me or not rows:
            return
        self._edit({"assigneeId": me}, [row for row in rows if row.assignee_id != me])
        sentence = self.tr("{ticket} is yours now.") if len(rows) == 1 else self.tr("{ticket} are yours now.")
        self._say(rows, sentence, "")

    def _edit(self, wanted: Wanted, rows: Sequence[TicketRow]) -> None:
        """All at once, so that one key takes all back."""
        self._desk.intents.edit_all([(row.id, wanted) for row in rows])

    def _read(self) -> None:
        for row in self.targets():
            detail = self._desk.reader.ticket(row.id)
            if detail is not None and detail.last_seq:
                self._desk.intents.mark_read(row.id, detail.last_seq)

    def _undo(self) -> None:
        if not self._desk.intents.can_undo:
            self.done.emit(self.tr("There is nothing to take back."), False)
            return
        self.done.emit(self.tr("Taken back."), False)  # what cannot be is said after it
        self._desk.intents.undo_edit()

    def _choose(self, field: str) -> None:
        rows = self.targets()
        if not rows:
            return
        if len(rows) == 1 and rows[0].id == self._in_view() and self._pane.isVisible():
            self._pane.open_field(field)
            return
        if field == "tags":
            self._ask_tag()
            return
        offers: dict[str, Callable[[], Sequence[tuple[str, Callable[[], None]]]]] = {
            "status": self._statuses,
            "category": self._categories,
            "priority": self._priorities,
            "assign": self._agents,
        }
        menu = QMenu(self._view)
        for number, (words, choose) in enumerate(offers[field](), start=1):
            shown = words.replace("&", "&&")
            action = menu.addAction(f"&{number}  {shown}" if number < 10 else shown)
            action.triggered.connect(lambda _checked=False, run=choose: run())
        menu.popup(self._view.viewport().mapToGlobal(self._place()))

    def _ask_tag(self) -> None:
        dialog = QInputDialog(self._view)
        dialog.setWindowTitle(self.tr("Tags"))
        dialog.setLabelText(self.tr("Tag for the {count} selected tickets").format(count=len(self.targets())))
        dialog.textValueSelected.connect(self.add_tag)
        dialog.open()

    def _place(self) -> QPoint:
        rect = self._view.visualRect(self._view.currentIndex())
        return QPoint(40, max(0, min(rect.bottom(), self._view.viewport().height() - 40)))

    def _statuses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        shown = (Status.OPEN, Status.WAITING, Status.CLOSED)
        return [(status_words(one), partial(self.set_status, one)) for one in shown]

    def _categories(self) -> Sequence[tuple[str, Callable[[], None]]]:
        rows = self._desk.reader.categories()
        return [(row.name, partial(self.move, row.id)) for row in rows]

    def _priorities(self) -> Sequence[tuple[str, Callable[[], None]]]:
        return [(self._priority_words(one), partial(self.set_priority, one)) for one in Priority]

    def _agents(self) -> Sequence[tuple[str, Callable[[], None]]]:
        nobody = (self.tr("Nobody"), partial(self.assign, None, self.tr("nobody")))
        agents = self._desk.reader.agents()
        return [nobody, *((one.name, partial(self.assign, one.id, one.name)) for one in agents)]

    def _priority_words(self, priority: Priority) -> str:
        return {
            Priority.LOW: self.tr("Low"),
            Priority.NORMAL: self.tr("Normal"),
            Priority.HIGH: self.tr("High"),
            Priority.URGENT: self.tr("Urgent"),
        }[priority]

    def _say(self, rows: Sequence[TicketRow], sentence: str, value: str) -> None:
        if not rows:
            return
        row = rows[0]
        name = f"#{row.number}" if row.number is not None else self.tr("The new ticket")
        if len(rows) > 1:
            name = self.tr("{count} tickets").format(count=len(rows))
        self.done.emit(sentence.format(ticket=name, value=value), True)
