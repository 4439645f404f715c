"""A FAQ as a help desk has one: entries with what became of them, and words that are not at the server yet."""

from desktop.models.place import FAQ
from desktop.pages.faq import FaqPage
from sync.connectors.port import Account, AccountKind
from sync.domain.faq import FaqWeek, FaqWords
from sync.domain.times import DAY_MS, HOUR_MS, to_utc_date
from tests.rigs.frame import Frame
from tests.rigs.world import CATEGORIES, ME, World

ANSWER = """Start the download **again**: it goes on where it stopped.

1. Close other programs that load much.
2. Choose [another mirror](https://mirrors.example/list).
3. Tick *Save log* and send us the file if it stops again.

| mirror | place |
| --- | --- |
| 1 | Geneva |
| 2 | Oslo |
"""
NEW = "How do I change my e-mail address?"
ENTRIES = (
    ("My download stops before its end. What can I do?", ANSWER, ("Downloads",), "published", 412, 160, 97),
    ("Where do I find my invoices?", "Under *Account*, then **Invoices**.", ("Billing",), "published", 230, 80, 61),
    ("How long does a refund take?", "Five working days.", ("Refunds", "Billing"), "published", 96, 30, 4),
    ("Which systems does the installer need?", "Any of the last five years.", (), "draft", 0, 0, 0),
    ("Kann ich meine Rechnung auf Deutsch bekommen?", "Ja, im Konto.", ("Billing",), "published", 0, 0, 0),
)


def fill_faq(world: World) -> list[str]:
    """The entries above, at the server and here; their ids."""
    ids = [world.ids.new("f") for _ in ENTRIES]
    rows = [
        {
            "id": one, "question": question, "answer": answer, "language": "de" if "ich" in question else "en",
            "categoryIds": {world.category_ids[name]: True for name in places}, "status": status, "slug": f"entry-{n}",
            "authorId": ME, "updatedAt": to_utc_date(world.clock.now - n * 5 * HOUR_MS), "shown": shown,
            "opened": opened, "answered": answered,
        }
        for n, (one, (question, answer, places, status, shown, opened, answered)) in enumerate(
            zip(ids, ENTRIES, strict=True)
        )
    ]  # fmt: skip
    world.page("T" + "0" * 32 + "-1", {"FaqEntry": rows})
    return ids


def page_of(frame: Frame) -> FaqPage:
    """The page, as the window has it."""
    page = frame.window.pages[FAQ]
    assert isinstance(page, FaqPage)
    return page


def show_faq(frame: Frame) -> FaqPage:
    """The first entry is open."""
    ids = fill_faq(frame.world)
    frame.run("faq")
    page = page_of(frame)
    page.show_entry(ids[0])
    return page


def show_faq_of_owner(frame: Frame) -> FaqPage:
    """With figures, one entry changed here only and a new one begun."""
    world = frame.world
    world.save_access(CATEGORIES, (Account("O" + "0" * 32 + "-1", AccountKind.OVERSIGHT, "Oversight"),))
    frame.parts.browsing.load_people()
    page = show_faq(frame)
    monday = world.clock.now - (world.clock.now - 4 * DAY_MS) % (7 * DAY_MS)
    page.trend.show_weeks([FaqWeek(monday - n * 7 * DAY_MS, 90, 40, (13 * (n + 3)) % 29) for n in range(11, -1, -1)])
    page.editor.question.setText("My download stops before its end. What now?")
    page._written()
    page.flush()
    page.begin(FaqWords(NEW, "Under *Account*."))
    return page
