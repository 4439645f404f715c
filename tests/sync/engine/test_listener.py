"""The push thread's loop: what it reports and how long it waits between streams."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from sync.connectors.port import (
    Abilities,
    Access,
    Account,
    Alive,
    ComeBack,
    Hint,
    Outcome,
    Page,
    Poll,
    Routed,
    StateHint,
)
from sync.domain.errors import Denied, Offline
from sync.engine.listener import CLEAN_END_SPREAD_S, CONTACT_SPREAD_S, Listener

Script = Sequence[Hint | Exception | float | Callable[[], None]]
HINT = StateHint(frozenset({"C1"}))


class Streams:
    """A connector of which only `listen` works: each call plays the next script."""

    abilities = Abilities(True, True, True, True, True, 50, 1_000_000)

    def __init__(self, clock: Any, scripts: Sequence[Script]) -> None:
        self._clock = clock
        self._scripts = list(scripts)

    def listen(self) -> Iterator[Hint]:
        for what in self._scripts.pop(0):
            if isinstance(what, Exception):
                raise what
            if isinstance(what, float):
                self._clock.pass_(what)
            elif callable(what):
                what()
            else:
                yield what

    def access(self) -> Access:
        raise NotImplementedError

    def changes(self, account: Account, cursor: str | None) -> Page:
        raise NotImplementedError

    def poll(self, cursors: Sequence[tuple[Account, str | None]], counting: bool = False) -> Poll:
        raise NotImplementedError

    def send(self, actions: Sequence[Routed]) -> list[Outcome]:
        raise NotImplementedError

    def fetch_blob(self, account_id: str, blob_id: str, name: str) -> Iterator[bytes]:
        raise NotImplementedError

    def store_blob(self, account_id: str, chunks: Iterator[bytes], size: int, media_type: str) -> str:
        raise NotImplementedError

    def hang_up(self) -> None:
        raise NotImplementedError

    def forget_connections(self) -> None:
        raise NotImplementedError


Play = Callable[..., tuple[Listener, list[Any]]]


@pytest.fixture
def play(clock: Any) -> Play:
    """A listener to these scripts, and the list of all that it says."""

    def make(*scripts: Script) -> tuple[Listener, list[Any]]:
        said: list[Any] = []
        listener = Listener(Streams(clock, scripts), said.append, said.append, lambda _: True, clock, random.Random(3))
        return listener, said

    return make


def test_it_says_when_a_stream_lives_hands_on_its_hints_and_says_when_it_ends(play: Play) -> None:
    listener, said = play([Alive(), HINT])
    wait = listener.once()
    assert said == [True, Alive(), HINT, False]
    assert 0.0 <= wait <= CLEAN_END_SPREAD_S


def test_a_server_that_ends_a_stream_says_when_to_come_again(play: Play) -> None:
    listener, said = play([Alive(), ComeBack(4.0)], [Alive(), ComeBack(4.0)], [Alive(), ComeBack(4.0), Offline("Cut.")])
    assert all(2.0 <= listener.once() <= 6.0 for _ in range(2))
    assert listener.once() <= 2.0
    assert said == [True, Alive(), False] * 3


def test_failures_are_waited_for_longer_and_longer(play: Play) -> None:
    listener, said = play(*[[Offline("No.")] for _ in range(8)])
    waits = [listener.once() for _ in range(8)]
    assert said == [False] * 8
    assert waits[0] <= 2.0
    assert all(wait <= min(60.0, 2.0**number) for number, wait in enumerate(waits, 1))
    assert max(waits) > 10.0


def test_the_servers_wish_is_kept(play: Play) -> None:
    listener, _ = play([Offline("Busy.", retry_after=99.0)])
    assert listener.once() == 99.0


def test_a_minute_of_health_forgets_the_failures(play: Play) -> None:
    listener, _ = play(*[[Offline("No.")]] * 6, [Alive(), 61.0, Offline("Cut.")])
    for _ in range(6):
        listener.once()
    assert listener.once() <= 2.0


def test_streams_that_end_at_once_are_failures_too(play: Play) -> None:
    listener, _ = play(*[[]] * 7)
    waits = [listener.once() for _ in range(7)]
    assert max(waits) > 4.0


def test_a_refused_sign_in_does_not_end_the_thread(play: Play) -> None:
    listener, said = play([Denied("Out.")])
    listener.run()
    assert said == [False]


def test_contact_elsewhere_cuts_a_long_wait_once(play: Play) -> None:
    listener, said = play([Alive()], [Alive()])
    listener.once()
    listener.contact_again()
    assert 0.0 <= listener.once() <= CONTACT_SPREAD_S
    assert said == [True, Alive(), False]
    listener.once()
    assert said == [True, Alive(), False] * 2


def test_contact_during_a_try_that_fails_cuts_the_wait_behind_it(play: Play) -> None:
    listener, _ = play(*[[Offline("No.")]] * 9)
    waits = []
    for _ in range(9):
        listener.contact_again()
        waits.append(listener.once())
    assert max(waits) <= CONTACT_SPREAD_S


def test_contact_does_not_override_the_servers_wish(play: Play) -> None:
    listener, _ = play([Offline("Busy.", retry_after=99.0)])
    listener.once()
    listener.contact_again()
    assert listener.once() == 99.0


def test_contact_while_a_stream_is_read_means_nothing(play: Play) -> None:
    made: list[Listener] = []
    listener, _ = play([Alive(), lambda: made[0].contact_again()])
    made.append(listener)
    assert listener.once() == random.Random(3).uniform(0.0, CLEAN_END_SPREAD_S)
