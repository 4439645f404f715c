"""While the server has not confirmed the access for too long: a page instead of tickets, and the way back."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.alerts.tray import Tray
from desktop.alerts.tray_face import Face, Look
from desktop.bridge import Bridge
from desktop.connection import Connection
from desktop.instance import Answer, Message
from desktop.intents import Intents
from desktop.lanes import Lanes
from desktop.theme.appearance import Appearance
from desktop.windows.locked import LockedWindow
from sync.cache.cache import Cache
from sync.domain.clock import Clock
from sync.domain.ids import IdFactory
from sync.engine.engine import Nudge
from sync.engine.status import Condition, SyncStatus

_LOOK_MS = 250


class Locked(QObject):
    """Keeps asking the server; nothing of any ticket is read for the screen, and nothing rings.

    ended(str): unlocked, signedOut (by the server), signOut or quit.
    """

    ended = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        cache: Cache,
        lanes: Lanes,
        bridge: Bridge,
        connection: Connection,
        ids: IdFactory,
        clock: Clock,
    ) -> None:
        super().__init__()
        self.cache = cache
        self._lanes = lanes
        self._bridge = bridge
        self._connection = connection
        self._intents = Intents(cache, lanes.cache, bridge, ids, clock, connection.nudge_action)
        self.window = LockedWindow(appearance)
        self.tray = Tray()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._answers: dict[str, tuple[str, Answer]] = {}
        self._connect()

    @property
    def status(self) -> SyncStatus | None:
        """What the connection said last."""
        return self._bridge.status

    def start(self, shown: bool) -> None:
        """`shown`: with the page before the person, otherwise in the tray, where there is one."""
        self.window.tell(self.cache.confirmation().hours, self._waiting())
        self.tray.show_face(Face(Look.ERROR))
        self.tray.show_tooltip(self.tr("Deskbell: locked. Connect to the network; nothing is lost."))
        self.tray.offer_only(("raise", "sync_now", "quit"))
        self.tray.start()
        if shown or not self.tray.available:
            self.window.show()
        self._connection.start()
        self._look.start()

    def stop(self) -> None:
        """The cache stays open: it is the caller's."""
        self._look.stop()
        self._connection.stop()
        self._lanes.close()
        self._bridge.close()
        self._intents.close()
        self.tray.stop()
        self.window.hide()
        self.window.deleteLater()

    def handle(self, message: Message, answer: Answer) -> None:
        """What another start, or a command on a terminal, asks: to be seen, and to keep a note."""
        if message.get("do") == "note" and str(message.get("text", "")).strip():
            text = str(message["text"])
            self._answers[self._intents.quick_note(text)] = (text, answer)
        elif message.get("do") == "raise":
            self._raise()
            answer({"ok": True})
        else:
            answer({"ok": False, "sentence": self.tr("Deskbell is locked until the server answers. Try again then.")})

    def _connect(self) -> None:
        self.window.try_wanted.connect(self._try_now)
        self.window.sign_out_wanted.connect(lambda: self.ended.emit("signOut"))
        self.window.gave_up.connect(self._put_away)
        self.tray.chosen.connect(self._chosen)
        self._look.timeout.connect(self._look_at_it)
        self._bridge.status_changed.connect(self._status_changed)
        self._intents.saved.connect(self._saved)
        self._intents.failed.connect(self._failed)

    def _waiting(self) -> int:
        reader = self.cache.reader()
        try:
            counts = reader.counts()
            return counts.outbox + counts.undelivered + len(reader.drafts())
        finally:
            reader.close()

    @Slot()
    def _look_at_it(self) -> None:
        if not self.cache.confirmation().is_over:
            self._look.stop()
            self.ended.emit("unlocked")

    @Slot()
    def _try_now(self) -> None:
        self.window.say(self.tr("Asking the server…"))
        self._connection.nudge(Nudge.CLICK)

    @Slot(object)
    def _status_changed(self, status: SyncStatus) -> None:
        if status.condition is Condition.SIGNED_OUT:
            self.ended.emit("signedOut")
        else:
            self.window.say(status.sentence or "")

    @Slot(str)
    def _chosen(self, name: str) -> None:
        match name:
            case "quit":
                self.ended.emit("quit")
            case "sync_now":
                self._try_now()
            case _:
                self._raise()

    @Slot(str)
    def _saved(self, key: str) -> None:
        if key in self._answers:
            self._answers.pop(key)[1]({"ok": True})

    def _failed(self, sentence: str, text: str) -> None:
        for key, (words, answer) in list(self._answers.items()):
            if words == text:
                del self._answers[key]
                answer({"ok": False, "sentence": sentence})

    def _put_away(self) -> None:
        if self.tray.available:
            self.window.hide()
        else:
            self.window.showMinimized()

    def _raise(self) -> None:
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
