"""The tokens of links: here they are the tickets that carry them, and nothing where those are elsewhere."""

import json
from typing import Any

from sync.cache.links import tokens_for_ids
from sync.cache.schema import _STEPS
from sync.connectors.port import Outcome, Result
from sync.domain.actions import EditTicket, MergeTicket
from tests.rigs.fed_cache import BILLING, DOWNLOADS, FedCache, access, account, message, ticket

T1, T2, T3 = (f"t{one:032x}" for one in (1, 2, 3))
K, L = (f"k{one:032x}" for one in (1, 2))


def told(number: int, of: int, token: str) -> dict[str, Any]:
    """The event of a link."""
    body = f'{{"what":"link","from":null,"to":"{token}","by":"g1"}}'
    return message(number, of, kind="event", seq=2, bodyText=body)


def link(desk: FedCache, ticket_id: str, other: str, value: bool | None = True) -> EditTicket:
    name = f"links/{other}"
    edit = EditTicket(desk.ids.client_key(), ticket_id, {name: value}, {name: None if value else True}, desk.clock.now)
    desk.cache.put(edit)
    return edit


def linked(desk: FedCache, ticket_id: str) -> set[str]:
    detail = desk.reader.ticket(ticket_id)
    assert detail is not None
    return set(detail.links)


def elsewhere(desk: FedCache, number: int, **changes: Any) -> None:
    """A ticket of Billing comes."""
    row = ticket(number, categoryId=BILLING, **changes)
    desk.page({"Ticket": [row], "Message": [message(number)]}, of=account(BILLING))


def test_both_carry_the_token_so_each_is_the_others(desk: FedCache) -> None:
    desk.fill(1, 2, 3)
    desk.page({"Ticket": [ticket(1, links={K: True, L: True})], "Message": [told(11, 1, K), told(12, 1, L)]})
    elsewhere(desk, 9, links={K: True})
    nine = f"t{9:032x}"
    assert (linked(desk, T1), linked(desk, nine)) == ({nine, L}, {T1})
    assert desk.reader.unseen({nine, L}) == {L}
    said = {json.loads(row.body_text)["to"] for row in desk.reader.thread(T1) if row.kind == "event"}
    assert said == {nine, L}


def test_what_shows_the_other_is_drawn_anew_when_it_comes_and_when_it_goes(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.page({"Ticket": [ticket(1, links={K: True})]})
    came = desk.page({"Ticket": [ticket(9, categoryId=BILLING, links={K: True})]}, of=account(BILLING))
    assert came.changes.tickets == {T1, f"t{9:032x}"}
    assert T1 in came.changes.messages_of
    went = desk.page({}, {"Ticket": [f"t{9:032x}"]}, of=account(BILLING))
    assert went.changes.tickets == {T1, f"t{9:032x}"}
    assert linked(desk, T1) == {K}


def test_a_link_wanted_by_id_and_confirmed_as_a_token_shows_once_and_is_not_lost(desk: FedCache) -> None:
    desk.fill(1, 2)
    edit = link(desk, T1, T2)
    assert linked(desk, T1) == {T2}
    desk.cache.settle([Outcome(edit.client_key, Result.APPLIED)])
    assert linked(desk, T1) == {T2}
    desk.page({"Ticket": [ticket(1, links={K: True}), ticket(2, links={K: True})]})
    assert (linked(desk, T1), linked(desk, T2)) == ({T2}, {T1})
    assert (desk.reader.outbox(), desk.reader.undelivered()) == ([], [])


def test_a_link_that_somebody_else_made_meanwhile_shows_once(desk: FedCache) -> None:
    desk.fill(1, 2)
    link(desk, T1, T2)
    desk.page({"Ticket": [ticket(1, links={K: True}), ticket(2, links={K: True})]})
    assert linked(desk, T1) == {T2}


def test_a_link_is_taken_away_by_the_others_id_at_once_and_comes_back_by_it(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.page({"Ticket": [ticket(1, links={K: True}), ticket(2, links={K: True})]})
    link(desk, T1, T2, None)
    assert (linked(desk, T1), linked(desk, T2)) == (set(), {T1})
    link(desk, T1, T2)
    assert linked(desk, T1) == {T2}


def test_a_merge_that_waits_takes_the_links_along(desk: FedCache) -> None:
    desk.fill(1, 2, 3)
    rows = [ticket(1, links={K: True, L: True}), ticket(2, links={L: True}), ticket(3, links={K: True})]
    desk.page({"Ticket": rows})
    assert linked(desk, T1) == {T2, T3}
    merge = MergeTicket(desk.ids.client_key(), T1, T2, desk.clock.now)
    desk.cache.put(merge)
    assert (linked(desk, T1), linked(desk, T2)) == (set(), {T3})
    desk.cache.take_back(merge.client_key)
    assert (linked(desk, T1), linked(desk, T2), linked(desk, T3)) == ({T2, T3}, {T1}, {T1})


def test_an_event_of_a_link_that_passed_to_another_ticket_still_names_it(desk: FedCache) -> None:
    desk.fill(1, 2, 3)
    desk.page({"Message": [told(11, 1, K), told(13, 3, K)]})
    [event] = [row for row in desk.reader.thread(T1) if row.kind == "event"]
    assert json.loads(event.body_text)["to"] == T3


def test_an_older_cache_forgets_ids_of_tickets_elsewhere_with_every_byte(bare: FedCache) -> None:
    hidden, earlier = "t" + "9" * 32, "t" + "8" * 32
    bare.fill(1, 2)
    bare.page({"Ticket": [ticket(1, links={hidden: True}, followUpOf=earlier)], "Message": [told(11, 1, hidden)]})
    bare.cache.put(bare.note(T1, "Mine"))  # so that what the server said is kept beside what is shown
    store = bare.cache._store
    for statement in ("DROP TRIGGER ticket_link_gone", "DROP TABLE ticket_link", "DROP TABLE attached"):
        store.execute(statement)
    store.execute(f"PRAGMA user_version = {_STEPS.index(tokens_for_ids)}")
    assert all(one.encode() in bare.bytes() for one in (hidden, earlier))
    bare.reopen()
    bare.cache.wipe()
    assert not any(one.encode() in bare.bytes() for one in (hidden, earlier))
    assert linked(bare, T1) == set()
    assert (bare.cache.cursor(account(DOWNLOADS)), bare.cache.incomplete()) == (None, [account(DOWNLOADS)])
    assert bare.cache.cursor(account(BILLING)) is not None
    rows = {"Ticket": [ticket(1, links={K: True}, followUpOf=L), ticket(2)], "Message": [message(1), told(11, 1, K)]}
    bare.page(rows, replace=True)
    detail = bare.reader.ticket(T1)
    assert detail is not None
    assert (set(detail.links), detail.follow_up_of, len(bare.reader.outbox())) == ({K}, L, 1)


def test_the_id_of_an_earlier_ticket_that_moved_away_leaves_with_every_byte(bare: FedCache) -> None:
    bare.fill(1, 2)
    bare.page({"Ticket": [ticket(1, followUpOf=T2, links={K: True}), ticket(2, links={K: True})]})
    bare.page({"Ticket": [ticket(1, followUpOf=L, links={K: True})]}, {"Ticket": [T2], "Message": [f"m{2:032x}"]})
    bare.cache.wipe()
    assert T2.encode() not in bare.bytes()
    assert linked(bare, T1) == {K}


def test_nothing_is_known_of_the_other_once_its_category_is_gone(bare: FedCache) -> None:
    bare.fill(1)
    bare.page({"Ticket": [ticket(1, links={K: True})]})
    elsewhere(bare, 9, links={K: True})
    assert linked(bare, T1) == {f"t{9:032x}"}
    bare.cache.save_access(access(DOWNLOADS))
    assert linked(bare, T1) == {K}
    assert f"t{9:032x}".encode() not in bare.bytes()
