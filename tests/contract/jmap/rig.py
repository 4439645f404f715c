"""What the contract needs of a host under test: a signed-in session, its accounts, and one case per data type."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import pytest
import requests

JSON = Any
CORE = "urn:ietf:params:jmap:core"


@dataclass
class Rig:
    """One host, running.

    `session`: signed in as a user who may open `accounts` (role to id; the role `invisible` is an account that
    exists but is closed to this user; `readOnly` and `other` may be missing). `stranger`: the same without sign-in.
    `plant(type, n)`: puts an object of that type there by any means and gives its id. `notice(type)`: makes a host
    that does not publish its changes by itself look at that type. `keys_taken`: a counter for unused keys.
    """

    base: str
    session: requests.Session
    stranger: requests.Session
    accounts: Mapping[str, str]
    plant: Callable[[str, int], str]
    using: Sequence[str]
    conditional: str | None = None
    notice: Callable[[str], None] | None = None
    keys_taken: int = 0

    def document(self) -> dict[str, JSON]:
        """The Session object."""
        answer = self.session.get(f"{self.base}/.well-known/jmap")
        assert answer.status_code == 200
        found: dict[str, JSON] = answer.json()
        return found

    def limit(self, name: str) -> int:
        """One of the core limits."""
        return int(self.document()["capabilities"][CORE][name])

    def post(self, request: JSON) -> requests.Response:
        """A POST of that JSON to the API."""
        return self.session.post(f"{self.base}/jmap/api", json=request)

    def calls(self, *calls: Sequence[JSON], using: Sequence[str] | None = None, **more: JSON) -> dict[str, JSON]:
        """The Response object for those method calls."""
        answer = self.post({"using": list(self.using if using is None else using), "methodCalls": calls, **more})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        found: dict[str, JSON] = answer.json()
        return found

    def call(self, name: str, arguments: Mapping[str, JSON], using: Sequence[str] | None = None) -> dict[str, JSON]:
        """The arguments of the answer to one call that must succeed."""
        [[answered, found, _]] = self.calls([name, arguments, "c"], using=using)["methodResponses"]
        assert answered == name, found
        result: dict[str, JSON] = found
        return result

    def error(self, name: str, arguments: Mapping[str, JSON], using: Sequence[str] | None = None) -> str:
        """The type of the error with which one call must fail."""
        [[answered, found, _]] = self.calls([name, arguments, "c"], using=using)["methodResponses"]
        assert answered == "error", found
        return str(found["type"])


T = TypeVar("T")


def given(value: T | None) -> T:
    """What a case declares, in a test that needs it."""
    assert value is not None
    return value


Values = Callable[[Rig, int], dict[str, JSON]]


@dataclass(frozen=True)
class TypeCase:
    """One data type and how to exercise it. None: the type cannot do or has not got that.

    `values(rig, n)`: a valid create; `patch(rig, n)`: a PatchObject of one plain property that changes it, another
    value for each n. `server_set`, `immutable`, `wrong`: a property with a value that is refused for that reason.
    `filter`: a filter condition. `sort`: a property. `set_elsewhere`: its /set is for other accounts than this one.
    """

    name: str
    account: str = "main"
    values: Values | None = None
    patch: Values | None = None
    destroyable: bool = True
    read_only: bool = False
    set_elsewhere: bool = False
    queryable: bool = False
    required: str | None = None
    server_set: tuple[str, JSON] | None = None
    immutable: tuple[str, JSON] | None = None
    wrong: tuple[str, JSON] | None = None
    sort: str | None = None

    def abilities(self) -> set[str]:
        """What the type can do, for the marker `case_with`."""
        named = ("values", "patch", "required", "server_set", "immutable", "wrong", "sort")
        no_set = self.read_only and not self.set_elsewhere
        flags = {"destroyable": self.destroyable, "queryable": self.queryable, "no_set": no_set}
        found = {name for name in named if getattr(self, name) is not None}
        found |= {name for name, holds in flags.items() if holds}
        found.add("kept" if not self.destroyable else "destroyable")
        return found if self.read_only else {*found, "writable"}

    def new(self, rig: Rig, n: int = 1) -> dict[str, JSON]:
        """Values for a create; for tests that need the ability `values`."""
        assert self.values is not None
        return self.values(rig, n)

    def change(self, rig: Rig, n: int = 7) -> dict[str, JSON]:
        """A patch; for tests that need the ability `patch`."""
        assert self.patch is not None
        return self.patch(rig, n)

    def account_id(self, rig: Rig) -> str:
        """The account in which this type is exercised."""
        return rig.accounts[self.account]

    def create(self, rig: Rig, n: int) -> str:
        """A new object, by the API if the type allows it; its id."""
        if self.values is None:
            return rig.plant(self.name, n)
        found = rig.call(f"{self.name}/set", {"accountId": self.account_id(rig), "create": {"k": self.values(rig, n)}})
        assert found["notCreated"] is None, found
        return str(found["created"]["k"]["id"])

    def get(self, rig: Rig, object_id: str) -> dict[str, JSON] | None:
        """The object as it is now."""
        found = rig.call(f"{self.name}/get", {"accountId": self.account_id(rig), "ids": [object_id]})
        return found["list"][0] if found["list"] else None

    def state(self, rig: Rig) -> str:
        """The type's present state."""
        found = rig.call(f"{self.name}/get", {"accountId": self.account_id(rig), "ids": []})
        return str(found["state"])


class HostFactory(Protocol):
    """Opens hosts of one kind for the contract. Another package adds its own to `hosts.FACTORIES`."""

    @property
    def name(self) -> str:
        """Stands in the tests' ids."""

    @property
    def cases(self) -> Sequence[TypeCase]:
        """The data types to exercise."""

    def open(self, request: pytest.FixtureRequest) -> AbstractContextManager[Rig]:
        """A fresh host. `request` gives access to other fixtures (tmp_path, a database)."""
