"""A plain host with toy types, to show that sync.jmap needs nothing of Deskbell."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from sync.jmap.access import Account, Principal
from sync.jmap.blobs import Blob, Download
from sync.jmap.broadcast import Broadcast
from sync.jmap.datatype import Call, DataType, Property, SetOutcome
from sync.jmap.dispatcher import Dispatcher
from sync.jmap.errors import RequestError
from sync.jmap.feed import States
from sync.jmap.host import Host
from sync.jmap.http import JmapHttp, Surroundings
from sync.jmap.kinds import BOOLEAN, ID, INT, OBJECT, STRING, TRUE, list_of, map_of, nullable, text
from sync.jmap.limits import CORE, Limits
from tests.contract.jmap.rig import Rig, TypeCase
from tests.contract.jmap.toy_store import Memory, ToyStore
from tests.rigs.asgi_adapter import AsgiAdapter

TOYS = "https://toys.example/jmap/toys"
CONDITIONAL = "urn:ietf:params:jmap:conditional"
LIMITS = Limits(
    max_size_upload=20_000,
    max_size_request=50_000,
    max_calls_in_request=16,
    max_objects_in_get=20,
    max_objects_in_set=10,
    max_changes=8,
    max_concurrent_requests=4,
    max_concurrent_upload=2,
    max_concurrent_streams=3,
)
BASE = "http://testserver"


def _todo(memory: Memory) -> DataType:
    return DataType(
        name="Todo",
        capability=TOYS,
        properties={
            "title": Property(text(100, 1)),
            "keywords": Property(map_of(TRUE), default={}),
            "estimate": Property(INT, server_set=True),
            "subTodoIds": Property(nullable(list_of(ID)), default=None),
            "isUrgent": Property(BOOLEAN, default=False),
            "clientKey": Property(nullable(STRING), default=None, immutable=True),
            "firstNote": Property(nullable(STRING), default=None, write_only=True),
        },
        store=ToyStore(memory, "Todo", lambda row: {"estimate": 60 * len(row["title"])}, "t"),
        queryable=True,
        filters={"hasKeyword": STRING, "isUrgent": BOOLEAN, "title": STRING},
        sorts=frozenset({"title", "isUrgent", "estimate"}),
        set_arguments={"onSuccessPin": map_of(OBJECT)},
        follow_up=_pins,
    )


def _pins(outcome: SetOutcome) -> list[Call]:
    """onSuccessPin: Id or #creationId of a Todo to the Pin to be made for it."""
    pins: dict[str, Any] = {}
    for key, values in (outcome.arguments["onSuccessPin"] or {}).items():
        object_id = outcome.succeeded(key)
        if object_id is not None:
            pins[f"p{len(pins)}"] = {**values, "todoId": object_id}
    return [Call("Pin/set", {"accountId": outcome.account_id, "create": pins})] if pins else []


def _pin(memory: Memory) -> DataType:
    properties = {
        "label": Property(text(100, 1)),
        "todoId": Property(nullable(ID), default=None),
        "clientKey": Property(nullable(STRING), default=None),
    }
    store = ToyStore(memory, "Pin", lambda _row: {}, "p")
    return DataType("Pin", TOYS, properties, store, updatable=False)


def _badge(memory: Memory) -> DataType:
    properties = {"label": Property(text(100, 1)), "clientKey": Property(nullable(STRING), default=None)}
    return DataType("Badge", TOYS, properties, ToyStore(memory, "Badge", lambda _row: {}, "g"), destroyable=False)


def _bell(memory: Memory) -> DataType:
    properties = {"rung": Property(INT, server_set=True), "clientKey": Property(STRING, server_set=True)}
    return DataType("Bell", TOYS, properties, ToyStore(memory, "Bell", lambda _row: {}, "b"), read_only=True)


class ToyBlobs:
    """Blobs in memory: what one user uploaded is seen by that user only."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], tuple[str, str, bytes]] = {}
        self.most_held = 0
        self._numbers = count(1)

    async def store(self, principal: Principal, account_id: str, media_type: str, pieces: AsyncIterator[bytes]) -> Blob:
        octets = b"".join([piece async for piece in pieces])
        if octets == b"full":
            raise RequestError("storageFull", "The server's disk is full; try again later.", status=507)
        blob_id = f"B{next(self._numbers)}"
        self.held[account_id, blob_id] = (principal.id, media_type, octets)
        return Blob(blob_id, media_type, len(octets))

    async def open(self, principal: Principal, account_id: str, blob_id: str) -> Download | None:
        owner, media_type, octets = self.held.get((account_id, blob_id), ("", "", b""))
        if owner != principal.id:
            return None

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(octets), 1000):
                yield octets[start : start + 1000]

        return Download(Blob(blob_id, media_type, len(octets)), pieces())

    def copy(self, principal: Principal, from_account_id: str, account_id: str, blob_id: str) -> Blob | None:
        owner, media_type, octets = self.held.get((from_account_id, blob_id), ("", "", b""))
        if owner != principal.id:
            return None
        self.held[account_id, blob_id] = (owner, media_type, octets)
        return Blob(blob_id, media_type, len(octets))


class ToyHost:
    """Everything of one toy server, for tests that look inside. `ann` may open A1, A2, A3; A9 is `bob`'s."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.blobs = ToyBlobs()
        self.types = (_todo(self.memory), _pin(self.memory), _badge(self.memory), _bell(self.memory))
        every = frozenset(one.name for one in self.types)
        self.accounts: dict[str, dict[str, Account]] = {
            "ann": {
                "A1": Account("Ann's", every, is_personal=True),
                "A2": Account("Everybody's", every, is_read_only=True),
                "A3": Account("Pins", frozenset({"Pin"})),
            },
            "bob": {"A9": Account("Bob's", every, is_personal=True), "A2": Account("Everybody's", every)},
        }
        self.allowed = True
        self.base = BASE
        self.now = 0.0
        self.host = Host(
            types=self.types,
            access=lambda principal: self.accounts[principal.id],
            transactions=self.memory,
            blobs=self.blobs,
            capabilities=lambda principal: {TOYS: {"userId": principal.id, "now": next(self._ticks)}},
            limits=LIMITS,
            conditional=CONDITIONAL,
            volatile=frozenset({"now"}),
        )
        self._ticks = count(1)
        self._request_ids = count(1)
        self.feed = Broadcast(lambda who: self.accounts[who.id], self.states, lambda _who: self.allowed)
        self.dispatcher = Dispatcher(self.host)
        around = Surroundings(
            authenticate=_authenticate,
            feed=self.feed,
            base_url=lambda _request: self.base,
            monotonic=lambda: self.now,
            new_request_id=lambda: f"r{next(self._request_ids)}",
        )
        self.app = Starlette(routes=JmapHttp(self.host, self.dispatcher, around).routes())

    def states(self, principal: Principal) -> States:
        """The present states, as a feed asks for them."""
        return self.memory.read(
            lambda: {
                account_id: {one.name: one.store.state(account_id) for one in self.types if one.name in account.types}
                for account_id, account in self.accounts[principal.id].items()
            }
        )

    def plant(self, name: str, n: int, account_id: str = "A1") -> str:
        """An object put there by the server itself."""
        [data_type] = [one for one in self.types if one.name == name]
        known: dict[str, dict[str, Any]] = {
            "Todo": {"title": f"todo {n}", "keywords": {}, "subTodoIds": None, "isUrgent": False, "clientKey": None},
            "Pin": {"label": f"pin {n}", "todoId": None, "clientKey": None},
            "Bell": {"rung": n, "clientKey": f"key {n}"},
            "Badge": {"label": f"badge {n}", "clientKey": None},
        }

        def work() -> str:
            made = data_type.store.create(account_id, Principal("server", "server"), known[name])
            self.memory.stamp()
            return made.id

        return self.memory.write(work)


async def _authenticate(request: Request) -> Principal | None:
    name = request.headers.get("authorization", "").removeprefix("Bearer ")
    if name == "slow":
        raise RequestError("rateLimit", "Too many attempts; wait a minute.", status=429, retry_after=60)
    return Principal(name, f"{name}@toys.example") if name in ("ann", "bob") else None


TOY_CASES = (
    TypeCase(
        "Todo",
        values=lambda _rig, n: {"title": f"Practise {n}", "keywords": {"music": True}},
        patch=lambda _rig, n: {"title": f"Changed {n}"},
        queryable=True,
        required="title",
        server_set=("estimate", 1),
        immutable=("clientKey", "another"),
        wrong=("title", 5),
        sort="title",
    ),
    TypeCase(
        "Pin",
        values=lambda _rig, n: {"label": f"Pin {n}"},
        required="label",
        wrong=("todoId", "not an id!"),
    ),
    TypeCase(
        "Badge",
        values=lambda _rig, n: {"label": f"Badge {n}"},
        patch=lambda _rig, n: {"label": f"Changed {n}"},
        destroyable=False,
    ),
    TypeCase("Bell", read_only=True, destroyable=False),
)


class ToyHosts:
    """Opens toy hosts for the contract."""

    name = "toy"
    cases = TOY_CASES

    @contextmanager
    def open(self, request: pytest.FixtureRequest) -> Iterator[Rig]:
        """A fresh toy host behind its HTTP skin."""
        del request
        toys = ToyHost()
        with AsgiAdapter(toys.app) as adapter:
            yield rig_of(toys, adapter)
            toys.feed.end_all()


def rig_of(toys: ToyHost, adapter: AsgiAdapter) -> Rig:
    """The rig for a toy host, signed in as ann."""
    session = adapter.session(BASE)
    session.headers["Authorization"] = "Bearer ann"
    return Rig(
        base=BASE,
        session=session,
        stranger=adapter.session(BASE),
        accounts={"main": "A1", "readOnly": "A2", "other": "A3", "invisible": "A9"},
        plant=toys.plant,
        notice=lambda name: toys.feed.publish({"A1": {name: toys.states(Principal("ann", "ann"))["A1"][name]}}),
        using=(CORE, TOYS),
        conditional=CONDITIONAL,
    )
