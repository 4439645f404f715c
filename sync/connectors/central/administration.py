"""People and categories at our own server, as /set calls in the oversight account."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from sync.connectors.central.api import PASSING, Api
from sync.connectors.port import Access, AccountKind
from sync.domain.errors import Offline, Rejected
from sync.domain.people import AgentAccess, PersonEdit
from sync.domain.protocol import AGENT_ACCESS, CATEGORY, STATE_MISMATCH
from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.results import SetResult, read_get, read_set

T = TypeVar("T")

_NEW: Final = "new"
_CHANGED: Final = "Somebody else changed this meanwhile. Look at it again, then save."
_GONE: Final = "This is not there any more. What is shown is loaded again."
_NO_OWNER: Final = "Only owners keep people and categories, and you are no owner any more."

Patch = dict[str, JSON]


class CentralAdministration:
    """`sync.connectors.administration.Administration`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._account = next((one.id for one in access.accounts if one.kind is AccountKind.OVERSIGHT), None)

    def change_people(self, edits: Sequence[PersonEdit], base: Mapping[str, AgentAccess]) -> Mapping[str, str]:
        """All in one call; each agent's part is done or not as a whole."""
        given: dict[str, JSON] = {
            "update": {edit.agent_id: _patch(edit) for edit in edits},
            "ifUnchangedBy": {edit.agent_id: _base(edit, base[edit.agent_id]) for edit in edits},
        }
        result = self._set(AGENT_ACCESS, given)
        return {agent_id: _sentence(error) for agent_id, error in result.not_updated.items()}

    def add_person(self, name: str, password: str, is_owner: bool) -> str:
        return self._create(AGENT_ACCESS, {"name": name, "password": password, "isOwner": is_owner})

    def rename_person(self, agent_id: str, name: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {"name": name})

    def give_password(self, agent_id: str, password: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {"password": password})

    def sign_out_device(self, agent_id: str, token_id: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {f"devices/{token_id}": None})

    def remove_person(self, agent_id: str, heir_id: str | None) -> None:
        patch: Patch = {"active": False}
        if heir_id is not None:
            patch["reassignTo"] = heir_id
        self._update(AGENT_ACCESS, agent_id, patch)

    def bring_back(self, agent_id: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {"active": True})

    def add_category(self, name: str) -> str:
        return self._create(CATEGORY, {"name": name})

    def rename_category(self, category_id: str, name: str) -> None:
        self._update(CATEGORY, category_id, {"name": name})

    def category_description(self, category_id: str) -> str:
        given: Patch = {"ids": [category_id], "properties": ["description"]}
        found = self._call(f"{CATEGORY}/get", given, read_get)
        if not found.objects:
            raise Rejected(_GONE, "notFound")
        return str(found.objects[0].get("description") or "")

    def describe_category(self, category_id: str, description: str) -> None:
        self._update(CATEGORY, category_id, {"description": description})

    def _create(self, type_name: str, values: Patch) -> str:
        result = self._set(type_name, {"create": {_NEW: values}})
        if _NEW in result.created:
            return str(result.created[_NEW]["id"])
        raise self._refusal(result.not_created.get(_NEW))

    def _update(self, type_name: str, object_id: str, patch: Patch) -> None:
        result = self._set(type_name, {"update": {object_id: patch}})
        if object_id not in result.updated:
            raise self._refusal(result.not_updated.get(object_id))

    def _refusal(self, error: SetError | None) -> Offline | Rejected:
        """A refusal in the server's words; an answer about something else is none."""
        if error is None:
            return self._api.damaged()
        if error.kind in PASSING:
            return Offline(_sentence(error))
        return Rejected(_sentence(error), error.kind)

    def _set(self, type_name: str, given: Patch) -> SetResult:
        return self._call(f"{type_name}/set", given, read_set)

    def _call(self, method: str, given: Patch, read: Callable[[Mapping[str, JSON]], T]) -> T:
        if self._account is None:
            raise Rejected(_NO_OWNER, "forbidden")
        request = self._api.request()
        handle = request.call(method, {"accountId": self._account, **given})
        try:
            return read(self._api.run(request).arguments(handle))
        except MethodError as error:
            if error.kind == "accountNotFound":
                raise Rejected(_NO_OWNER, "forbidden") from error
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise self._api.damaged() from error


def _patch(edit: PersonEdit) -> Patch:
    patch: Patch = {f"categoryIds/{category}": True if granted else None for category, granted in edit.grants.items()}
    return patch if edit.is_owner is None else {**patch, "isOwner": edit.is_owner}


def _base(edit: PersonEdit, was: AgentAccess) -> Patch:
    """What the edit is about, as it was: only that must still hold."""
    patch: Patch = {f"categoryIds/{one}": True if one in was.category_ids else None for one in edit.grants}
    return patch if edit.is_owner is None else {**patch, "isOwner": was.is_owner}


def _sentence(error: SetError) -> str:
    if error.kind == STATE_MISMATCH:
        return _CHANGED
    if error.kind == "notFound":
        return _GONE
    return error.description or f"The server did not do it ({error.kind}). Try again."
