"""What is kept at our own server: made, changed and taken away by /set; every refusal is a sentence for a person."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sync.connectors.central.api import PASSING, Api
from sync.connectors.port import Access, AccountKind
from sync.domain.errors import DeskbellError, Offline, Rejected
from sync.domain.protocol import ALREADY_EXISTS, NOT_FOUND
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.results import SetResult, read_set

T = TypeVar("T")
Values = dict[str, JSON]

_NEW: Final = "new"


class Keeping:
    """Calls in the person's accounts. Each raises Offline, Rejected, Denied."""

    def __init__(
        self,
        api: Api,
        access: Access,
        said: Mapping[str, str],
        failure: Callable[[MethodError], DeskbellError] | None = None,
    ) -> None:
        """`said` is what refusals of these types mean here, `failure` what a refused call does."""
        self.api = api
        self._accounts = {one.kind: one.id for one in access.accounts}
        self._said = said
        self.failure = failure or api.failure

    def has(self, kind: AccountKind) -> bool:
        """Whether the person has such an account."""
        return kind in self._accounts

    def account(self, kind: AccountKind) -> str:
        """Its id. Without one it is as if the server had refused it."""
        if kind not in self._accounts:
            raise self.failure(MethodError("accountNotFound"))
        return self._accounts[kind]

    def call(self, name: str, arguments: Values, read: Callable[[Any], T]) -> T:
        """One method, and what `read` makes of its answer."""
        return self.api.ask(name, arguments, read, self.failure)

    def set(self, kind: AccountKind, type_name: str, given: Values) -> SetResult:
        """Several at once."""
        return self.call(f"{type_name}/set", {"accountId": self.account(kind), **given}, read_set)

    def create(self, kind: AccountKind, type_name: str, values: Values, client_key: str = "") -> str:
        """One new one: its id. With a `client_key` also that of the one which this key has made before."""
        key = client_key or _NEW
        result = self.set(kind, type_name, {"create": {key: values | ({"clientKey": key} if client_key else {})}})
        if key in result.created:
            return str(result.created[key]["id"])
        error = result.not_created.get(key)
        is_known = error is not None and error.kind == ALREADY_EXISTS and error.more.get("existingType") == type_name
        if client_key and error is not None and is_known:
            return str(error.more["existingId"])
        raise self.refusal(error)

    def update(
        self, kind: AccountKind, type_name: str, object_id: str, patch: Values, base: Values | None = None
    ) -> None:
        """One of them, if what `base` names is still as it says."""
        guard: Values = {} if base is None else {"ifUnchangedBy": {object_id: base}}
        result = self.set(kind, type_name, {"update": {object_id: patch}, **guard})
        if object_id not in result.updated:
            raise self.refusal(result.not_updated.get(object_id))

    def destroy(self, kind: AccountKind, type_name: str, object_id: str) -> None:
        """One of them; that it is gone already is as good."""
        error = self.set(kind, type_name, {"destroy": [object_id]}).not_destroyed.get(object_id)
        if error is not None and error.kind != NOT_FOUND:
            raise self.refusal(error)

    def refusal(self, error: SetError | None) -> DeskbellError:
        """In our words or the server's; an answer about something else is none."""
        if error is None:
            return self.api.damaged()
        sentence = self.sentence(error)
        return Offline(sentence) if error.kind in PASSING else Rejected(sentence, error.kind)

    def sentence(self, error: SetError) -> str:
        """What a refusal says to the person."""
        return self._said.get(error.kind) or error.description or f"The server did not do it ({error.kind}). Try again."
