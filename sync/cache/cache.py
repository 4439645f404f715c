"""The workstation's store: every method is one transaction (ARCHITECTURE 2 and 5)."""

from collections.abc import Iterable, Iterator, Sequence

from sync.cache import action_text
from sync.cache.agreement import Agreement
from sync.cache.changes import Changes
from sync.cache.down import Applied
from sync.cache.hold import next_release
from sync.cache.merges import with_ends
from sync.cache.words import words_slot
from sync.connectors.port import Access, Outcome, Page, Result, Routed
from sync.domain.actions import Action
from sync.domain.errors import Incompatible
from sync.domain.protocol import TICKET
from sync.domain.records import TicketArrival


class Cache(Agreement):
    """The writer's side, for the engine and (by `Decisions`) for the person; screens read through `reader()`."""

    # who

    def access(self) -> Access | None:
        """The last verified answer to "who am I and what may I see"."""
        with self._lock:
            return self._parts.accounts.access()

    def save_access(self, access: Access) -> Changes:
        """Store it and purge the accounts that are gone; the author's own words stay.

        Raises Incompatible for another server's or person's answer; nothing is changed then.
        """
        with self._lock:
            with self._writing():
                gone, new, back = self._parts.accounts.save(access)
                if gone:
                    self._parts.rung.forget_strangers()
                    self._forget_files(self._parts.accounts.files())
                if gone or new:
                    self._parts.shown.rebuild(self._parts.words.tickets())
            if gone:
                self._files.forget_accounts(gone, self._parts.words.blobs(), back)
                self._store.truncate_log()
                self._folder.forget_damaged()
                self._journal_anew()
            self.confirm()
        return Changes(everything=True, people=True, counts=True) if gone or new else Changes()

    def clear(self) -> Changes:
        """Signed out for good: every row of every account leaves; own words stay."""
        with self._lock:
            now = self.access()
            if now is None:
                return Changes()
            none = Access(now.server_id, now.user_id, now.user_name, now.is_owner, (), "", now.server_now_ms)
            return self.save_access(none)

    def follow(self, category_ids: Iterable[str] | None) -> Changes:
        """The categories that an owner is alerted for; None for all."""
        with self._writing():
            self._parts.accounts.follow(category_ids)
        return Changes(people=True, counts=True)

    def device_id(self) -> str:
        """A name of this workstation, made once."""
        with self._lock:
            return str(self._store.value("SELECT value FROM meta WHERE name = 'deviceId'"))

    # down

    def cursor(self, account_id: str) -> str | None:
        """Where the last page of this account ended; None: begin a fresh copy."""
        with self._lock:
            found: str | None = self._store.value("SELECT cursor FROM account WHERE id = ?", (account_id,))
            return found

    def apply(self, page: Page) -> Applied:
        """Rows, cursor, what they settle and what is shown, in one transaction. What left leaves with every byte.

        Raises Incompatible, with nothing changed, for objects that are not what the protocol says.
        """
        with self._lock:
            try:
                applied = self._apply(page)
            except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
                raise Incompatible(
                    "The server sent something this Deskbell does not understand. Update Deskbell, then try again."
                ) from error
            if page.destroyed.get(TICKET) or (page.progress is not None and not page.more):
                self._store.truncate_log()
            if applied.changes.settled or applied.beyond:
                self._journal_now()
            if applied.erased:
                self._journal_anew()
        return applied

    def _apply(self, page: Page) -> Applied:
        with self._writing():
            applied = self._parts.incoming.apply(page, self._clock.now_ms())
            if applied.changes.people:
                self._parts.accounts.alert()
            self._forget_files(self._parts.incoming.files())
            return applied

    def _forget_files(self, gone: set[str]) -> None:
        """Before the commit: a file that left too early is fetched again, one that stays behind is a leak."""
        if gone:
            self._files.forget(gone - self._parts.words.blobs())

    def contact(self, at_ms: int) -> None:
        """The last good contact, for "as of". An idle round need not call it each time."""
        with self._writing():
            self._store.execute("INSERT OR REPLACE INTO meta VALUES ('contactMs', ?)", (at_ms,))

    # arrivals

    def mark_rung(self, account_id: str, arrival: TicketArrival) -> bool:
        """True the first time only: this one may ring, and is owed (`unrung`) until it was `told`."""
        with self._writing():
            return self._parts.rung.claim(account_id, arrival)

    def unrung(self) -> list[tuple[str, TicketArrival]]:
        """What was marked and not told, each with its account; at a start: what a crash kept from being told."""
        with self._lock:
            return self._parts.rung.owed()

    def told(self, arrival_ids: Iterable[str]) -> None:
        """These were told."""
        with self._writing():
            self._parts.rung.told(arrival_ids)

    # up

    def batch(self, max_actions: int, max_bytes: int) -> list[Routed]:
        """What to send next, marked as being sent; in order within each ticket. Writes nothing if there is none."""
        with self._lock:
            now = self._clock.now_ms()
            if not self._parts.outbox.waits(now):
                return []
            with self._writing():
                tickets = self._parts.outbox.calm()
                chosen = self._parts.outbox.batch(max_actions, max_bytes, now)
                tickets |= {ticket for one in chosen if (ticket := action_text.ticket_of(one.action)) is not None}
                self._parts.shown.rebuild(tickets)
            return chosen

    def next_release(self) -> int | None:
        """When the first reply that is held may go, ms UTC; None if none is."""
        with self._lock:
            return next_release(self._store, self._clock.now_ms())

    def incomplete(self) -> list[str]:
        """The accounts that have not been copied whole yet."""
        with self._lock:
            return [account for (account,) in self._store.rows("SELECT id FROM account WHERE complete = 0")]

    def awaited(self) -> list[str]:
        """The accounts of what the server applied, and of which no row has come back yet."""
        with self._lock:
            return self._parts.outbox.awaited()

    def stranded(self) -> list[Action]:
        """What has no account to go to though all are copied whole: settle it as held."""
        with self._lock:
            return self._parts.outbox.stranded(self._clock.now_ms())

    def settle(self, outcomes: Sequence[Outcome]) -> Changes:
        """What became of what was sent. Words leave the outbox only for the server or for Undelivered."""
        now = self._clock.now_ms()
        with self._lock:
            touched = self._settle(outcomes, now)
            self._journal_now()
        return Changes(
            tickets=frozenset(touched),
            messages_of=with_ends(self._store, touched),
            settled=frozenset(one.client_key for one in outcomes if one.result is not Result.UNKNOWN),
            undelivered=True,
            outbox=True,
            quick_notes=True,
            counts=True,
        )

    def _settle(self, outcomes: Sequence[Outcome], now: int) -> set[str]:
        with self._writing():
            touched: set[str] = set()
            for outcome in outcomes:
                touched |= self._parts.settling.settle(outcome, now)
            self._parts.shown.rebuild(touched)
            return touched

    # files

    def is_local(self, blob_id: str) -> bool:
        """Whether an attachment is still to be uploaded before its message can be sent."""
        with self._lock:
            return self._files.is_local(blob_id)

    def uploaded(self, client_key: str, local: str, given: str, account_id: str) -> Action | None:
        """An attachment of an outbox entry is at the server as `given`: the entry, rewritten."""
        with self._lock:
            with self._writing():
                entry = self._parts.outbox.entry(client_key)
                if entry is None:
                    return None
                action = action_text.with_blob(entry[0], local, given)
                self._parts.outbox.rewrite(client_key, action)
            self._files.rename(local, given, account_id)
            self._journal_now([words_slot(client_key)])
            return action

    def keep_blob(self, account_id: str, blob_id: str, chunks: Iterator[bytes]) -> int:
        """A file fetched from the server, for reading it offline; its size."""
        with self._lock:
            return self._files.keep(blob_id, chunks, self._clock.now_ms(), account_id)
