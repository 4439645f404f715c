"""What belongs beside a ticket, of all that its reader may see; and the requester's open ticket on the same matter."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sync.domain.likeness import TEXT_MAX, compare, text_of
from sync.domain.piles import Pile, piles
from sync.domain.records import Status
from sync.domain.similar import Kind, Known, Similar, chosen, judged, with_answers
from sync.server.accounts import StoredAccount
from sync.server.likeness.index import Index
from sync.server.parts import Parts

SCORED: Final = 100
_OWN: Final = 50
MOST_OPEN: Final = 1_000
"""So many open tickets of a category, the newest, are put into piles at once."""

_COLUMNS: Final = (
    f"t.id, t.category_id, t.number, t.subject, t.status, t.requester_id, t.created_at, "
    f"substr(m.body_text, 1, {TEXT_MAX})"
)
_FROM: Final = (
    f"SELECT {_COLUMNS} FROM ticket t LEFT JOIN message m ON m.id = t.first_message_id "  # noqa: S608  # our own columns
    "WHERE t.merged_into_id IS NULL AND "
)
_ONE: Final = _FROM + "t.id = ?"
_NUMBERED: Final = _FROM + "t.number IN ({numbers}) AND (t.category_id || '') IN ({categories})"
_OF_REQUESTER: Final = (
    # `|| ''`: a test of what was found by the requester; SQLite would begin with all tickets of a category.
    _FROM + "t.requester_id = ? AND t.status <> 'closed' AND (t.category_id || '') IN ({categories}) "
    "ORDER BY t.created_at DESC LIMIT ?"
)
_OPEN_OF_ADDRESS: Final = (
    _FROM + "t.requester_id = (SELECT id FROM requester WHERE email_key = ?) AND t.status <> 'closed' "  # noqa: S608  # ours
    "ORDER BY t.created_at DESC LIMIT ?"
)
_OPEN_PILE: Final = _FROM + "t.category_id = ? AND t.status <> 'closed' ORDER BY t.created_at DESC, t.id DESC LIMIT ?"
_ANSWERS: Final = """
SELECT m.ticket_id, m.id FROM message m JOIN (SELECT ticket_id, MAX(seq) AS seq FROM message
WHERE ticket_id IN ({marks}) AND kind = 'reply' GROUP BY ticket_id) l ON l.ticket_id = m.ticket_id AND l.seq = m.seq
"""


class Likeness:
    """Reads inside the caller's transaction; `index` is fed by an errand."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.index = Index(parts.database)

    def of_ticket(self, ticket_id: str, seen_by: Sequence[StoredAccount]) -> list[Similar]:
        """At most five, each with its reasons, in the category accounts that somebody sees (`seen_by`), which must hold
        the ticket itself; a ticket that is not there, or was merged, has nothing beside it."""
        accounts = {str(one.category_id): one for one in seen_by if one.category_id is not None}
        name = _naming(accounts)
        mine = [name(row) for row in self._parts.database.select(_ONE, (ticket_id,)) if row[1] in accounts]
        if not mine:
            return []
        asked = mine[0]
        home = next(one for one in accounts.values() if one.id == asked.account_id)
        rarity = self.index.rarity(home.number, asked.text.words)
        numbers = self.index.candidates(asked.text, rarity, [one.number for one in accounts.values()], SCORED)
        others = {one.id: one for one in [*self._own(asked, accounts), *self._numbered(numbers, accounts)]}
        wider = self.index.rarity(home.number, {word for one in others.values() for word in one.text.words})
        found = judged(asked, others.values(), wider)
        return chosen(with_answers(found, self._answers(found)))

    def open_like(self, email: str, subject: str, text: str, category_id: str) -> str | None:
        """The requester's open ticket, in whatever category, that says nearly the same; None: none does. For the form:
        whoever typed the words knows them, nothing else is told."""
        rows = self._parts.database.select(_OPEN_OF_ADDRESS, (email.strip().lower(), _OWN))
        account = self._parts.accounts.of_category(category_id)
        if not rows or account is None:
            return None
        typed = text_of(subject, text)
        there = [(str(row[0]), text_of(row[3], row[7] or "")) for row in rows]
        rarity = self.index.rarity(account.number, typed.words.union(*(one.words for _, one in there)))
        compared = [(compare(typed, one, rarity.weight), ticket_id) for ticket_id, one in there]
        near = [(likeness.score, ticket_id) for likeness, ticket_id in compared if likeness.is_near]
        return max(near)[1] if near else None

    def open_pile(self, account: StoredAccount) -> Callable[[], list[Pile]]:
        """Read the newest open tickets of a category; what is given back puts them into piles, and needs no
        transaction any more."""
        rows = self._parts.database.select(_OPEN_PILE, (account.category_id, MOST_OPEN))
        name = _naming({str(account.category_id): account})
        return lambda: piles([name(row) for row in rows])

    def _own(self, asked: Known, accounts: dict[str, StoredAccount]) -> list[Known]:
        if asked.requester_id is None:
            return []
        sql = _OF_REQUESTER.format(categories=_marks(accounts))
        return self._named(sql, (asked.requester_id, *accounts, _OWN), accounts)

    def _numbered(self, numbers: Sequence[int], accounts: dict[str, StoredAccount]) -> list[Known]:
        if not numbers:
            return []
        sql = _NUMBERED.format(numbers=_marks(numbers), categories=_marks(accounts))
        return self._named(sql, (*numbers, *accounts), accounts)

    def _named(self, sql: str, values: Sequence[Any], accounts: dict[str, StoredAccount]) -> list[Known]:
        name = _naming(accounts)
        return [name(row) for row in self._parts.database.select(sql, values)]

    def _answers(self, found: Iterable[Similar]) -> dict[str, str]:
        wanted = [one.ticket_id for one in found if one.kind is Kind.ANSWERED]
        if not wanted:
            return {}
        return dict(self._parts.database.select(_ANSWERS.format(marks=_marks(wanted)), wanted))


def _naming(accounts: dict[str, StoredAccount]) -> Callable[[Sequence[Any]], Known]:
    def name(row: Sequence[Any]) -> Known:
        ticket_id, category_id, number, subject, status, requester_id, created_at, body = row
        return Known(
            str(ticket_id),
            accounts[category_id].id,
            int(number),
            str(subject),
            Status(status),
            requester_id,
            int(created_at),
            text_of(subject, body or ""),
        )

    return name


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
