"""Undelivered: words that wait for a decision, beside what the server has; nothing is lost by any of the answers."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QGuiApplication

from desktop.deciding import Deciding
from desktop.desk import Desk
from desktop.models.action_words import action_words, written_at
from desktop.models.cards import Card
from desktop.models.choice_words import LETTERS, proposed
from desktop.models.event_sentence import Names
from desktop.models.undelivered import Story, reason_words, story_of, title
from desktop.models.undelivered_group import bulks, group_lines, group_title, grouped_by_key
from desktop.pages.bulk_row import BulkRow
from desktop.pages.two_columns import TwoColumns
from desktop.pages.undelivered_item import UndeliveredItem
from desktop.widgets.key_button import ACCENT, DANGER, KeyButton
from sync.cache.changes import Changes
from sync.cache.rows import UndeliveredGroup, UndeliveredRow
from sync.domain.choices import Choice

STACKED = 1000


class UndeliveredPage(TwoColumns):
    """Every item with its own answers; what was discarded in 30 days is one press away and can be taken back.

    writing_wanted(ticket id, mode): the words are a draft of that ticket now. file_wanted(attachment, open): a file of
    one's own words is to be opened (True) or saved (False).
    """

    writing_wanted = Signal(str, str)
    file_wanted = Signal(object, bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, QCoreApplication.translate("UndeliveredPage", "Undelivered"))
        self._rows: dict[str, UndeliveredRow] = {}
        self._names = Names()
        self._groups: dict[str, UndeliveredGroup] = {}
        self._discarded_shown = False
        self._last_discarded: list[tuple[str, ...]] = []
        look = desk.appearance
        self.item = UndeliveredItem(look)
        self.bulk = BulkRow(look)
        self.deciding = Deciding(desk, self)
        self._copy = KeyButton(look, self.tr("Copy text"), "copy", key="Ctrl C")
        self._discard = KeyButton(look, self.tr("Discard"), "discard", DANGER, "Del")
        self._back = KeyButton(look, self.tr("Take back"), "undo", ACCENT, "Ctrl Z")
        self._switch = KeyButton(look, self.tr("Discarded"), "discard", big=False)
        self._build()
        self._connect()
        self.reload()

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not self._concerns(changes):
            return
        reader = self.desk.reader
        people = {one.id: one.name for one in reader.agents()}
        self._names = Names(reader.me(), people, {one.id: one.name for one in reader.categories()})
        discarded = reader.discarded()
        rows = discarded if self._discarded_shown else reader.undelivered()
        self._rows = {row.client_key: row for row in rows}
        self._groups = {} if self._discarded_shown else grouped_by_key(reader.undelivered_summary())
        self._switch.set_words(
            self.tr("Back to Undelivered")
            if self._discarded_shown
            else self.tr("Discarded, {count}").format(count=len(discarded))
        )
        self._switch.setVisible(self._discarded_shown or bool(discarded))
        if self._discarded_shown:
            self.count.setText(self.tr("of the last 30 days"))
        else:
            self.count.setText(self.tr("{count} wait for your decision").format(count=len(rows)) if rows else "")
        cards = [self._group_card(key, one) for key, one in self._groups.items()]
        self.cards.show_cards([*cards, *(self._card(row) for row in rows)])

    def adapt(self, width: int, height: int) -> None:
        super().adapt(width, height)
        self.item.words.stack(width < STACKED)

    def show_item(self, client_key: str) -> None:
        """The cursor to these words."""
        if self._discarded_shown:
            self._toggle_discarded()
        if self.cards.choose(client_key):
            self.show_item_place(True)
        self.setFocus()

    def undo(self) -> bool:
        """The one with the cursor among the discarded, otherwise what was discarded last."""
        if self._discarded_shown:
            keys: tuple[str, ...] = (self.cards.current,) if self.cards.current else ()
        elif self._last_discarded:
            keys = self._last_discarded.pop()
        else:
            keys = tuple(row.client_key for row in self.desk.reader.discarded()[:1])
        self._last_discarded = [one for one in self._last_discarded if one != keys]
        if keys:
            self.desk.intents.take_back_all(keys)
        return bool(keys)

    def _build(self) -> None:
        self.hint.setText(self.tr("What you discard stays under “Discarded” for 30 days and can be taken back."))
        self.nothing.setText(
            self.tr("Nothing waits for your decision. All that you wrote is on its way or has arrived.")
        )
        self.top.addWidget(self._switch)
        self.body.addWidget(self.item)
        self.body.addWidget(self.bulk)
        self.body.addStretch(1)
        for button in (self._back, self._copy):
            self.answers.keep(button)
        self.set_apart(self._discard)

    def _connect(self) -> None:
        cards = self.cards
        self.desk.settings.changed.connect(self._take_letters)
        self._take_letters()
        cards.letter_pressed.connect(lambda letter: self._decide(LETTERS[letter]))
        cards.current_changed.connect(self._show)
        self.opened.connect(lambda: self._decide(Choice.OPEN_TICKET))
        cards.send_pressed.connect(self._take_proposed)
        cards.copy_pressed.connect(self._copy_text)
        cards.discard_pressed.connect(lambda: self._decide(Choice.DISCARD))
        cards.undo_pressed.connect(self.undo)
        self.answers.chosen.connect(self._decide)
        self.bulk.chosen.connect(self._decide_all)
        self.item.words.file_wanted.connect(self.file_wanted)
        self.deciding.ticket_wanted.connect(self.ticket_wanted)
        self.deciding.writing_wanted.connect(self.writing_wanted)
        self._copy.clicked.connect(self._copy_text)
        self._discard.clicked.connect(lambda: self._decide(Choice.DISCARD))
        self._back.clicked.connect(self.undo)
        self._switch.clicked.connect(self._toggle_discarded)

    def _concerns(self, changes: Changes) -> bool:
        mine = {ticket for row in self._rows.values() for ticket in (row.ticket_id, row.goal_id) if ticket}
        return changes.undelivered or changes.everything or not mine.isdisjoint(changes.tickets | changes.messages_of)

    def _card(self, row: UndeliveredRow) -> Card:
        story = self._story(row)
        words = action_words(row.action, story.requester, Names())
        subject = row.ticket_subject or words.text.split("\n", 1)[0]
        unsent = row.kind == "ticket" or story.detail is not None
        number = f"#{row.ticket_number}" if row.ticket_number else self.tr("new ticket") if unsent else ""
        name, written = story.requester or words.what, written_at(row.action) or row.at
        ink, icon = ("muted", "discard") if self._discarded_shown else ("needs", "needs-you")
        return Card(
            row.client_key, words.icon, ink, name, number, story.moments.full(written, story.now_ms), subject, icon,
            reason_words(row, story), ink,
        )  # fmt: skip

    def _group_card(self, key: str, group: UndeliveredGroup) -> Card:
        when = self.desk.moments.full(group.last_at, self.desk.clock.now_ms())
        line, mark = ", ".join(group_lines(group)), self.tr("Decide about all at once")
        return Card(key, "layers", "needs", group_title(group), "", when, line, "needs-you", mark, "needs")

    def _show(self, key: str) -> None:
        row, group = self._rows.get(key), self._groups.get(key)
        self.show_detail(row is not None or group is not None)
        self.show_bar(group is None)
        self.bulk.show_bulks(bulks(group, self._rows) if group is not None else ())
        if group is not None:
            self._show_group(group)
        elif row is not None:
            self._show_row(row)

    def _show_row(self, row: UndeliveredRow) -> None:
        story = self._story(row)
        number = f"#{row.ticket_number}" if row.ticket_number else ""
        place = story.detail.row.category_name if story.detail is not None else ""
        small = "   ".join(one for one in (number, row.ticket_subject or "", place) if one)
        self.head.show_words(title(row, story.requester), small)
        needs = not self._discarded_shown
        self.head.chip.show_words(self.tr("Needs you") if needs else "", "needs", "needs-you")
        self.item.show_row(row, story)
        offered = [one for one in self.deciding.answers(row, story.requester) if one.choice is not Choice.DISCARD]
        self.answers.show_answers(offered if needs else ())
        for button, shown in ((self._discard, needs), (self._back, not needs), (self._copy, True)):
            button.setVisible(shown)

    def _show_group(self, group: UndeliveredGroup) -> None:
        self.head.show_words(group_title(group), "")
        self.head.chip.show_words(self.tr("Needs you"), "needs", "needs-you")
        sentence = self.tr("These came back together. Decide about many at once here, or about each in the list.")
        self.item.show_many(sentence, group_lines(group))
        self.answers.show_answers(())
        for button in (self._discard, self._back, self._copy):
            button.hide()

    def _story(self, row: UndeliveredRow) -> Story:
        return story_of(self.desk.reader, row, Story(self.desk.moments, self.desk.clock.now_ms(), self._names))

    def _take_proposed(self) -> None:
        row = self._rows.get(self.cards.current)
        choice = proposed(row) if row is not None else None
        if choice is not None:
            self._decide(choice)

    def _decide(self, choice: Choice) -> None:
        row = self._rows.get(self.cards.current)
        if row is None or self._discarded_shown:
            return
        if choice is Choice.DISCARD:
            self._last_discarded.append((row.client_key,))
        self.deciding.decide(row, choice, self.answers.button(choice))

    def _decide_all(self, choice: Choice, client_keys: tuple[str, ...]) -> None:
        if choice is Choice.DISCARD:
            self._last_discarded.append(client_keys)
        self.desk.intents.resolve_all(client_keys, choice)

    def _take_letters(self) -> None:
        self.cards.take_letters(LETTERS if self.desk.settings.single_keys else ())

    def _copy_text(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None:
            story = self._story(row)
            QGuiApplication.clipboard().setText(action_words(row.action, "", story.names).text)

    def _toggle_discarded(self) -> None:
        self._discarded_shown = not self._discarded_shown
        self.reload()
