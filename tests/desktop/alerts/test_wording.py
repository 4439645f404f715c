"""What notifications and the tray say."""

from datetime import UTC

import pytest
from PySide6.QtWidgets import QApplication

from desktop.alerts.wording import check_note, note_of, tooltip
from desktop.models.moments import Moments
from sync.cache.rows import Counts
from sync.domain.records import ArrivalKind
from sync.domain.ringing import DIGEST, MANY, Notice
from sync.domain.spot_check import Waiting, check
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import NOW, World

NAMES = {"c1": "Downloads", "c2": "Billing", "c3": "Refunds"}
COUNTS = Counts(awaiting=5, new=2, by_category={"c2": (2, 0), "c1": (3, 2), "c3": (0, 0)})


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (SyncStatus(Condition.ONLINE), "Deskbell: 5 awaiting us, 2 new. Downloads 3, Billing 2"),
        (SyncStatus(Condition.OFFLINE, NOW - 60_000), "Deskbell: 5 awaiting us, 2 new, as of 14:25. Downloads 3"),
        (None, "Deskbell: 5 awaiting us, 2 new, offline. Downloads 3"),
        (SyncStatus(Condition.SIGNED_OUT), "Deskbell: signed out. Sign in again; nothing is lost."),
        (SyncStatus(Condition.DISK_FULL, sentence="The disk is full."), "Deskbell: The disk is full."),
    ],
)
def test_the_tooltip_never_says_zero_where_it_does_not_know(status: SyncStatus | None, said: str) -> None:
    assert tooltip(COUNTS, NAMES, status, Moments(UTC)).startswith(said)


def test_nobody_waits() -> None:
    assert tooltip(Counts(), NAMES, SyncStatus(Condition.ONLINE), Moments(UTC)) == "Deskbell: 0 awaiting us, 0 new."


def test_each_kind_of_arrival_is_told_apart(world: World, qapp: QApplication) -> None:
    del qapp
    ticket = world.ticket("Stops at 62 %", number=4187)
    detail = world.desk.reader.ticket(ticket)
    assert detail is not None

    def title(kind: ArrivalKind, **more: bool) -> str:
        return note_of(Notice(ticket, (ticket,), kind, **more), detail.row, {"Downloads": 1}).title

    assert title(ArrivalKind.NEW) == "New ticket #4187"
    assert title(ArrivalKind.INBOUND) == "Answer on #4187"
    assert title(ArrivalKind.MOVED) == "Moved here: #4187"
    assert title(ArrivalKind.UNDELIVERED) == "A reply was not delivered: #4187"
    assert title(ArrivalKind.NEW, urgent=True) == "Urgent. New ticket #4187"
    assert title(ArrivalKind.NEW, urgent=True, repeated=True) == "Urgent. Still waiting: #4187"
    body = note_of(Notice(ticket, (ticket,), ArrivalKind.NEW), detail.row, {}).body
    assert body == "Stops at 62 %\nInes R., Downloads"


def test_braces_in_what_people_write_stay(world: World) -> None:
    ticket = world.ticket("{count} of {0}", requester="{number}")
    detail = world.desk.reader.ticket(ticket)
    assert detail is not None
    assert note_of(Notice(ticket, (ticket,), ArrivalKind.NEW), detail.row, {}).body.startswith(
        "{count} of {0}\n{number}"
    )
    waiting = Waiting(ticket, 1, "{x}", "{y}", "c", "{z}", None, NOW - 10**8, 1)
    assert "{x} ({z})" in check_note(check([waiting], 0, NOW, NOW)).body


def test_many_and_the_digest_count_by_category() -> None:
    three = ("t1", "t2", "t3")
    many = note_of(Notice(MANY, three, ArrivalKind.NEW), None, {"Downloads": 2, "Billing": 1})
    assert (many.title, many.body) == ("3 tickets have just arrived", "Downloads 2, Billing 1")
    digest = note_of(Notice(DIGEST, three, ArrivalKind.NEW), None, {})
    assert digest.title == "3 arrived while you were away"
