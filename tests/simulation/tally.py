"""What a number of runs came to."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.runs import run
from tests.simulation.workshop import workshop


@dataclass
class Tally:
    """Counts over many seeds; `broken`: those that broke an invariant, and how."""

    schedules: int = 0
    steps: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take another's counts in."""
        self.schedules += other.schedules
        self.steps += other.steps
        self.kills += other.kills
        self.faults += other.faults
        self.broken += other.broken

    def line(self) -> str:
        """All in one line."""
        faults = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.schedules} schedules, {self.steps} steps, {sum(self.faults.values())} faults ({faults}), "
            f"{self.kills} kills, {len(self.broken)} broken"
        )


def played(first: int, seeds: int, steps: int, later: bool) -> Tally:
    """Play these seeds, in a process of their own. A crash is told as what it is, beside its seed."""
    tally = Tally()
    with workshop() as made:
        for seed in range(first, first + seeds):
            tally.schedules += 1
            tally.steps += steps
            try:
                seen = run(made, seed, steps, later=later)
            except Exception as error:  # the others are worth knowing all the same; the seed shows it again
                tally.broken.append((seed, repr(error)))
                continue
            tally.kills += seen.kills
            tally.faults += seen.faults
            if seen.broken is not None:
                tally.broken.append((seed, seen.broken))
    return tally
