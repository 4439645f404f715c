"""Bugs planted from outside, each of which the simulation must find."""

import itertools
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.cache.departures import Departures
from sync.cache.down import Applied
from sync.cache.files import Files
from sync.cache.undelivered import Undelivered
from sync.cache.writer import Writer
from sync.connectors.central import calls
from sync.connectors.central.cursor import decode
from sync.connectors.central.delta import Delta
from sync.connectors.port import Page, Result
from sync.domain.protocol import TICKET
from sync.engine.upward import Upward
from sync.server.journal import Journal

Plant = Callable[[pytest.MonkeyPatch], None]


def retries_have_a_new_key(patch: pytest.MonkeyPatch) -> None:
    """Each try of a message looks new to the server."""
    real = calls.message_values
    patch.setattr(calls, "message_values", lambda action: {**real(action), "clientKey": str(uuid.uuid4())})


def a_lost_answer_counts_as_done(patch: pytest.MonkeyPatch) -> None:
    """What is unknown is taken for applied."""
    real = Upward._settle

    def settle(self: Upward, outcomes: Any) -> None:
        real(self, [replace(one, result=Result.APPLIED) if one.result is Result.UNKNOWN else one for one in outcomes])

    patch.setattr(Upward, "_settle", settle)


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


def further_pages_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    """hasMoreChanges is ignored, and the cursor goes to the end all the same."""
    real = Delta.page

    def page(self: Delta, account: Any, cursor: Any) -> Page | None:
        found = real(self, account, cursor)
        while found is not None and found.more:
            at = decode(found.cursor, ())
            later = None if at is None else real(self, account, at)
            if later is None:
                return None
            found = replace(found, cursor=later.cursor, more=later.more)
        return found

    patch.setattr(Delta, "page", page)


def a_move_leaves_the_ticket_behind(patch: pytest.MonkeyPatch) -> None:
    """The server creates a moved ticket in its new account and does not destroy it in the old one."""
    real = Journal.gone

    def gone(self: Journal, account: Any, type_name: str, *ids: str) -> None:
        if type_name != TICKET:
            real(self, account, type_name, *ids)

    patch.setattr(Journal, "gone", gone)


def files_stay_behind(patch: pytest.MonkeyPatch) -> None:
    """A ticket leaves, the bytes of its files do not."""
    patch.setattr(Files, "forget", lambda *_: None)


def the_last_writer_wins(patch: pytest.MonkeyPatch) -> None:
    """Edits are sent without their base."""
    patch.setattr(calls, "guarded", lambda _base: {})


def refused_words_are_dropped(patch: pytest.MonkeyPatch) -> None:
    """What the server does not take is forgotten."""
    patch.setattr(Undelivered, "add", lambda *_: None)


PLANTED: Final[Mapping[Plant, int]] = {
    retries_have_a_new_key: 11,
    a_lost_answer_counts_as_done: 4,
    a_revoke_deletes_nothing: 12,
    a_removal_ignores_where_the_ticket_stands: 3,
    a_cursor_without_its_rows: 1,
    nothing_is_remembered_as_rung: 1,
    a_restart_forgets_what_is_owed: 11,
    further_pages_are_forgotten: 1,
    a_move_leaves_the_ticket_behind: 3,
    files_stay_behind: 26,
    the_last_writer_wins: 3,
    refused_words_are_dropped: 4,
}
"""With the seed to begin at, which found it when it was planted."""
