"""People and categories at our own server, as /set calls in the oversight account."""

from collections.abc import Mapping, Sequence
from typing import Final

from sync.connectors.central.api import Api
from sync.connectors.central.keeping import Keeping, Values
from sync.connectors.port import Access, AccountKind
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.people import AgentAccess, PersonEdit
from sync.domain.protocol import AGENT_ACCESS, CATEGORY, NOT_FOUND, STATE_MISMATCH
from sync.jmap.errors import JSON, MethodError
from sync.jmap.results import read_get

_CHANGED: Final = "Somebody else changed this meanwhile. Look at it again, then save."
_GONE: Final = "This is not there any more. What is shown is loaded again."
_NO_OWNER: Final = "Only owners keep people and categories, and you are no owner any more."


class CentralAdministration:
    """`sync.connectors.administration.Administration`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._kept = Keeping(api, access, {STATE_MISMATCH: _CHANGED, NOT_FOUND: _GONE}, self._failure)

    def change_people(self, edits: Sequence[PersonEdit], base: Mapping[str, AgentAccess]) -> Mapping[str, str]:
        """All in one call; each agent's part is done or not as a whole."""
        given: dict[str, JSON] = {
            "update": {edit.agent_id: _patch(edit) for edit in edits},
            "ifUnchangedBy": {edit.agent_id: _base(edit, base[edit.agent_id]) for edit in edits},
        }
        result = self._kept.set(AccountKind.OVERSIGHT, AGENT_ACCESS, given)
        return {agent_id: self._kept.sentence(error) for agent_id, error in result.not_updated.items()}

    def add_person(self, name: str, password: str, is_owner: bool) -> str:
        return self._create(AGENT_ACCESS, {"name": name, "password": password, "isOwner": is_owner})

    def place_grant(self, agent_id: str, category_id: str, second_line: bool) -> None:
        self._update(AGENT_ACCESS, agent_id, {f"secondLineIds/{category_id}": True if second_line else None})

    def rename_person(self, agent_id: str, name: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {"name": name})

    def give_password(self, agent_id: str, password: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {"password": password})

    def sign_out_device(self, agent_id: str, token_id: str) -> None:
        self._update(AGENT_ACCESS, agent_id, {f"devices/{token_id}": None})

    def remove_person(self, agent_id: str, heir_id: str | None) -> None:
        patch: Values = {"active": False}
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
        account = self._kept.account(AccountKind.OVERSIGHT)
        given: Values = {"accountId": account, "ids": [category_id], "properties": ["description"]}
        found = self._kept.call(f"{CATEGORY}/get", given, read_get)
        if not found.objects:
            raise Rejected(_GONE, NOT_FOUND)
        return str(found.objects[0].get("description") or "")

    def describe_category(self, category_id: str, description: str) -> None:
        self._update(CATEGORY, category_id, {"description": description})

    def _create(self, type_name: str, values: Values) -> str:
        return self._kept.create(AccountKind.OVERSIGHT, type_name, values)

    def _update(self, type_name: str, object_id: str, patch: Values) -> None:
        self._kept.update(AccountKind.OVERSIGHT, type_name, object_id, patch)

    def _failure(self, error: MethodError) -> DeskbellError:
        if error.kind == "accountNotFound":
            return Rejected(_NO_OWNER, "forbidden")
        return self._api.failure(error)


def _patch(edit: PersonEdit) -> Values:
    patch: Values = {f"categoryIds/{category}": True if granted else None for category, granted in edit.grants.items()}
    return patch if edit.is_owner is None else {**patch, "isOwner": edit.is_owner}


def _base(edit: PersonEdit, was: AgentAccess) -> Values:
    """What the edit is about, as it was: only that must still hold."""
    patch: Values = {f"categoryIds/{one}": True if one in was.category_ids else None for one in edit.grants}
    return patch if edit.is_owner is None else {**patch, "isOwner": was.is_owner}
