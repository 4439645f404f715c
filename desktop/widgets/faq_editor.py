"""Where a FAQ entry is written: question, where and in which language, the answer beside what readers will see."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.markdown_view import MarkdownView
from desktop.widgets.places_button import PlacesButton
from sync.domain.faq import FaqWords, Status
from sync.domain.limits import SUBJECT_MAX

_PREVIEW_MS = 200
_LONGEST_TAG = 35
_HALF = 10_000
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "da", "sv", "no", "fi", "hu", "ru", "tr")


class FaqEditor(QWidget):
    """changed(): the person wrote something. The status is not shown here; it is kept."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._status = Status.DRAFT
        self._showing = False
        self.question, self.answer = QLineEdit(), QPlainTextEdit()
        self.places = PlacesButton(self.tr("Offered in"))
        self.language = QLineEdit()
        self.preview = MarkdownView(appearance, self.tr("The answer as readers see it"))
        self._labels = [QLabel(self.tr("Question")), QLabel(self.tr("Answer, in Markdown")), QLabel(self.tr("Preview"))]
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._pause = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self._build()
        self._connect()
        appearance.changed.connect(self._dress)
        self._dress()

    @property
    def words(self) -> FaqWords:
        """As they stand here."""
        language = self.language.text().strip() or "en"
        return FaqWords(self.question.text(), self.answer.toPlainText(), self.places.chosen, language, self._status)

    def show_words(self, words: FaqWords) -> None:
        """Others; nobody is told."""
        self._showing = True
        self._status = words.status
        self.question.setText(words.question)
        self.question.setCursorPosition(0)
        self.answer.setPlainText(words.answer)
        self.places.choose(words.category_ids)
        self.language.setText(words.language)
        self._showing = False
        self._show_preview()

    def show_places(self, names: Mapping[str, str]) -> None:
        """All categories by id, in their order."""
        self.places.show_places(names)

    def adapt(self, narrow: bool) -> None:
        """Source over preview where they have no room beside one another."""
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    def _build(self) -> None:
        px = self._appearance.px
        self.question.setMaxLength(SUBJECT_MAX)
        self.question.setAccessibleName(self.tr("Question"))
        self.question.setPlaceholderText(self.tr("As somebody would ask it"))
        self.answer.setAccessibleName(self.tr("Answer, in Markdown"))
        self.answer.setTabChangesFocus(True)
        self.answer.document().setDocumentMargin(px(12))
        self.language.setCompleter(QCompleter(_LANGUAGES, self))
        self.language.setMaxLength(_LONGEST_TAG)
        self.language.setToolTip(self.tr("The language of the entry: en, de, pt-BR"))
        self.language.setAccessibleName(self.tr("Language"))
        self.language.setMaximumWidth(px(90))
        first = QHBoxLayout()
        first.addWidget(self._labels[0], 1)
        first.addWidget(self.places)
        first.addWidget(self.language)
        for number, widget in ((1, self.answer), (2, self.preview)):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, px(2), 0, px(2))
            column.setSpacing(px(4))
            column.addWidget(self._labels[number])
            column.addWidget(widget, 1)
            self._split.addWidget(part)
        self._split.setChildrenCollapsible(False)
        for number in (0, 1):
            self._split.setStretchFactor(number, 1)
        self._split.setSizes([_HALF, _HALF])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(6))
        whole.addLayout(first)
        whole.addWidget(self.question)
        whole.addWidget(self._split, 1)
        self.answer.setMinimumHeight(px(120))
        self.preview.setMinimumHeight(px(90))

    def _connect(self) -> None:
        self.question.textEdited.connect(self._written)
        self.answer.textChanged.connect(self._written)
        self.places.changed.connect(self._written)
        self.language.textEdited.connect(self._written)
        self._pause.timeout.connect(self._show_preview)

    def _written(self) -> None:
        if not self._showing:
            self._pause.start()
            self.changed.emit()

    def _show_preview(self) -> None:
        self._pause.stop()
        self.preview.show_markdown(self.answer.toPlainText())

    def _dress(self) -> None:
        look = self._appearance
        for label in self._labels:
            label.setFont(look.font(12, fonts.MEDIUM))
            label.setProperty("tone", "muted")
        self.answer.setFont(look.font())
