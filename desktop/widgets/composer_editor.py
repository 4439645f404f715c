"""Where one writes: plain text, files by drop and paste, and the keys of both modes, each harmless in the other."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from desktop.theme.appearance import Appearance
from desktop.widgets.wrapping import wrap_mode

LINE_PX = 20
LEAST_PX = 82
MOST_PX = 220
THREE_LINES_PX = 62
PASTE_MOST = 1_100_000
_LINE_ENDS = str.maketrans({"\u2029": "\n", "\u2028": "\n"})


class ComposerEditor(QTextEdit):
    """Grows with its text up to 220 px.

    send_pressed (Ctrl+Enter), save_pressed (Ctrl+S), leave_pressed (Esc), attach_pressed (Ctrl+Shift+A);
    files_given(list of Path), image_given(QImage): dropped or pasted; left(): the keyboard went elsewhere.
    too_much_pasted(int): more characters than an editor stays quick with; nothing was inserted.
    """

    send_pressed = Signal()
    save_pressed = Signal()
    leave_pressed = Signal()
    attach_pressed = Signal()
    files_given = Signal(list)
    image_given = Signal(QImage)
    left = Signal()
    too_much_pasted = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._few_lines = False
        self.setProperty("look", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.set_text("")
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.document().setDefaultTextOption(option)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    @property
    def text(self) -> str:
        """The words as they were written; `toPlainText` would turn no-break spaces into plain ones."""
        return self.document().toRawText().translate(_LINE_ENDS)

    def set_text(self, text: str) -> None:
        """New words, the cursor after them, nothing to undo."""
        self.setWordWrapMode(wrap_mode(text))
        self.setPlainText(text)
        line = QTextBlockFormat()
        line.setLineHeight(self._appearance.px(LINE_PX), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(line)
        self.document().clearUndoRedoStacks()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def show_few_lines(self, few: bool) -> None:
        """Three lines where the window is low."""
        self._few_lines = few
        self._grow()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._signal_of(event):
            event.accept()  # these keys are ours while one writes, whatever the window does with them
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal = self._signal_of(event)
        if signal:
            getattr(self, signal).emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if files:
            self.files_given.emit(files)
        elif source.hasImage() and not source.hasText():
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.image_given.emit(image)
        elif len(source.text()) > PASTE_MOST:
            self.too_much_pasted.emit(len(source.text()))
        else:
            if wrap_mode(source.text()) is not self.wordWrapMode():
                self.setWordWrapMode(wrap_mode(self.text + source.text()))
            super().insertFromMimeData(source)

    def _signal_of(self, event: QKeyEvent) -> str:
        control = Qt.KeyboardModifier.ControlModifier
        pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape and not pressed:
            return "leave_pressed"
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and pressed == control:
            return "send_pressed"
        if event.key() == Qt.Key.Key_S and pressed == control:
            return "save_pressed"
        if event.key() == Qt.Key.Key_A and pressed == control | Qt.KeyboardModifier.ShiftModifier:
            return "attach_pressed"
        return ""

    def _grow(self) -> None:
        px = self._appearance.px
        if self._few_lines:
            self.setFixedHeight(px(THREE_LINES_PX))
            return
        wanted = round(self.document().size().height()) + px(6)
        self.setFixedHeight(min(max(wanted, px(LEAST_PX)), px(MOST_PX)))
