"""Who and what is known here, to choose from or to be proposed as one types."""

from sync.cache import wire
from sync.cache.accounts import mails
from sync.cache.overseen import OverseenReader
from sync.cache.search import requesters_found
from sync.cache.shown import me
from sync.domain.records import Agent, Requester

# From each tag straight to the next one: time by the number of tags, not of tickets.
_TAGS = """
WITH RECURSIVE known(tag) AS (
  SELECT min(tag) FROM ticket_tag UNION ALL
  SELECT (SELECT min(t.tag) FROM ticket_tag t WHERE t.tag > known.tag) FROM known WHERE known.tag IS NOT NULL)
SELECT tag FROM known WHERE tag IS NOT NULL
"""


class KnownReader(OverseenReader):
    """People and tags, who I am, and what the server is known to do."""

    def agents(self) -> list[Agent]:
        """All colleagues, by name."""
        rows = self._store.rows("SELECT id, name, is_owner FROM agent ORDER BY name COLLATE NOCASE")
        return [Agent(row[0], row[1], bool(row[2])) for row in rows]

    def tags(self) -> list[str]:
        """All tags in use, in order."""
        return [tag for (tag,) in self._store.rows(_TAGS)]

    def known_requesters(self, text: str, limit: int) -> list[Requester]:
        """Those whose name and address hold words that begin so, who wrote last first. Raises Interrupted."""
        found = (self.requester(requester_id) for requester_id in requesters_found(self._store, text, limit))
        return [person for person in found if person is not None]

    def requester(self, requester_id: str) -> Requester | None:
        """Who asks, as any visible category knows them."""
        return self._requester(requester_id, None)

    def _requester(self, requester_id: str | None, account: int | None) -> Requester | None:
        found = self._store.one(
            "SELECT id, name, email, phone, created_at, facts FROM requester WHERE id = ? "
            "ORDER BY account = ? DESC LIMIT 1",
            (requester_id, account),
        )
        return (
            None
            if found is None
            else Requester(found[0], found[1], found[2], found[3], found[4], wire.facts_of(found[5]))
        )

    def is_whole(self) -> bool:
        """Whether every account has been copied whole, so that what is not here does not exist for me."""
        return self._store.one("SELECT 1 FROM account WHERE complete = 0") is None

    def me(self) -> str | None:
        """The signed-in agent's id; None before the first contact."""
        return me(self._store)

    def mails(self) -> bool:
        """Whether the server mails replies to requesters."""
        return mails(self._store)

    def granted(self) -> frozenset[str]:
        """Ids of the categories that are granted to me and ring at once: not those of my second line, nor what an
        owner sees besides."""
        rows = self._store.rows("SELECT category_id FROM category_grant WHERE NOT second_line")
        return frozenset(category for (category,) in rows)
