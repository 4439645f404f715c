"""A short hunt on every run, with a fixed seed; and what once was found, again."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sync.domain.search import MOST_CHARACTERS, parse
from tests.fuzz.__main__ import CRASHERS
from tests.fuzz.house import Fuzzed, fuzzed
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS, Target

SERVER = ("routes", "form", "calls", "lines")
TRIES = 150


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with fuzzed(tmp_path_factory.mktemp("fuzzed")) as opened:
        yield opened


def _target(name: str, server: Fuzzed) -> Target:
    return TARGETS[name] if name in TARGETS else server.targets()[name]


@pytest.mark.parametrize("name", [*TARGETS, *SERVER])
def test_strange_inputs_find_nothing(name: str, server: Fuzzed) -> None:
    target, chance = _target(name, server), Random(20)
    for seed in target.seeds:
        target.run(seed)
    for _ in range(TRIES):
        target.run(mutated(chance.choice(target.seeds), chance, list(target.seeds)))
    server.serves()


@pytest.mark.parametrize("path", sorted(CRASHERS.glob("*-*")), ids=lambda one: one.name)
def test_what_was_found_once_is_mended(path: Path, server: Fuzzed) -> None:
    _target(path.name.rpartition("-")[0], server).run(path.read_bytes())


def test_a_pasted_book_is_no_query_of_a_million_words() -> None:
    assert len(parse("word " * 100_000).terms) <= MOST_CHARACTERS // 5
