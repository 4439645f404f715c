"""Duplicates in the pile: open tickets that belong together, merged and linked at once. Works offline."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.models.cards import Card
from desktop.models.pile_plan import ShownPile, plan, shown_pile
from desktop.widgets.card_list import CardList
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.cache.changes import Changes
from sync.domain.actions import LINK_PREFIX
from sync.domain.errors import DeskbellError
from sync.domain.piles import Pile, Why


class PilesWindow(QDialog):
    """ticket_wanted(str): one of them is to be opened."""

    ticket_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._piles: dict[str, ShownPile] = {}
        self._found: list[Pile] = []
        self._done = 0
        look = desk.appearance
        self.cards = CardList(look, self.tr("Tickets that belong together"))
        self.tickets = CardList(look, self.tr("The tickets of the pile"))
        self.notice = NoticeLine(look)
        self._says = QLabel()
        self._merge = KeyButton(look, self.tr("Merge all"), "layers", PRIMARY, "Ctrl ⏎")
        self._close = KeyButton(look, self.tr("Close"), "", key=self.tr("Esc"))
        self._build()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._done = 0
        self.look_up()

    def look_up(self) -> None:
        """Put the open tickets of every category together anew."""
        self.notice.say(self.tr("Looking through the open tickets…"), "them", "search")

        def work() -> list[Pile]:
            reader = self._desk.cache.reader()  # the lane's own, for this one look
            try:
                places = [place.id for place in reader.categories() if place.account_id]
                return [*(pile for place in places for pile in reader.piles(place)), *reader.piles_over_categories()]
            finally:
                reader.close()

        self._desk.lanes.chores.run(work, self._show, self._failed)

    def merge_all(self) -> None:
        """What the plan of the pile with the cursor says."""
        pile = self._piles.get(self.cards.current)
        if pile is None:
            return
        todo = plan(pile)
        links = [(one, {LINK_PREFIX + other: True}) for one, other in todo.links]
        self._desk.intents.edit_all(links, todo.merges)
        self._done += 1
        self._found = [one for one in self._found if pile.id != f"{one.why.value}:{one.ticket_ids[0]}"]
        self._offer()
        words = self.tr("{title}: done. It is in the outbox until the server has it.").format(title=pile.title)
        self.notice.offer(words, self.tr("Take back (Ctrl+Z)"), "sent", "check-circle")

    def take_back(self) -> None:
        """What was done last, whole: the links, and the merges that were not sent yet."""
        if self._done:
            self._done -= 1
            self._desk.intents.undo_edit()
            self.look_up()

    def reload(self, changes: Changes) -> None:
        """Tickets changed: what was closed or merged stands in no pile any more."""
        if self.isVisible() and (changes.everything or changes.tickets):
            self._offer()

    def _build(self) -> None:
        px = self._desk.appearance.px
        self.setWindowTitle(self.tr("Duplicates in the pile"))
        self._says.setWordWrap(True)
        self.cards.setMinimumHeight(px(180))
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self._says, 1)
        foot.addWidget(self._close)
        foot.addWidget(self._merge)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(12))
        column.setSpacing(px(10))
        column.addWidget(self.cards, 1)
        column.addWidget(self.tickets, 1)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.resize(px(720), px(600))

    def _connect(self) -> None:
        self.cards.current_changed.connect(self._show_pile)
        self.cards.opened.connect(self.tickets.setFocus)
        self.tickets.opened.connect(self._open)
        QShortcut(QKeySequence("Ctrl+Return"), self._close).activated.connect(self.merge_all)
        self.cards.send_pressed.connect(self.merge_all)
        self.tickets.send_pressed.connect(self.merge_all)
        self._merge.clicked.connect(self.merge_all)
        self._close.clicked.connect(self.close)
        QShortcut(QKeySequence("Ctrl+Z"), self._close).activated.connect(self.take_back)
        self.cards.undo_pressed.connect(self.take_back)
        self.tickets.undo_pressed.connect(self.take_back)
        self.notice.answered.connect(self.take_back)
        self._desk.bridge.changed.connect(self.reload)
        self._desk.intents.failed.connect(self._refused)

    def _show(self, found: list[Pile]) -> None:
        self._found = sorted(found, key=lambda pile: (pile.why is not Why.WORDS, -len(pile.ticket_ids)))
        self.notice.clear()
        self._offer()
        self.cards.setFocus()

    def _failed(self, error: DeskbellError) -> None:
        self.notice.say(str(error))

    def _refused(self, sentence: str, _text: str) -> None:
        if self.isVisible():
            self.notice.say(sentence)

    def _offer(self) -> None:
        reader = self._desk.reader
        shown = []
        for pile in self._found:
            details = [detail for one in pile.ticket_ids if (detail := reader.ticket(one)) is not None]
            found = shown_pile(pile.why, details)
            if found is not None:
                shown.append(found)
        self._piles = {pile.id: pile for pile in shown}
        self.cards.show_cards([self._card(pile) for pile in shown])
        if not shown:
            self._show_pile("")
            if not self.notice.words:
                self.notice.say(self.tr("No open tickets belong together, as far as is known here."), "sent", "check")

    def _card(self, pile: ShownPile) -> Card:
        row, now = pile.rows[0], self._desk.clock.now_ms()
        when = self._desk.moments.full(row.created_at, now)
        return Card(
            pile.id, "layers", "due", pile.title, pile.categories, when, row.subject, "info", pile.reason, "due"
        )

    def _show_pile(self, pile_id: str) -> None:
        pile = self._piles.get(pile_id)
        self._merge.setEnabled(pile is not None)
        todo = None if pile is None else plan(pile)
        self._says.setText("" if todo is None else todo.sentence)
        self._merge.set_words(self.tr("Link all") if todo is not None and not todo.merges else self.tr("Merge all"))
        rows = () if pile is None else pile.rows
        moments, now = self._desk.moments, self._desk.clock.now_ms()
        self.tickets.show_cards(
            [
                Card(row.id, "inbound", "them", row.requester_name, f"#{row.number}", moments.full(row.created_at, now),
                     row.subject)
                for row in rows
            ]
        )  # fmt: skip

    def _open(self) -> None:
        if self.tickets.current:
            self.ticket_wanted.emit(self.tickets.current)
            self.close()
