"""The index of words: fed shortly after a ticket came or moved, in slices; asked for candidates (PRODUCT D7).

Each category account has its own counts and postings, so that nothing of a category that somebody does not see can
make a difference to what they are shown. Why not the text index of a database, or MinHash (PyPI `datasketch`): ranked
full text over a million messages reads every row with a common word, and MinHash finds no answers that are alike by a
third of their words. Neither is measured beside this yet.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Final

from sync.domain.likeness import TEXT_MAX, Rarity, Text, text_of
from sync.server.database import Database
from sync.server.likeness.tables import LikenessTicket

POSTED: Final = 24
"""So many of a ticket's rarest words are posted, and so many numbers at most."""
ASKED: Final = 14
_EACH: Final = 60
"""So many of the newest tickets of a word and an account are looked at."""
_SLICE: Final = 20
_ALL: Final = 0
"""The `word` under which the number of all tickets of an account stands."""

_DUE: Final = "SELECT ticket_id FROM likeness_due ORDER BY ticket_id DESC LIMIT ?"
_TEXT: Final = """
SELECT t.number, t.subject, substr(m.body_text, 1, {0}), a.number FROM ticket t
JOIN account a ON a.category_id = t.category_id LEFT JOIN message m ON m.id = t.first_message_id WHERE t.id = ?
"""
_COUNT: Final = """
INSERT INTO likeness_word (account, word, tickets) VALUES (?, ?, ?)
ON CONFLICT (account, word) DO UPDATE SET tickets = likeness_word.tickets + excluded.tickets
"""
_UNCOUNT: Final = "UPDATE likeness_word SET tickets = tickets - 1 WHERE account = ? AND word = ?"
_DROP: Final = "DELETE FROM likeness_word WHERE account = ? AND word = ? AND tickets <= 0"
_POST: Final = "INSERT INTO likeness_posting (account, word, number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_UNPOST: Final = "DELETE FROM likeness_posting WHERE account = ? AND word = ? AND number = ?"
_WORDS: Final = "SELECT word, tickets FROM likeness_word WHERE account = ? AND word IN ({marks})"
_NEWEST_ON_SQLITE: Final = """
SELECT word, number FROM likeness_posting WHERE account = ? AND word = ? ORDER BY number DESC LIMIT ?
"""
_NEWEST_ON_POSTGRES: Final = """
SELECT w.word, p.number FROM json_array_elements_text(?::json) AS word(text)
CROSS JOIN LATERAL (SELECT text::bigint AS word) w CROSS JOIN json_array_elements_text(?::json) AS account(text)
CROSS JOIN LATERAL (SELECT q.number FROM likeness_posting q WHERE q.account = account.text::bigint
AND q.word = w.word ORDER BY q.number DESC LIMIT ?) p
"""


def hashed(word: str) -> int:
    """64 bits of a word, as a signed number; never that of `_ALL`."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big", signed=True) or 1


class Index:
    """Inside the caller's transactions, but for `work`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def work(self, most: int = _SLICE) -> int:
        """Index some tickets that are due, the newest first, in one short transaction; how many there were."""

        def some() -> int:
            due = [str(one) for (one,) in self._database.select(_DUE, (most,))]
            by_account: dict[int, list[tuple[str, int, Text]]] = {}
            for ticket_id in sorted(due):
                self.forget(ticket_id)
                found = self._read(ticket_id)
                if found is not None:
                    by_account.setdefault(found[2], []).append((ticket_id, *found[:2]))
            for account in sorted(by_account):
                self._add(account, by_account[account])
            return len(due)

        if not self._database.read(lambda: self._database.select(_DUE, (1,))):
            return 0
        return self._database.write(some)

    def forget(self, ticket_id: str) -> None:
        """Take a ticket out of the index, while its text is still there."""
        database = self._database
        database.execute("DELETE FROM likeness_due WHERE ticket_id = ?", (ticket_id,))
        known = database.select("SELECT account FROM likeness_ticket WHERE ticket_id = ?", (ticket_id,))
        found = self._read(ticket_id) if known else None
        if found is None:
            return
        account, (number, text, _) = int(known[0][0]), found
        words = sorted(hashed(one) for one in text.words)
        for sql in (_UNCOUNT, _DROP):
            database.execute_many(sql, [(account, one) for one in (_ALL, *words)])
        database.execute_many(_UNPOST, [(account, one, number) for one in words])
        database.execute("DELETE FROM likeness_ticket WHERE ticket_id = ?", (ticket_id,))

    def rarity(self, account: int, words: Iterable[str]) -> Rarity:
        """How rare words are in an account."""
        by_hash = {hashed(word): word for word in words}
        marks = ", ".join("?" * (len(by_hash) + 1))
        rows = self._database.select(_WORDS.format(marks=marks), (account, _ALL, *by_hash))
        counts = {int(word): int(tickets) for word, tickets in rows}
        total = counts.pop(_ALL, 0)
        return Rarity(total, {by_hash[word]: tickets for word, tickets in counts.items()})

    def candidates(self, text: Text, rarity: Rarity, accounts: Sequence[int], most: int) -> list[int]:
        """Numbers of tickets with the same rare words, those with the most telling ones first."""
        asked = {hashed(word): rarity.weight(word) ** 2 for word in _chosen(text, rarity, ASKED)}
        if not asked or not accounts:
            return []
        each = max(4, _EACH // len(accounts))
        tally: dict[int, float] = {}
        for word, number in self._newest(asked, accounts, each):
            tally[number] = tally.get(number, 0.0) + asked[word]
        return sorted(tally, key=lambda number: (-tally[number], -number))[:most]

    def _newest(self, words: Collection[int], accounts: Sequence[int], each: int) -> Iterator[tuple[int, int]]:
        """Word and number of the newest postings of each word in each account."""
        select = self._database.select
        if self._database.is_postgres:
            yield from ((row[0], row[1]) for row in select(_NEWEST_ON_POSTGRES, (_json(words), _json(accounts), each)))
            return
        for account in accounts:
            for word in words:
                yield from ((row[0], row[1]) for row in select(_NEWEST_ON_SQLITE, (account, word, each)))

    def _add(self, account: int, tickets: Sequence[tuple[str, int, Text]]) -> None:
        """Tickets of one account: counted together, so that a word of many of them is one row to write."""
        database = self._database
        rarity = self.rarity(account, {word for _, _, text in tickets for word in text.words})
        counts = Counter(hashed(word) for _, _, text in tickets for word in text.words)
        rows = [(account, word, count) for word, count in sorted({**counts, _ALL: len(tickets)}.items())]
        database.execute_many(_COUNT, rows)
        posted = [
            (account, hashed(word), number) for _, number, text in tickets for word in _chosen(text, rarity, POSTED)
        ]
        database.execute_many(_POST, sorted(posted))
        named = [{"ticket_id": ticket_id, "account": account} for ticket_id, _, _ in tickets]
        database.insert(LikenessTicket, named, " ON CONFLICT DO NOTHING")

    def _read(self, ticket_id: str) -> tuple[int, Text, int] | None:
        """Number, text and account of a ticket as it is now."""
        rows = self._database.select(_TEXT.format(TEXT_MAX), (ticket_id,))
        if not rows:
            return None
        number, subject, body, account = rows[0]
        return int(number), text_of(subject, body or ""), int(account)


def _chosen(text: Text, rarity: Rarity, most: int) -> list[str]:
    """The words to go by: the rarest, and the numbers, of which there may be many in a list of orders."""
    words = rarity.rarest(text.words - text.numbers.keys(), most)
    return [*words, *rarity.rarest(text.numbers, most // 2)]


def _json(values: Iterable[int]) -> str:
    return "[" + ", ".join(str(one) for one in values) + "]"
