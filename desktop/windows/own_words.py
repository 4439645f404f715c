"""What becomes of one's own words in the main window: taken back, decided about, led on."""

from PySide6.QtCore import QObject

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


class OwnWords(QObject):
    """Makes the parts and connects them; they live as long as the window."""

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        commanding: Commanding,
        presenter: TicketPresenter,
        undelivered: UndeliveredPage,
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

    def close(self) -> None:
        """The cache is about to be closed."""
        self.held.stop()
        self.similar.stop()
