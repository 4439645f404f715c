"""Files of messages on this computer: taken in to be sent, opened where that is harmless, saved where asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeDatabase, QStandardPaths, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.lanes import Failed, Lane
from desktop.models.files import is_picture, may_open
from desktop.theme.appearance import Appearance
from desktop.widgets.attachments_preview import PicturePreview
from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.domain.errors import Rejected, StorageFull
from sync.domain.file_names import harmless_name
from sync.domain.records import Attachment

Fetch = Callable[[str, str, str], Iterator[bytes]]
"""(account id, blob id, name) -> the bytes, from the server: `Connector.fetch_blob`."""


@dataclass(eq=False)
class _Opened:
    """A file's copy in a folder of its own, and the window that shows it."""

    folder: QTemporaryDir
    preview: PicturePreview | None = None

    def show(self, preview: PicturePreview) -> None:
        self.preview = preview
        preview.finished.connect(self._closed)
        preview.open()

    def forget(self) -> None:
        if self.preview is not None:
            self.preview.close()
        self.folder.remove()

    def _closed(self) -> None:
        self.preview = None


class AttachmentDesk:
    """Reading and writing happens on `lane`; nothing is ever executed, and names are made harmless first."""

    def __init__(self, appearance: Appearance, lane: Lane, cache: Cache, fetch: Fetch) -> None:
        self._appearance = appearance
        self._lane = lane
        self._cache = cache
        self._fetch = fetch
        self._folder = QTemporaryDir()
        self._opened: dict[str, list[_Opened]] = {}

    def take_in(self, path: Path, done: Callable[[Attachment], None], failed: Failed) -> None:
        """Copy a file of this computer, so that it may change or vanish before it is sent."""

        def work() -> Attachment:
            try:
                return self._cache.attach(path, QMimeDatabase().mimeTypeForFile(str(path)).name())
            except OSError as error:
                raise Rejected(
                    "That file cannot be read. Check that it is still there, then attach it again."
                ) from error

        self._lane.run(work, done, failed)

    def take_in_image(self, image: QImage, done: Callable[[Attachment], None], failed: Failed) -> None:
        """A pasted picture, as PNG."""
        octets = QByteArray()
        buffer = QBuffer(octets)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # bytes in the stubs, str at run time
        data = bytes(octets.data())
        self._lane.run(lambda: self._cache.attach_bytes(data, "image/png", "pasted.png"), done, failed)

    def open(self, parent: QWidget, account_id: str, attachment: Attachment, failed: Failed) -> None:
        """Look at a picture here, open harmless kinds with their usual program; nothing for all others."""
        if not may_open(attachment.name, attachment.type):
            return
        folder = QTemporaryDir(self._folder.filePath("open"))
        folder.setAutoRemove(False)  # goes with the folder around it
        goal = Path(folder.filePath(harmless_name(attachment.name)))

        opened = _Opened(folder)
        self._opened.setdefault(attachment.blob_id, []).append(opened)

        def done(_written: None) -> None:
            if is_picture(attachment.name, attachment.type):
                opened.show(PicturePreview(self._appearance, attachment.name, QPixmap(str(goal)), parent))
            else:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(goal)))

        self._lane.run(self._writer(account_id, attachment, goal), done, failed)

    def changed(self, changes: Changes) -> None:
        """Copies of files that are not here any more leave the disk and the screen; one that another program holds
        open leaves with the run."""
        if not self._opened or not (changes.everything or changes.tickets or changes.messages_of):
            return
        known = list(self._opened)
        self._lane.run(lambda: [one for one in known if self._cache.blob(one) is None], self._forget)

    def _forget(self, gone: list[str]) -> None:
        for blob_id in gone:
            for opened in self._opened.pop(blob_id, ()):
                opened.forget()

    def save(
        self, parent: QWidget, account_id: str, attachment: Attachment, done: Callable[[Path], None], failed: Failed
    ) -> None:
        """Ask where to, then write it there."""
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        proposed = str(Path(home) / harmless_name(attachment.name))
        chosen, _kind = QFileDialog.getSaveFileName(parent, parent.tr("Save the file"), proposed)
        if chosen:
            self.write(account_id, attachment, Path(chosen), done, failed)

    def write(
        self, account_id: str, attachment: Attachment, goal: Path, done: Callable[[Path], None], failed: Failed
    ) -> None:
        """Write it to `goal`, whole or not at all."""
        self._lane.run(self._writer(account_id, attachment, goal), lambda _written: done(goal), failed)

    def _read(self, account_id: str, attachment: Attachment) -> Iterator[bytes]:
        """From here if it is here, otherwise from the server, and kept for reading it offline."""
        here = self._cache.blob(attachment.blob_id)
        if here is None:
            chunks = self._fetch(account_id, attachment.blob_id, attachment.name)
            self._cache.keep_blob(account_id, attachment.blob_id, chunks)
            here = self._cache.blob(attachment.blob_id)
        return here if here is not None else iter(())

    def _writer(self, account_id: str, attachment: Attachment, goal: Path) -> Callable[[], None]:
        def work() -> None:
            part = goal.with_name(goal.name + ".part")
            try:
                with part.open("wb") as sink:
                    for chunk in self._read(account_id, attachment):
                        sink.write(chunk)
                part.replace(goal)
            except OSError as error:
                part.unlink(missing_ok=True)
                raise StorageFull(
                    "The file could not be written there. Choose another folder, or free some space."
                ) from error

        return work
