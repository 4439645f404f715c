"""One answer to many tickets: who gets it, and which go on in their requester's newest first (PRODUCT D7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.translation import translate
from sync.cache.rows import TicketDetail

_NAMED = 3


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """`answered`: the tickets that get a reply; `into`: where each of the others goes on, by its id. `several`: name
    and number of tickets of each requester who has more than one; `apart`: some of these are of other categories."""

    answered: tuple[TicketDetail, ...]
    into: Mapping[str, TicketDetail]
    several: tuple[tuple[str, int], ...]
    apart: bool

    @property
    def merges(self) -> list[tuple[str, str]]:
        """(from, into) of each."""
        return [(one, target.row.id) for one, target in self.into.items()]

    @property
    def sentence(self) -> str:
        """Whose several of them are; empty where everybody has one."""
        said = [
            translate("AnswerAll", "{count} of these are {name}'s.").format(count=count, name=name)
            for name, count in self.several[:_NAMED]
        ]
        if len(self.several) > _NAMED:
            words = translate("AnswerAll", "More have several too: {count}.")
            said.append(words.format(count=len(self.several) - _NAMED))
        if self.apart:
            said.append(translate("AnswerAll", "Tickets of different categories stay apart."))
        return " ".join(said)


def plan(tickets: Sequence[TicketDetail], *, merge: bool) -> AnswerPlan:
    """`tickets`: open and not merged, the oldest first. Only those of one requester and category can be merged."""
    people: dict[str, list[TicketDetail]] = {}
    for one in tickets:
        people.setdefault(one.row.id if one.requester is None else one.requester.id, []).append(one)
    several = [theirs for theirs in people.values() if len(theirs) > 1]
    into: dict[str, TicketDetail] = {}
    for theirs in several if merge else ():
        newest = {one.row.category_id: one for one in theirs}
        into |= {one.row.id: last for one in theirs if (last := newest[one.row.category_id]) is not one}
    named = sorted(several, key=len, reverse=True)
    return AnswerPlan(
        tuple(one for one in tickets if one.row.id not in into),
        into,
        tuple((theirs[-1].row.requester_name, len(theirs)) for theirs in named),
        any(len({one.row.category_id for one in theirs}) > 1 for theirs in several),
    )
