"""Whose turn it is on a ticket, and its tags, worked out from its thread alone, without the rules of the product."""

import orjson

from tests.simulation.always import BrokenError
from tests.simulation.world import World

_TICKETS = "SELECT id, status, awaiting, merged_into_id, tags FROM ticket ORDER BY id"
_THREAD = "SELECT kind, body_text FROM message WHERE ticket_id = ? ORDER BY seq"
_BY_STATUS = {"new": "team", "open": "team", "waiting": "requester", "closed": None}
_OF_MAIL = {"auto-reply", "delivery-report", "own-mail"}
"""Tags that a mail has from the beginning, without an event."""


def right_turns(world: World) -> None:
    """The team's after a requester's words, the requester's after a reply, whoever's a status says; nobody's at last.

    Tickets that took others in, which may have been deleted since, are left out: the team may owe there what it owed
    on those.
    """
    for ticket_id, status, awaiting, merged_into, tags in world.server.rows(_TICKETS):
        thread = world.server.rows(_THREAD, ticket_id)
        if _took_in_others(ticket_id, thread):
            continue
        quiet = not _OF_MAIL.isdisjoint(orjson.loads(tags))
        expected = None if merged_into is not None else _turn(thread[1:], None) if quiet else _turn(thread, "team")
        if set(orjson.loads(tags)) - _OF_MAIL != _tags(thread):
            raise BrokenError(f"{ticket_id} has the tags {tags}; by its thread {sorted(_tags(thread))}")
        if awaiting != expected or (status == "closed") != (awaiting is None):
            raise BrokenError(f"{ticket_id} is {status} and awaits {awaiting}; by its thread it awaits {expected}")


def _took_in_others(ticket_id: str, thread: list[tuple[str, str]]) -> bool:
    events = [orjson.loads(body) for kind, body in thread if kind == "event"]
    return any(event["what"] == "merged" and event["to"] == ticket_id for event in events)


def _turn(thread: list[tuple[str, str]], turn: str | None) -> str | None:
    for kind, body in thread:
        event = orjson.loads(body) if kind == "event" else {}
        if kind == "inbound":
            turn = "team"
        elif kind == "reply":
            turn = "requester"
        elif event.get("what") == "status":
            turn = _BY_STATUS[event["to"]]
        elif event.get("what") == "delivery":
            turn = "team"
        elif event.get("what") in ("solved", "erased"):
            turn = None
    return turn


def _tags(thread: list[tuple[str, str]]) -> set[str]:
    tags: set[str] = set()
    for event in [orjson.loads(body) for kind, body in thread if kind == "event"]:
        if event["what"] == "tag":
            tags = (tags - {event["from"]}) | ({event["to"]} if event["to"] is not None else set())
    return tags
