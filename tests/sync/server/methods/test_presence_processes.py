"""Presence over two server processes of one PostgreSQL database: said at one, heard at the other."""

import json
from contextlib import closing
from typing import Any

from sync.domain.presence import LEASE_MS
from tests.rigs.bureau import Bureau, Caller, Events, bureau


def _told(stream: Events) -> dict[str, Any]:
    while True:
        block = stream.block()
        if block.startswith("event: presence"):
            return dict(json.loads(block.partition("data: ")[2]))


def _look(who: Caller, account_id: str, ticket_id: str, doing: str = "looking") -> None:
    who.call("Presence/set", accountId=account_id, ticketId=ticket_id, doing=doing)


def test_a_stream_at_another_process_hears_it_and_its_end_takes_the_device_away(fresh_postgres_url: str) -> None:
    with bureau(fresh_postgres_url) as first, bureau(fresh_postgres_url, clock=first.clock) as second:
        billing = first.house.grants.add_category("Billing")
        ann_id = first.agent("Ann", billing)
        first.agent("Ben", billing)
        ann, ben = first.caller("Ann"), second.caller("Ben")
        account, ticket_id = ann.account("Billing"), first.file(billing).ticket.id
        with closing(ben.events("Presence")) as of_ben:
            ann_elsewhere = second.caller("Ann")
            ann_elsewhere.session.headers["Authorization"] = ann.session.headers["Authorization"]
            with closing(ann_elsewhere.events("Presence")):
                _look(ann, account, ticket_id)
                heard = _told(of_ben)
                assert (heard["agentId"], heard["doing"], heard["leftMs"]) == (ann_id, "looking", LEASE_MS)
                assert _snapshot(second, "Ben", account) == ["looking"]
            assert _told(of_ben)["doing"] is None
            _wait_until_gone(first)


def _snapshot(where: Bureau, name: str, account: str) -> list[str]:
    """What a fresh stream there would hear first."""
    assert where.caller(name).account("Billing") == account
    return [str(one.data["doing"]) for one in where.house.presence.standing([account])]


def _wait_until_gone(where: Bureau) -> None:
    """A stream that is open before the look hears what comes after it."""
    with closing(where.caller("Ben").events("Presence")) as stream:
        while len(where.house.presence):
            _told(stream)
