"""The words of one message: plain text that can be selected, as high as it needs to be, never interpreted."""

from collections.abc import Iterator, Sequence
from math import ceil

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QTextEdit, QToolTip, QWidget

from desktop.models.links import links
from desktop.models.thread_hits import Needle
from desktop.theme.appearance import Appearance
from desktop.widgets.wrapping import wrap_mode

LINE_PX = 20
FIRST_PART = 12_000
NEXT_PART = 100_000


class MessageBody(QTextBrowser):
    """Shows the first 12,000 characters; `show_more` adds the next 100,000, so that 1 MB never stops the window.

    What stands behind `fold_at` (the history of a mail) is not shown before it is asked for.
    more_left(int): this many characters are not shown yet; 0 once all are.
    """

    more_left = Signal(int)

    def __init__(
        self, appearance: Appearance, text: str, name: str, parent: QWidget | None = None, *, fold_at: int | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._text = text
        self._fold_at = len(text) if fold_at is None else fold_at
        self._shown = 0
        self._heights: dict[int, int] = {}
        self._needle, self._current = Needle(""), -1
        self._marked = QTextCursor(self.document())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "bare")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.WidgetWidth)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(name)
        document = self.document()
        document.setDocumentMargin(0)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(wrap_mode(text))
        document.setDefaultTextOption(option)
        self.anchorClicked.connect(self._open)
        self.highlighted.connect(self._show_target)
        appearance.changed.connect(self._look_changed)
        self._append(min(FIRST_PART, self._fold_at))

    @property
    def left(self) -> int:
        """Characters not shown yet."""
        return len(self._text) - self._shown

    @property
    def is_at_fold(self) -> bool:
        """Whether all but what is folded is shown."""
        return self.left > 0 and self._shown == self._fold_at

    def show_more(self) -> None:
        """Lay out the next part."""
        before_fold = self._fold_at - self._shown
        self._append(min(NEXT_PART, before_fold) if before_fold > 0 else NEXT_PART)

    def mark(self, needle: Needle, current: int = -1) -> None:
        """Mark where the needle stands, the place of that number stronger, which is shown if it was left out."""
        if (needle, current) == (self._needle, self._current):
            return
        self._needle, self._current = needle, current
        if current >= 0:
            end = needle.spans(self._text, current + 1)[-1][1]
            while self._shown < end:
                self.show_more()
        self._show_marks()

    @property
    def marked_place(self) -> QRect:
        """Where the stronger mark is drawn, in px of this widget."""
        beginning = QTextCursor(self._marked)
        beginning.setPosition(self._marked.selectionStart())
        return self.cursorRect(beginning)

    def _show_marks(self) -> None:
        raw = self.document().toRawText()
        self._marked = QTextCursor(self.document())
        marks = []
        for number, (start, end) in enumerate(_in_units(raw, self._needle.spans(raw))):
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            marks.append(self._mark_at(cursor, number == self._current))
            if number == self._current:
                self._marked = cursor
        self.setExtraSelections(marks)

    def _mark_at(self, cursor: QTextCursor, strong: bool) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(self._appearance.color("accent" if strong else "due_soft"))
        look.setForeground(self._appearance.color("on_accent" if strong else "text"))
        if not strong:
            look.setFontUnderline(True)
        mark.cursor, mark.format = cursor, look
        return mark

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._heights.get(width)
        if height is None:
            document = self.document()
            before = document.textWidth()
            for _attempt in range(2):  # the first time, the view's own layout puts its width back
                document.setTextWidth(width)
                document.size()
            height = self._heights[width] = ceil(max(document.size().height(), self.fontMetrics().height()))
            document.setTextWidth(before)
        return height

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # the height comes from the width; measuring for a guess would cost a layout

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._appearance.px(LINE_PX))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the thread scrolls, not one message in it

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        return None  # nothing outside the text is ever fetched for it

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _append(self, count: int) -> None:
        part = self._text[self._shown : self._shown + count]
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        line = QTextBlockFormat()
        line.setLineHeight(self._appearance.px(LINE_PX), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        cursor.beginEditBlock()
        cursor.setBlockFormat(line)
        position = 0
        for link in links(part):
            cursor.insertText(part[position : link.start], QTextCharFormat())
            cursor.insertText(part[link.start : link.end], self._link_format(link.target))
            position = link.end
        cursor.insertText(part[position:], QTextCharFormat())
        cursor.endEditBlock()
        self._shown += len(part)
        self._heights.clear()
        self.updateGeometry()
        if self._needle:
            self._show_marks()
        self.more_left.emit(self.left)

    def _link_format(self, target: str) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setAnchor(True)
        look.setAnchorHref(target)
        look.setForeground(self._appearance.color("accent"))
        look.setFontUnderline(True)
        return look

    def _open(self, url: QUrl) -> None:
        if url.scheme().lower() in ("http", "https", "mailto"):
            QDesktopServices.openUrl(url)

    def _show_target(self, url: QUrl) -> None:
        if url.isEmpty():
            QToolTip.hideText()
        else:
            # the host in its ASCII spelling, so that letters of another script cannot pose as ours
            QToolTip.showText(
                self.cursor().pos() + QPoint(8, 16), url.toString(QUrl.ComponentFormattingOption.FullyEncoded), self
            )

    def _look_changed(self) -> None:
        shown, self._shown = self._shown, 0
        self.document().clear()
        self._append(shown)


def _in_units(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places in Qt's counting, where letters beyond U+FFFF count twice."""
    at = units = 0
    for start, end in spans:
        before = units + _length(text[at:start])
        at, units = end, before + _length(text[start:end])
        yield before, units


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
