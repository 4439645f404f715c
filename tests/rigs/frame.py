"""The main window over a real cache that holds the tickets of the drawings."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QEvent

from desktop.models.place import PEOPLE
from desktop.pages.people import PeoplePage
from desktop.windows.main_assembly import MainParts, assemble
from sync.cache.rows import TicketRow
from sync.connectors.port import Account, AccountKind
from sync.domain.times import MINUTE_MS, to_utc_date
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import AIKO, ME, TOM, World

HOUR, DAY = 60, 24 * 60
DRAWN = (
    (4187, "Ines R.", "Download stops at 62 % every time", "Downloads", ME, 154, "high", "team", True),
    (4203, "Oskar N.", "Charged twice for invoice 2026-1143", "Billing", None, 132, "normal", "team", False),
    (4198, "Dalia M.", "Installer says the licence file is missing", "Installation", TOM, 111, "normal", "team", True),
    (4211, "Jun W.", "Refund for two seats we no longer need", "Refunds", ME, 96, "normal", "team", True),
    (4214, "Priya S.", "Download link does not open on my phone", "Downloads", None, 48, "normal", "team", False),
    (4215, "Benoît L.", "Partnership request: reseller for Lyon and Geneva", "Partnerships", None, 41, "normal",
     "team", True),
    (4209, "Hana K.", "VAT number is missing on the March invoice", "Billing", AIKO, 37, "normal", "team", True),
    (4216, "Mateo V.", "Set-up hangs at “Preparing database” on Windows Server 2022", "Installation", None, 22,
     "normal", "team", False),
    (4218, "Ruth A.", "Where do I find the older version 4.8?", "Downloads", None, 6, "normal", "team", False),
    (4171, "Noor H.", "Refund is not on my card yet", "Refunds", ME, 52, "normal", "requester", True),
    (4190, "Samir T.", "Please send the receipt to our accounts department", "Billing", AIKO, HOUR, "normal",
     "requester", True),
    (4176, "Elif D.", "Installation on a network drive, 14 computers", "Installation", TOM, 3 * HOUR, "normal",
     "requester", True),
    (4165, "Pavel G.", "Licence moved to a new computer", "Installation", ME, DAY, "normal", "requester", True),
    (4158, "Greta F.", "Download of 40 manuals in one file", "Downloads", AIKO, 2 * DAY, "normal", "requester", True),
)  # fmt: skip

LONG_NAME = "Maximiliana-Theodora von und zu Hohenstein-Waldburg-Wolfegg"
LONG = ("Purchase orders and partnerships of the western region", "Downloadmöglichkeiten", "Refunds", "Licences", "AV")


def fill(world: World) -> dict[int, str]:
    """The drawn tickets, by their numbers."""
    found = {}
    with world.together():
        for number, who, subject, category, assignee, minutes, priority, turn, read in DRAWN:
            status = "open" if turn == "team" else "waiting"
            ticket_id = world.ticket(
                subject, category, who, minutes_ago=minutes, number=number, assigneeId=assignee, priority=priority,
                awaiting=turn, status=status,
            )  # fmt: skip
            found[number] = ticket_id
            world.message(ticket_id, "inbound", f"{subject}. Please help.", minutes_ago=minutes)
            if read:
                world.read(ticket_id)
    _converse(world, found[4187])
    return found


def _converse(world: World, ticket_id: str) -> None:
    with world.together():
        world.message(
            ticket_id, "reply",
            "Hello Ines, that is annoying, I am sorry. Could you start the download once more, with “Save log” ticked,"
            " and send me the file it writes? Then I can see where it breaks.",
            ME, minutes_ago=268,
        )  # fmt: skip
        world.message(
            ticket_id, "inbound",
            "It stops at 62 % again, always at the same place. Log and picture are attached. I need part 3 for a class"
            " tomorrow at nine, is there another way to get it?",
            minutes_ago=154,
            files=[{"blobId": "b1", "name": "download-log.txt", "type": "text/plain", "size": 14_000}],
        )  # fmt: skip
        told = "Two more members with the same percentage today: #4182 and one by phone."
        world.message(ticket_id, "note", told, TOM, minutes_ago=62)
        world.change(ticket_id, tags={"bundle": True, "mirror": True})
        world.read(ticket_id)
    world.desk.intents.note(ticket_id, "Reproduced with the file from mirror 2. Mirror 1 is fine.")


def nothing_fetched(_account: str, _blob: str, _name: str) -> Iterator[bytes]:
    """No server here."""
    return iter(())


def main_window(
    world: World, width: int = 1440, height: int = 900, condition: Condition = Condition.ONLINE
) -> MainParts:
    """Shown, online two seconds ago, with "awaiting us" in its list."""
    parts = assemble(world.desk, nothing_fetched)
    parts.window.resize(width, height)
    parts.window.show()
    say_status(world, condition)
    return parts


class Frame:
    """A main window with what the tests ask of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = world.desk
        self.tickets = fill(world)
        while world.cache.index_some(500):
            pass
        self.parts = main_window(world)
        self.window = self.parts.window
        self.list = self.parts.window.list_pane.view
        self.run = self.parts.commanding.run
        self.run("view_all")

    def row_numbers(self) -> list[int | None]:
        """The tickets of the list from top to bottom, by their numbers."""
        model = self.parts.model
        rows = [model.row_at(position) for position in range(model.rowCount())]
        return [row.number for row in rows if row is not None]

    def shown(self, number: int) -> TicketRow:
        """The ticket as the cache shows it now."""
        detail = self.desk.reader.ticket(self.tickets[number])
        assert detail is not None
        return detail.row

    def open(self, number: int) -> None:
        self.parts.commanding.open_ticket(self.tickets[number])

    def close(self) -> None:
        self.window.hide()
        self.parts.close()
        self.desk.intents.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # else each test makes the next one slower


def say_status(world: World, condition: Condition) -> None:
    """As the engine would report it."""
    now = world.clock.now
    offline = condition is Condition.OFFLINE
    contact = now - (23 * MINUTE_MS if offline else 2000)
    world.cache.contact(contact)
    status = SyncStatus(
        condition, contact, offline_since_ms=contact if offline else None, next_try_ms=now + 20_000 if offline else None
    )
    world.desk.bridge.status = status
    world.desk.bridge.status_changed.emit(status)


def owner(frame: Frame, people: int = 12, categories: int = 0) -> None:
    """The person is an owner, on the page of people; with a plan that is not saved."""
    world = frame.world
    names = list(world.category_ids)
    for number in range(categories):
        names.append(f"{LONG[number % 5]} {number}")
        category = world.ids.new("c")
        world.category_ids[names[-1]], world.account_ids[names[-1]] = category, f"C{category[1:]}-1"
    oversight = "O" + "0" * 32 + "-1"
    world.save_access(names, (Account(oversight, AccountKind.OVERSIGHT, "Oversight"),))
    rows = [_access_row(world, number, names) for number in range(people)]
    world.page(oversight, {"AgentAccess": rows}, replace=True)
    frame.parts.browsing.load_people()
    frame.run("people")
    shown = frame.window.pages[PEOPLE]
    assert isinstance(shown, PeoplePage)
    matrix = shown.matrix
    matrix.toggle(matrix.index(1, 2))
    matrix.toggle(matrix.index(2, 3))
    matrix.toggle(matrix.index(min(3, people - 1), 5))
    matrix.toggle(matrix.index(0, 5))
    shown.view.setCurrentIndex(matrix.index(1, 3))
    shown.view.setFocus()


def _access_row(world: World, number: int, names: Sequence[str]) -> dict[str, object]:
    who = (ME, TOM, AIKO)[number] if number < 3 else world.ids.new("g")
    name = ("Marta K.", "Tom B.", "Aiko S.", LONG_NAME)[number] if number < 4 else f"Agent {number}"
    granted = [one for place, one in enumerate(world.category_ids.values()) if (place + number) % 3 == 0]
    at = to_utc_date(world.clock.now - number * 5 * HOUR * MINUTE_MS)
    device = {"device": "desk-7", "signedInAt": at, "lastSeenAt": at}
    return {
        "id": who, "name": name, "isOwner": number == 0, "active": True, "categoryIds": dict.fromkeys(granted, True),
        "devices": {f"o{number:032x}": device} if number % 4 else {}, "lastSeenAt": at if number % 4 else None,
    }  # fmt: skip


def crowded(frame: Frame) -> None:
    """Twelve categories with long names, a hundred tags, a name that no line holds."""
    world = frame.world
    for number in range(12):
        name, category = f"{LONG[number % 5]} {number}", world.ids.new("c")
        world.category_ids[name], world.account_ids[name] = category, f"C{category[1:]}-1"
    world.save_access(tuple(world.category_ids))
    for name in list(world.category_ids)[-12:]:
        place = {"id": world.category_ids[name], "name": name, "agentIds": [ME], "limitMs": 7_200_000}
        world.page(world.account_ids[name], {"Category": [place]}, replace=True)
    tags = {f"tag-{number}-{'x' * (number % 17)}": True for number in range(100)}
    frame.tickets[8100] = world.ticket("W" * 300, f"{LONG[0]} 0", LONG_NAME * 3, number=8100, tags=tags)
    world.message(frame.tickets[8100], "inbound", "M" * 3000, minutes_ago=50)
    frame.open(8100)
