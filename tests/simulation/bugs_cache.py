"""Bugs planted in the cache."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from sync.cache import desk
from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.cache.decisions import Decisions
from sync.cache.departures import Departures
from sync.cache.down import Applied
from sync.cache.files import Files
from sync.cache.index import SearchIndex
from sync.cache.journal import Journal as WordsJournal
from sync.cache.outbox import Outbox
from sync.cache.rung import Rung
from sync.cache.store import Store
from sync.cache.undelivered import Undelivered
from sync.cache.writer import Writer
from sync.connectors.port import Page, Routed
from sync.domain.actions import MergeTicket
from sync.domain.protocol import TICKET


def a_revoke_deletes_nothing(patch: pytest.MonkeyPatch) -> None:
    """The account goes, its messages stay in the file."""

    def purge(self: Departures, account: int) -> None:
        self._store.execute("DELETE FROM ticket WHERE account = ?", (account,))
        self._store.execute("DELETE FROM account WHERE key = ?", (account,))

    patch.setattr(Departures, "purge", purge)


def a_removal_ignores_where_the_ticket_stands(patch: pytest.MonkeyPatch) -> None:
    """A ticket that moved to another account of mine is removed by the old account's late news."""
    real = Departures.destroyed

    def destroyed(self: Departures, gone: Any, account: int) -> set[str]:
        for ticket_id in gone.get(TICKET, ()):
            at = self._store.value("SELECT account FROM ticket WHERE id = ?", (ticket_id,))
            if at is not None:
                self._ticket(ticket_id, at)
        return real(self, gone, account)

    patch.setattr(Departures, "destroyed", destroyed)


def a_cursor_without_its_rows(patch: pytest.MonkeyPatch) -> None:
    """Now and then the cursor of a page is stored, and its rows are not."""
    real, count = Cache.apply, itertools.count(1)

    def apply(self: Cache, page: Page) -> Applied:
        if next(count) % 9 == 0:
            real(self, replace(page, rows={}, destroyed={}))
            return Applied(Changes())
        return real(self, page)

    patch.setattr(Cache, "apply", apply)


def nothing_is_remembered_as_rung(patch: pytest.MonkeyPatch) -> None:
    """The hint rings, and the row rings again."""
    patch.setattr(Cache, "mark_rung", lambda *_: True)


def a_restart_forgets_what_is_owed(patch: pytest.MonkeyPatch) -> None:
    """Arrivals that came and were not told when the power went off are never told."""
    real = Writer._begin

    def begin(self: Writer) -> None:
        real(self)
        self._store.execute("DELETE FROM unrung")

    patch.setattr(Writer, "_begin", begin)


def files_stay_behind(patch: pytest.MonkeyPatch) -> None:
    """A ticket leaves, the bytes of its files do not."""
    patch.setattr(Files, "forget", lambda *_: None)


def refused_words_are_dropped(patch: pytest.MonkeyPatch) -> None:
    """What the server does not take is forgotten."""
    patch.setattr(Undelivered, "add", lambda *_: None)


def the_outbox_is_emptied_before_the_answer(patch: pytest.MonkeyPatch) -> None:
    """What is being sent leaves the outbox at once."""
    real = Cache.batch

    def batch(self: Cache, *given: Any, **named: Any) -> list[Routed]:
        chosen = real(self, *given, **named)
        with self._writing():
            for one in chosen:
                self._parts.outbox.remove(one.action.client_key)
        return chosen

    patch.setattr(Cache, "batch", batch)


def a_fresh_copy_sweeps_nothing(patch: pytest.MonkeyPatch) -> None:
    """The server has forgotten the cursor, and what it does not show any more stays."""
    patch.setattr(Departures, "sweep", lambda *_: set())


def words_are_in_one_place_only(patch: pytest.MonkeyPatch) -> None:
    """Nothing is written to the side journal."""
    patch.setattr(WordsJournal, "write", lambda *_: None)


def a_held_reply_goes_at_once(patch: pytest.MonkeyPatch) -> None:
    """Undo send does not wait."""
    patch.setattr(desk, "hold_until", lambda *_: None)


def what_is_taken_back_is_sent_all_the_same(patch: pytest.MonkeyPatch) -> None:
    """It is a draft, and in the outbox."""
    taken_back = Decisions.take_back

    def kept(self: Decisions, client_key: str) -> Changes:
        with patch.context() as meanwhile:
            meanwhile.setattr(Outbox, "remove", lambda *_: None)
            return taken_back(self, client_key)

    patch.setattr(Decisions, "take_back", kept)


def the_index_keeps_what_left(patch: pytest.MonkeyPatch) -> None:
    """Words stay in the search index when their messages go."""
    patch.setattr(SearchIndex, "drop", lambda *_: None)


def the_log_is_never_emptied(patch: pytest.MonkeyPatch) -> None:
    """What was deleted stays in the write-ahead log and in the file behind it."""
    patch.setattr(Store, "truncate_log", lambda *_: None)


def the_newest_is_sent_first(patch: pytest.MonkeyPatch) -> None:
    """A batch is in the wrong order."""
    real = Cache.batch
    patch.setattr(Cache, "batch", lambda self, *given, **named: real(self, *given, **named)[::-1])


def a_merge_loses_what_waits(patch: pytest.MonkeyPatch) -> None:
    """What is still to be sent to a ticket goes with it when it is merged into another."""
    real = Outbox.put

    def put(self: Outbox, action: Any, *given: Any) -> None:
        if isinstance(action, MergeTicket):
            self._store.execute("DELETE FROM outbox WHERE ticket_id = ?", (action.ticket_id,))
        real(self, action, *given)

    patch.setattr(Outbox, "put", put)


def a_restart_keeps_sending(patch: pytest.MonkeyPatch) -> None:
    """What was being sent when the power went off is never sent again."""
    patch.setattr(Outbox, "calm", lambda *_: set())


def removals_are_ignored(patch: pytest.MonkeyPatch) -> None:
    """What the server says is gone stays."""
    patch.setattr(Departures, "destroyed", lambda *_: set())


def a_restart_forgets_what_was_rung(patch: pytest.MonkeyPatch) -> None:
    """As a clock that was set ahead by years once made it do."""
    patch.setattr(
        Rung,
        "forget",
        lambda self, _kept: self._store.execute(
            "DELETE FROM rung WHERE arrival_id NOT IN (SELECT arrival_id FROM unrung)"
        ),
    )
