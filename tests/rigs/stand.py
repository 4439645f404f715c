"""A ticket pane with its presenter, on a real cache."""

from collections.abc import Iterator

from desktop.attachment_desk import AttachmentDesk
from desktop.ticket_presenter import TicketPresenter
from desktop.widgets.composer import Composer
from desktop.widgets.ticket_pane import TicketPane
from sync.domain.errors import Offline
from tests.rigs.world import World


class Stand:
    """The pane in a window of its own; `files` is what the server would send of attachments."""

    def __init__(self, world: World) -> None:
        desk = world.desk
        self.world = world
        self.files: dict[str, bytes] = {}
        self.pane = TicketPane(desk.appearance)
        self.attachments = AttachmentDesk(desk.appearance, desk.lanes.chores, world.cache, self.fetch)
        self.presenter = TicketPresenter(self.pane, desk, self.attachments)
        desk.bridge.changed.connect(self.presenter.reload)

    @property
    def composer(self) -> Composer:
        return self.pane.composer

    def fetch(self, _account: str, blob_id: str, _name: str) -> Iterator[bytes]:
        """As the connector does."""
        if blob_id not in self.files:
            raise Offline("The server does not answer. Try again when you are online.")
        yield self.files[blob_id]
