"""Bugs planted in the engine and in the connector."""

import itertools
import uuid
from dataclasses import replace
from typing import Any

import pytest

from sync.connectors.central import calls
from sync.connectors.central.cursor import decode
from sync.connectors.central.delta import Delta
from sync.connectors.port import Access, Page, Poll, Result
from sync.domain.errors import Denied, DeskbellError
from sync.engine.access import Gate
from sync.engine.arrivals import Bell
from sync.engine.downward import Downward
from sync.engine.engine import Engine
from sync.engine.inbox import Inbox
from sync.engine.upward import Upward


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


def the_last_writer_wins(patch: pytest.MonkeyPatch) -> None:
    """Edits are sent without their base."""
    patch.setattr(calls, "guarded", lambda _base: {})


def another_server_is_believed(patch: pytest.MonkeyPatch) -> None:
    """Whatever answers decides at once what this person may see."""
    patch.setattr(Gate, "_verified", lambda self, fresh: replace(fresh, server_id=_known(self, fresh)))
    patch.setattr(Gate, "_lost", lambda *_: False)


def _known(gate: Gate, fresh: Access) -> str:
    return fresh.server_id if gate.access is None else gate.access.server_id


def a_refused_sign_in_empties_the_cache(patch: pytest.MonkeyPatch) -> None:
    """A 401, from whoever it came, is the end of everything that was copied."""
    real = Engine._failed

    def failed(self: Engine, error: DeskbellError) -> float:
        if isinstance(error, Denied):
            self._cache.clear()
        return real(self, error)

    patch.setattr(Engine, "_failed", failed)


def hints_are_not_heard(patch: pytest.MonkeyPatch) -> None:
    """What the stream says is kept for nobody."""
    patch.setattr(Inbox, "put", lambda *_: None)


def polls_find_nothing(patch: pytest.MonkeyPatch) -> None:
    """A round that asks about all accounts takes no news from the answer."""
    real = Downward.poll

    def poll(self: Downward) -> str:
        due = list(self._due)
        state = real(self)
        self._due.clear()
        self._due.extend(due)
        return state

    patch.setattr(Downward, "poll", poll)


def a_poll_forgets_every_other_account(patch: pytest.MonkeyPatch) -> None:
    """Of several accounts that moved, some are not fetched."""
    real, count = Delta.poll, itertools.count()

    def poll(self: Delta, *given: Any, **named: Any) -> Poll:
        found = real(self, *given, **named)
        moved = frozenset(one for one in sorted(found.moved) if next(count) % 2)
        return replace(found, moved=moved)

    patch.setattr(Delta, "poll", poll)


def one_rings_for_oneself(patch: pytest.MonkeyPatch) -> None:
    """An arrival that the agent made rings at their own desk."""
    real = Bell.hinted
    patch.setattr(Bell, "hinted", lambda self, hints, _me: real(self, hints, ""))


def a_changed_access_is_not_asked_for(patch: pytest.MonkeyPatch) -> None:
    """The state of the Session that comes with each answer is ignored, and unknown accounts are too."""
    patch.setattr(Gate, "seen", lambda *_: None)


def the_digest_is_never_told(patch: pytest.MonkeyPatch) -> None:
    """What came while nobody listened is told to nobody."""

    def caught_up(self: Bell) -> None:
        self._away = self._owing = False

    patch.setattr(Bell, "caught_up", caught_up)
