"""The FAQ beside a ticket: a good reply becomes an entry, an entry's answer or link goes into a reply (PRODUCT G1)."""

from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.desk import Desk
from desktop.models.composing import Mode
from desktop.models.faq_cards import counts_words
from desktop.models.palette import Entry
from desktop.pages.faq import FaqPage, link_of
from desktop.ticket_presenter import TicketPresenter
from desktop.widgets.palette import Palette
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow
from sync.domain.faq import FaqHead, Status
from sync.domain.faq_proposal import proposal
from sync.domain.records import MessageKind

_MOST = 6
_LONG_WORD = 4


class FaqWriting(QObject):
    """Carries out make_faq and insert_faq, for the ticket in view."""

    def __init__(
        self, desk: Desk, window: MainWindow, commanding: Commanding, presenter: TicketPresenter, page: FaqPage
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._commanding = commanding
        self._presenter = presenter
        self._page = page
        self.palette = Palette(desk.appearance, window)
        self.palette.speak_of(self.tr("Answers of the FAQ"), self.tr("What is chosen goes where the cursor is"))
        self.palette.typed.connect(self._offer)
        self.palette.chosen.connect(self._insert)
        commanding.also("make_faq", self.make)
        commanding.also("insert_faq", self.ask)

    def make(self) -> None:
        """The last reply of the ticket as a draft, without what is said to this requester only."""
        detail = self._desk.reader.ticket(self._presenter.ticket_id) if self._presenter.ticket_id else None
        rows = self._desk.reader.thread(detail.row.id) if detail is not None else []
        replies = [row for row in rows if row.kind is MessageKind.REPLY]
        if detail is None or not replies:
            self._window.notice.say(self.tr("There is no reply in this ticket yet that could become an answer."))
            return
        person = detail.requester
        words = proposal(
            detail.row.subject, replies[-1].body_text, detail.row.requester_name, (person.email if person else "") or ""
        )
        newest = self._desk.reader.faq_heads()[:1]
        language = newest[0].language if newest else words.language
        place = frozenset({detail.row.category_id} if detail.row.category_id else ())
        self._commanding.run("faq")
        self._page.begin(replace(words, category_ids=place, language=language))

    def ask(self) -> None:
        """Which answer? A reply is begun if nothing is being written."""
        if not self._presenter.ticket_id or self._window.page:
            self._window.notice.say(self.tr("Open a ticket first: the answer goes into its reply."))
            return
        if self._window.pane.composer.mode is None:
            self._window.pane.compose(Mode.REPLY)
        if self._window.pane.composer.mode is not None:
            self.palette.open()

    def _offer(self, typed: str) -> None:
        heads = self._desk.reader.faq_heads(typed)
        if not typed:
            heads = self._fitting(heads)
        shown = heads[:_MOST]
        answers, links = self.tr("Insert the answer"), self.tr("Insert a link to the page")
        entries = [Entry(answers, _icon(one), one.question, counts_words(one), "", ("answer", one.id)) for one in shown]
        public = [one for one in shown if one.status is Status.PUBLISHED]
        entries += [Entry(links, "link", one.question, "", "", ("link", one.id)) for one in public]
        self.palette.offer(entries)

    def _fitting(self, heads: list[FaqHead]) -> list[FaqHead]:
        """Before anything is typed: what shares words with the ticket's subject, then what helped most."""
        detail = self._desk.reader.ticket(self._presenter.ticket_id)
        subject = detail.row.subject.casefold() if detail is not None else ""
        words = {one for one in subject.split() if len(one) >= _LONG_WORD}

        def fits(head: FaqHead) -> tuple[int, int, str]:
            question = head.question.casefold()
            return -sum(one in question for one in words), -head.answered, question

        return sorted(heads, key=fits)

    def _insert(self, chosen: Entry) -> None:
        kind, entry_id = chosen.target
        entry, composer = self._desk.reader.faq_entry(entry_id), self._window.pane.composer
        if entry is None or composer.mode is None:
            return
        text = entry.answer.strip() if kind == "answer" else link_of(self._desk, entry.head.slug)
        composer.sheet.editor.textCursor().insertText(text)
        composer.sheet.editor.setFocus()


def _icon(head: FaqHead) -> str:
    return "globe" if head.status is Status.PUBLISHED else "lock"
