"""The status machine."""

from typing import Any

import pytest

from sync.domain.errors import Denied, DeskbellError, Incompatible, Offline, Rejected, StorageFull
from sync.engine.condition import Conditions
from sync.engine.reports import Report, StatusChanged
from sync.engine.status import Condition


@pytest.fixture
def said() -> list[Report]:
    """What was reported."""
    return []


@pytest.fixture
def conditions(clock: Any, said: list[Report]) -> Conditions:
    """A machine at its beginning."""
    return Conditions(clock, said.append)


def _last(said: list[Report]) -> Condition:
    assert isinstance(said[-1], StatusChanged)
    return said[-1].status.condition


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (Offline("a."), Condition.OFFLINE),
        (Rejected("a."), Condition.OFFLINE),
        (Denied("a."), Condition.SIGNED_OUT),
        (Incompatible("a."), Condition.INCOMPATIBLE),
        (StorageFull("a."), Condition.DISK_FULL),
    ],
)
def test_each_failure_has_its_condition_and_its_sentence(
    conditions: Conditions, said: list[Report], error: DeskbellError, condition: Condition
) -> None:
    conditions.contact()
    conditions.failed(error, 5.0)
    assert _last(said) is condition
    assert conditions.status.sentence == "a."


def test_offline_says_since_when_and_when_it_tries_again(conditions: Conditions, clock: Any) -> None:
    conditions.contact()
    clock.pass_(10)
    conditions.failed(Offline("a."), 4.0)
    began = clock.now_ms()
    clock.pass_(4)
    conditions.failed(Offline("a."), 8.0)
    status = conditions.status
    assert status.last_contact_ms == began - 10_000
    assert status.offline_since_ms == began
    assert status.next_try_ms == began + 12_000


def test_no_live_stream_is_delayed_and_says_so(conditions: Conditions, said: list[Report]) -> None:
    conditions.contact()
    assert _last(said) is Condition.ONLINE
    conditions.push(False)
    assert _last(said) is Condition.DELAYED
    assert conditions.status.poll_seconds == 30
    assert conditions.status.sentence
    conditions.push(True)
    assert _last(said) is Condition.ONLINE
    assert conditions.status.sentence is None


def test_a_lost_stream_does_not_hide_that_we_are_offline(conditions: Conditions) -> None:
    conditions.failed(Offline("a."), 1.0)
    conditions.push(False)
    assert conditions.status.condition is Condition.OFFLINE


def test_a_further_contact_is_no_news(conditions: Conditions, said: list[Report], clock: Any) -> None:
    conditions.contact()
    before = len(said)
    clock.pass_(60)
    conditions.contact()
    assert len(said) == before
    assert conditions.status.last_contact_ms == clock.now_ms()
