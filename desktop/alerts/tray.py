"""The tray icon: count, tooltip and menu; made anew when a tray appears late."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.alerts.tray_face import Face, Look
from desktop.alerts.tray_icon import icon_of

_WATCHER = "org.kde.StatusNotifierWatcher"
_LOOK_AGAIN_MS = 2_000


class Tray(QObject):
    """Asked for a face and a tooltip; tells what was chosen.

    chosen(str): a command's id: raise, next_awaiting, quick_note, dnd_hour, dnd_tomorrow, dnd_off, spot_check,
    sync_now, settings, quit.
    available_changed(bool): a tray is there at the start, came or went.
    """

    chosen = Signal(str)
    available_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.face = Face(Look.OFFLINE)
        self.tooltip = "Deskbell"
        self._menu = QMenu()
        self._actions = {name: self._action(name, title) for name, title in self._titles()}
        self.set_owner(False)
        self.set_quiet("")
        self._icon: QSystemTrayIcon | None = None
        self._there = False
        self._again = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look)
        self._watcher = self._watch()

    def start(self) -> None:
        """Show the icon as soon as there is a tray."""
        self._make()
        self._there = self.available
        self._again.start()
        self.available_changed.emit(self._there)

    def stop(self) -> None:
        """Take the icon away."""
        self._again.stop()
        self._unmake()

    @property
    def available(self) -> bool:
        """Whether a tray is there at this moment; without one the window must stay reachable."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_face(self, face: Face) -> None:
        if face != self.face:
            self.face = face
            if self._icon is not None:
                self._icon.setIcon(icon_of(face))

    def show_tooltip(self, text: str) -> None:
        if text != self.tooltip:
            self.tooltip = text
            if self._icon is not None:
                self._icon.setToolTip(text)

    def set_owner(self, owner: bool) -> None:
        """Whether the menu offers the spot-check."""
        self._actions["spot_check"].setVisible(owner)

    def offer_only(self, names: Collection[str]) -> None:
        """A menu of these alone, for when the others have nobody to act for."""
        for name, action in self._actions.items():
            action.setVisible(name in names)

    def set_quiet(self, until: str) -> None:
        """`until` names when do-not-disturb ends, as words; empty while it is off."""
        self._actions["dnd_off"].setVisible(bool(until))
        self._actions["dnd_off"].setText(self.tr("Switch do not disturb off (on {until})").replace("{until}", until))
        for name in ("dnd_hour", "dnd_tomorrow"):
            self._actions[name].setVisible(not until)

    def menu_titles(self) -> list[str]:
        """What the menu shows now."""
        return [action.text() for action in self._menu.actions() if action.isVisible() and not action.isSeparator()]

    def choose(self, name: str) -> None:
        """As if it were chosen in the menu."""
        self._actions[name].trigger()

    def _titles(self) -> list[tuple[str, str]]:
        return [
            ("raise", self.tr("Open Deskbell")),
            ("next_awaiting", self.tr("Next ticket awaiting us")),
            ("quick_note", self.tr("Quick note…")),
            ("spot_check", self.tr("Spot-check")),
            ("", ""),
            ("dnd_hour", self.tr("Do not disturb for 1 hour")),
            ("dnd_tomorrow", self.tr("Do not disturb until tomorrow")),
            ("dnd_off", ""),
            ("-", ""),
            ("sync_now", self.tr("Sync now")),
            ("settings", self.tr("Settings…")),
            ("--", ""),
            ("quit", self.tr("Quit Deskbell")),
        ]

    def _action(self, name: str, title: str) -> QAction:
        if not name.strip("-"):
            return self._menu.addSeparator()
        action = self._menu.addAction(title)
        action.setObjectName(name)
        action.triggered.connect(lambda: self.chosen.emit(name))
        if name == "raise":
            self._menu.setDefaultAction(action)
        return action

    def _watch(self) -> QDBusServiceWatcher | None:
        """A tray by D-Bus that comes late takes only icons made after it."""
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return None
        watcher = QDBusServiceWatcher(_WATCHER, bus, QDBusServiceWatcher.WatchModeFlag.WatchForRegistration, self)
        watcher.serviceRegistered.connect(self._tray_came)
        return watcher

    @Slot()
    def _tray_came(self) -> None:
        if self._icon is not None:
            self._there = False
            self._look()

    @Slot()
    def _look(self) -> None:
        there = self.available
        if there and not self._there:
            self._make()
        if there != self._there:
            self._there = there
            self.available_changed.emit(there)

    def _make(self) -> None:
        self._unmake()
        icon = QSystemTrayIcon(icon_of(self.face), self)
        icon.setToolTip(self.tooltip)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._clicked)
        icon.show()
        self._icon = icon

    def _unmake(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    @Slot(QSystemTrayIcon.ActivationReason)
    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.chosen.emit("raise")
        elif reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.chosen.emit("next_awaiting")
