"""What the tests of whole programs share: patience, for these run several processes at once."""

import pytest

from sync.engine.engine import Engine, Next, Nudge
from tests.rigs.patience import qtbot

__all__ = ["AtRest", "no_polls", "qtbot"]
UNPUSHED_S = 3600.0


class AtRest:
    """Whether every sync loop of this process is connected to its stream and has nothing to do but to wait for it."""

    def __init__(self) -> None:
        self.waits: dict[int, float] = {}

    def __call__(self) -> bool:
        return bool(self.waits) and all(wait > UNPUSHED_S for wait in list(self.waits.values()))


@pytest.fixture
def no_polls(monkeypatch: pytest.MonkeyPatch) -> AtRest:
    """No round comes by itself during the test: what happens once all are `AtRest` was pushed, however slow the
    machine is. A test waits for that before what is to be pushed, else a round of its own under way may bring it."""
    for name in ("POLL_MIN_S", "POLL_MAX_S"):
        monkeypatch.setattr(f"sync.engine.schedule.{name}", UNPUSHED_S)
    monkeypatch.setattr("sync.engine.schedule.SANITY_POLL_S", 10 * UNPUSHED_S)
    rest, step = AtRest(), Engine.step

    def watched(engine: Engine, nudge: Nudge = Nudge.TIMER) -> Next:
        rest.waits[id(engine)] = 0.0
        answer = step(engine, nudge)
        rest.waits[id(engine)] = answer.wait_seconds
        return answer

    monkeypatch.setattr(Engine, "step", watched)
    return rest
