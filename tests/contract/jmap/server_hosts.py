"""Deskbell's own server under the contract of JMAP Core: every type, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from sync.domain import ids
from sync.domain.protocol import CAPABILITY
from sync.jmap.limits import CORE, Limits
from sync.server.intake import Asker
from sync.server.ledger import AuditRow
from sync.server.tables import MODELS, ArrivalRow, CategoryRow
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
    rig.keys_taken += 1
    return f"case-key-{n:06d}-{rig.keys_taken:06d}"


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
        "ticketId": rig.plant("Ticket", 0),
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
        queryable=True,
        required="subject",
        server_set=("number", 1),
        immutable=("subject", "Another"),
        wrong=("priority", "enormous"),
        sort="number",
    ),
    TypeCase(
        "Message",
        account="threads",
        values=_message,
        destroyable=False,
        queryable=True,
        required="bodyText",
        server_set=("seq", 1),
        wrong=("bodyText", 5),
        sort="seq",
    ),
    TypeCase(
        "QuickNote",
        account="personal",
        queryable=True,
        values=_quick_note,
        patch=lambda _rig, n: {"text": f"Changed {n}"},
        required="text",
        immutable=("createdAt", "2026-09-02T10:00:00Z"),
        wrong=("text", 5),
    ),
    TypeCase(
        "ReadMark",
        account="personal",
        queryable=True,
        values=_read_mark,
        patch=lambda _rig, n: {"lastSeq": 1000 + n},
        required="ticketId",
        immutable=("ticketId", "t" + "f" * 32),
        wrong=("lastSeq", -1),
    ),
    TypeCase(
        "HeldMessage",
        account="personal",
        queryable=True,
        values=_held,
        required="bodyText",
        wrong=("composedAt", "yesterday"),
    ),
    TypeCase(
        "SpotCheck",
        account="oversight",
        queryable=True,
        values=_spot_check,
        destroyable=False,
        required="awaiting",
        server_set=("byAgentId", "g" + "0" * 32),
        wrong=("awaiting", "many"),
    ),
    TypeCase("Requester", read_only=True, destroyable=False, queryable=True),
    TypeCase("TicketArrival", read_only=True, destroyable=False, queryable=True),
    TypeCase("Category", account="readOnly", read_only=True, set_elsewhere=True, destroyable=False),
    TypeCase("Agent", account="readOnly", read_only=True, destroyable=False),
    TypeCase("CategoryGrant", account="personal", read_only=True, destroyable=False, queryable=True),
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
    grants, parts = opened.house.grants, opened.house.parts
    billing, repairs = grants.add_category("Billing"), grants.add_category("Repairs")
    agent_id = opened.agent("Ann", owner=True)
    hermit_id = opened.agent("Hermit")
    ann = opened.caller("Ann")
    known = _Known(opened, ann, agent_id, billing, _standing_ticket(opened, repairs))
    return Rig(
        base=BASE,
        session=ann.session,
        stranger=opened.adapter.session(BASE),
        accounts={
            "main": ann.account("Billing"),
            "threads": ann.account("Repairs"),
            "other": ann.account("Oversight"),
            "personal": ann.account("Personal"),
            "oversight": ann.account("Oversight"),
            "readOnly": ann.account("Team"),
            "invisible": parts.database.read(lambda: parts.accounts.of_agent(hermit_id).id),
        },
        plant=known.plant,
        using=(CORE, CAPABILITY),
        conditional=CAPABILITY,
    )


def _standing_ticket(opened: Bureau, category_id: str) -> str:
    """A ticket without any message, so that the messages of a test are the only ones."""
    parts = opened.house.parts
    filed = opened.file(category_id, "Standing")

    def work() -> None:
        account = parts.accounts.of_category(category_id)
        assert account is not None
        parts.database.execute("DELETE FROM message WHERE id = ?", (filed.message_id,))
        parts.journal.gone(account, "Message", filed.message_id)

    parts.journal.write(work)
    return filed.ticket.id


class _Known:
    """Puts objects there that no client makes, one at a time and nothing else that a test would notice."""

    def __init__(self, opened: Bureau, ann: Caller, agent_id: str, billing: str, standing_id: str) -> None:
        self._opened = opened
        self._parts = opened.house.parts
        self._ann = ann
        self._agent_id = agent_id
        self._billing = billing
        self._standing_id = standing_id

    def plant(self, name: str, n: int) -> str:
        """A new object's id; of tickets the one that messages go to."""
        if name == "Ticket":
            return self._standing_id
        if name == "Agent":
            return self._opened.agent(f"Agent {n}")
        if name == "CategoryGrant":
            return self._granted(n)
        if name == "Requester":
            asker = Asker(f"Asker {n}", f"asker-{self._opened.key()}@example.org")
            return str(self._opened.file(self._billing, asker=asker).ticket.requester_id)
        return self._parts.journal.write(lambda: self._bare(name, n))

    def _granted(self, n: int) -> str:
        category_id = self._opened.house.grants.add_category(f"Granted {n}")
        self._opened.house.grants.grant(self._agent_id, category_id)
        held = self._ann.get("CategoryGrant", self._ann.account("Personal"))
        return next(str(one["id"]) for one in held if one["categoryId"] == category_id)

    def _bare(self, name: str, n: int) -> str:
        """A row without what the server would do beside it: a category's account, an arrival's ring."""
        if name == "Category":
            object_id = self._parts.ids.new(ids.CATEGORY)
            row = {"id": object_id, "name": f"Bare {n}", "name_key": f"bare {n}", "limit_ms": n, "created_at": n}
            self._parts.database.insert(CategoryRow, [row])
            self._parts.journal.present(self._parts.accounts.team(), name, object_id)
            return object_id
        object_id = self._parts.ids.new(ids.ARRIVAL)
        arrival = {"id": object_id, "ticket_id": self._standing_id, "kind": "new", "priority": "low", "at": n}
        self._parts.database.insert(ArrivalRow, [{**arrival, "message_id": None, "by_agent_id": None}])
        account = self._parts.accounts.of_category(self._billing)
        assert account is not None
        self._parts.journal.present(account, name, object_id)
        return object_id


_EMPTYING = sql.SQL("DO $$ BEGIN {} END $$").format(
    sql.SQL(" ").join(
        sql.SQL("DELETE FROM {};").format(sql.Identifier(model._meta.table_name))
        for model in MODELS
        if model is not AuditRow
    )
)


def _emptied(address: str) -> str:
    """The same database again, without its rows: much quicker than a new one for each of many small tests.

    Only the audit log stays: it cannot be emptied.
    """
    with psycopg.connect(address) as connection:
        connection.execute(_EMPTYING)
    return address


SERVER_HOSTS = (
    ServerHosts("sqlite", lambda request: str(request.getfixturevalue("server_sqlite_path"))),
    ServerHosts("postgres", lambda request: _emptied(str(request.getfixturevalue("contract_postgres_url")))),
)
