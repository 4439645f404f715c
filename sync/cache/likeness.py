"""What belongs beside a ticket, found in the workstation's own search index: the same judgement without a network.

A word is looked up only until it is known to be common, so that a million messages cost no more than some thousands.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sync.cache.store import Store
from sync.domain.likeness import TEXT_MAX, Rarity, Text, text_of
from sync.domain.piles import Pile, piles, piles_over_categories
from sync.domain.records import MessageKind, Status
from sync.domain.similar import Kind, Known, Similar, chosen, judged, with_answers

_COMMON: Final = 400
"""A word that is in more messages than this is as common as any."""
_ASKED: Final = 12
_EACH: Final = 40
_SCORED: Final = 60
_OWN: Final = 50
MOST_OPEN: Final = 1_000

_KNOWN: Final = """
SELECT t.id, a.id, t.number, t.subject, t.status, t.requester_id, t.created_at,
  (SELECT substr(m.body_text, 1, {0}) FROM message m WHERE m.ticket_id = t.id AND m.kind <> 'event'
   ORDER BY m.seq LIMIT 1)
FROM ticket t JOIN account a ON a.key = t.account WHERE t.merged_into_id IS NULL AND t.number IS NOT NULL AND {1}
"""
_ONE: Final = _KNOWN.format(TEXT_MAX, "t.id = ?")
_OWN_OPEN: Final = _KNOWN.format(
    TEXT_MAX, "t.requester_id = ? AND t.status <> 'closed' ORDER BY t.created_at DESC LIMIT ?"
)
_PILE: Final = _KNOWN.format(
    TEXT_MAX, "a.category_id = ? AND t.status <> 'closed' ORDER BY t.created_at DESC, t.id DESC LIMIT ?"
)
_WIDE: Final = _KNOWN.format(
    TEXT_MAX,
    "t.status <> 'closed' AND t.requester_id IN (SELECT o.requester_id FROM ticket o WHERE o.status <> 'closed' "
    "AND o.merged_into_id IS NULL AND o.number IS NOT NULL GROUP BY o.requester_id "
    "HAVING count(DISTINCT o.account) > 1) ORDER BY t.created_at DESC, t.id DESC LIMIT ?",
)
_COUNT: Final = "SELECT count(*) FROM (SELECT 1 FROM message_text WHERE message_text MATCH ? LIMIT ?)"
_NEWEST: Final = """
SELECT m.ticket_id FROM message_text f CROSS JOIN message m ON m.key = f.rowid
WHERE f.message_text MATCH ? ORDER BY f.rowid DESC LIMIT ?
"""
_ANSWER: Final = "SELECT id FROM message WHERE ticket_id = ? AND kind = ? AND state = 0 ORDER BY seq DESC LIMIT 1"


def similar_here(store: Store, ticket_id: str) -> list[Similar]:
    """At most five, each with its reasons, of what this workstation holds. Raises Interrupted."""
    mine = _known(store.rows(_ONE, (ticket_id,)))
    if not mine:
        return []
    asked = mine[0]
    counted: dict[str, int] = {}
    _count(store, asked.text.words, counted)
    others = {one.id: one for one in _candidates(store, asked.text, Rarity(_COMMON, counted))}
    if asked.requester_id is not None:
        others |= {one.id: one for one in _known(store.rows(_OWN_OPEN, (asked.requester_id, _OWN)))}
    for one in others.values():
        _count(store, one.text.words, counted)
    found = judged(asked, others.values(), Rarity(_COMMON, counted))
    answers = {
        one.ticket_id: str(answer)
        for one in found
        if one.kind is Kind.ANSWERED
        and (answer := store.value(_ANSWER, (one.ticket_id, MessageKind.REPLY.value))) is not None
    }
    return chosen(with_answers(found, answers))


def piles_here(store: Store, category_id: str) -> list[Pile]:
    """The newest open tickets of a category, put together."""
    return piles(_known(store.rows(_PILE, (category_id, MOST_OPEN))))


def piles_over_categories_here(store: Store) -> list[Pile]:
    """The newest open tickets of those who have some in more than one category."""
    return piles_over_categories(_known(store.rows(_WIDE, (MOST_OPEN,))))


def _candidates(store: Store, text: Text, rarity: Rarity) -> list[Known]:
    tally: dict[str, float] = {}
    words = rarity.rarest(text.words - text.numbers.keys(), _ASKED)
    for word in [*words, *text.numbers.values()]:
        weight = rarity.weight(word) ** 2
        for ticket_id in set(store.first_column(_NEWEST, [_match(word), _EACH])):
            tally[ticket_id] = tally.get(ticket_id, 0.0) + weight
    best = sorted(tally, key=lambda one: (-tally[one], one))[:_SCORED]
    return [known for one in best for known in _known(store.rows(_ONE, (one,)))]


def _count(store: Store, words: Iterable[str], counted: dict[str, int]) -> None:
    """In how many messages each word is, or that it is common."""
    for word in words:
        if word not in counted:
            counted[word] = store.value(_COUNT, (_match(word.lstrip("#")), _COMMON))


def _match(word: str) -> str:
    """The FTS5 expression of one word, wherever a ticket says something."""
    return '{about body} : "' + word.replace('"', '""') + '"'


def _known(rows: Iterable[Sequence[object]]) -> list[Known]:
    return [
        Known(
            str(ticket_id),
            str(account_id),
            int(str(number)),
            str(subject),
            Status(str(status)),
            None if requester_id is None else str(requester_id),
            int(str(created_at)),
            text_of(str(subject), "" if body is None else str(body)),
        )
        for ticket_id, account_id, number, subject, status, requester_id, created_at, body in rows
    ]
