"""Open tickets that say the same, or that one person opened, as piles to be looked at together (PRODUCT D7). Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sync.domain.likeness import FORM_SCORE, Likeness, Rarity, compare, form_of, on_form
from sync.domain.similar import Known

_ASKED: Final = 6
_COMMON: Final = 40
"""A word that more tickets of the pile have brings none of them together."""


class Why(StrEnum):
    """What makes a pile."""

    WORDS = "sameWords"
    SENDER = "sameRequester"
    EVERYWHERE = "sameRequesterEverywhere"


@dataclass(frozen=True, slots=True)
class Pile:
    """Tickets that belong together, the oldest first: it is the one to merge the others into."""

    why: Why
    ticket_ids: tuple[str, ...]

    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {"why": self.why.value, "ticketIds": list(self.ticket_ids)}


def piles(tickets: Sequence[Known]) -> list[Pile]:
    """The largest first; those of the same words before those of one sender. A ticket may stand in one of each.

    Tickets of different accounts never come together: they could not be merged.
    """
    ordered = sorted(tickets, key=lambda one: (one.created_at, one.id))
    senders: dict[tuple[str, str], list[int]] = {}
    for at, ticket in enumerate(ordered):
        if ticket.requester_id is not None:
            senders.setdefault((ticket.account_id, ticket.requester_id), []).append(at)
    alike = _same(ordered)
    known = {tuple(some) for some in alike}
    sent = [some for some in senders.values() if len(some) > 1 and tuple(some) not in known]
    return [*_named(ordered, alike, Why.WORDS), *_named(ordered, sent, Why.SENDER)]


def piles_over_categories(tickets: Sequence[Known]) -> list[Pile]:
    """The open tickets that one requester has in more than one account, the largest pile first."""
    ordered = sorted(tickets, key=lambda one: (one.created_at, one.id))
    senders: dict[str, list[int]] = {}
    for at, ticket in enumerate(ordered):
        if ticket.requester_id is not None:
            senders.setdefault(ticket.requester_id, []).append(at)
    wide = [some for some in senders.values() if len({ordered[at].account_id for at in some}) > 1]
    return _named(ordered, wide, Why.EVERYWHERE)


def _same(tickets: Sequence[Known]) -> list[list[int]]:
    """Groups of tickets that all say the same as the oldest of them: no chain leads away from it."""
    rarity = Rarity(len(tickets), Counter(word for one in tickets for word in one.text.words))
    weights = {word: rarity.weight(word) for one in tickets for word in one.text.words}
    near: dict[int, list[tuple[int, Likeness]]] = {}
    for one, other in _pairs(tickets, rarity):
        likeness = compare(tickets[one].text, tickets[other].text, weights.__getitem__)
        if likeness.score >= FORM_SCORE:
            near.setdefault(one, []).append((other, likeness))
            near.setdefault(other, []).append((one, likeness))
    taken: set[int] = set()
    groups = []
    for head in range(len(tickets)):
        around = near.get(head, [])
        if head in taken or not around:
            continue
        text, form = tickets[head].text, form_of([tickets[at].text for at, _ in around])
        same = [
            at for at, one in around if on_form(one, text, tickets[at].text, form, rarity).is_same and at not in taken
        ]
        if same:
            groups.append(sorted((head, *same)))
            taken.update(groups[-1])
    return groups


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
