"""The files of a message, or of what is being written: a chip each, by which it is opened, saved or taken away."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from desktop.models.files import is_picture, may_open
from desktop.models.moments import size
from desktop.models.plain_tip import plain_tip
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.flow import FlowLayout
from sync.domain.file_names import harmless_name
from sync.domain.records import Attachment

NAME_WIDEST_PX = 240


class AttachmentChip(QAbstractButton):
    """24 high: icon, name, size; with a cross where it may be taken away. Names are shown as they will be saved."""

    def __init__(self, appearance: Appearance, attachment: Attachment, removable: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.attachment = attachment
        self._removable = removable
        self._name = harmless_name(attachment.name)
        self._size = size(attachment.size) if attachment.size >= 0 else ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(plain_tip(self._name))
        purpose = self.tr("Take away the file {name}, {size}") if removable else self.tr("File {name}, {size}")
        self.setAccessibleName(purpose.format(name=self._name, size=self._size).rstrip(", "))

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        width = px(8) + px(20) + self._name_width() + px(6) + painting.width_of(self._size, self._font()) + px(8)
        return QSize(round(width + (px(18) if self._removable else 0) + 1), px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        whole = QRectF(self.rect())
        painting.frame(painter, whole, color("alt"), color("edge" if self.underMouse() else "line"), 4)
        kind = "image" if is_picture(self._name, self.attachment.type) else "attach"
        spot = painting.mirrored(QRectF(px(8), 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, kind, QPointF(spot.center()), 14, "text")
        x = float(px(28))
        for words, width, pen in (
            (self._name, self._name_width(), color("text")),
            (self._size, painting.width_of(self._size, self._font()) + 1, color("muted")),
        ):
            place = painting.mirrored(QRectF(x, 0, width + 1, whole.height()), whole, rtl)
            painting.text(painter, place, words, self._font(), pen, from_end=rtl)
            x += width + px(6)
        if self._removable:
            cross = painting.mirrored(QRectF(x, 0, px(14), whole.height()), whole, rtl)
            painting.icon(painter, self._appearance, "close", QPointF(cross.center()), 14, "muted")
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("focus"), 4)

    def _name_width(self) -> float:
        return min(painting.width_of(self._name, self._font()), float(self._appearance.px(NAME_WIDEST_PX)))

    def _font(self) -> QFont:
        return self._appearance.font(12)


class AttachmentsStrip(QWidget):
    """wanted(attachment, open): open (True) or save (False). removed(attachment): only where `removable`."""

    wanted = Signal(object, bool)
    removed = Signal(object)

    def __init__(
        self, appearance: Appearance, attachments: Sequence[Attachment] = (), parent: QWidget | None = None, *,
        removable: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._appearance = appearance
        self._removable = removable
        self._flow = FlowLayout(self, appearance.px(8))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_files(attachments)

    def show_files(self, attachments: Sequence[Attachment]) -> None:
        """These, in this order; hidden without any."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for attachment in attachments:
            chip = AttachmentChip(self._appearance, attachment, self._removable, self)
            chip.clicked.connect(lambda _checked=False, chip=chip: self._pressed(chip))
            self._flow.addWidget(chip)
            chip.show()
        self.setVisible(bool(attachments))
        self.updateGeometry()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        chip = self.childAt(event.pos())
        if isinstance(chip, AttachmentChip) and not self._removable:
            self._offer(chip, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chip = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(chip, AttachmentChip):
            chip.click()
        else:
            super().keyPressEvent(event)

    def _pressed(self, chip: AttachmentChip) -> None:
        if self._removable:
            self.removed.emit(chip.attachment)
        else:
            self._offer(chip, chip.mapToGlobal(QPoint(0, chip.height())))

    def _offer(self, chip: AttachmentChip, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        attachment = chip.attachment
        if may_open(attachment.name, attachment.type):
            label = self.tr("Look at it") if is_picture(attachment.name, attachment.type) else self.tr("Open")
            menu.addAction(self._appearance.icon("link"), label, lambda: self.wanted.emit(attachment, True))
        menu.addAction(
            self._appearance.icon("attach"), self.tr("Save as…"), lambda: self.wanted.emit(attachment, False)
        )
        menu.popup(place)
