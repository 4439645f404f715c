"""A server without its HTTP and without what it does by itself: the test alone says when mail is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from sync.server.house import House
from tests.rigs.bureau import QUICK_HASHER, Bureau, HandClock


@contextmanager
def quiet_bureau(address: str) -> Iterator[Bureau]:
    """A server over that database; nobody can call it."""
    nobody: Any = None
    clock = HandClock()
    house = House.open(address, clock, Random(7), QUICK_HASHER)
    try:
        yield Bureau(house, nobody, clock)
    finally:
        house.close()
