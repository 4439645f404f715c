"""The small declaration by which a data type gets /get, /changes, /set and /query (RFC 8620 section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sync.jmap.access import Principal
from sync.jmap.errors import JSON
from sync.jmap.filters import Comparator, Filter
from sync.jmap.kinds import Kind


class Required:
    """Marks a property without a default: a create must give it."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()


@dataclass(frozen=True)
class Property:
    """One property of a data type.

    `immutable`: given at creation, never changed. `server_set`: never given by a client. `write_only`: given
    at creation only and never returned by /get (a first message, for example). `default`: used when a create
    omits it. Values of server-set properties are not checked.
    """

    kind: Kind
    default: JSON | Required = REQUIRED
    immutable: bool = False
    server_set: bool = False
    write_only: bool = False


@dataclass(frozen=True)
class Changes:
    """What /changes answers. Each id stands in one list only."""

    created: Sequence[str]
    updated: Sequence[str]
    destroyed: Sequence[str]
    new_state: str
    has_more: bool = False


@dataclass(frozen=True)
class Created:
    """A new object: its id, and the values of properties that the client did not send and cannot know."""

    id: str
    values: Mapping[str, JSON] = field(default_factory=dict)


class Store(Protocol):
    """Where the objects of one data type live.

    All methods block and run inside a transaction of the host (`Transactions`). The account is known to be
    open to the principal and to hold this type; a store checks only what is finer than that. `MethodError`
    ends the method call and undoes it; `SetError` ends and undoes one object of a /set.
    """

    def state(self, account_id: str) -> str:
        """The state of this type in this account, opaque to the client."""

    def get(
        self, account_id: str, ids: Sequence[str] | None, properties: frozenset[str], limit: int
    ) -> Sequence[Mapping[str, JSON]]:
        """The objects with these ids (None: all of the account, at most `limit`), in any order.

        `properties` are the ones asked for; `id` is always among them. Unknown ids are just absent.
        More properties than asked for may be given; they are cut off.
        """

    def changes(self, account_id: str, since_state: str, max_changes: int) -> Changes:
        """What changed since that state, at most `max_changes` ids, oldest change first.

        Raises CannotCalculateChangesError for a state that is unknown, too old or ahead of the present one.
        """

    def lock(self, account_id: str, object_id: str) -> Mapping[str, JSON] | None:
        """The whole object, held against other writers until the transaction ends; None: no such object."""

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        """Store a new object. `values` is checked, complete (defaults filled in), without server-set ones.

        A replay of an earlier create (same client key) gives the object that is there.
        """

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        """Change an object. `before` is what `lock` gave.

        `changed` holds the whole new value of each property that differs. Gives the properties that the
        server changed otherwise than asked for (often none).
        """

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        """Destroy the object that `lock` gave."""


class ListStore(Store, Protocol):
    """A store that also answers /query."""

    def query(
        self, account_id: str, principal: Principal, where: Filter | None, order: Sequence[Comparator]
    ) -> Sequence[str]:
        """The ids of all that match, in that order and then in a stable one.

        The sequence may read lazily, as long as the transaction lasts. What matches must depend on this type's own
        rows only: its state stands for the query's (section 5.5, queryState).
        """


@dataclass(frozen=True)
class Call:
    """One method call: the name and its arguments."""

    name: str
    arguments: Mapping[str, JSON]


@dataclass(frozen=True)
class SetOutcome:
    """What a /set did, for the hook that derives further calls from it.

    `arguments` are those of the call. `created` maps creation ids to ids.
    """

    account_id: str
    principal: Principal
    arguments: Mapping[str, JSON]
    created: Mapping[str, str]
    updated: Sequence[str]
    destroyed: Sequence[str]

    def succeeded(self, key: str) -> str | None:
        """The id that a key of an onSuccess argument stands for (`#creationId` or id), if that succeeded."""
        if key.startswith("#"):
            return self.created.get(key[1:])
        return key if key in self.updated or key in self.destroyed else None


FollowUp = Callable[[SetOutcome], Sequence[Call]]
"""Further method calls that a successful /set implies; run after it, their responses follow under its call id
(as `onSuccessUpdateEmail` of RFC 8621). Called inside the transaction of the /set, so it may read."""


Restated = Callable[[Principal, Mapping[str, JSON], Mapping[str, JSON]], Mapping[str, JSON]]
"""A PatchObject in the names that /get gives, for a type that understands others too: who asks, the object as it is,
the patch. Called inside the transaction of the /set."""


@dataclass(frozen=True)
class DataType:
    """A data type: everything that the general methods must know of it.

    `name`: as in `Ticket/get`. `capability`: the URI that `using` must hold. `properties`: all but `id`.
    `read_only`: clients cannot /set it. `creatable`, `updatable`, `destroyable` narrow /set (`forbidden`).
    `queryable`: the store is a `ListStore` and /query exists; `filters`: the properties of a FilterCondition;
    `sorts`: the properties to sort by. `set_arguments`: extra arguments of /set, handed to `follow_up`; each
    may be null or absent. `restated`: put before every patch and precondition.
    """

    name: str
    capability: str
    properties: Mapping[str, Property]
    store: Store
    read_only: bool = False
    creatable: bool = True
    updatable: bool = True
    destroyable: bool = True
    queryable: bool = False
    filters: Mapping[str, Kind] = field(default_factory=dict)
    sorts: frozenset[str] = frozenset()
    set_arguments: Mapping[str, Kind] = field(default_factory=dict)
    follow_up: FollowUp | None = None
    restated: Restated | None = None
