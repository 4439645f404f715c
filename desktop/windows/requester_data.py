"""What is kept of a requester: saved to be handed to them, or erased at their wish; for owners, at the server (G5)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.attachment_desk import Fetch
from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.pages.settings_parts import Words
from desktop.theme import fonts
from desktop.ticket_presenter import TicketPresenter
from desktop.widgets.key_button import DANGER, KeyButton
from desktop.widgets.notice_line import NoticeLine
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow
from sync.connectors.intake_keeping import IntakeKeeping, KeptOf
from sync.domain.errors import DeskbellError, StorageFull
from sync.domain.file_names import harmless_name
from sync.domain.records import Requester

_DONE: Final = "sent"


class RequesterData(QObject):
    """The command, for the requester of the ticket in view."""

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        commanding: Commanding,
        presenter: TicketPresenter,
        deeds: Deeds[IntakeKeeping],
        fetch: Fetch,
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._main = window
        self._presenter = presenter
        self._deeds = deeds
        self._fetch = fetch
        self.window: RequesterDataWindow | None = None
        commanding.also("requester_data", self.begin)

    def begin(self) -> None:
        """Show what can be done; or say why it cannot be."""
        where = self._presenter.where
        detail = self._desk.reader.ticket(where.ticket_id) if where is not None else None
        if detail is None or detail.requester is None:
            self._main.notice.say(self.tr("Choose a ticket first, one that has a requester."), bad=True)
            return
        if not self._deeds.online:
            words = self.tr("What is kept of a requester is at the server, which is out of reach. Try again later.")
            self._main.notice.say(words, bad=True)
            return
        self.window = RequesterDataWindow(self._desk, self._deeds, self._fetch, detail.requester, self._main)
        self.window.open()


class RequesterDataWindow(QDialog):
    """Esc closes. Erasing wants the requester's address typed (their name where there is none)."""

    def __init__(
        self, desk: Desk, deeds: Deeds[IntakeKeeping], fetch: Fetch, requester: Requester, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._deeds = deeds
        self._fetch = fetch
        self._requester = requester
        self._wanted = (requester.email or requester.name).strip()
        look = desk.appearance
        self.setWindowTitle(self.tr("What is kept of {name}").format(name=requester.name))
        self.notice = NoticeLine(look)
        self.export = KeyButton(look, self.tr("Save everything…"), "saved-here")
        self.typed = QLineEdit()
        self.erase = KeyButton(look, self.tr("Erase for good"), "discard", DANGER)
        self.erase.setEnabled(False)
        self._close = KeyButton(look, self.tr("Close"), "", key=self.tr("Esc"))
        self._build()
        self.export.clicked.connect(self._choose)
        self.typed.textChanged.connect(self._look)
        self.typed.returnPressed.connect(self._erase)
        self.erase.clicked.connect(self._erase)
        self._close.clicked.connect(self.close)

    def export_to(self, goal: Path) -> None:
        """Have it gathered, then write it there, whole or not at all."""
        self.export.setEnabled(False)
        self.notice.say(self.tr("It is gathered at the server…"), "info")
        self._deeds.ask(
            lambda server: server.export_requester(self._requester.id),
            lambda kept: self._write(kept, goal),
            self._failed,
        )

    def _build(self) -> None:
        look, px = self._desk.appearance, self._desk.appearance.px
        heading = Words(look, self._who(), 15, fonts.SEMI_BOLD)
        first = self._words(
            self.tr(
                "A file for the requester with all of their tickets, messages, mails, files and facts. The notes of "
                "the team are in it too, on their own: look through them before you hand it on."
            )
        )
        second = self._words(
            self.tr(
                "Erasing takes away all words, names, addresses and files in every ticket of theirs, for everybody; "
                "these tickets are closed. Numbers, categories and times stay. It cannot be taken back; backups that "
                "were made earlier still have it."
            )
        )
        label = self._words(self.tr("To erase, type: {words}").format(words=self._wanted))
        self.typed.setAccessibleName(label.text())
        row, foot = QHBoxLayout(), QHBoxLayout()
        row.addWidget(self.typed, 1)
        row.addWidget(self.erase)
        foot.addWidget(self._close)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(10))
        for one in (heading, first):
            column.addWidget(one)
        saving = QHBoxLayout()
        saving.addWidget(self.export)
        saving.addStretch(1)
        column.addLayout(saving)
        column.addSpacing(px(10))
        column.addWidget(second)
        column.addWidget(label)
        column.addLayout(row)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.setMinimumWidth(px(520))

    def _words(self, text: str) -> Words:
        words = Words(self._desk.appearance, text)
        words.setWordWrap(True)
        return words

    def _who(self) -> str:
        email = self._requester.email
        return self._requester.name if email is None else f"{self._requester.name} · {email}"

    def _look(self) -> None:
        self.erase.setEnabled(self.typed.text().strip().casefold() == self._wanted.casefold())

    def _choose(self) -> None:
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        proposed = str(Path(home) / harmless_name(f"{self._requester.name}.zip"))
        chosen, _kind = QFileDialog.getSaveFileName(self, self.tr("Save everything"), proposed)
        if chosen:
            self.export_to(Path(chosen))

    def _write(self, kept: KeptOf, goal: Path) -> None:
        def done(_nothing: None) -> None:
            self.export.setEnabled(True)
            words = self.tr("Saved: {name}, with tickets: {count}").format(name=goal.name, count=kept.tickets)
            self.notice.say(words, _DONE)

        self._desk.lanes.chores.run(self._writer(kept, goal), done, self._failed)

    def _writer(self, kept: KeptOf, goal: Path) -> Callable[[], None]:
        def work() -> None:
            part = goal.with_name(goal.name + ".part")
            try:
                with part.open("wb") as sink:
                    for chunk in self._fetch(kept.account_id, kept.blob_id, kept.name):
                        sink.write(chunk)
                part.replace(goal)
            except OSError as error:
                raise StorageFull("The file could not be written there. Choose another folder.") from error
            finally:
                part.unlink(missing_ok=True)

        return work

    def _erase(self) -> None:
        if not self.erase.isEnabled():
            return
        self.erase.setEnabled(False)
        self.notice.clear()
        self._deeds.ask(lambda server: server.erase_requester(self._requester.id), self._erased, self._failed)

    def _erased(self, tickets: int) -> None:
        self.typed.setEnabled(False)
        self.export.setEnabled(False)
        self.notice.say(
            self.tr("Erased, in tickets: {count}. Every workstation follows at its next contact.").format(
                count=tickets
            ),
            _DONE,
        )

    def _failed(self, error: DeskbellError) -> None:
        self.export.setEnabled(True)
        self._look()
        self.notice.say(str(error))
