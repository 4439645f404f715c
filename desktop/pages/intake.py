"""The intake, for owners: the last weeks in figures, working hours, closings, caps on open tickets (PRODUCT D8, E6)."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent

from desktop.deeds import Deeds, nobody_there
from desktop.desk import Desk
from desktop.models.intake_books import IntakeBooks
from desktop.models.intake_cards import NEW_CAP, NEW_CLOSING, WEEKS, removal_question
from desktop.models.intake_drafts import Draft
from desktop.pages.intake_bar import IntakeButtons
from desktop.pages.intake_forms import IntakeForms
from desktop.pages.intake_saving import IntakeSaving
from desktop.pages.two_columns import TwoColumns
from desktop.widgets.key_button import KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.cache.changes import Changes
from sync.connectors.intake_keeping import IntakeKeeping
from sync.domain.intake_figures import IntakeFigures

_NARROW = 1200


class IntakePage(TwoColumns):
    """sync_wanted(): something was done at the server, so ask it now."""

    sync_wanted = Signal()

    def __init__(self, desk: Desk, reach: Callable[[], IntakeKeeping] = nobody_there) -> None:
        super().__init__(desk, QCoreApplication.translate("IntakePage", "Intake"))
        look = desk.appearance
        offline = self.tr("You are offline. This is kept at the server: try again once it answers.")
        self.deeds = Deeds(desk, reach, offline, self)
        self.books = IntakeBooks(desk)
        self.saving = IntakeSaving(desk, self.books, self.deeds, self)
        self.forms = IntakeForms(look)
        self.notice = NoticeLine(look)
        self.buttons = IntakeButtons(look, self)
        self.new_closing = KeyButton(look, self.tr("New closing"), "plus", key=self.tr("Ins"), big=False)
        self.new_cap = KeyButton(look, self.tr("New cap"), "plus", key=self.tr("Shift Ins"), big=False)
        self._names: dict[str, str] = {}
        self._open = ""
        self._titles: dict[str, str] = {}
        self._stale, self._listing = True, False
        self._build()
        self._connect()
        self._bind()

    # what is shown

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not (changes.closings or changes.people or changes.everything):
            return
        if changes is not None and not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._names = {one.id: one.name for one in self.desk.reader.categories()}
        self.forms.show_places(self._names)
        self._list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()
        self.look()

    def adapt(self, width: int, height: int) -> None:
        super().adapt(width, height)
        for button in (self.new_closing, self.new_cap):
            button.show_key(width >= _NARROW)

    def look(self) -> None:
        """Ask the server for figures, calendar and caps; offline what was seen last stays."""
        self.deeds.look(lambda server: server.intake_figures(), self._show_figures)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def flush(self) -> None:
        """Keep what was changed now."""
        self.saving.flush()

    def _show_figures(self, figures: IntakeFigures) -> None:
        if self.books.take(figures):
            self._open = ""  # days are other ones on the clock of that zone
        self._list()

    def _list(self) -> None:
        cards = self.books.cards(self._names)
        self._titles = {card.id: card.title for card in cards}
        self._listing = True
        self.cards.show_cards(cards)
        self._listing = False
        self._show(self.cards.current, again=True)

    def _show(self, name: str, *, again: bool = False) -> None:
        """What has that name; `again`: also where it is shown already, unless the person is changing it."""
        if self._listing:
            return
        if name == self._open and (not again or name in self.books.begun):
            self._show_state()
            return
        if name != self._open:
            self.notice.clear()
        self._open = name
        shown = self.books.shown(name)
        if shown is not None:
            self.forms.show_draft(shown, self.books.clock, self.desk.clock.now_ms())
        else:
            self._show_weeks()
        if self.books.is_behind(name):
            self.notice.say(self.tr("Somebody else changed this since you began. Yours is kept here."), "due")
        there = shown is not None or (name == WEEKS and self.books.figures is not None)
        self.nothing.setText(self.tr("This is read from the server. Look again once it answers."))
        self.show_detail(there)
        self._show_state()

    def _show_weeks(self) -> None:
        figures, now = self.books.figures, self.desk.clock.now_ms()
        weeks = figures.weeks if figures is not None else ()
        self.forms.show_weeks(weeks, [self.desk.moments.day(one.since, now) for one in weeks])

    def _show_state(self) -> None:
        name, books = self._open, self.books
        is_changed = name in books.begun
        self.buttons.show_state(
            is_kept=not books.is_new(name),
            is_changed=is_changed,
            is_now=books.is_now(name),
            may_go=books.may_go(name),
        )
        self.show_bar(name != WEEKS)
        said = self.tr("Changed here, not saved yet") if is_changed else ""
        self.head.show_words(self._titles.get(name, ""), said)

    # what is done

    def begin_closing(self) -> None:
        """A new one, open before the person."""
        self.books.begin_closing()
        self._list()
        self.cards.choose(NEW_CLOSING)
        self.forms.take_keyboard()

    def begin_cap(self) -> None:
        """A new one, open before the person."""
        self.books.begin_cap()
        self._list()
        self.cards.choose(NEW_CAP)
        self.forms.take_keyboard()

    def save(self) -> None:
        """What is open, at the server."""
        self.saving.save(self._open)

    def ask_removal(self) -> None:
        """What was never saved goes at once; else it is asked first."""
        question = removal_question(self.books.kept(self._open))
        if self.books.is_new(self._open):
            self.drop()
        elif question:
            self.notice.ask(question, self.tr("Remove"), self.tr("Keep it"))

    def drop(self) -> None:
        """What was changed here and not saved."""
        self.saving.drop(self._open)
        self._open = ""
        self._list()

    def _saved(self) -> None:
        self._open = ""
        self._list()
        self.notice.say(self.tr("Saved."), "sent", "check")
        self.look()

    def _refuse(self, sentence: str) -> None:
        self.notice.say(sentence, "overdue", "overdue")

    def _written(self, draft: Draft) -> None:
        if self._open:
            self.saving.write(self._open, draft)
            self._show_state()

    # how it is put together

    def _build(self) -> None:
        self.top.addWidget(self.new_closing)
        self.top.addWidget(self.new_cap)
        self.hint.hide()
        self.body.addWidget(self.notice)
        self.body.addWidget(self.forms, 1)
        for button in self.buttons.in_row:
            self.answers.keep(button)
        self.set_apart(self.buttons.remove)

    def _connect(self) -> None:
        acts: tuple[tuple[KeyButton, Callable[[], None]], ...] = (
            (self.buttons.save, self.save),
            (self.buttons.throw, self.drop),
            (self.buttons.end, lambda: self.saving.end_now(self._open)),
            (self.buttons.remove, self.ask_removal),
            (self.new_closing, self.begin_closing),
            (self.new_cap, self.begin_cap),
        )
        for button, act in acts:
            button.clicked.connect(act)
        self.cards.current_changed.connect(self._show)
        self.cards.discard_pressed.connect(self.ask_removal)
        self.cards.send_pressed.connect(self.save)
        self.opened.connect(self.forms.take_keyboard)
        self.forms.changed.connect(self._written)
        self.notice.answered.connect(lambda yes: self.saving.remove(self._open) if yes else None)
        self.saving.saved.connect(self._saved)
        self.saving.refused.connect(self._refuse)
        self.deeds.done.connect(self.sync_wanted)

    def _bind(self) -> None:
        for keys, act in (("Ctrl+S", self.save), ("Ins", self.begin_closing), ("Shift+Ins", self.begin_cap)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
