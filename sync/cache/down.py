"""A page of a server's changes becomes rows; with its cursor, in one transaction (ARCHITECTURE 2)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.cache import wire
from sync.cache.attached import forget_gone
from sync.cache.beyond import Beyond
from sync.cache.changes import Changes
from sync.cache.closings import take_closings
from sync.cache.deliveries import take_deliveries
from sync.cache.departures import Departures
from sync.cache.faq import take_faq
from sync.cache.held import keys_of, take_held
from sync.cache.incidents import take_incidents
from sync.cache.index import SearchIndex
from sync.cache.links import beside, take_messages, take_tickets
from sync.cache.merges import with_ends
from sync.cache.next_in_line import take_next
from sync.cache.outbox import Outbox
from sync.cache.overseen import TYPES as OVERSEEN
from sync.cache.overseen import take_overseen
from sync.cache.people import People
from sync.cache.read_marks import still_to_send, take_read_marks
from sync.cache.rung import Rung
from sync.cache.settling import Settling
from sync.cache.shown import Shown, State, free_key, limits, me
from sync.cache.store import Store
from sync.cache.work import Work
from sync.connectors.port import Page
from sync.domain.records import ArrivalKind, Priority, TicketArrival

Row = Mapping[str, Any]

_TICKET = f"INSERT INTO ticket ({', '.join(wire.TICKET_COLUMNS)}) VALUES ({', '.join('?' * len(wire.TICKET_COLUMNS))})"
_MESSAGE_VALUES = f"message VALUES ({', '.join('?' * len(wire.MESSAGE_COLUMNS))})"
_SLICE = 500
_OTHERS = (take_read_marks, take_overseen, take_faq, take_closings, take_deliveries, take_incidents, take_next)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a page changed, and the arrivals in it that nobody was told of yet: now owed (`Cache.told`).

    `beyond`: how many of the author's words a restored server has lost; they are in Undelivered now. `erased`: words
    were erased at the server, of which the side journal may still have a copy.
    """

    changes: Changes
    arrivals: tuple[TicketArrival, ...] = ()
    beyond: int = 0
    erased: bool = False


class Incoming:
    """Writes pages."""

    def __init__(
        self,
        store: Store,
        index: SearchIndex,
        shown: Shown,
        outbox: Outbox,
        settling: Settling,
        rung: Rung,
        beyond: Beyond,
    ) -> None:
        self._store = store
        self._index = index
        self._shown = shown
        self._outbox = outbox
        self._settling = settling
        self._rung = rung
        self._beyond = beyond
        self._people = People(store, index)
        self._departures = Departures(store, index)

    def apply(self, page: Page, now_ms: int) -> Applied:
        """Inside the caller's transaction. An account that is not ours any more changes nothing.

        Raises KeyError, ValueError, TypeError for objects that are not what the protocol says.
        """
        found = self._store.one("SELECT key, copy, complete, fresh FROM account WHERE id = ?", (page.account_id,))
        if found is None:
            return Applied(Changes())
        account, copy, complete, fresh = found
        if page.replace:
            copy, complete, fresh = copy + 1, 0, int(copy == 0)
        work = Work(page, account, copy, not complete, bool(fresh), limits(self._store))
        self._rows(work)
        decided = keys_of(self._store, page.destroyed.get("HeldMessage", ()))
        work.touched |= self._settling.decided_elsewhere(decided, now_ms)
        work.beside |= beside(self._store, page.destroyed.get("Ticket", ()))
        gone = self._departures.destroyed(page.destroyed, account)
        beyond = 0
        if work.copying and not page.more and not work.fresh:
            lost_in, beyond = self._beyond.keep(account, copy, now_ms)
            gone |= self._departures.sweep(account, copy) | lost_in
            still_to_send(self._store, account, copy)
        if gone or page.destroyed:
            forget_gone(self._store)
        ghosts = not work.copying and not page.more and self._departures.never_came(account)
        work.tickets |= gone
        work.touched |= gone
        self._store.execute(
            "UPDATE account SET cursor = ?, copy = ?, complete = ?, fresh = ? WHERE key = ?",
            (page.cursor, copy, int(bool(complete) or not page.more), int(bool(fresh) and page.more), account),
        )
        self._store.execute("INSERT OR REPLACE INTO meta VALUES ('contactMs', ?)", (now_ms,))
        work.touched |= self._settling.forget_sent(work.tickets, account if not page.more else None)
        self._shown.rebuild(work.touched)
        changes = _changes(self._store, work) | (Changes(quick_notes=True) if ghosts else Changes())
        lost = Changes(undelivered=True, outbox=True, counts=True)
        return Applied(changes | lost if beyond else changes, tuple(work.arrivals), beyond, self._departures.erased())

    def files(self) -> set[str]:
        """The blob ids of what left with the last page."""
        return self._departures.files()

    def _rows(self, work: Work) -> None:
        rows = work.page.rows
        self._people.take(work)
        self._tickets(work, rows.get("Ticket", ()))
        self._messages(work, rows.get("Message", ()))
        self._personal(work)
        for take in _OTHERS:
            take(self._store, work)
        take_held(self._store, rows.get("HeldMessage", ()), work.account, work.seen)
        self._arrivals(work, rows.get("TicketArrival", ()))

    def _tickets(self, work: Work, rows: Sequence[Row]) -> None:
        if not rows:
            return
        self._proven(work, rows)
        by_id = {row["id"]: row for row in rows}
        known = _known(self._store, list(by_id))
        values = [
            wire.ticket_values(row, work.account, work.limits.get(row["categoryId"], wire.DEFAULT_LIMIT_MS), work.seen)
            for ticket_id, row in by_id.items()
            if ticket_id not in known
        ]
        self._store.many(_TICKET, values)
        self._store.many(
            "INSERT OR IGNORE INTO ticket_tag VALUES (?, ?)",
            ((tag, row["id"]) for key, row in by_id.items() if key not in known for tag in row.get("tags") or ()),
        )
        for ticket_id in sorted(known):
            self._ticket(work, by_id[ticket_id])
        acted = {
            one
            for (one,) in self._store.rows(
                "SELECT ticket_id FROM outbox UNION SELECT into_id FROM outbox UNION SELECT ticket_id FROM undelivered"
            )
        }
        work.touched |= acted & by_id.keys()
        for ticket_id in work.touched & by_id.keys():
            self._store.execute(
                "UPDATE ticket SET confirmed = ? WHERE id = ?", (json.dumps(dict(by_id[ticket_id])), ticket_id)
            )
        work.tickets |= by_id.keys()
        work.beside |= take_tickets(self._store, by_id.values())

    def _ticket(self, work: Work, row: Row) -> None:
        old = self._shown.column(row["id"])
        limit = work.limits.get(row["categoryId"], wire.DEFAULT_LIMIT_MS)
        if old is not None:
            self._shown.update(old, wire.ticket_values(row, work.account, limit, work.seen))

    def _messages(self, work: Work, rows: Sequence[Row]) -> None:
        if not rows:
            return
        self._proven(work, rows)
        values = sorted(wire.message_values(row, work.account, work.seen) for row in rows)
        keys = [value[0] for value in values]
        if self._store.many(f"INSERT OR IGNORE INTO {_MESSAGE_VALUES}", values) != len(values):
            keys = self._one_by_one(values)
        self._index.add(keys)
        work.threads.update(value[3] for value in values)
        work.beside |= take_messages(self._store, rows)

    def _proven(self, work: Work, rows: Sequence[Row]) -> None:
        """Outbox entries whose words the server proves to have by showing them."""
        waiting = self._outbox.keys()
        for row in rows:
            client_key = row.get("clientKey")
            if client_key in waiting:
                work.touched |= self._settling.proven(client_key, row)
                work.settled.add(client_key)

    def _one_by_one(self, values: Sequence[tuple[Any, ...]]) -> list[int]:
        """The same for rows of which some were there, or share a row number with another."""
        added = []
        for value in values:
            old = self._store.one("SELECT key, state, ticket_id, body_text FROM message WHERE id = ?", (value[1],))
            if old is not None and old[1:] == (State.CONFIRMED, value[3], value[7]):
                self._store.execute(
                    "UPDATE message SET account = ?, seq = ?, seen = ? WHERE id = ?",
                    (value[2], value[4], value[13], value[1]),
                )
                if self._store.one("SELECT 1 FROM message_text_docsize WHERE id = ?", (old[0],)) is None:
                    added.append(old[0])
                continue
            if old is not None:
                self._departures.replaced(value[1], was_here_only=old[1] != State.CONFIRMED)
            key = free_key(self._store, value[0])
            self._store.execute(f"INSERT INTO {_MESSAGE_VALUES}", (key, *value[1:]))
            added.append(key)
        return added

    def _personal(self, work: Work) -> None:
        rows, account, seen = work.page.rows, work.account, work.seen
        self._proven(work, rows.get("QuickNote", ()))
        for row in rows.get("QuickNote", ()):
            key = row.get("clientKey")
            if key is not None:
                self._settling.ids.map_note(key, row["id"])
            self._store.execute(
                "INSERT OR REPLACE INTO quick_note VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
                (row["id"], account, row["text"], wire.ms(row["createdAt"]), row.get("ticketId"), key, seen),
            )
        self._store.many(
            "INSERT OR REPLACE INTO spot_check VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    row["id"], account, row.get("byAgentId"), wire.ms(row["at"]), wire.ms(row["asOf"]), row["awaiting"],
                    row["new"], row["tooLong"], row.get("oldestTicketId"), row.get("clientKey"), seen,
                )
                for row in rows.get("SpotCheck", ())
            ),
        )  # fmt: skip

    def _arrivals(self, work: Work, rows: Sequence[Row]) -> None:
        myself = me(self._store)
        for row in rows:
            at, by, meant = wire.ms(row["at"]), row.get("byAgentId"), row.get("forAgentId")
            added = self._store.execute(
                "INSERT OR IGNORE INTO arrival VALUES (?, ?, ?, ?)", (row["id"], work.account, row["ticketId"], at)
            ).rowcount
            if not added or work.copying or (by is not None and by == myself) or meant not in (None, myself):
                continue
            self._store.execute("INSERT OR IGNORE INTO new_ticket VALUES (?)", (row["ticketId"],))
            told = ArrivalKind(row["kind"]), Priority(row["priority"]), by, at, meant
            arrival = TicketArrival(row["id"], row["ticketId"], row.get("messageId"), *told)
            if self._rung.claim(work.page.account_id, arrival):
                work.arrivals.append(arrival)


def _known(store: Store, ids: Sequence[str]) -> set[str]:
    """Those of the tickets that are here."""
    found: set[str] = set()
    for start in range(0, len(ids), _SLICE):
        part = ids[start : start + _SLICE]
        marks = ", ".join("?" * len(part))
        found.update(one for (one,) in store.rows(f"SELECT id FROM ticket WHERE id IN ({marks})", part))
    return found


def _changes(store: Store, work: Work) -> Changes:
    """What screens are told of a page."""
    rows, gone = work.page.rows, work.page.destroyed
    named = {name for name in (*rows, *gone) if rows.get(name) or gone.get(name)}
    swept = not work.page.more and not work.fresh
    first = work.copying and (bool(named) or swept)
    return Changes(
        tickets=frozenset() if first else frozenset(work.tickets | work.touched | work.beside),
        messages_of=frozenset() if first else with_ends(store, work.threads | work.touched | work.beside),
        settled=frozenset(work.settled),
        undelivered=bool(work.settled) or "HeldMessage" in named,
        outbox=bool(work.settled),
        quick_notes="QuickNote" in named,
        people=not named.isdisjoint({"Agent", "Category", "CategoryGrant", "Requester"}),
        counts=bool(named),
        everything=first,
        oversight=not named.isdisjoint(OVERSEEN),
        faq="FaqEntry" in named,
        closings="Closing" in named,
        incidents=not named.isdisjoint({"Incident", "IncidentNote"}),
        surges="Surge" in named,
        lines="NextInLine" in named,
    )
