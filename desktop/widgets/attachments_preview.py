"""A picture of a message, large, in its own window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop.theme.appearance import Appearance
from sync.domain.file_names import harmless_name


class PicturePreview(QDialog):
    """Fits the picture to the window, never larger than it is. Esc closes."""

    def __init__(self, appearance: Appearance, name: str, pixmap: QPixmap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(harmless_name(name))
        self._pixmap = pixmap
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumSize(appearance.px(240), appearance.px(160))
        self._picture.setAccessibleName(self.tr("Picture {name}").format(name=harmless_name(name)))
        column = QVBoxLayout(self)
        column.addWidget(self._picture)
        wanted = pixmap.size().boundedTo(self.screen().availableSize() * 0.8)
        self.resize(wanted.expandedTo(self.minimumSizeHint()))
        if pixmap.isNull():
            self._picture.setText(self.tr("This picture cannot be shown. Save it and look at it with another program."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pixmap.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = (self._picture.size() * ratio).boundedTo(self._pixmap.size())
        shown = self._pixmap.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self._picture.setPixmap(shown)
