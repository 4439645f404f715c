"""Deskbell's own server under the contract of JMAP Core: every type, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from sync.domain.protocol import CAPABILITY
from sync.jmap.limits import CORE, Limits
from sync.server.intake import Asker
from tests.contract.jmap.rig import Rig, TypeCase
from tests.rigs.bureau import BASE, Bureau, Caller, bureau

LIMITS = Limits(
    max_size_upload=20_000,
    max_size_request=50_000,
    max_calls_in_request=16,
    max_objects_in_get=20,
    max_objects_in_set=10,
    max_changes=8,
    max_concurrent_requests=4,
    max_concurrent_upload=2,
)
_AT = "2026-09-01T10:00:00Z"


def _key(rig: Rig, n: int) -> str:
    """A new key each time, since a used one is a replay."""
    taken = getattr(rig, "keys_taken", 0) + 1
    rig.keys_taken = taken  # type: ignore[attr-defined]  # the rig is ours alone while it lives
    return f"case-key-{n:06d}-{taken:06d}"


def _ticket(rig: Rig, n: int) -> dict[str, Any]:
    return {
        "clientKey": _key(rig, n),
        "categoryId": rig.document()["accounts"][rig.accounts["main"]]["accountCapabilities"][CAPABILITY]["categoryId"],
        "subject": f"Call {n}",
        "requester": {"name": f"Cleo {n}"},
        "firstMessage": {"bodyText": f"She called {n}.", "composedAt": _AT},
    }


def _message(rig: Rig, n: int) -> dict[str, Any]:
    return {
        "clientKey": _key(rig, n),
        "ticketId": rig.plant("Ticket", n),
        "kind": "note",
        "bodyText": f"Note {n}",
        "composedAt": _AT,
    }


def _quick_note(rig: Rig, n: int) -> dict[str, Any]:
    return {"clientKey": _key(rig, n), "text": f"Note {n}", "createdAt": _AT}


def _read_mark(_: Rig, n: int) -> dict[str, Any]:
    return {"ticketId": f"t{n:032x}", "lastSeq": n}


def _held(rig: Rig, n: int) -> dict[str, Any]:
    return {
        "clientKey": _key(rig, n),
        "kind": "reply",
        "bodyText": f"Held {n}",
        "composedAt": _AT,
        "reason": "notFound",
    }


def _spot_check(rig: Rig, n: int) -> dict[str, Any]:
    return {"clientKey": _key(rig, n), "at": _AT, "asOf": _AT, "awaiting": n, "new": 0, "tooLong": 0}


SERVER_CASES = (
    TypeCase(
        "Ticket",
        values=_ticket,
        patch=lambda _rig, n: {"resolution": f"Solved {n}"},
        destroyable=False,
        queryable=True,
        required="subject",
        server_set=("number", 1),
        immutable=("subject", "Another"),
        wrong=("priority", "enormous"),
        sort="number",
    ),
    TypeCase(
        "Message",
        values=_message,
        destroyable=False,
        queryable=True,
        required="bodyText",
        server_set=("seq", 1),
        wrong=("bodyText", 5),
        sort="postedAt",
    ),
    TypeCase(
        "QuickNote",
        account="personal",
        values=_quick_note,
        patch=lambda _rig, n: {"text": f"Changed {n}"},
        required="text",
        immutable=("createdAt", "2026-09-02T10:00:00Z"),
        wrong=("text", 5),
    ),
    TypeCase(
        "ReadMark",
        account="personal",
        values=_read_mark,
        patch=lambda _rig, n: {"lastSeq": 1000 + n},
        required="ticketId",
        immutable=("ticketId", "t" + "f" * 32),
        wrong=("lastSeq", -1),
    ),
    TypeCase(
        "HeldMessage", account="personal", values=_held, required="bodyText", wrong=("composedAt", "yesterday")
    ),
    TypeCase(
        "SpotCheck",
        account="oversight",
        values=_spot_check,
        destroyable=False,
        required="awaiting",
        server_set=("byAgentId", "g" + "0" * 32),
        wrong=("awaiting", "many"),
    ),
    TypeCase("Requester", read_only=True, destroyable=False),
    TypeCase("TicketArrival", read_only=True, destroyable=False),
    TypeCase("Category", account="readOnly", read_only=True, destroyable=False),
    TypeCase("Agent", account="readOnly", read_only=True, destroyable=False),
    TypeCase("CategoryGrant", account="personal", read_only=True, destroyable=False),
)


class ServerHosts:
    """Opens servers over one kind of database."""

    def __init__(self, name: str, address: Callable[[pytest.FixtureRequest], str]) -> None:
        self.name = name
        self._address = address

    @property
    def cases(self) -> Sequence[TypeCase]:
        return SERVER_CASES

    @contextmanager
    def open(self, request: pytest.FixtureRequest) -> Iterator[Rig]:
        """A fresh server with one owner, Ann, who stands before it."""
        with bureau(self._address(request), LIMITS) as opened:
            yield _rig(opened)


def _rig(opened: Bureau) -> Rig:
    grants = opened.house.grants
    billing = grants.add_category("Billing")
    grants.add_category("Repairs")
    agent_id = opened.agent("Ann", owner=True)
    hermit_id = opened.agent("Hermit")
    ann = opened.caller("Ann")
    hidden = opened.house.parts.accounts
    invisible = opened.house.parts.database.read(lambda: hidden.of_agent(hermit_id).id)

    def plant(name: str, n: int) -> str:
        return _plant(opened, ann, agent_id, billing, name, n)

    return Rig(
        base=BASE,
        session=ann.session,
        stranger=opened.adapter.session(BASE),
        accounts={
            "main": ann.account("Billing"),
            "other": ann.account("Oversight"),
            "personal": ann.account("Personal"),
            "oversight": ann.account("Oversight"),
            "readOnly": ann.account("Team"),
            "invisible": invisible,
        },
        plant=plant,
        using=(CORE, CAPABILITY),
        conditional=CAPABILITY,
    )


def _plant(opened: Bureau, ann: Caller, agent_id: str, billing: str, name: str, n: int) -> str:
    if name == "Category":
        return opened.house.grants.add_category(f"Category {n}")
    if name == "Agent":
        return opened.agent(f"Agent {n}")
    if name == "CategoryGrant":
        granted = opened.house.grants.add_category(f"Granted {n}")
        opened.house.grants.grant(agent_id, granted)
        held = ann.get("CategoryGrant", ann.account("Personal"))
        return next(str(one["id"]) for one in held if one["categoryId"] == granted)
    filed = opened.file(billing, f"Planted {n}", asker=Asker(f"Asker {n}", f"asker-{opened.key()}@example.org"))
    if name == "Requester":
        return str(filed.ticket.requester_id)
    if name == "TicketArrival":
        sql = "SELECT id FROM arrival WHERE ticket_id = ?"
        database = opened.house.parts.database
        return str(database.read(lambda: database.select(sql, (filed.ticket.id,)))[0][0])
    return {"Ticket": filed.ticket.id, "Message": filed.message_id}[name]


SERVER_HOSTS = (
    ServerHosts("sqlite", lambda request: str(request.getfixturevalue("tmp_path") / "server.sqlite")),
    ServerHosts("postgres", lambda request: str(request.getfixturevalue("fresh_postgres_url"))),
)
