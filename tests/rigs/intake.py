"""The intake page as pictures and walks meet it: eight weeks in figures, three closings, two caps."""

from desktop.models.place import INTAKE
from desktop.pages.intake import IntakePage
from sync.connectors.port import Account, AccountKind
from sync.domain.caps import OpenTicketCap
from sync.domain.intake_figures import HouseCalendar, IntakeFigures, IntakeWeek
from sync.domain.times import DAY_MS, HOUR_MS, to_utc_date
from tests.rigs.frame import LONG, LONG_NAME, Frame

STOCK = "Stock-taking"
_MONDAY_MS = 4 * DAY_MS


def show_intake(frame: Frame, choose: str = "") -> IntakePage:
    """The person is an owner, on the page of the intake; `choose`: the card that is open."""
    world = frame.world
    names = list(world.category_ids)
    oversight = "O" + "0" * 32 + "-1"
    world.save_access(names, (Account(oversight, AccountKind.OVERSIGHT, "Oversight"),))
    first = world.category_ids[names[0]]
    world.page("T" + "0" * 32 + "-1", {"Closing": [_closing(world.clock.now, *one) for one in (
        ("z1", STOCK, -3, 30, {first: True}, "Call 0123 456 if nothing works at all."),
        ("z2", f"Christmas and New Year, {LONG_NAME}", 24 * 30, 24 * 41, {}, ""),
        ("z3", "Office move", -24 * 9, -24 * 8, {}, ""),
    )]})  # fmt: skip
    frame.parts.browsing.load_people()
    frame.run("intake")
    page = frame.window.pages[INTAKE]
    assert isinstance(page, IntakePage)
    page._show_figures(_figures(world.clock.now, first))
    if choose:
        assert page.cards.choose(choose)
    page.cards.setFocus()
    return page


def _closing(
    now: int, closing_id: str, name: str, begins: int, ends: int, among: object, notice: str
) -> dict[str, object]:
    return {
        "id": closing_id, "name": name, "startsAt": to_utc_date(now + begins * HOUR_MS),
        "endsAt": to_utc_date(now + ends * HOUR_MS), "categoryIds": among, "notice": notice,
    }  # fmt: skip


def _figures(now: int, category_id: str) -> IntakeFigures:
    monday = (now - _MONDAY_MS) // (7 * DAY_MS) * 7 * DAY_MS + _MONDAY_MS
    weeks = tuple(
        IntakeWeek(
            monday - (7 - n) * 7 * DAY_MS, 41 + 13 * n, 3 * n, (9, 7, 8, 4, 5, 2, 1, 0)[n], 2 + n, 20 + 2 * n, 7 - n
        )
        for n in range(8)
    )
    caps = (
        OpenTicketCap("p1", None, 3, now + 20 * DAY_MS, "Seven bank holidays in two weeks; we answer in order.", 1_204),
        OpenTicketCap("p2", category_id, 1, None, f"{LONG[0]}: one matter, one ticket.", 17),
    )
    calendar = HouseCalendar("Europe/Berlin", "Mo-Th 08:00-12:00 13:00-17:00; Fr 08:00-14:00", "DE-BY", "Europe/Berlin")
    return IntakeFigures(weeks, calendar, caps)
