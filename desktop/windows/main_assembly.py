"""Puts the main window together: list, ticket, pages, and those who wire them."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.attachment_desk import AttachmentDesk, Fetch
from desktop.colleagues import Colleagues
from desktop.deeds import nobody_there
from desktop.desk import Desk
from desktop.keeping import Reach
from desktop.models.place import FAQ, INCIDENTS, INTAKE, OUTBOX, PEOPLE, QUICK_NOTES, UNDELIVERED, view
from desktop.models.ticket_list import TicketListModel
from desktop.pages.faq import FaqPage
from desktop.pages.incidents import IncidentsPage
from desktop.pages.intake import IntakePage
from desktop.pages.outbox import OutboxPage
from desktop.pages.page import Page
from desktop.pages.people import PeoplePage
from desktop.pages.quick_notes import QuickNotesPage
from desktop.pages.undelivered import UndeliveredPage
from desktop.ticket_presenter import TicketPresenter
from desktop.widgets.list_head import sort_of
from desktop.widgets.list_pane import ListPane
from desktop.widgets.ticket_pane import TicketPane
from desktop.windows.being_seen import BeingSeen
from desktop.windows.browsing import Browsing
from desktop.windows.commanding import Commanding
from desktop.windows.company_shown import CompanyShown
from desktop.windows.faq_writing import FaqWriting
from desktop.windows.gathering import Gathering
from desktop.windows.looking import Looking
from desktop.windows.main_window import MainWindow
from desktop.windows.new_link import LinkRenewing
from desktop.windows.own_words import OwnWords
from desktop.windows.requester_data import RequesterData
from sync.connectors.faq_keeping import FaqKeeping
from sync.connectors.incident_keeping import IncidentKeeping
from sync.connectors.intake_keeping import IntakeKeeping


@dataclass(frozen=True, slots=True)
class MainParts:
    """The window and those behind it, for as long as one person is signed in."""

    window: MainWindow
    browsing: Browsing
    commanding: Commanding
    presenter: TicketPresenter
    model: TicketListModel
    looking: Looking
    being_seen: BeingSeen
    requesters: RequesterData
    company: CompanyShown
    own_words: OwnWords
    faq_writing: FaqWriting
    links: LinkRenewing
    gathering: Gathering

    def close(self) -> None:
        """Once the lanes have ended."""
        self.own_words.close()
        self.model.close()
        self.commanding.close()
        self.browsing.close()


@dataclass(frozen=True)
class _Pages:
    """The pages that stand in place of list and ticket."""

    notes: QuickNotesPage
    outbox: OutboxPage
    undelivered: UndeliveredPage
    people: PeoplePage
    faq: FaqPage
    intake: IntakePage
    incidents: IncidentsPage

    @property
    def by_place(self) -> dict[str, Page]:
        """By the name of the place."""
        return {
            QUICK_NOTES: self.notes, OUTBOX: self.outbox, UNDELIVERED: self.undelivered, PEOPLE: self.people,
            FAQ: self.faq, INTAKE: self.intake, INCIDENTS: self.incidents,
        }  # fmt: skip

    def wire(self, desk: Desk, commanding: Commanding) -> None:
        """What they show follows the cache; what they want is done."""
        for page in self.by_place.values():
            desk.bridge.changed.connect(page.reload)
        for keeping in (self.people, self.faq, self.intake, self.incidents):
            keeping.sync_wanted.connect(lambda: commanding.run("sync_now"))
        desk.bridge.status_changed.connect(self.people.show_status)
        self.notes.new_wanted.connect(lambda: commanding.run("quick_note"))
        self.outbox.retry_wanted.connect(lambda: commanding.run("sync_now"))


def assemble(
    desk: Desk,
    fetch: Fetch,
    reach: Reach = nobody_there,
    reach_faq: Callable[[], FaqKeeping] = nobody_there,
    reach_intake: Callable[[], IntakeKeeping] = nobody_there,
    reach_incidents: Callable[[], IncidentKeeping] = nobody_there,
) -> MainParts:
    """`fetch` brings a file's bytes from the server; `reach` its administration, for owners; `reach_faq` its FAQ,
    `reach_intake` its intake, `reach_incidents` its incidents."""
    list_reader, sort = desk.cache.reader(), sort_of(desk.settings.text("list/sort"))  # read on the lists lane only
    pane = TicketPane(desk.appearance)
    model = TicketListModel(desk.reader, desk.lanes.lists, list_reader, desk.clock, pane)
    list_pane = ListPane(desk.appearance, model, desk.clock, sort)
    files = AttachmentDesk(desk.appearance, desk.lanes.chores, desk.cache, fetch)
    pages = _Pages(
        QuickNotesPage(desk), OutboxPage(desk), UndeliveredPage(desk), PeoplePage(desk, reach),
        FaqPage(desk, reach_faq), IntakePage(desk, reach_intake), IncidentsPage(desk, reach_incidents),
    )  # fmt: skip
    window = MainWindow(desk, list_pane, pane, pages.by_place)
    presenter = TicketPresenter(pane, desk, files)
    browsing = Browsing(desk, window, model, list_reader, sort)
    commanding = Commanding(desk, window, browsing, presenter)
    looking = Looking(window, model, browsing, presenter, desk.intents)
    looking.follow(commanding)
    desk.bridge.changed.connect(presenter.reload)
    desk.bridge.changed.connect(files.changed)
    own_words = OwnWords(desk, window, commanding, presenter, pages.undelivered, files)
    pages.wire(desk, commanding)
    around = (desk, window, commanding, presenter)
    links = LinkRenewing(*around, pages.intake.deeds)
    gathering, faq_writing = Gathering(*around, pages.incidents), FaqWriting(*around, pages.faq)
    desk.bridge.status_changed.connect(presenter.show_status)
    window.resized.connect(presenter.show_height)
    company = CompanyShown(window, model, presenter, Colleagues(desk, window))
    browsing.go(view("awaiting"))
    return MainParts(
        window, browsing, commanding, presenter, model, looking, BeingSeen(desk, window, presenter),
        RequesterData(*around, pages.intake.deeds, fetch), company, own_words, faq_writing, links, gathering,
    )  # fmt: skip
