"""The reading side of the cache: cheap queries by index on a connection of one's own, frozen rows as answers."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo

from sync.cache import wire
from sync.cache.deliveries import deliveries_of
from sync.cache.known import KnownReader
from sync.cache.likeness import piles_here, piles_over_categories_here, similar_here
from sync.cache.links import linked, told
from sync.cache.merges import merged_into
from sync.cache.own import STATES
from sync.cache.rows import (
    CategoryRow,
    Counts,
    Delivered,
    MessageRow,
    Sort,
    TicketDetail,
    TicketRow,
    View,
)
from sync.cache.search import find
from sync.cache.shown import State, me
from sync.cache.store import Record
from sync.cache.views import AWAITING, COUNTS, MESSAGE_ROW, TICKET_ROW, keys_query
from sync.domain.piles import Pile
from sync.domain.records import Awaiting, Channel, MessageKind, Status
from sync.domain.search import parse
from sync.domain.similar import Similar

_SLICE = 500


class Reader(KnownReader):
    """Read-only; used by one thread (only `interrupt` may come from another). Close it."""

    # lists

    def ticket_ids(self, view: View, sort: Sort) -> "array[int]":
        """The keys of all tickets of a view, in order: 8 bytes each, for lists of a million."""
        values = {"me": me(self._store) or "", "category": view.category_id}
        return array("q", self._store.first_column(keys_query(view, sort), values))

    def ticket_rows(self, keys: Sequence[int]) -> list[TicketRow]:
        """The rows of some keys, in their order; those that are gone are left out."""
        found: dict[int, TicketRow] = {}
        for start in range(0, len(keys), _SLICE):
            part = list(keys[start : start + _SLICE])
            marks = ", ".join("?" * len(part))
            for row in self._store.rows(f"{TICKET_ROW} WHERE t.key IN ({marks})", part):
                found[row[0]] = _ticket_row(row)
        return [found[key] for key in keys if key in found]

    def keys(self, ticket_ids: Iterable[str]) -> dict[str, int]:
        """The keys of tickets by their ids, as `Changes` names them; those that are gone are left out."""
        found = {}
        for ticket_id in ticket_ids:
            key = self._store.value("SELECT key FROM ticket WHERE id = ?", (ticket_id,))
            if key is not None:
                found[ticket_id] = int(key)
        return found

    def unseen(self, ticket_ids: Collection[str]) -> frozenset[str]:
        """Those of them that are not for me to see; none while a copy is not whole."""
        if not ticket_ids or not self.is_whole():
            return frozenset()
        return frozenset(ticket_ids) - self.keys(ticket_ids).keys()

    def holds(self, view: View, keys: Iterable[int]) -> set[int]:
        """Which of these tickets are in a view now."""
        values = {"me": me(self._store) or "", "category": view.category_id}
        query = keys_query(view, Sort("created")).replace(" ORDER BY", " AND t.key = :key ORDER BY")
        return {key for key in keys if self._store.one(query, {**values, "key": key}) is not None}

    def awaiting_rows(self, category_ids: Iterable[str] | None = None) -> list[TicketRow]:
        """All that await the team, the oldest first, for the spot-check; in the alerted categories, or in these."""
        chosen = self._alerted() if category_ids is None else list(category_ids)
        found: list[tuple[int, int]] = []
        for category_id in chosen:
            found.extend(
                (since, key)
                for since, key in self._store.rows(
                    f"SELECT t.awaiting_since, t.key FROM ticket t WHERE {AWAITING} AND t.category_id = ?",
                    (category_id,),
                )
            )
        return self.ticket_rows([key for _, key in sorted(found)])

    def _alerted(self) -> list[str]:
        return [category for (category,) in self._store.rows("SELECT category_id FROM alerted")]

    # search

    def search(self, text: str, limit: int, newest_first: bool = True, zone: tzinfo = UTC) -> list[TicketRow]:
        """The tickets that a text of the search field finds; by rank instead of time where `newest_first` is False.

        Dates in it are days of `zone`. Raises Interrupted.
        """
        return self.ticket_rows(find(self._store, parse(text, zone), limit, newest_first))

    def unindexed(self) -> int:
        """How many messages search does not know yet."""
        return int(self._store.value("SELECT count(*) FROM unindexed"))

    # one ticket

    def ticket(self, ticket_id: str) -> TicketDetail | None:
        """One ticket, whole; the id it had here before the server gave one is understood too."""
        given = self._store.value("SELECT ticket_id FROM alias WHERE local_id = ?", (ticket_id,)) or ticket_id
        row = self._store.one(f"{TICKET_ROW} WHERE t.id = ?", (given,))
        if row is None:
            return None
        more = self._store.one(
            "SELECT channel, site, closed_at, resolution, outcome, merged_into_id, follow_up_of, last_seq, confirmed, "
            "requester_id, account, status, assignee_id, category_id, priority, tags, links, "
            "reminders, rating, incident_id FROM ticket WHERE id = ?",
            (given,),
        )
        if more is None:
            return None
        base, tags = _base(more)
        return TicketDetail(
            row=_ticket_row(row),
            requester=self._requester(more[9], more[10]),
            channel=Channel(more[0]),
            site=more[1],
            closed_at=more[2],
            resolution=more[3],
            outcome=more[4],
            merged_into_id=more[5],
            follow_up_of=more[6],
            last_seq=more[7],
            read_seq=self._store.value("SELECT last_seq FROM read_mark WHERE ticket_id = ?", (given,)) or 0,
            confirmed_seq=self._store.value(
                "SELECT max(seq) FROM message WHERE ticket_id = ? AND state = 0", (given,)
            ) or 0,
            base=base,
            base_tags=tags,
            links=frozenset(linked(self._store, given, more[16].split("\n") if more[16] else ()).values()),
            reminders=more[17],
            rating=more[18],
            incident_id=more[19],
        )  # fmt: skip

    def ticket_by_number(self, number: int) -> str | None:
        """The id of the ticket that people call by this number."""
        found: str | None = self._store.value("SELECT id FROM ticket WHERE number = ?", (number,))
        return found

    def thread(self, ticket_id: str) -> list[MessageRow]:
        """All entries in their order, unconfirmed ones last; with those of tickets merged into it, by time."""
        given = self._store.value("SELECT ticket_id FROM alias WHERE local_id = ?", (ticket_id,)) or ticket_id
        merged = merged_into(self._store, given)
        myself, name = me(self._store), self._store.value("SELECT value FROM meta WHERE name = 'userName'")
        delivered = {key: one for each in (given, *merged) for key, one in deliveries_of(self._store, each).items()}
        if not merged:
            rows = self._store.rows(f"{MESSAGE_ROW} WHERE m.ticket_id = ? ORDER BY m.seq", (given,))
        else:
            rows = []
            for one in (given, *merged):
                rows.extend(self._store.rows(f"{MESSAGE_ROW} WHERE m.ticket_id = ?", (one,)))
            rows = [row for row in rows if row[1] == given or not _tells_merge(row)]
            rows.sort(key=lambda row: (row[10] != State.CONFIRMED, row[8], row[0]))
        return [told(self._store, _message_row(row, myself, name or "", delivered)) for row in rows]

    def earlier_tickets(self, requester_id: str, limit: int = 50) -> list[TicketRow]:
        """The requester's tickets, the newest first."""
        found = self._store.rows(
            "SELECT key FROM ticket WHERE requester_id = ? ORDER BY created_at DESC LIMIT ?", (requester_id, limit)
        )
        return self.ticket_rows([key for (key,) in found])

    def similar(self, ticket_id: str) -> list[Similar]:
        """What belongs beside a ticket, of what is here: at most five, with reasons. Raises Interrupted."""
        return similar_here(self._store, ticket_id)

    def piles(self, category_id: str) -> list[Pile]:
        """The open tickets of a category that say the same, or that one person opened."""
        return piles_here(self._store, category_id)

    def piles_over_categories(self) -> list[Pile]:
        """The open tickets of each requester who has some in more than one category, of those that are here."""
        return piles_over_categories_here(self._store)

    # counts and people

    def counts(self) -> Counts:
        """The one count query, on what is tallied as it changes: as quick for a million tickets as for ten."""
        myself = {"me": me(self._store) or ""}
        by: dict[str, dict[str | None, int]] = {}
        for name, category, number in self._store.rows(COUNTS, myself):
            by.setdefault(name, {})[category] = number
        turn, fresh = by.get("awaitingSeen", {}), by.get("newSeen", {})
        return Counts(
            awaiting=sum(by.get("awaiting", {}).values()),
            new=sum(by.get("new", {}).values()),
            by_category={c: (turn.get(c, 0), fresh.get(c, 0)) for c in {*turn, *fresh} if c is not None},
            mine=by["mine"][None],
            unassigned=by["unassigned"][None],
            waiting=by["waiting"][None],
            outbox=by["outbox"][None],
            undelivered=by["undelivered"][None],
            quick_notes=by["quickNotes"][None],
            as_of=by.get("asOf", {}).get(None),
        )

    def came_since(self, at_ms: int) -> dict[str, int]:
        """How many tickets were made after that time, answered or not, by category."""
        query = "SELECT category_id, count(*) FROM ticket WHERE created_at > ? GROUP BY category_id"
        return dict(self._store.rows(query, (at_ms,)))

    def categories(self) -> list[CategoryRow]:
        """The categories whose tickets I see, by name."""
        counts = self.counts().by_category
        rows = self._store.rows(
            "SELECT a.category_id, coalesce(c.name, a.name), a.id, coalesce(c.limit_ms, ?), "
            "a.category_id IN (SELECT category_id FROM alerted) "
            "FROM account a LEFT JOIN category c ON c.id = a.category_id AND c.account = a.key "
            "WHERE a.category_id IS NOT NULL ORDER BY 2 COLLATE NOCASE",
            (wire.DEFAULT_LIMIT_MS,),
        )
        return [
            CategoryRow(row[0], row[1], row[2], *counts.get(row[0], (0, 0)), limit_ms=row[3], alerted=bool(row[4]))
            for row in rows
        ]

    def since(self, ticket_id: str, base_seq: int) -> list[MessageRow]:
        """What the server holds of a ticket since that seq."""
        given = self._store.value("SELECT ticket_id FROM alias WHERE local_id = ?", (ticket_id,)) or ticket_id
        rows = self.thread(given)
        return [row for row in rows if row.ticket_id == given and row.seq > base_seq and row.client_key is None]


def _ticket_row(row: Record) -> TicketRow:
    status, awaiting = Status(row[7]), None if row[9] is None else Awaiting(row[9])
    due_at = row[11] if awaiting is Awaiting.TEAM and status is not Status.CLOSED else None
    turn = (status, wire.PRIORITIES[row[8]], awaiting, row[10], due_at)
    tags = tuple(row[16].split("\n")) if row[16] else ()
    marks = (bool(row[17]), bool(row[18]), row[19], bool(row[20]), bool(row[21]))
    return TicketRow(*(*row[:7], *turn, *row[12:16], tags, *marks))


def _tells_merge(row: Record) -> bool:
    """The event of a merge stands in both tickets; a thread that shows both tells it once."""
    return row[3] == MessageKind.EVENT and '"what":"merged"' in row[6]


def _message_row(row: Record, myself: str | None, name: str, delivered: Mapping[str, Delivered]) -> MessageRow:
    is_mine = row[4] is not None and row[4] == myself
    author = row[5] or (name if is_mine else "")
    client_key = row[11] if row[10] != State.CONFIRMED else None
    end = (wire.attachments_of(row[9]), STATES[row[10]], client_key, row[12], delivered.get(row[0]), row[13])
    return MessageRow(*(*row[:3], MessageKind(row[3]), row[4], author, is_mine, *row[6:9], *end))


def _base(more: Record) -> tuple[dict[str, str | None], frozenset[str]]:
    if more[8] is not None:
        said = wire.ticket_record(wire.parsed(more[8]))
        base = {
            "status": said.status.value,
            "assigneeId": said.assignee_id,
            "categoryId": said.category_id,
            "priority": said.priority.value,
            "incidentId": said.incident_id,
        }
        return base, said.tags
    names = ("status", "assigneeId", "categoryId")
    shown: dict[str, str | None] = {**dict(zip(names, more[11:14], strict=True))}
    shown["incidentId"] = more[19]
    shown["priority"] = wire.PRIORITIES[more[14]].value
    return shown, frozenset(more[15].split("\n")) if more[15] else frozenset()
