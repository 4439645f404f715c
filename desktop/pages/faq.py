"""The FAQ: entries with what became of them, written and published here, read offline too (PRODUCT G1)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from desktop.deeds import Deeds, nobody_there
from desktop.desk import Desk
from desktop.faq_desk import FaqDesk
from desktop.models.faq_cards import Wish, cards_of, counts_words
from desktop.pages.faq_bar import FaqButtons, FaqFilter
from desktop.pages.faq_figures import FaqFigures
from desktop.pages.kept_page import NARROW, KeptPage
from desktop.widgets.faq_editor import FaqEditor
from desktop.widgets.key_button import KeyButton
from sync.cache.changes import Changes
from sync.connectors.faq_keeping import FaqKeeping
from sync.domain.faq import FaqWords, Status


class FaqPage(KeptPage):
    """One entry beside the list, its figures below that."""

    def __init__(self, desk: Desk, reach: Callable[[], FaqKeeping] = nobody_there) -> None:
        super().__init__(desk, QCoreApplication.translate("FaqPage", "FAQ"))
        look = desk.appearance
        offline = self.tr("You are offline. Your words are kept here: save them once the server answers.")
        self.deeds = Deeds(desk, reach, offline, self)
        self.faq = FaqDesk(desk, self.deeds)
        self.filter = FaqFilter(look)
        self.editor = FaqEditor(look)
        self.trend = FaqFigures(desk, self.deeds)
        self.buttons = FaqButtons(look, self)
        self.new = KeyButton(look, self.tr("New"), "plus", key=self.tr("Ins"), big=False)
        self._build()
        self._connect()
        self._bind()

    # what is shown

    def concerns(self, changes: Changes) -> bool:
        return changes.faq or changes.people or changes.everything

    def read(self, changes: Changes | None) -> None:
        if changes is None or changes.people or changes.everything:
            self.editor.show_places({one.id: one.name for one in self.desk.reader.categories()})
            self.trend.load()
        self.faq.reload()
        self._list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.trend.look()

    def adapt(self, width: int, height: int) -> None:
        super().adapt(width, height)
        self.editor.adapt(width < NARROW)

    def flush(self) -> None:
        """Keep what is written now."""
        self.faq.flush()

    def undo(self) -> bool:
        return self.faq.undo()

    def begin(self, words: FaqWords) -> None:
        """A new entry with these words, open before the person."""
        self.filter.field.clear()
        self.filter.among_box.setCurrentIndex(0)
        self.faq.begin(words)

    def show_entry(self, entry_id: str) -> None:
        """With the cursor on it, if it is listed."""
        self._list()
        self.cards.choose(entry_id)

    def _list(self) -> None:
        heads = self.desk.reader.faq_heads(self.filter.words)
        now, moments = self.desk.clock.now_ms(), self.desk.moments
        cards = cards_of(heads, self.faq.drafts(), self._wish(), moments, now)
        self.count.setText(str(len(cards)) if cards else "")
        self.nothing.setText(self._nothing())
        self.show_list(cards)
        self.trend.reload()

    def _wish(self) -> Wish:
        kept_id = self.faq.id if self.faq.is_new or self.faq.is_changed else ""
        entry = self.desk.reader.faq_entry(kept_id) if kept_id else None
        return Wish(self.filter.among, self.filter.words, entry.head if entry is not None else None, kept_id)

    def _nothing(self) -> str:
        if self.filter.words.strip():
            return self.tr("No entry holds these words.")
        return self.tr("No entries yet. Write one, or turn a good reply into one: press Q in its ticket.")

    def show_item(self, name: str, *, again: bool = False) -> None:
        del again  # `refreshed` tells when the words of the open one are other ones
        if name and name == self.faq.id:
            self.show_detail(True)
            self._show_state()
            return
        self.notice.clear()
        there = bool(name) and self.faq.open(name)
        self.show_detail(there)
        if there:
            self._show_words()

    def _show_words(self) -> None:
        self.editor.show_words(self.faq.words)
        self._show_state()

    def _show_state(self) -> None:
        faq, entry = self.faq, self.desk.reader.faq_entry(self.faq.id)
        title = faq.words.question or self.tr("New entry")
        small = counts_words(entry.head) if entry is not None else self.tr("Kept on this computer until you save it")
        self.head.show_words(title, small)
        status = entry.head.status if entry is not None else Status.DRAFT
        if status is Status.PUBLISHED:
            self.head.chip.show_words(self.tr("Published"), "sent", "globe")
        else:
            self.head.chip.show_words(self.tr("Draft"), "note", "lock")
        self.buttons.show_state(status, is_new=faq.is_new, is_changed=faq.is_changed)

    # what is done

    def _written(self) -> None:
        self.faq.write(self.editor.words)
        self._show_state()

    def _save(self, status: Status | None = None) -> None:
        self.faq.save(status or self.faq.words.status)

    def _delete(self) -> None:
        if not self.faq.id:
            return
        if self.faq.is_new:
            self.faq.delete()
            return
        words = self.tr("Delete “{question}” for everybody? Its page goes too.")
        self.notice.ask(words.format(question=self.faq.words.question), self.tr("Delete"), self.tr("Keep it"))

    def _copy_link(self) -> None:
        entry = self.desk.reader.faq_entry(self.faq.id)
        if entry is not None:
            QGuiApplication.clipboard().setText(link_of(self.desk, entry.head.slug))
            self.say(self.tr("The link is copied."), "sent")

    # how it is put together

    def _build(self) -> None:
        self.lay_top(self.new)
        column = self._list_column.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(1, self.filter)
            column.addWidget(self.trend)
        self.lay_item((self.editor,), self.buttons.in_row)
        self.set_apart(self.buttons.delete)

    def _connect(self) -> None:
        publish = partial(self._save, Status.PUBLISHED)
        self.bind_buttons(
            (self.buttons.save, partial(self._save, None)),
            (self.buttons.publish, publish),
            (self.buttons.unpublish, partial(self._save, Status.DRAFT)),
            (self.buttons.link, self._copy_link),
            (self.buttons.throw, self.faq.throw_away),
            (self.buttons.delete, self._delete),
            (self.new, lambda: self.begin(FaqWords())),
        )
        self.cards.discard_pressed.connect(self._delete)
        self.cards.send_pressed.connect(publish)
        self.opened.connect(self.editor.question.setFocus)
        self.filter.changed.connect(self._list)
        self.editor.changed.connect(self._written)
        self.notice.answered.connect(lambda yes: self.faq.delete() if yes else None)
        self.faq.listed.connect(self._list)
        self.faq.wanted.connect(self.show_entry)
        self.faq.wanted.connect(lambda _id: self.editor.question.setFocus())
        self.faq.refreshed.connect(self._show_words)
        self.faq.said.connect(self.say)
        self.deeds.done.connect(self.sync_wanted)

    def _bind(self) -> None:
        self.bind_keys(
            ("Ctrl+S", partial(self._save, None)),
            ("Ctrl+Return", partial(self._save, Status.PUBLISHED)),
            ("Ins", lambda: self.begin(FaqWords())),
        )


def link_of(desk: Desk, slug: str) -> str:
    """The public address of an entry."""
    return f"{desk.settings.server.rstrip('/')}/faq/{slug}"
