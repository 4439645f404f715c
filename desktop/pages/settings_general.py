"""The smaller pages of the settings: account, keys, appearance, this computer, about."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.pages.settings_parts import CheckMark, Form, Words
from desktop.settings import Settings
from desktop.theme import fonts
from desktop.theme.appearance import Appearance, Choice
from desktop.translation import translate
from desktop.widgets.choice_field import ChoiceField, Option
from desktop.widgets.key_button import KeyButton

_TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
_UNDO_SECONDS = (0, 5, 10, 15, 20, 30)


class Page(QWidget):
    """A heading and one form."""

    def __init__(self, appearance: Appearance, title: str) -> None:
        super().__init__()
        self._look = appearance
        self.form = Form(appearance)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 18)
        column.setSpacing(12)
        column.addWidget(Words(appearance, title, 18, fonts.SEMI_BOLD))
        column.addLayout(self.form)
        column.addStretch(1)

    def words(self, text: str) -> Words:
        """A plain value."""
        return Words(self._look, text)


class AccountPage(Page):
    """Who is signed in, where, and the way out.

    sign_out(): asked for.
    """

    sign_out = Signal()

    def __init__(
        self,
        appearance: Appearance,
        name: str,
        role: str,
        server: str,
        device: str,
        password: QWidget | None = None,
    ) -> None:
        """`password`: where one's own is changed, if it can be."""
        super().__init__(appearance, translate("Settings", "Account"))
        self.form.add(translate("Settings", "Signed in as"), self.words(name), role)
        self.form.add(translate("Settings", "Server"), self.words(server))
        self.form.add(translate("Settings", "This device"), self.words(device))
        if password is not None:
            self.form.add(translate("Settings", "Password"), password)
        leave = KeyButton(appearance, translate("Settings", "Sign out"), "user-none", big=False)
        leave.clicked.connect(self.sign_out)
        self.form.add("", leave, translate("Settings", "What you wrote stays on this computer until it is sent."))


class KeysPage(Page):
    """Single keys on or off, and the sheet of all keys.

    show_keys(): asked for.
    """

    show_keys = Signal()

    def __init__(self, appearance: Appearance, settings: Settings) -> None:
        super().__init__(appearance, translate("Settings", "Keys"))
        self._settings = settings
        self.single = CheckMark(
            appearance, translate("Settings", "Single letters act on the ticket, outside text fields")
        )
        sheet = KeyButton(appearance, translate("Settings", "Show the keys"), "keyboard", key="?", big=False)
        sheet.clicked.connect(self.show_keys)
        self.form.add(translate("Settings", "Single keys"), self.single)
        self.form.add(translate("Settings", "All keys"), sheet)
        self._read()
        self.single.toggled.connect(lambda on: settings.put("keys/single", on))
        settings.changed.connect(self._read)

    @Slot()
    def _read(self) -> None:
        blocked = self.single.blockSignals(True)
        self.single.setChecked(self._settings.single_keys)
        self.single.blockSignals(blocked)


class WritingPage(Page):
    """For how long a reply can be taken back; whether colleagues see where I am."""

    def __init__(self, appearance: Appearance, settings: Settings) -> None:
        super().__init__(appearance, translate("Settings", "Writing"))
        self._settings = settings
        self.undo = ChoiceField(appearance, translate("Settings", "Undo send"))
        self.undo.set_options([Option(str(seconds), _undo_words(seconds)) for seconds in _UNDO_SECONDS])
        self.undo.setFixedWidth(appearance.px(170))
        self.form.add(
            translate("Settings", "Undo send"),
            self.undo,
            translate(
                "Settings", "A reply waits that long on this computer, and Ctrl+Z takes it back. Notes go at once."
            ),
        )
        self.presence = CheckMark(appearance, translate("Settings", "Show colleagues what I look at"))
        self.form.add(
            translate("Settings", "Colleagues"),
            self.presence,
            translate("Settings", "They see which ticket is before you and that you write a reply, never the words."),
        )
        self._read()
        self.presence.toggled.connect(lambda on: settings.put("presence/shown", on))
        self.undo.chosen.connect(lambda value: settings.put("writing/undoSeconds", int(str(value))))
        settings.changed.connect(self._read)

    @Slot()
    def _read(self) -> None:
        seconds = self._settings.undo_send_ms // 1000
        self.undo.set_value(str(seconds), _undo_words(seconds))
        blocked = self.presence.blockSignals(True)
        self.presence.setChecked(self._settings.shows_presence)
        self.presence.blockSignals(blocked)


class AppearancePage(Page):
    """Light, dark, text size, rows."""

    def __init__(self, appearance: Appearance, settings: Settings) -> None:
        super().__init__(appearance, translate("Settings", "Appearance"))
        self._settings = settings
        self.theme = ChoiceField(appearance, translate("Settings", "Colours"))
        self.theme.set_options(
            [
                Option(Choice.SYSTEM.value, translate("Settings", "As the system")),
                Option(Choice.LIGHT.value, translate("Settings", "Light")),
                Option(Choice.DARK.value, translate("Settings", "Dark")),
            ]
        )
        self.text_size = ChoiceField(appearance, translate("Settings", "Text size"))
        self.text_size.set_options([Option(str(size), f"{size} %") for size in _TEXT_SIZES])
        for field in (self.theme, self.text_size):
            field.setFixedWidth(appearance.px(170))
        self.compact = CheckMark(appearance, translate("Settings", "Compact rows in the ticket list"))
        self.form.add(translate("Settings", "Colours"), self.theme)
        self.form.add(translate("Settings", "Text size"), self.text_size)
        self.form.add(translate("Settings", "Ticket list"), self.compact)
        self._read()
        self.theme.chosen.connect(lambda value: settings.put("appearance/theme", str(value)))
        self.text_size.chosen.connect(lambda value: settings.put("appearance/textPercent", int(str(value))))
        self.compact.toggled.connect(lambda on: settings.put("appearance/compact", on))
        settings.changed.connect(self._read)

    @Slot()
    def _read(self) -> None:
        self.theme.set_value(self._settings.theme.value)
        percent = round(self._settings.text_scale * 100)
        self.text_size.set_value(str(percent), f"{percent} %")
        blocked = self.compact.blockSignals(True)
        self.compact.setChecked(self._settings.compact)
        self.compact.blockSignals(blocked)


class ComputerPage(Page):
    """Where this program keeps its things."""

    def __init__(self, appearance: Appearance, data: Path, encrypted: str) -> None:
        super().__init__(appearance, translate("Settings", "This computer"))
        folder = KeyButton(appearance, translate("Settings", "Open the folder"), "folder", big=False)
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(data))))
        self.form.add(translate("Settings", "Data folder"), self.words(str(data)))
        self.form.add(
            "",
            folder,
            translate("Settings", "Tickets, files and your unsent words, and the log without personal content."),
        )
        self.form.add(translate("Settings", "Encryption"), self.words(encrypted))


class AboutPage(Page):
    """What this is."""

    def __init__(self, appearance: Appearance, version: str) -> None:
        super().__init__(appearance, translate("Settings", "About"))
        self.form.add("Deskbell", self.words(version))
        self.form.add(translate("Settings", "Licence"), self.words("MIT"))
        self.form.add(translate("Settings", "Typeface"), self.words("Inter 4, SIL Open Font License 1.1"))


def _undo_words(seconds: int) -> str:
    if not seconds:
        return translate("Settings", "Off, send at once")
    return translate("Settings", "{count} seconds").format(count=seconds)
