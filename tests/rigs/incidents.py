"""Incidents as pages and windows meet them: one that runs with tickets, one that is late, one that is over."""

from typing import Any

from desktop.models.place import INCIDENTS
from desktop.pages.incidents import IncidentsPage
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS, to_utc_date
from tests.rigs.frame import Frame
from tests.rigs.world import ME, TOM, World

RUNNING, LATE, OVER = "i" + "1" * 32, "i" + "2" * 32, "i" + "3" * 32
GATHERED = (4187, 4214, 4218)
TITLE, LATE_TITLE = "Downloads stop half-way", "Invoices of March lack the VAT number"
OVER_TITLE = "Downloads from mirror 2 stop"
NOTES = (
    (TOM, "Mirror 2 answers, but cuts after 512 MB."),
    (ME, "Asked the provider; they look into it until noon."),
)
ANSWER = "Hello {name},\n\nthe download works again by {eta}. Your number is {number}."
WORDS = (TITLE, LATE_TITLE, OVER_TITLE, *(text for _, text in NOTES), *ANSWER.replace("{", "}").split("}")[::2])
"""What people wrote in these."""
NEUTRAL = ("UTC", "Feb")
"""Names that come from the system's own language."""


def incident(world: World, incident_id: str, title: str, **more: Any) -> dict[str, Any]:
    """A wire Incident, begun an hour ago."""
    since = to_utc_date(world.clock.now - HOUR_MS)
    return {
        "id": incident_id, "title": title, "notice": "", "since": since, "eta": None, "fixedAt": None, "cause": "",
        "categoryIds": {}, "isPublic": False, "keeperId": ME, "lateAt": None, "createdAt": since, "updatedAt": since,
        "followers": 0, "works": 0, "broken": 0, **more,
    }  # fmt: skip


def fill_incidents(frame: Frame) -> None:
    """At the server and here; three tickets belong to the first."""
    world, now = frame.world, frame.world.clock.now
    for number in GATHERED:
        world.change(frame.tickets[number], incidentId=RUNNING)
    notice = "Large files stop half-way. Small ones work; whoever is in a hurry takes mirror 1."
    rows = [
        incident(world, RUNNING, TITLE, notice=notice, eta=to_utc_date(now + 2 * HOUR_MS), isPublic=True, followers=12,
                 cause="Mirror 2", categoryIds={world.category_ids["Downloads"]: True}),
        incident(world, LATE, LATE_TITLE, since=to_utc_date(now - 9 * HOUR_MS),
                 eta=to_utc_date(now - HOUR_MS), lateAt=to_utc_date(now - HOUR_MS), keeperId=TOM),
        incident(world, OVER, OVER_TITLE, since=to_utc_date(now - 40 * DAY_MS), cause="mirror 2",
                 fixedAt=to_utc_date(now - 40 * DAY_MS + 3 * HOUR_MS), works=21, broken=2),
    ]  # fmt: skip
    notes = [
        {"id": "n" + f"{n:032x}", "incidentId": RUNNING, "authorId": who, "text": text,
         "at": to_utc_date(now - (50 - 10 * n) * MINUTE_MS)}
        for n, (who, text) in enumerate(NOTES)
    ]  # fmt: skip
    world.page("T" + "0" * 32 + "-1", {"Incident": rows, "IncidentNote": notes})


def page_of(frame: Frame) -> IncidentsPage:
    """The page, as the window has it."""
    page = frame.window.pages[INCIDENTS]
    assert isinstance(page, IncidentsPage)
    return page


def show_incidents(frame: Frame, choose: str = RUNNING) -> IncidentsPage:
    """That one is open."""
    fill_incidents(frame)
    frame.run("incidents")
    page = page_of(frame)
    page.show_incident(choose)
    page.cards.setFocus()
    return page
