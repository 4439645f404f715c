"""What the person set, kept in one file of the data folder and saved at once."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from desktop.theme.appearance import Choice


class Settings(QObject):
    """Typed look at the settings file; every write is on the disk when it returns.

    changed(name): the setting of that name is another.
    """

    changed = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)

    def text(self, name: str, default: str = "") -> str:
        value = self._store.value(name, default)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: int) -> int:
        """A whole number; `default` also where the file holds something else."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            return default

    def flag(self, name: str, default: bool = False) -> bool:
        return self.text(name, "true" if default else "false") == "true"

    def blob(self, name: str) -> QByteArray:
        """Qt's own form of a window's geometry or a splitter's state."""
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()

    def put(self, name: str, value: str | int | bool) -> None:
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        if self._store.value(name) == text:
            return
        self._store.setValue(name, text)
        self._store.sync()
        self.changed.emit(name)

    def put_blob(self, name: str, value: QByteArray) -> None:
        self._store.setValue(name, value)
        self._store.sync()

    def forget(self, name: str) -> None:
        """Back to the default."""
        self._store.remove(name)
        self._store.sync()
        self.changed.emit(name)

    @property
    def theme(self) -> Choice:
        text = self.text("appearance/theme", Choice.SYSTEM.value)
        return Choice(text) if text in set(Choice) else Choice.SYSTEM

    @property
    def text_scale(self) -> float:
        """Text size against 13 px, 0.8 to 2."""
        return min(200, max(80, self.number("appearance/textPercent", 100))) / 100

    @property
    def compact(self) -> bool:
        return self.flag("appearance/compact")

    @property
    def server(self) -> str:
        """The server's address as typed, empty before the first sign-in."""
        return self.text("account/server")

    @property
    def undo_send_ms(self) -> int:
        """For how long a reply can be taken back, 0 to 30 s."""
        return min(30, max(0, self.number("writing/undoSeconds", 10))) * 1000

    @property
    def shows_presence(self) -> bool:
        """Whether colleagues are told which ticket is before me, and that I write a reply."""
        return self.flag("presence/shown", default=True)

    @property
    def single_keys(self) -> bool:
        """Whether single letters act outside text fields."""
        return self.flag("keys/single", default=True)
