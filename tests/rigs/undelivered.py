"""Words and changes that were not delivered, on the drawn tickets: one of each kind, or forty at once."""

import json

from desktop.models.composing import Mode
from sync.connectors.port import Outcome, Result
from sync.domain.records import Status
from sync.domain.times import DAY_MS, to_utc_date
from tests.rigs.frame import Frame, crowded
from tests.rigs.world import TOM

WORDS = (
    "Hello Noor, your refund of 48.00 went out on Friday under the number RF-20831. Banks take up to three working "
    "days, so it should show by Wednesday. If it does not, write here and I will ask our bank the same day."
)


def settle(frame: Frame, reason: str, sentence: str = "") -> None:
    """The server refused the newest entry of the outbox for that reason."""
    key = frame.desk.reader.outbox()[-1].client_key
    frame.world.hold(key, reason, sentence)


def overtaken(frame: Frame) -> str:
    """Tom answered Noor first; the ticket."""
    ticket = frame.tickets[4171]
    frame.desk.intents.reply(ticket, WORDS, 1)
    frame.world.message(ticket, "inbound", "Any news? It has been four days.", minutes_ago=65)
    said = "Hello Noor, the refund left us on Friday. Please allow your bank until Wednesday."
    frame.world.message(ticket, "reply", said, TOM, minutes_ago=57)
    settle(frame, "overtaken", "A colleague's reply was sent first.")
    return ticket


def lost_change(frame: Frame) -> str:
    """Tom set it to waiting while I closed it; the ticket."""
    ticket = frame.tickets[4190]
    frame.desk.intents.set_status(ticket, Status.CLOSED)
    event = json.dumps({"what": "status", "from": "open", "to": "waiting", "by": TOM})
    frame.world.message(ticket, "event", event, TOM, minutes_ago=20)
    settle(frame, "stateMismatch", "Somebody changed it first.")
    return ticket


def merged(frame: Frame) -> str:
    """Elif's ticket goes on in another one of hers; the one that was closed."""
    goal = frame.world.ticket("Network drive again", "Installation", "Elif D.", number=4219, minutes_ago=30)
    frame.world.message(goal, "inbound", "It asks for the path once more.", minutes_ago=30)
    ticket = frame.tickets[4176]
    frame.desk.intents.reply(ticket, "Use the full path, please.", 1)
    frame.world.change(ticket, status="closed", awaiting=None, mergedIntoId=goal)
    event = json.dumps({"what": "merged", "from": ticket, "to": goal, "by": TOM})
    frame.world.message(ticket, "event", event, TOM, minutes_ago=10)
    settle(frame, "merged", "It was merged.")
    return ticket


def too_late(frame: Frame) -> str:
    """Pavel's ticket was closed a month ago; the ticket."""
    ticket = frame.tickets[4165]
    frame.desk.intents.reply(ticket, "Did the licence work, Pavel?", 1)
    long_ago = to_utc_date(frame.world.clock.now - 30 * DAY_MS)
    frame.world.change(ticket, status="closed", awaiting=None, closedAt=long_ago)
    settle(frame, "closed", "It is closed.")
    return ticket


def one_of_each(frame: Frame) -> None:
    """Four items, each with its own answers; the overtaken reply is the newest."""
    for make in (too_late, lost_change, merged, overtaken):
        make(frame)
        frame.world.clock.now += 70_000  # further apart than what is told as one


def forty(frame: Frame) -> None:
    """30 notes and 10 changes from one round."""
    for number in range(30):
        frame.desk.intents.note(frame.world.ticket(f"Ticket {number}", "Refunds", number=5000 + number), f"N {number}")
    for number in range(10):
        ticket = frame.world.ticket(f"Other {number}", "Refunds", number=5100 + number)
        frame.desk.intents.set_status(ticket, Status.CLOSED)
    frame.world.cache.batch(100, 1_000_000)
    reasons = {"PostMessage": "tooLarge", "EditTicket": "stateMismatch"}
    rows = frame.desk.reader.outbox()
    frame.world.desk_changes(
        frame.world.cache.settle(
            [Outcome(row.client_key, Result.REFUSED, {}, reasons[type(row.action).__name__], "No.") for row in rows]
        )
    )


# scenes of the main window, for pictures


def show_page(frame: Frame) -> None:
    """The page with one of each."""
    one_of_each(frame)
    frame.run("view_undelivered")


def show_lost(frame: Frame) -> None:
    """The page with a change that lost."""
    lost_change(frame)
    frame.run("view_undelivered")


def show_many(frame: Frame) -> None:
    """The page with forty."""
    forty(frame)
    frame.run("view_undelivered")


def show_held(frame: Frame) -> None:
    """The thread with a reply that was overtaken."""
    frame.open(4171)
    overtaken(frame)
    frame.open(4203)
    frame.open(4171)


def show_sending(frame: Frame) -> None:
    """A reply that goes in eight seconds."""
    frame.open(4187)
    frame.desk.intents.reply(frame.tickets[4187], "Here is part 3, Ines.", 3, hold_ms=8_000)


def show_stopped(frame: Frame) -> None:
    """A reply that was stopped in the composer."""
    frame.open(4187)
    frame.window.pane.compose(Mode.REPLY)
    frame.window.pane.composer.sheet.editor.set_text("Here is part 3, Ines.")
    frame.window.pane.composer.stop("Tom B. answered at 14:20 while you were writing, so yours was not sent. Read it.")


def show_merged(frame: Frame) -> None:
    """A ticket that goes on in another one."""
    merged(frame)
    frame.open(4176)


def show_long(frame: Frame) -> None:
    """The page with a name and words that no line holds."""
    crowded(frame)
    ticket = frame.tickets[8100]
    frame.desk.intents.reply(ticket, "W" * 900 + " " + WORDS * 8, 1)
    frame.world.message(ticket, "reply", "M" * 400, TOM, minutes_ago=57)
    settle(frame, "overtaken", "A colleague's reply was sent first.")
    frame.run("view_undelivered")


SCENES = {
    "undelivered": show_page, "lost": show_lost, "many": show_many, "held": show_held, "sending": show_sending,
    "stopped": show_stopped, "merged": show_merged, "long": show_long,
}  # fmt: skip
