"""Markdown as its readers will see it: no raw HTML, and nothing is loaded from anywhere."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from desktop.theme.appearance import Appearance


class MarkdownView(QTextBrowser):
    """Links show where they lead in their tool tip and lead nowhere from here."""

    def __init__(self, appearance: Appearance, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._markdown = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName(name)
        self.document().setDocumentMargin(appearance.px(12))
        appearance.changed.connect(lambda: self.show_markdown(self._markdown))

    def show_markdown(self, text: str) -> None:
        """Another text; how far one had scrolled stays."""
        self._markdown = text
        bar = self.verticalScrollBar()
        at = bar.value()
        self.document().setDefaultFont(self._appearance.font())
        self.document().setMarkdown(text, _FEATURES)
        bar.setValue(min(at, bar.maximum()))

    def loadResource(self, _kind: int, _address: QUrl | str) -> object:
        """Pictures and style sheets are not fetched."""
        return None


_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
