"""The intake, for owners: the last weeks in figures, working hours, closings, caps on open tickets (PRODUCT D8, E6)."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent

from desktop.deeds import Deeds, nobody_there
from desktop.desk import Desk
from desktop.models.intake_books import IntakeBooks
from desktop.models.intake_cards import NEW_CAP, NEW_CLOSING, WEEKS, removal_question
from desktop.models.intake_drafts import Draft
from desktop.pages.intake_bar import IntakeButtons
from desktop.pages.intake_forms import IntakeForms
from desktop.pages.intake_saving import IntakeSaving
from desktop.pages.kept_page import KeptPage
from desktop.widgets.key_button import KeyButton
from sync.cache.changes import Changes
from sync.connectors.intake_keeping import IntakeKeeping
from sync.domain.intake_figures import IntakeFigures


class IntakePage(KeptPage):
    """Weeks, calendar, closings and caps, each with its form beside the list."""

    def __init__(self, desk: Desk, reach: Callable[[], IntakeKeeping] = nobody_there) -> None:
        super().__init__(desk, QCoreApplication.translate("IntakePage", "Intake"))
        look = desk.appearance
        offline = self.tr("You are offline. This is kept at the server: try again once it answers.")
        self.deeds = Deeds(desk, reach, offline, self)
        self.books = IntakeBooks(desk)
        self.saving = IntakeSaving(desk, self.books, self.deeds, self)
        self.forms = IntakeForms(look)
        self.buttons = IntakeButtons(look, self)
        self.new_closing = KeyButton(look, self.tr("New closing"), "plus", key=self.tr("Ins"), big=False)
        self.new_cap = KeyButton(look, self.tr("New cap"), "plus", key=self.tr("Shift Ins"), big=False)
        self._names: dict[str, str] = {}
        self._open = ""
        self._titles: dict[str, str] = {}
        self._build()
        self._connect()
        self._bind()

    # what is shown

    def concerns(self, changes: Changes) -> bool:
        return changes.closings or changes.people or changes.everything

    def read(self, _changes: Changes | None) -> None:
        self._names = {one.id: one.name for one in self.desk.reader.categories()}
        self.forms.show_places(self._names)
        self._list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def look(self) -> None:
        """Ask the server for figures, calendar and caps; offline what was seen last stays."""
        self.deeds.look(lambda server: server.intake_figures(), self._show_figures)

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
        self.show_list(cards)

    def show_item(self, name: str, *, again: bool = False) -> None:
        """Again also where it is shown already, unless the person is changing it."""
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
        self.say(self.tr("Saved."), "sent")
        self.look()

    def _refuse(self, sentence: str) -> None:
        self.say(sentence, "overdue")

    def _written(self, draft: Draft) -> None:
        if self._open:
            self.saving.write(self._open, draft)
            self._show_state()

    # how it is put together

    def _build(self) -> None:
        self.lay_top(self.new_closing, self.new_cap)
        self.lay_item((self.forms,), self.buttons.in_row)
        self.set_apart(self.buttons.remove)

    def _connect(self) -> None:
        self.bind_buttons(
            (self.buttons.save, self.save),
            (self.buttons.throw, self.drop),
            (self.buttons.end, lambda: self.saving.end_now(self._open)),
            (self.buttons.remove, self.ask_removal),
            (self.new_closing, self.begin_closing),
            (self.new_cap, self.begin_cap),
        )
        self.cards.discard_pressed.connect(self.ask_removal)
        self.cards.send_pressed.connect(self.save)
        self.opened.connect(self.forms.take_keyboard)
        self.forms.changed.connect(self._written)
        self.notice.answered.connect(lambda yes: self.saving.remove(self._open) if yes else None)
        self.saving.saved.connect(self._saved)
        self.saving.refused.connect(self._refuse)
        self.deeds.done.connect(self.sync_wanted)

    def _bind(self) -> None:
        self.bind_keys(("Ctrl+S", self.save), ("Ins", self.begin_closing), ("Shift+Ins", self.begin_cap))
