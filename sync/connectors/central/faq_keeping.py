"""The FAQ at our own server: /set calls in the team's account, counts from the owners'."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sync.connectors.central.api import Api
from sync.connectors.central.keeping import Keeping, Values
from sync.connectors.port import Access, AccountKind
from sync.domain.faq import FaqWeek, FaqWords
from sync.domain.protocol import FAQ_ENTRY, FAQ_TREND, NOT_FOUND, STATE_MISMATCH
from sync.domain.times import from_utc_date

_CHANGED: Final = "Somebody else changed this entry meanwhile. Look at theirs; your words are kept here."
_GONE: Final = "This entry was deleted meanwhile. Your words are kept here: save them as a new one."


class CentralFaqKeeping:
    """`sync.connectors.faq_keeping.FaqKeeping`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._kept = Keeping(api, access, {STATE_MISMATCH: _CHANGED, NOT_FOUND: _GONE})

    def add_entry(self, client_key: str, words: FaqWords) -> str:
        return self._kept.create(AccountKind.TEAM, FAQ_ENTRY, _values(words), client_key)

    def change_entry(self, entry_id: str, base: FaqWords, words: FaqWords) -> None:
        was = _values(base)
        patch = {name: value for name, value in _values(words).items() if value != was[name]}
        guarded: Values = {name: was[name] for name in ("question", "answer", "status")}
        if patch:
            self._kept.update(AccountKind.TEAM, FAQ_ENTRY, entry_id, patch, guarded)

    def delete_entry(self, entry_id: str) -> None:
        self._kept.destroy(AccountKind.TEAM, FAQ_ENTRY, entry_id)

    def faq_weeks(self) -> Sequence[FaqWeek]:
        if not self._kept.has(AccountKind.OVERSIGHT):
            return ()
        return self._kept.call(FAQ_TREND, {"accountId": self._kept.account(AccountKind.OVERSIGHT)}, _weeks)


def _values(words: FaqWords) -> Values:
    return {
        "question": words.question,
        "answer": words.answer,
        "categoryIds": dict.fromkeys(sorted(words.category_ids), True),
        "language": words.language,
        "status": words.status.value,
    }


def _weeks(answer: Mapping[str, Any]) -> tuple[FaqWeek, ...]:
    return tuple(
        FaqWeek(from_utc_date(one["from"]), int(one["shown"]), int(one["opened"]), int(one["answered"]))
        for one in answer["weeks"]
    )
