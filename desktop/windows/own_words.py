"""What becomes of one's own words in the main window: taken back, decided about, led on."""

from pathlib import Path

from PySide6.QtCore import QObject

from desktop.attachment_desk import AttachmentDesk
from desktop.desk import Desk
from desktop.pages.undelivered import UndeliveredPage
from desktop.ticket_presenter import TicketPresenter
from desktop.undo_send import UndoSend
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow
from desktop.windows.merged_links import MergedLinks
from desktop.windows.merging import Merging
from desktop.windows.piles import PilesWindow
from desktop.windows.similar_shown import SimilarShown
from desktop.windows.undoing import Undoing
from sync.connectors.port import Access, AccountKind
from sync.domain.errors import DeskbellError
from sync.domain.records import Attachment


class OwnWords(QObject):
    """Makes the parts and connects them; they live as long as the window."""

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        commanding: Commanding,
        presenter: TicketPresenter,
        undelivered: UndeliveredPage,
        files: AttachmentDesk,
    ) -> None:
        super().__init__(window)
        pane, deciding = window.pane, presenter.decisions.deciding
        self.held = UndoSend(pane.sending, desk, lambda: presenter.ticket_id)
        self.links = MergedLinks(desk, pane, presenter)
        self.merging = Merging(desk, window, commanding.travelling, presenter)
        undoing = Undoing(window, commanding.travelling, presenter, self.held)
        desk.bridge.changed.connect(self.held.reload)
        commanding.also("undo_send", undoing.undo)
        commanding.also("merge", self.merging.begin)
        self.similar = SimilarShown(desk, window, commanding, presenter, self.merging)
        self.piles = PilesWindow(desk, window)
        self.piles.ticket_wanted.connect(pane.ticket_wanted)
        commanding.also("piles", self.piles.show)
        pane.merge_wanted.connect(self.merging.begin)
        deciding.ticket_wanted.connect(pane.ticket_wanted)
        for asking in (undelivered, deciding):
            asking.writing_wanted.connect(undoing.write_on)
        self._desk, self._window, self._files = desk, window, files
        undelivered.file_wanted.connect(self._show_file)

    def _show_file(self, attachment: Attachment, to_open: bool) -> None:
        """Of words that were not delivered: from here, or from where the server holds them for their author."""

        def go(access: Access | None) -> None:
            accounts = () if access is None else access.accounts
            own = next((one.id for one in accounts if one.kind is AccountKind.PERSONAL), "")
            if to_open:
                self._files.open(self._window, own, attachment, self._failed)
            else:
                self._files.save(self._window, own, attachment, self._saved, self._failed)

        self._desk.lanes.lists.run(self._desk.cache.access, go)

    def _saved(self, path: Path) -> None:
        self._window.notice.say(self.tr("Saved as {path}.").format(path=path))

    def _failed(self, error: DeskbellError) -> None:
        self._window.notice.say(str(error), bad=True)

    def close(self) -> None:
        """The cache is about to be closed."""
        self.held.stop()
        self.similar.stop()
