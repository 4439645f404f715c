"""The sign-in page: where the server is, who I am, what this computer is called."""

from PySide6.QtCore import QRectF, QSize, QSysInfo, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.files import RESOURCES
from desktop.lanes import Lane
from desktop.settings import Settings
from desktop.signing_in import MakeSession, SignedIn, sign_in
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from sync.domain.errors import DeskbellError

_CARD = 400


class SignInWindow(QWidget):
    """Shown at the first start and whenever a sign-in has ended.

    signed_in(SignedIn): it worked. gave_up(): the window was closed.
    """

    signed_in = Signal(object)
    gave_up = Signal()

    def __init__(self, appearance: Appearance, settings: Settings, lane: Lane, make_session: MakeSession) -> None:
        super().__init__()
        self._appearance = appearance
        self._settings = settings
        self._lane = lane
        self._make_session = make_session
        self._mark = QLabel()
        self._title, self._why, self._error = QLabel(self.tr("Sign in to Deskbell")), QLabel(), QLabel()
        self._server, self._name, self._password, self._device = (QLineEdit() for _ in range(4))
        self._button = QPushButton(self.tr("Sign in"))
        self._busy = QProgressBar()
        self._build()
        self._dress()
        appearance.changed.connect(self._dress)

    def ask(self, why: str = "") -> None:
        """Show it; `why` is a sentence such as that the sign-in has ended."""
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._server.setText(self._server.text() or self._settings.server)
        self._name.setText(self._name.text() or self._settings.text("account/name"))
        device = self._settings.text("account/device") or QSysInfo.machineHostName()
        self._device.setText(self._device.text() or device)
        self._password.clear()
        self._say("")
        self.show()
        self.raise_()
        self.activateWindow()
        empty = next((one for one in (self._server, self._name) if not one.text()), self._password)
        empty.setFocus()

    def put(self, server: str, name: str) -> None:
        """What is known already; empty texts change nothing."""
        self._server.setText(server or self._server.text())
        self._name.setText(name or self._name.text())

    @property
    def sentence(self) -> str:
        """What went wrong at the last try."""
        return self._error.text()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.gave_up.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), self._appearance.color("bg"))

    def _build(self) -> None:
        self.setWindowTitle("Deskbell")
        self.setWindowIcon(QIcon(str(RESOURCES / "deskbell.svg")))
        self.resize(520, 640)
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(self._appearance.px(_CARD))
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(4)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._why)
        fields = (
            (self.tr("Server"), self._server, "helpdesk.example.com"),
            (self.tr("Name"), self._name, ""),
            (self.tr("Password"), self._password, ""),
            (self.tr("This computer"), self._device, ""),
        )
        for words, field, example in fields:
            label = QLabel(words)
            label.setBuddy(field)
            column.addSpacing(8)
            column.addWidget(label)
            column.addWidget(field)
            field.setAccessibleName(words)
            field.setPlaceholderText(example)
            field.returnPressed.connect(self._go)
        self._finish(column)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)

    def _finish(self, column: QVBoxLayout) -> None:
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        column.addSpacing(10)
        column.addWidget(self._error)
        column.addWidget(self._busy)
        column.addSpacing(6)
        column.addWidget(self._button)
        for label in (self._why, self._error):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.hide()
        self._error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("Signing in"))
        self._busy.hide()
        self._button.setProperty("look", "primary")
        self._button.setProperty("tall", True)
        self._button.setAccessibleName(self.tr("Sign in"))
        self._button.clicked.connect(self._go)

    def _go(self) -> None:
        missing = next((one for one in (self._server, self._name, self._password) if not one.text().strip()), None)
        if missing is not None:
            self._say(self.tr("Fill in server, name and password."))
            missing.setFocus()
            return
        if self._busy.isVisible():
            return
        self._say("")
        self._set_busy(True)
        server, name, password = self._server.text(), self._name.text().strip(), self._password.text()
        device = self._device.text().strip() or QSysInfo.machineHostName()
        self._lane.run(
            lambda: sign_in(self._make_session, server, name, password, device),
            self._came_in,
            self._failed,
        )

    def _came_in(self, answer: SignedIn) -> None:
        self._set_busy(False)
        self._settings.put("account/server", answer.address)
        self._settings.put("account/name", answer.name)
        self._settings.put("account/device", self._device.text().strip())
        self._password.clear()
        self.signed_in.emit(answer)

    def _failed(self, error: DeskbellError) -> None:
        self._set_busy(False)
        self._say(str(error))
        self._password.selectAll()
        self._password.setFocus()

    def _set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        self._button.setEnabled(not busy)

    def _say(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _dress(self) -> None:
        ratio, side = self.devicePixelRatioF(), self._appearance.px(56)
        self._mark.setFixedSize(side, side)
        self._mark.setPixmap(QIcon(str(RESOURCES / "deskbell.svg")).pixmap(QSize(side, side), ratio))
        self._title.setFont(self._appearance.font(18, fonts.SEMI_BOLD))
        self._error.setStyleSheet(f"color: {self._appearance.theme.overdue};")
        self._why.setStyleSheet(f"color: {self._appearance.theme.due};")
