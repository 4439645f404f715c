"""Counters and states: no change is lost to a reader, whatever writers do at once (ARCHITECTURE 3.2)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from sync.domain.records import Channel
from sync.domain.times import DAY_MS
from sync.jmap.errors import SetError
from sync.server.house import House
from sync.server.intake import Asker, Filing
from sync.server.ledger import ObjectState, Receipt
from sync.server.tables import ArrivalRow, MessageRow, RequesterRow, TicketRow
from sync.server.types.reading import ArrivalStore
from tests.rigs.bureau import Bureau

WRITERS = 6
EACH = 15


def _all_at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every work in a thread of its own, begun together; their results."""
    gate = threading.Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(begin, work) for work in works]]


def test_a_reader_misses_nothing_of_writers_at_work(desk: Bureau, billing: str, repairs: str) -> None:
    database = desk.house.parts.database
    done = threading.Event()
    seen: list[str] = []
    reader = threading.Thread(target=_follow, args=(desk.house, billing, done, seen))

    def write(number: int) -> None:
        for turn in range(EACH):
            category_id = billing if (number + turn) % 2 else repairs
            desk.file(category_id, asker=Asker("Bob", f"bob{turn % 3}@example.org"))

    reader.start()
    _all_at_once([partial(write, number) for number in range(WRITERS)])
    done.set()
    reader.join()

    sql = "SELECT a.id FROM arrival a JOIN ticket t ON t.id = a.ticket_id WHERE t.category_id = ?"
    expected = database.read(lambda: database.select(sql, (billing,)))
    assert sorted(seen) == sorted(str(one[0]) for one in expected)
    assert len(seen) == WRITERS * EACH // 2
    numbers = database.read(lambda: database.select("SELECT number FROM ticket"))
    assert len({one[0] for one in numbers}) == WRITERS * EACH


def _follow(house: House, category_id: str, done: threading.Event, seen: list[str]) -> None:
    """Read page after page, as a workstation does, until nothing comes after `done`."""
    read, store = house.parts.database.read, ArrivalStore(house.parts)
    account = read(lambda: house.parts.accounts.of_category(category_id))
    assert account is not None
    since, is_last = account.state(0), False
    while True:
        was_done = done.is_set()
        page = read(partial(store.changes, account.id, since, 7))
        seen.extend([*page.created, *page.updated])
        since = page.new_state
        if was_done and is_last and not page.has_more:
            return
        is_last = was_done


def test_the_same_create_from_many_threads_happens_once(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    callers = [desk.caller("Ann") for _ in range(4)]
    account = callers[0].account("Billing")
    ticket_id = desk.file(billing).ticket.id
    note, call = desk.words(ticket_id, "reply"), desk.call_note(billing)

    messages = _all_at_once([partial(one.create, "Message", account, note) for one in callers])
    tickets = _all_at_once([partial(one.create, "Ticket", account, call) for one in callers])

    assert len({one["id"] for one in messages}) == len({one["id"] for one in tickets}) == 1
    assert len(callers[0].get("Ticket", account)) == 2
    assert len(callers[0].get("TicketArrival", account)) == 2
    assert [one["seq"] for one in callers[0].get("Message", account) if one["ticketId"] == ticket_id] == [1, 2]


def test_opposite_moves_at_once_both_happen(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Olga", owner=True)
    one, two = desk.caller("Olga"), desk.caller("Olga")
    home, away = one.account("Billing"), one.account("Repairs")
    for _ in range(5):
        there, here = desk.file(billing).ticket.id, desk.file(repairs).ticket.id
        answers = _all_at_once(
            [
                partial(one.call, "Ticket/set", accountId=home, update={there: {"categoryId": repairs}}),
                partial(two.call, "Ticket/set", accountId=away, update={here: {"categoryId": billing}}),
            ]
        )
        assert [answer["notUpdated"] for answer in answers] == [None, None]
        assert one.one("Ticket", away, there)
        assert one.one("Ticket", home, here)


def test_messages_of_one_ticket_at_once_are_all_in_order(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    callers = [desk.caller("Ann") for _ in range(4)]
    account, ticket_id = callers[0].account("Billing"), desk.file(billing).ticket.id
    words = [desk.words(ticket_id, text=f"Note {number}") for number in range(4)]

    _all_at_once([partial(one.create, "Message", account, said) for one, said in zip(callers, words, strict=True)])

    assert sorted(one["seq"] for one in callers[0].get("Message", account)) == [1, 2, 3, 4, 5]
    assert callers[0].one("Ticket", account, ticket_id)["lastSeq"] == 5


def test_a_failure_half_way_leaves_nothing(desk: Bureau, billing: str) -> None:
    house = desk.house
    before = _contents(house)

    def work() -> None:
        house.intake.file_ticket(Filing(billing, Asker("Bob"), "Help", "I need help", Channel.FORM))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        house.parts.journal.write(work)
    assert _contents(house) == before
    assert desk.file(billing).ticket.number is not None


def test_what_a_savepoint_undoes_is_not_stamped(desk: Bureau, billing: str) -> None:
    house = desk.house

    def work() -> None:
        try:
            with house.parts.journal.savepoint():
                house.intake.file_ticket(Filing(billing, Asker("Bob"), "Help", "I need help", Channel.FORM))
                raise SetError("forbidden")
        except SetError:
            return

    before = _contents(house)
    house.parts.journal.write(work)
    assert _contents(house) == before


def _contents(house: House) -> list[Any]:
    database = house.parts.database
    tables = (TicketRow, MessageRow, RequesterRow, ArrivalRow, ObjectState, Receipt)
    return database.read(
        lambda: [
            *(len(database.rows(one.select())) for one in tables),
            database.select("SELECT number, counter FROM account ORDER BY number"),
        ]
    )


def test_states_that_cannot_be_known_are_refused(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    desk.file(billing)
    count = int(ann.state("Ticket", account).partition(".")[2])

    for state in ("", "x", "1.", f"1.{count + 1}", f"2.{count}", "1.-1", "1.٣", "1." + "9" * 30):
        assert ann.error("Ticket/changes", accountId=account, sinceState=state) == "cannotCalculateChanges", state


def test_pruning_forgets_tombstones_and_refuses_what_came_before(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    account = olga.account("Billing")
    tickets = [desk.file(billing).ticket.id for _ in range(3)]
    known = olga.state("Ticket", account)
    for one in tickets[:2]:
        olga.call("Ticket/set", accountId=account, update={one: {"categoryId": repairs}})
    state = olga.state("Ticket", account)
    desk.clock.advance(29 * DAY_MS)
    desk.house.upkeep.run()
    assert set(olga.changes("Ticket", account, known)["destroyed"]) == set(tickets[:2])

    desk.clock.advance(2 * DAY_MS)
    desk.house.upkeep.run()

    assert olga.error("Ticket/changes", accountId=account, sinceState=known) == "cannotCalculateChanges"
    assert olga.state("Ticket", account) == state
    assert olga.changes("Ticket", account, state)["destroyed"] == []
    assert olga.changes("Ticket", account, "1.0")["created"] == tickets[2:]


def test_arrivals_are_kept_for_their_days(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    desk.file(billing)
    [arrival] = ann.get("TicketArrival", account)
    state = ann.state("TicketArrival", account)
    desk.clock.advance(31 * DAY_MS)

    desk.house.upkeep.run()

    assert ann.get("TicketArrival", account) == []
    assert ann.changes("TicketArrival", account, state)["destroyed"] == [arrival["id"]]


def test_a_restored_server_has_new_accounts_and_the_old_are_gone(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    old = ann.account("Billing")
    parts = desk.house.parts

    parts.database.write(lambda: parts.identity.raise_epoch(1))

    renewed = ann.account("Billing")
    assert (old[:-2], old[-2:], renewed[-2:]) == (renewed[:-2], "-1", "-2")
    assert ann.error("Ticket/get", accountId=old, ids=None) == "accountNotFound"


def test_refusals_are_forgotten_in_time(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Ben", billing)
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    late = desk.words(ticket_id, "reply", baseSeq=1)
    ann.create("Message", account, desk.words(ticket_id, "reply"))
    ben.refusal("Message", account, late)
    desk.clock.advance(60 * DAY_MS)
    ben.document()
    desk.house.upkeep.run()
    assert ben.refusal("Message", account, {**late, "baseSeq": 9})["type"] == "overtaken"
    desk.clock.advance(80 * DAY_MS)
    ben.document()
    desk.clock.advance(41 * DAY_MS)

    desk.house.upkeep.run()

    assert ben.create("Message", account, {**late, "baseSeq": 9})
