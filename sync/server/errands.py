"""What a server process does by itself while it answers: hear of other processes, look around, tidy up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from anyio import to_thread

from sync.server.house import House
from sync.server.leadership import MAIL, MAIL_IN, Leadership, leadership_of
from sync.server.roles import Role
from sync.server.rounds import Rounds

_LOOK_S: Final = 1.0
_LOOK_AGAIN_S: Final = 0.2
"""After a look that found something ahead for the first time: what is told meanwhile was this process's own."""
_SWEEP_S: Final = 1.0
_FIRST_UPKEEP_S: Final = 60.0
_UPKEEP_S: Final = 3600.0
_ASK_FOR_LEAD_S: Final = 60.0
_WATCH_S: Final = 5.0
_COUNTS_S: Final = 600.0
_COMPARE_S: Final = 2.0
_ETAS_S: Final = 5.0
_SURGES_S: Final = 30.0
_COMPARE_ON_S: Final = 0.05


@asynccontextmanager
async def running(house: House, role: Role) -> AsyncIterator[None]:
    """While the block runs; the streams are ended with it."""
    await to_thread.run_sync(house.hub.start_looking)
    house.telegraph.start(house.hub, listens=role.streams)
    lead = leadership_of(house.parts.database)
    rounds = Rounds()
    rounds.begin(_Sweeping(house))
    if role.streams:
        rounds.begin(_Looking(house))
    if role.answers:
        rounds.begin(_Tidying(house, lead), _FIRST_UPKEEP_S)
        rounds.begin(_Watching(house), _WATCH_S)
        rounds.begin(_Counting(house, lead), _COUNTS_S)
        rounds.begin(_Learning(house, lead), _FIRST_UPKEEP_S)
        rounds.begin(_Comparing(house, lead), _COMPARE_S)
        rounds.begin(_Minding(house), _ETAS_S)
        rounds.begin(_Weighing(house, lead), _SURGES_S)
    letters = leadership_of(house.parts.database, MAIL)
    if role.answers:
        rounds.begin(_Leading(house.sending.work, letters))
    post = leadership_of(house.parts.database, MAIL_IN)
    if role.answers:
        rounds.begin(_Leading(house.gathering.work, post))
        rounds.begin(_Leading(house.listening.work, post))
    try:
        yield
    finally:
        house.hub.end_all()
        house.sending.stop()
        await rounds.end()
        lead.give_up()
        letters.give_up()
        await to_thread.run_sync(house.gathering.stop)
        await to_thread.run_sync(house.listening.stop)
        post.give_up()


class _Sweeping:
    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self) -> float:
        self._house.presence.sweep()
        return _SWEEP_S


class _Looking:
    """The safety net under every way of being told."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self) -> float:
        return _LOOK_AGAIN_S if self._house.hub.look_around() else _LOOK_S


class _Watching:
    """Over alerts that reach nobody."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self) -> float:
        self._house.alert_watch.look()
        return _WATCH_S


class _Minding:
    """Over incidents whose expected repair has passed."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self) -> float:
        self._house.faults.incidents.look()
        return _ETAS_S


class _Weighing:
    """Whether far more arrives than usual, by the one process that leads."""

    def __init__(self, house: House, lead: Leadership) -> None:
        self._house = house
        self._lead = lead

    def __call__(self) -> float:
        if self._lead.held():
            self._house.faults.surges.look()
        return _SURGES_S


class _Comparing:
    """What came lately gets into the index of words, and what was there before it, a little at a time."""

    def __init__(self, house: House, lead: Leadership) -> None:
        self._house = house
        self._lead = lead

    def __call__(self) -> float:
        if not self._lead.held():
            return _ASK_FOR_LEAD_S
        return _COMPARE_ON_S if self._house.likeness.index.work() else _COMPARE_S


class _Leading:
    """Work that one process does for all: it asks for the lead itself. Letters out, mailboxes, mail handed over."""

    def __init__(self, work: Callable[[Leadership], float], lead: Leadership) -> None:
        self._work = work
        self._lead = lead

    def __call__(self) -> float:
        return self._work(self._lead)


class _Tidying:
    """Once an hour by the one process that leads; the others ask each minute whether it still does."""

    def __init__(self, house: House, lead: Leadership) -> None:
        self._house = house
        self._lead = lead

    def __call__(self) -> float:
        if not self._lead.held():
            return _ASK_FOR_LEAD_S
        self._house.upkeep.run()
        self._house.alert_watch.forget()
        self._house.mail_out.forget()
        self._house.faults.followers.forget()
        self._house.faults.surges.forget()
        return _UPKEEP_S


class _Learning:
    """Which words point to which category, once an hour by the one process that leads."""

    def __init__(self, house: House, lead: Leadership) -> None:
        self._house = house
        self._lead = lead

    def __call__(self) -> float:
        if not self._lead.held():
            return _ASK_FOR_LEAD_S
        self._house.hints.learn()
        return _UPKEEP_S


class _Counting:
    """What became of FAQ entries, told to workstations by the one process that leads."""

    def __init__(self, house: House, lead: Leadership) -> None:
        self._house = house
        self._lead = lead

    def __call__(self) -> float:
        if not self._lead.held():
            return _ASK_FOR_LEAD_S
        self._house.faq.tell_counts()
        self._house.faq.counts.forget_days()
        return _COUNTS_S
