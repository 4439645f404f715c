"""Open tickets that say the same, or that one person opened, as piles to be looked at together (PRODUCT D7). Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sync.domain.likeness import Rarity, compare
from sync.domain.similar import Known

_ASKED: Final = 8
_COMMON: Final = 60
"""A word that more tickets of the pile have brings none of them together."""


class Why(StrEnum):
    """What makes a pile."""

    WORDS = "sameWords"
    SENDER = "sameRequester"


@dataclass(frozen=True, slots=True)
class Pile:
    """Tickets that belong together, the oldest first: it is the one to merge the others into."""

    why: Why
    ticket_ids: tuple[str, ...]

    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {"why": self.why.value, "ticketIds": list(self.ticket_ids)}


class _Groups:
    """Union and find."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def top(self, one: int) -> int:
        while self._up[one] != one:
            self._up[one] = self._up[self._up[one]]
            one = self._up[one]
        return one

    def join(self, one: int, other: int) -> None:
        self._up[self.top(one)] = self.top(other)

    def all(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for one in range(len(self._up)):
            found.setdefault(self.top(one), []).append(one)
        return [some for some in found.values() if len(some) > 1]


def piles(tickets: Sequence[Known]) -> list[Pile]:
    """The largest first; those of the same words before those of one sender. A ticket may stand in one of each.

    Tickets of different accounts never come together: they could not be merged.
    """
    ordered = sorted(tickets, key=lambda one: (one.created_at, one.id))
    near = _Groups(len(ordered))
    rarity = Rarity(len(ordered), Counter(word for one in ordered for word in one.text.words))
    for one, other in _pairs(ordered, rarity):
        if near.top(one) != near.top(other) and compare(ordered[one].text, ordered[other].text, rarity.weight).is_near:
            near.join(one, other)
    senders: dict[tuple[str, str], list[int]] = {}
    for at, ticket in enumerate(ordered):
        if ticket.requester_id is not None:
            senders.setdefault((ticket.account_id, ticket.requester_id), []).append(at)
    alike = [sorted(some) for some in near.all()]
    known = {tuple(some) for some in alike}
    sent = [some for some in senders.values() if len(some) > 1 and tuple(some) not in known]
    return [*_named(ordered, alike, Why.WORDS), *_named(ordered, sent, Why.SENDER)]


def _pairs(tickets: Sequence[Known], rarity: Rarity) -> Iterable[tuple[int, int]]:
    """Pairs with a rare word in common, each once; the whole text is such a word, so that repeats are always found."""
    holders: dict[tuple[str, object], list[int]] = {}
    for at, ticket in enumerate(tickets):
        paired: set[int] = set()
        keys: list[object] = [*rarity.rarest(ticket.text.words, _ASKED), ticket.text.words]
        for key in keys:
            there = holders.setdefault((ticket.account_id, key), [])
            paired.update(there[-_COMMON:])
            there.append(at)
        yield from ((at, other) for other in sorted(paired))


def _named(tickets: Sequence[Known], groups: Iterable[Sequence[int]], why: Why) -> list[Pile]:
    ordered = sorted(groups, key=lambda some: (-len(some), some[0]))
    return [Pile(why, tuple(tickets[at].id for at in some)) for some in ordered]
