"""A deed is taken back whole, also when the wish comes before the deed is done."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from desktop.intents import Intents
from sync.domain.actions import EditTicket
from sync.domain.limits import BODY_MAX_BYTES
from tests.rigs.world import World


class SlowLane:
    """Does the work when it is told to, in order."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], Any], Callable[[Any], None] | None]] = []

    def run(self, work: Callable[[], Any], done: Callable[[Any], None] | None = None, failed: object = None) -> None:
        del failed
        self._waiting.append((work, done))

    def go_on(self) -> None:
        """Until nothing is left to do."""
        while self._waiting:
            work, done = self._waiting.pop(0)
            result = work()
            if done is not None:
                done(result)


@pytest.fixture
def lane() -> SlowLane:
    return SlowLane()


@pytest.fixture
def intents(world: World, lane: SlowLane) -> Iterator[Intents]:
    made = Intents(world.cache, lane, world.desk.bridge, world.ids, world.clock, lambda: None)
    yield made
    made.close()


def priorities(world: World, tickets: list[str]) -> list[str]:
    found = [world.desk.reader.ticket(one) for one in tickets]
    return [one.row.priority.value for one in found if one is not None]


def test_what_is_taken_back_before_it_is_done_is_undone_when_it_is(
    world: World, lane: SlowLane, intents: Intents
) -> None:
    tickets = [world.ticket(f"Question {n}", "Refunds") for n in range(3)]
    intents.edit_all([(one, {"priority": "high"}) for one in tickets])
    intents.undo_edit()
    assert not intents.can_undo
    lane.go_on()
    edits = [row.action for row in world.desk.reader.outbox() if isinstance(row.action, EditTicket)]
    assert len(edits) == 6
    assert priorities(world, tickets) == ["normal"] * 3


def test_a_ticket_that_is_gone_stops_no_other_one_and_is_said(world: World, lane: SlowLane, intents: Intents) -> None:
    tickets, said = [world.ticket(f"Question {n}", "Refunds") for n in range(2)], []
    intents.failed.connect(lambda sentence, _text: said.append(sentence))
    intents.edit_all([(one, {"priority": "high"}) for one in (tickets[0], "t-gone", tickets[1])])
    lane.go_on()
    assert priorities(world, tickets) == ["high", "high"]
    assert said == ["This ticket is not here any more."]
    intents.undo_edit()
    lane.go_on()
    assert priorities(world, tickets) == ["normal", "normal"]


def test_an_answer_that_cannot_be_saved_is_given_back_and_the_others_go(
    world: World, lane: SlowLane, intents: Intents
) -> None:
    tickets, lost = [world.ticket(f"Question {n}", "Refunds") for n in range(2)], []
    intents.failed.connect(lambda _sentence, text: lost.append(text))
    too_long = "x" * (BODY_MAX_BYTES + 1)
    intents.answer_all([(tickets[0], too_long, 0), (tickets[1], "Hello", 0)], [], 10_000)
    lane.go_on()
    [row] = world.desk.reader.outbox()
    assert row.ticket_id == tickets[1]
    assert lost == [too_long]


def test_answers_that_were_sent_already_are_said_and_the_rest_is_taken_back(
    world: World, lane: SlowLane, intents: Intents
) -> None:
    tickets, said = [world.ticket(f"Question {n}", "Refunds") for n in range(3)], []
    intents.failed.connect(lambda sentence, _text: said.append(sentence))
    intents.answer_all([(tickets[1], "Hello", 0), (tickets[2], "Hello", 0)], [(tickets[0], tickets[2])], 10_000)
    lane.go_on()
    first = next(row for row in world.desk.reader.outbox() if row.ticket_id == tickets[1])
    world.cache.send_now(first.client_key)
    assert [one.action.client_key for one in world.cache.batch(10, 1_000_000)] == [first.client_key]
    intents.undo_edit()
    lane.go_on()
    assert [row.client_key for row in world.desk.reader.outbox()] == [first.client_key]
    assert said == ["What was sent already stays sent: 1 of the answers."]


def test_a_deed_that_changed_nothing_is_none(world: World, lane: SlowLane, intents: Intents) -> None:
    intents.edit("t-gone", {"priority": "high"})
    lane.go_on()
    assert not intents.can_undo
