"""The FAQ at our own server: /set calls in the team's account, counts from the owners'."""

from collections.abc import Sequence
from typing import Any, Final

from sync.connectors.central.api import PASSING, Api
from sync.connectors.port import Access, AccountKind
from sync.domain.errors import DeskbellError, Offline, Rejected
from sync.domain.faq import FaqWeek, FaqWords
from sync.domain.protocol import ALREADY_EXISTS, FAQ_ENTRY, FAQ_TREND, NOT_FOUND, STATE_MISMATCH
from sync.domain.times import from_utc_date
from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.results import SetResult, read_set

_CHANGED: Final = "Somebody else changed this entry meanwhile. Look at theirs; your words are kept here."
_GONE: Final = "This entry was deleted meanwhile. Your words are kept here: save them as a new one."

Values = dict[str, JSON]


class CentralFaqKeeping:
    """`sync.connectors.faq_keeping.FaqKeeping`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._accounts = {one.kind: one.id for one in access.accounts}

    def add_entry(self, client_key: str, words: FaqWords) -> str:
        values = {**_values(words), "clientKey": client_key}
        result = self._set({"create": {client_key: values}})
        if client_key in result.created:
            return str(result.created[client_key]["id"])
        error = result.not_created.get(client_key)
        if error is not None and error.kind == ALREADY_EXISTS and error.more.get("existingType") == FAQ_ENTRY:
            return str(error.more["existingId"])
        raise self._refusal(error)

    def change_entry(self, entry_id: str, base: FaqWords, words: FaqWords) -> None:
        was = _values(base)
        patch = {name: value for name, value in _values(words).items() if value != was[name]}
        guarded: Values = {name: was[name] for name in ("question", "answer", "status")}
        if not patch:
            return
        result = self._set({"update": {entry_id: patch}, "ifUnchangedBy": {entry_id: guarded}})
        if entry_id not in result.updated:
            raise self._refusal(result.not_updated.get(entry_id))

    def delete_entry(self, entry_id: str) -> None:
        result = self._set({"destroy": [entry_id]})
        error = result.not_destroyed.get(entry_id)
        if error is not None and error.kind != NOT_FOUND:
            raise self._refusal(error)

    def faq_weeks(self) -> Sequence[FaqWeek]:
        account = self._accounts.get(AccountKind.OVERSIGHT)
        if account is None:
            return ()
        weeks: Any = self._call(FAQ_TREND, {"accountId": account}).get("weeks")
        try:
            return tuple(
                FaqWeek(from_utc_date(one["from"]), int(one["shown"]), int(one["opened"]), int(one["answered"]))
                for one in weeks
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._api.damaged() from error

    def _set(self, given: Values) -> SetResult:
        try:
            return read_set(self._call(f"{FAQ_ENTRY}/set", {"accountId": self._accounts[AccountKind.TEAM], **given}))
        except MalformedError as error:
            raise self._api.damaged() from error

    def _call(self, name: str, arguments: Values) -> Any:
        request = self._api.request()
        handle = request.call(name, arguments)
        try:
            return self._api.run(request).arguments(handle)
        except MethodError as error:
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise self._api.damaged() from error

    def _refusal(self, error: SetError | None) -> DeskbellError:
        if error is None:
            return self._api.damaged()
        said = {STATE_MISMATCH: _CHANGED, NOT_FOUND: _GONE}.get(error.kind)
        sentence = said or error.description or f"The server did not do it ({error.kind}). Try again."
        return Offline(sentence) if error.kind in PASSING else Rejected(sentence, error.kind)


def _values(words: FaqWords) -> Values:
    return {
        "question": words.question,
        "answer": words.answer,
        "categoryIds": dict.fromkeys(sorted(words.category_ids), True),
        "language": words.language,
        "status": words.status.value,
    }
