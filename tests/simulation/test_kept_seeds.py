"""Seeds that broke an invariant once: what was wrong is mended, and they stay."""

from tests.simulation.runs import run
from tests.simulation.workshop import Workshop


def test_a_clock_set_ahead_by_years_rang_twice(made: Workshop) -> None:
    """A restart forgot what had been rung, by the workstation's own clock, before its row had come."""
    assert run(made, 203, any_database=True).broken is None
