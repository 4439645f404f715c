"""What the tests of whole programs share: patience, for these run several processes at once."""

import pytest

from tests.rigs.patience import qtbot

__all__ = ["no_polls", "qtbot"]


@pytest.fixture
def no_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """No round comes by itself during the test: what arrives was pushed, however slow the machine is."""
    for name in ("POLL_MIN_S", "POLL_MAX_S", "SANITY_POLL_S"):
        monkeypatch.setattr(f"sync.engine.schedule.{name}", 3600.0)
