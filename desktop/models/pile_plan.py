"""Open tickets that belong together, and what becomes of them at once: one thread for each sender, all linked."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.translation import translate
from sync.cache.rows import TicketDetail, TicketRow
from sync.domain.piles import Why


@dataclass(frozen=True, slots=True)
class ShownPile:
    """A pile, the oldest ticket first. `requesters`: whose each ticket is, in the same order."""

    why: Why
    rows: tuple[TicketRow, ...]
    requesters: tuple[str, ...]

    @property
    def id(self) -> str:
        """Stable while the same ticket begins it."""
        return f"{self.why.value}:{self.rows[0].id}"

    @property
    def title(self) -> str:
        """How many, and of how many people."""
        people = len(set(self.requesters))
        if people == 1:
            words = translate("Piles", "{count} tickets of {name}")
        else:
            words = translate("Piles", "{count} tickets of {people} people")
        return words.format(count=len(self.rows), name=self.rows[0].requester_name, people=people)

    @property
    def reason(self) -> str:
        """Why they stand together."""
        if self.why is Why.WORDS:
            return translate("Piles", "Nearly the same words")
        if self.why is Why.EVERYWHERE:
            return translate("Piles", "One sender, several categories")
        return translate("Piles", "One sender")

    @property
    def categories(self) -> str:
        """Their names, each once."""
        return ", ".join(dict.fromkeys(row.category_name for row in self.rows))


@dataclass(frozen=True, slots=True)
class PilePlan:
    """What "merge all" does: (from, into) of each merge, then the links between what is left.

    `wide`: the pile is of one sender, over categories.
    """

    merges: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    wide: bool = False

    @property
    def sentence(self) -> str:
        """Before it is done."""
        if not self.links:
            return translate("Piles", "All go on in the oldest one: one thread, one answer.")
        if self.wide and not self.merges:
            return translate(
                "Piles", "They are in several categories, so they are linked, not merged: each leads to the others."
            )
        if self.wide:
            return translate("Piles", "Each category keeps one thread, the oldest; those are linked with each other.")
        if not self.merges:
            return translate(
                "Piles", "These are of several senders, so they are linked, not merged: each gets an answer."
            )
        return translate(
            "Piles", "Each sender keeps one thread, the oldest; those are linked. Each sender gets one answer."
        )


def shown_pile(why: Why, details: Sequence[TicketDetail]) -> ShownPile | None:
    """Of the tickets that are still open and not merged; None where that is no pile any more."""
    open_ = [one for one in details if one.merged_into_id is None and one.row.status.value != "closed"]
    if len(open_) < 2:
        return None
    requesters = tuple(one.requester.id if one.requester is not None else one.row.id for one in open_)
    return ShownPile(why, tuple(one.row for one in open_), requesters)


def plan(pile: ShownPile) -> PilePlan:
    """Each sender's tickets of a category go on in their oldest one; those are linked with the oldest of all."""
    heads: dict[tuple[str, str], str] = {}
    merges = []
    for row, requester in zip(pile.rows, pile.requesters, strict=True):
        head = heads.setdefault((requester, row.category_id), row.id)
        if head != row.id:
            merges.append((row.id, head))
    first, *others = heads.values()
    return PilePlan(tuple(merges), tuple((first, other) for other in others), pile.why is Why.EVERYWHERE)
