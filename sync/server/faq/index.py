"""Full text of the published entries, in the database's own index: FTS5 on SQLite, tsvector on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from sync.server.database import Database, Row
from sync.server.faq import words
from sync.server.faq.ranking import ANSWER_WEIGHT, QUESTION_WEIGHT, Hit, rarity

_CANDIDATES: Final = 60
"""Of the best by the database's own order; what is offered is chosen among them."""
_TELLING: Final = 12
"""Of the words asked for, the rarest: entries are looked up by these, and judged by all."""
_TELLING_THOUGH_COMMON, _COMMON = 6, 0.1
"""So many of those also where that share of all entries have them. On PostgreSQL."""
_SHORTEST_BEGINNING: Final = 3
_RULES: Final = "INSERT INTO faq_rules (rules) VALUES (?) ON CONFLICT DO NOTHING"
_PUBLISHED: Final = """
SELECT CASE WHEN reltuples > 2000 THEN reltuples::bigint
ELSE (SELECT COUNT(*) FROM faq_entry WHERE status = 'published') END FROM pg_class WHERE oid = 'faq_entry'::regclass
"""
"""Of many, about how many there are: counting them reads the whole table at every question."""
_ALL: Final = "every"


class Index(Protocol):
    """Call inside a transaction; `put` and `drop` inside the one that changes the entry."""

    def put(self, row: Row) -> None:
        """A published entry (a row of FaqRow) is found by its present words."""

    def drop(self, entry_id: str) -> None:
        """It is not found any more."""

    def hits(self, text: str, category_id: str | None) -> list[Hit]:
        """Published entries (of the category, or of all) that have words of the text, in no order."""

    def unindexed(self) -> list[str]:
        """The ids of published entries that are not in the index, as after a restore; drops what is there in excess."""


def index_of(database: Database) -> Index:
    """The one that fits."""
    return PostgresIndex(database) if database.is_postgres else SqliteIndex(database)


class SqliteIndex:
    """Stems of each entry in an FTS5 table; `places` holds its categories as words, or `every`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, row: Row) -> None:
        self.drop(row["id"])
        rules = words.rules_of(row["language"])
        question, answer = (" ".join(words.stems(row[one], rules)) for one in ("question", "answer"))
        places = " ".join(row["category_ids"]) or _ALL
        self._database.execute(_RULES, (rules,))
        self._database.execute(
            "INSERT INTO faq_words (question, answer, places, entry_id, rules) VALUES (?, ?, ?, ?, ?)",
            (question, answer, places, row["id"], rules),
        )
        self._database.execute("INSERT INTO faq_place (entry_id, number) VALUES (?, last_insert_rowid())", (row["id"],))

    def drop(self, entry_id: str) -> None:
        number = "(SELECT number FROM faq_place WHERE entry_id = ?)"
        self._database.execute(f"DELETE FROM faq_words WHERE rowid = {number}", (entry_id,))  # noqa: S608  # our own words
        self._database.execute("DELETE FROM faq_place WHERE entry_id = ?", (entry_id,))

    def hits(self, text: str, category_id: str | None) -> list[Hit]:
        rules = [str(one[0]) for one in self._database.select("SELECT rules FROM faq_rules")]
        asked = {one: found for one in rules if (found := words.asked_stems(text, one))}
        if not asked:
            return []
        beginning = {one: _beginning(text, found) for one, found in asked.items()}
        weights = self._weights(sorted({one for found in asked.values() for one in found}))
        telling = {one: sorted(found, key=lambda stem: -weights[stem])[:_TELLING] for one, found in asked.items()}
        rows = self._database.select(
            "SELECT entry_id, rules, question, answer FROM faq_words WHERE faq_words MATCH ? "
            "ORDER BY bm25(faq_words, 4.0, 1.0, 0.0) LIMIT ?",
            (_expression(telling, beginning, category_id), _CANDIDATES),
        )
        return [
            _hit(str(one), asked[spoken], beginning[spoken], str(question).split(), str(answer).split(), weights)
            for one, spoken, question, answer in rows
            if spoken in asked
        ]

    def unindexed(self) -> list[str]:
        gone = "entry_id NOT IN (SELECT id FROM faq_entry WHERE status = 'published')"
        for (entry_id,) in self._database.select(f"SELECT entry_id FROM faq_place WHERE {gone}"):  # noqa: S608  # ours
            self.drop(entry_id)
        sql = "SELECT id FROM faq_entry WHERE status = 'published' AND id NOT IN (SELECT entry_id FROM faq_place)"
        return [str(one[0]) for one in self._database.select(sql)]

    def _weights(self, asked: Sequence[str]) -> dict[str, float]:
        marks = ", ".join("?" * len(asked))
        having = dict(self._database.select(f"SELECT term, doc FROM faq_vocabulary WHERE term IN ({marks})", asked))  # noqa: S608  # ours
        published = int(self._database.select("SELECT COUNT(*) FROM faq_place")[0][0])
        return {one: rarity(int(having.get(one, 0)), published) for one in asked}


def _beginning(text: str, asked: Sequence[str]) -> str | None:
    """The last word, if it may be the beginning of a longer one."""
    last = asked[-1]
    return last if words.is_unfinished(text) and len(last) >= _SHORTEST_BEGINNING else None


def _expression(
    asked: Mapping[str, Sequence[str]], beginning: Mapping[str, str | None], category_id: str | None
) -> str:
    wanted = list(dict.fromkeys(f'"{one}"' for found in asked.values() for one in found))
    wanted += [f'"{one}" *' for one in dict.fromkeys(beginning.values()) if one]
    text = f"{{question answer}} : ({' OR '.join(wanted)})"
    return text if category_id is None else f'({text}) AND places : ("{_ALL}" OR "{category_id.replace(chr(34), "")}")'


def _hit(
    entry_id: str,
    asked: Sequence[str],
    beginning: str | None,
    question: Sequence[str],
    answer: Sequence[str],
    weights: Mapping[str, float],
) -> Hit:
    in_question, in_answer = set(question), set(answer)
    relevance, matched, titled = 0.0, 0, 0
    for one in asked:
        first, second = one in in_question, one in in_answer
        if one == beginning:
            first = first or any(stem.startswith(one) for stem in in_question)
            second = second or any(stem.startswith(one) for stem in in_answer)
        relevance += weights[one] * (QUESTION_WEIGHT * first + ANSWER_WEIGHT * second)
        matched += first or second
        titled += first
    return Hit(entry_id, relevance, matched, titled, len(in_question), len(asked))


# For one language at a time: the planner's guesses stay small, and each of the rarest words is looked up in the index
# by itself (LATERAL). What is common is known from the planner's statistics; a word that is not in them is rare. Words
# are letters and digits only (`words.words`), so they are lexemes of a tsquery as they stand.
_ASKED: Final = """
WITH spoken AS (SELECT to_tsvector(?::text::regconfig, ?) AS words, to_tsvector(?::text::regconfig, ?) AS last),
common AS (SELECT unnest(most_common_elems::text::text[]) AS lexeme, unnest(most_common_elem_freqs) AS share
    FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'faq_entry' AND attname = 'words'),
asked AS (SELECT o.lexeme, COALESCE(c.share, 0) AS share,
    ROW_NUMBER() OVER (ORDER BY c.share NULLS FIRST, o.lexeme) AS place,
    (o.lexeme || CASE WHEN s.last @@ o.lexeme::tsquery THEN ':*' ELSE '' END)::tsquery AS word,
    (o.lexeme || CASE WHEN s.last @@ o.lexeme::tsquery THEN ':*D' ELSE ':D' END)::tsquery AS told
    FROM spoken s CROSS JOIN unnest(s.words) AS o LEFT JOIN common c ON c.lexeme = o.lexeme),
found AS MATERIALIZED (SELECT e.id, a.place, e.titled
    FROM asked a CROSS JOIN LATERAL (SELECT id, titles @@ a.word AS titled FROM faq_entry WHERE words @@ a.word
        AND rules = ? AND status = 'published'
        AND (? OR category_ids = '[]' OR position(? in category_ids) > 0) OFFSET 0) e
    WHERE a.place <= CASE WHEN a.share < ? THEN ? ELSE ? END),
counted AS MATERIALIZED (SELECT place, COUNT(*) AS n FROM found GROUP BY place),
weighed AS (SELECT a.word, a.told, COALESCE(c.n, a.share * ?) AS n FROM asked a
    LEFT JOIN counted c ON c.place = a.place),
best AS (SELECT f.id FROM found f JOIN counted c ON c.place = f.place GROUP BY f.id
    ORDER BY SUM((CASE WHEN f.titled THEN 5e0 ELSE 1e0 END) / (c.n + 1)) DESC, f.id LIMIT ?),
judged AS (SELECT e.id, e.question_words, w.n, e.titles @@ w.word AS titled, e.words @@ w.told AS told
    FROM best b JOIN faq_entry e ON e.id = b.id JOIN weighed w ON e.words @@ w.word)
SELECT id, SUM(ln(1 + (GREATEST(? - n, 0) + 0.5) / (n + 0.5))
    * (CASE WHEN titled THEN ? ELSE 0 END + CASE WHEN told THEN ? ELSE 0 END)),
    COUNT(*), SUM(CASE WHEN titled THEN 1 ELSE 0 END), MAX(question_words), (SELECT COUNT(*) FROM asked)
FROM judged GROUP BY id
"""
_INDEXED: Final = """
UPDATE faq_entry SET rules = ?, words = setweight(to_tsvector(?::text::regconfig, ?), 'A')
    || setweight(to_tsvector(?::text::regconfig, ?), 'D'), titles = to_tsvector(?::text::regconfig, ?),
    question_words = length(to_tsvector(?::text::regconfig, ?))
WHERE id = ?
"""


class PostgresIndex:
    """Beside each entry its words by the configuration of its language."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, row: Row) -> None:
        rules = words.rules_of(row["language"])
        if not self._database.select("SELECT 1 FROM pg_ts_config WHERE cfgname = ?", (rules,)):
            rules = words.SIMPLE
        question, answer = (" ".join(words.words(row[one])) for one in ("question", "answer"))
        self._database.execute(_RULES, (rules,))
        self._database.execute(_INDEXED, (rules, rules, question, rules, answer, *(rules, question) * 2, row["id"]))

    def drop(self, entry_id: str) -> None:
        self._database.execute("UPDATE faq_entry SET words = NULL WHERE id = ?", (entry_id,))

    def hits(self, text: str, category_id: str | None) -> list[Hit]:
        asked = words.asked(text)[: 2 * words.WORDS_ASKED]
        last = asked[-1] if asked and words.is_unfinished(text) and len(asked[-1]) >= _SHORTEST_BEGINNING else ""
        if not asked:
            return []
        published = int(self._database.select(_PUBLISHED)[0][0])
        hits: list[Hit] = []
        for (rules,) in self._database.select("SELECT rules FROM faq_rules"):
            values = (rules, " ".join(asked), rules, last, rules, category_id is None, f'"{category_id}"')
            telling = (_COMMON, _TELLING, _TELLING_THOUGH_COMMON)
            judging = (published, _CANDIDATES, published, QUESTION_WEIGHT, ANSWER_WEIGHT)
            hits += [
                Hit(str(one), float(relevance), int(matched), int(titled), int(question_words), int(number))
                for one, relevance, matched, titled, question_words, number in self._database.select(
                    _ASKED, (*values, *telling, *judging)
                )
            ]
        return hits

    def unindexed(self) -> list[str]:
        sql = "SELECT id FROM faq_entry WHERE status = 'published' AND words IS NULL"
        return [str(one[0]) for one in self._database.select(sql)]
