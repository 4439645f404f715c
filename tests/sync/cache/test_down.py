"""Pages of changes become rows: with their cursor, whole or not at all."""

from dataclasses import replace
from typing import Any

import pytest

from sync.cache.rows import Sort, View
from sync.domain.actions import MarkRead
from sync.domain.errors import Incompatible
from sync.domain.times import HOUR_MS
from tests.rigs.fed_cache import BILLING, DOWNLOADS, ME, PERSONAL, FedCache, access, account, arrival, message, ticket

ALL = View("all")


def ids(desk: FedCache, view: View = ALL, sort: Sort | None = None) -> list[str]:
    """The ids of a view, in order."""
    keys = desk.reader.ticket_ids(view, sort or Sort())
    return [row.id for row in desk.reader.ticket_rows(keys)]


def test_a_page_shows_its_rows_and_stores_its_cursor(desk: FedCache) -> None:
    desk.fill(1, 2, 3)
    assert ids(desk) == [f"t{n:032x}" for n in (3, 2, 1)]
    row = desk.reader.ticket_rows(desk.reader.ticket_ids(ALL, Sort()))[0]
    assert (row.requester_name, row.category_name, row.number, row.unread) == ("Bob Smith", "Downloads", 3, True)
    assert row.due_at is not None
    assert row.awaiting_since is not None
    assert row.due_at - row.awaiting_since == 2 * HOUR_MS
    assert desk.cache.cursor(account(DOWNLOADS)) == f"cursor{desk.cursors}"
    assert [one.body_text for one in desk.reader.thread(row.id)] == ["The paper is stuck, number 3"]


@pytest.mark.parametrize(
    "broken", [{"priority": "odd"}, {"updatedAt": "yesterday"}, {"subject": None}, {"createdAt": None}]
)
def test_an_object_that_is_none_changes_nothing(desk: FedCache, broken: dict[str, Any]) -> None:
    desk.fill(1)
    before = desk.cache.cursor(account(DOWNLOADS))
    with pytest.raises(Incompatible):
        desk.page({"Ticket": [ticket(2), ticket(3, **broken)]})
    assert desk.cache.cursor(account(DOWNLOADS)) == before
    assert len(ids(desk)) == 1


def test_a_moved_ticket_is_kept_whichever_account_speaks_first(desk: FedCache) -> None:
    desk.fill(1)
    here = ticket(1, categoryId=BILLING)
    desk.page({"Ticket": [here], "Message": [message(1)]}, of=account(BILLING))
    desk.page({}, {"Ticket": [here["id"]], "Message": [message(1)["id"]]})
    assert ids(desk, View("all", BILLING)) == [here["id"]]
    assert len(desk.reader.thread(here["id"])) == 1
    desk.page({}, {"Ticket": [here["id"]], "Message": [message(1)["id"]]}, of=account(BILLING))
    assert ids(desk) == []
    assert desk.reader.thread(here["id"]) == []
    desk.page({"Ticket": [ticket(1)], "Message": [message(1)]})
    assert ids(desk, View("all", DOWNLOADS)) == [here["id"]]


def test_a_fresh_copy_keeps_the_old_rows_until_it_is_whole(desk: FedCache) -> None:
    desk.fill(1, 2, 3)
    desk.page({"Ticket": [ticket(2)], "Message": [message(2)]}, more=True, replace=True)
    assert len(ids(desk)) == 3
    desk.page({"Ticket": [ticket(4)], "Message": [message(4)]})
    assert ids(desk) == [f"t{n:032x}" for n in (4, 2)]
    assert desk.reader.search("stuck", 10) == desk.reader.ticket_rows(desk.reader.ticket_ids(ALL, Sort()))[::-1]


def test_messages_of_one_millisecond_are_all_kept(desk: FedCache) -> None:
    desk.fill()
    same = message(1)["postedAt"]
    many = [message(n, 1, seq=n, postedAt=same, id=f"m{n << 24:032x}") for n in range(1, 30)]
    desk.page({"Ticket": [ticket(1)], "Message": many})
    desk.page({"Message": many})
    assert [one.seq for one in desk.reader.thread(ticket(1)["id"])] == list(range(1, 30))


def test_only_arrivals_after_the_first_copy_ring_and_only_once(desk: FedCache) -> None:
    desk.fill(1)
    first = desk.page({"Ticket": [ticket(1)], "TicketArrival": [arrival(1, 1)]}, replace=True)
    again = desk.page({"Ticket": [ticket(2)], "TicketArrival": [arrival(1, 1), arrival(2, 2)]})
    own = desk.page({"TicketArrival": [arrival(3, 2, byAgentId=ME)]})
    assert [len(one.arrivals) for one in (first, again, own)] == [0, 1, 0]
    assert not desk.cache.mark_rung(account(DOWNLOADS), again.arrivals[0])
    assert desk.cache.unrung() == [(account(DOWNLOADS), again.arrivals[0])]
    desk.cache.told([again.arrivals[0].id])
    assert desk.cache.unrung() == []
    assert desk.reader.counts().new == 1
    assert ids(desk, View("new")) == [ticket(2)["id"]]
    keys = list(desk.reader.ticket_ids(View("all"), Sort()))
    assert desk.cache.looked(keys).tickets == {ticket(2)["id"]}
    assert not desk.cache.looked(keys)
    assert desk.reader.counts().new == 0


def test_what_rang_by_a_hint_does_not_come_back_as_an_arrival(desk: FedCache) -> None:
    desk.fill(1)
    told = desk.page({"TicketArrival": [arrival(1, 1)]}).arrivals[0]
    hinted = replace(told, id=arrival(2, 1)["id"])
    assert desk.cache.mark_rung(account(DOWNLOADS), hinted)
    desk.page({}, {"TicketArrival": [told.id]})
    assert desk.page({"TicketArrival": [arrival(1, 1), arrival(2, 1)]}).arrivals == ()
    assert [one for _, one in desk.cache.unrung()] == [told, hinted]


def test_what_is_owed_outlives_the_program_and_not_its_account(desk: FedCache) -> None:
    desk.fill(1)
    desk.page({"TicketArrival": [arrival(1, 1)]})
    desk.cache.mark_rung(account(BILLING), replace(desk.cache.unrung()[0][1], id=arrival(2, 1)["id"]))
    desk.reopen()
    assert [one for one, _ in desk.cache.unrung()] == [account(DOWNLOADS), account(BILLING)]
    desk.cache.save_access(access(DOWNLOADS))
    assert [one for one, _ in desk.cache.unrung()] == [account(DOWNLOADS)]


def test_the_larger_read_mark_wins(desk: FedCache) -> None:
    desk.fill(1)
    mark = {"id": "k1", "ticketId": ticket(1)["id"], "lastSeq": 5}
    desk.page({"ReadMark": [mark]}, of=PERSONAL)
    desk.page({"ReadMark": [{**mark, "lastSeq": 2}]}, of=PERSONAL)
    found = desk.reader.ticket(ticket(1)["id"])
    assert found is not None
    assert (found.read_seq, found.row.unread) == (5, False)


def test_read_marks_are_those_of_a_server_that_was_set_back(desk: FedCache) -> None:
    """Each was acknowledged and lost: one row is gone, one is an earlier one, one had never come."""
    desk.fill(1, 2, 3, 4)
    tickets = [ticket(number)["id"] for number in (1, 2, 3, 4)]
    told = [{"id": f"k{at}", "ticketId": tickets[at], "lastSeq": 5} for at in (0, 1)]
    desk.page({"ReadMark": told}, of=PERSONAL)
    for at, seq in ((2, 7), (3, 8)):
        desk.cache.put(MarkRead(f"read-{at}", tickets[at], seq))
    desk.cache.batch(100, 10_000_000)
    desk.applied("read-2")
    changes = desk.page({"ReadMark": [{**told[1], "lastSeq": 3}]}, of=PERSONAL, replace=True).changes
    assert changes.everything
    marks = "SELECT ticket_id, last_seq FROM read_mark ORDER BY ticket_id"
    assert desk.cache._store.rows(marks) == [(tickets[1], 3), (tickets[3], 8)], "the last is on its way"


def test_a_copy_that_brings_nothing_tells_the_screens_what_left(desk: FedCache) -> None:
    desk.fill(1)
    note = {"id": "q1", "text": "Call Ines", "createdAt": "2026-03-17T10:00:00Z", "ticketId": None, "clientKey": None}
    desk.page({"QuickNote": [note]}, of=PERSONAL)
    assert desk.page({}, of=PERSONAL, replace=True).changes.everything
    assert desk.reader.quick_notes() == []


def test_a_page_of_an_account_that_was_revoked_writes_nothing(desk: FedCache) -> None:
    desk.fill(1)
    desk.cache.save_access(access(BILLING))
    assert not desk.page({"Ticket": [ticket(2)]}).changes
    assert ids(desk) == []


def test_a_changed_limit_moves_the_tickets_in_the_order_of_need(desk: FedCache) -> None:
    desk.fill(1)
    desk.page({"Ticket": [ticket(9, categoryId=BILLING)]}, of=account(BILLING))
    assert ids(desk)[0] == ticket(9)["id"]
    desk.page({"Category": [{"id": DOWNLOADS, "name": "Downloads", "limitMs": 60_000}]})
    assert ids(desk)[0] == ticket(1)["id"]
    row = desk.reader.ticket(ticket(1)["id"])
    assert row is not None
    assert row.row.due_at == (row.row.awaiting_since or 0) + 60_000


def test_a_first_copy_is_told_as_everything(desk: FedCache) -> None:
    desk.fill(1)
    told = desk.page({"Ticket": [ticket(2)]}, replace=True).changes
    assert told.everything
    assert desk.page({"Ticket": [ticket(3)]}).changes.tickets == {ticket(3)["id"]}
    assert not desk.page({}).changes
