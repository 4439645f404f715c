"""Who would ring and why, what workstations say of it, and the watch over alerts that reach nobody (PRODUCT A9)."""

from typing import Any

from sync.domain.times import DAY_MS, MINUTE_MS, to_utc_date
from tests.rigs.bureau import Bureau, Caller


def _arrival(caller: Caller, category: str = "Billing") -> dict[str, Any]:
    """The newest."""
    return caller.get("TicketArrival", caller.account(category))[-1]


def _report(desk: Bureau, caller: Caller, *reports: dict[str, Any], ahead_ms: int = 0, **more: Any) -> None:
    """By a clock that is so much ahead of the server's; times in the reports are ms after now."""
    now = desk.clock.now + ahead_ms
    said = [
        {name: value if name == "arrivalId" else to_utc_date(now + value) for name, value in one.items()}
        for one in reports
    ]
    caller.call("Alert/report", accountId=caller.account("Personal"), now=to_utc_date(now), reports=said, **more)


def _trace(caller: Caller, ticket_id: str, category: str = "Billing") -> dict[str, Any]:
    return caller.call("Alert/trace", accountId=caller.account(category), ticketId=ticket_id)


def test_a_receipt_says_when_it_was_offered_shown_rang_and_seen(desk: Bureau, billing: str) -> None:
    ann_id = desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    ticket_id, came = desk.file(billing).ticket.id, desk.clock.now
    arrival = _arrival(ann)
    desk.clock.advance(2_000)
    first = {"arrivalId": arrival["id"], "offered": -1_900, "shown": -1_828, "rang": -1_850}
    _report(desk, ann, first, ahead_ms=7 * MINUTE_MS)
    _report(desk, ann, {"arrivalId": arrival["id"], "offered": 0, "seen": 0})

    [told] = _trace(ann, ticket_id)["arrivals"]
    assert (told["arrivalId"], told["kind"], told["at"]) == (arrival["id"], "new", to_utc_date(came))
    assert told["receipts"] == [
        {
            "agentId": ann_id,
            "device": "test",
            "offered": to_utc_date(came + 100),
            "shown": to_utc_date(came + 172),
            "rang": to_utc_date(came + 150),
            "seen": to_utc_date(came + 2_000),
        }
    ]


def test_a_wrong_clock_cannot_put_a_receipt_before_its_arrival_or_after_now(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    ticket_id, came = desk.file(billing).ticket.id, desk.clock.now
    desk.clock.advance(1_000)
    _report(desk, ann, {"arrivalId": _arrival(ann)["id"], "offered": -DAY_MS, "shown": DAY_MS})

    [receipt] = _trace(ann, ticket_id)["arrivals"][0]["receipts"]
    assert (receipt["offered"], receipt["shown"]) == (to_utc_date(came), to_utc_date(came + 1_000))


def test_who_would_ring_and_why(desk: Bureau, billing: str, repairs: str) -> None:
    ann_id, ben_id = desk.agent("Ann", billing), desk.agent("Ben", billing)
    desk.agent("Cleo", repairs)
    olga_id = desk.agent("Olga", owner=True)
    gone_id = desk.agent("Gus", billing)
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    desk.caller("Ann")
    desk.house.people.deactivate(gone_id)
    ticket_id = desk.file(billing).ticket.id
    quiet = to_utc_date(desk.clock.now + MINUTE_MS)
    _report(desk, ann, quietUntil=quiet)
    _report(desk, olga, follows=[repairs])
    stream = ann.events()
    try:
        traced = _trace(olga, ticket_id)
    finally:
        stream.close()

    agents = {one["agentId"]: one for one in traced["agents"]}
    assert {one: said["why"] for one, said in agents.items()} == {
        ann_id: "granted",
        ben_id: "granted",
        olga_id: "owner",
    }
    assert sorted((one["connected"], one["quietUntil"]) for one in agents[ann_id]["devices"]) == [
        (False, None),
        (True, quiet),
    ]
    assert agents[ben_id]["devices"] == []
    assert agents[olga_id]["devices"][0]["follows"] == [repairs]
    desk.clock.advance(2 * MINUTE_MS)
    assert {one["quietUntil"] for one in _trace(olga, ticket_id)["agents"][0]["devices"]} == {None}


def test_who_took_it(desk: Bureau, billing: str) -> None:
    ann_id = desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    ticket_id = desk.file(billing).ticket.id
    assert _trace(ann, ticket_id)["takenBy"] is None
    desk.clock.advance(5_000)
    ann.call("Ticket/set", accountId=ann.account("Billing"), update={ticket_id: {"assigneeId": ann_id}})
    traced = _trace(ann, ticket_id)
    assert (traced["takenBy"], traced["takenAt"]) == (ann_id, to_utc_date(desk.clock.now))


def test_what_one_may_not_see_is_neither_traced_nor_reported(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Ben", repairs)
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    ticket_id = desk.file(billing).ticket.id
    arrival = _arrival(ann)

    assert ben.error("Alert/trace", accountId=ann.account("Billing"), ticketId=ticket_id) == "accountNotFound"
    for missing in (ticket_id, "t" + "0" * 32):
        assert ben.error("Alert/trace", accountId=ben.account("Repairs"), ticketId=missing) == "notFound"
    _report(desk, ben, {"arrivalId": arrival["id"], "shown": 0}, {"arrivalId": "a" + "0" * 32, "shown": 0})
    assert _trace(ann, ticket_id)["arrivals"][0]["receipts"] == []
    now = to_utc_date(desk.clock.now)
    too_many = [{"arrivalId": arrival["id"]}] * 501
    own = ann.account("Personal")
    assert ann.error("Alert/report", accountId=own, now=now, reports=too_many) == "requestTooLarge"
    assert ben.error("Alert/report", accountId=own, now=now, reports=[]) == "accountNotFound"


def _unreached(caller: Caller) -> list[dict[str, Any]]:
    return caller.get("UnreachedAlert", caller.account("Oversight"))


def test_owners_are_told_of_an_alert_that_reached_nobody(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    oversight = olga.account("Oversight")
    offered, shown, taken, silent = (desk.file(billing).ticket.id for _ in range(4))
    came = desk.clock.now
    arrivals = {one["ticketId"]: one["id"] for one in ann.get("TicketArrival", ann.account("Billing"))}
    _report(desk, ann, {"arrivalId": arrivals[offered], "offered": 0}, {"arrivalId": arrivals[shown], "shown": 0})
    own = desk.house.people.find("Ann")["id"]
    ann.call("Ticket/set", accountId=ann.account("Billing"), update={taken: {"assigneeId": own}})
    state = olga.state("UnreachedAlert", oversight)

    desk.clock.advance(59_000)
    assert desk.house.alert_watch.look() == 0
    desk.clock.advance(1_000)
    assert desk.house.alert_watch.look() == 2
    assert desk.house.alert_watch.look() == 0

    told = _unreached(olga)
    assert {one["ticketId"] for one in told} == {offered, silent}
    assert {(one["categoryId"], one["at"], one["reachedAt"]) for one in told} == {(billing, to_utc_date(came), None)}
    assert len(olga.changes("UnreachedAlert", oversight, state)["created"]) == 2
    assert "Oversight" not in {one["name"] for one in ann.document()["accounts"].values()}

    state = olga.state("UnreachedAlert", oversight)
    _report(desk, ann, {"arrivalId": arrivals[offered], "seen": 0})
    desk.clock.advance(5_000)
    ann.call("Ticket/set", accountId=ann.account("Billing"), update={silent: {"status": "closed"}})
    desk.house.alert_watch.look()
    assert None not in {one["reachedAt"] for one in _unreached(olga)}
    assert len(olga.changes("UnreachedAlert", oversight, state)["updated"]) == 2


def test_who_took_a_call_down_knows_of_it_and_further_words_are_watched_too(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    ann.create("Ticket", ann.account("Billing"), desk.call_note(billing))
    ticket_id = desk.file(billing).ticket.id
    ann.create("Message", ann.account("Billing"), desk.words(ticket_id, "reply", baseSeq=1))
    desk.clock.advance(2 * MINUTE_MS)
    assert desk.house.alert_watch.look() == 0
    desk.answer(ticket_id)
    desk.clock.advance(2 * MINUTE_MS)
    assert desk.house.alert_watch.look() == 1
    assert [one["ticketId"] for one in _unreached(olga)] == [ticket_id]


def test_the_watch_can_be_switched_off_and_forgets_in_time(desk: Bureau, billing: str) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    desk.file(billing)
    desk.clock.advance(2 * MINUTE_MS)
    desk.house.parts.settings.put("alert.reach_s", "0")
    assert desk.house.alert_watch.look() == 0
    desk.house.parts.settings.put("alert.reach_s", "30")
    assert desk.house.alert_watch.look() == 1
    desk.clock.advance(31 * DAY_MS)
    desk.house.alert_watch.forget()
    assert _unreached(olga) == []
    desk.clock.advance(DAY_MS)
    desk.house.upkeep.run()
    assert desk.house.alert_watch.look() == 0
