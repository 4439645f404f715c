"""What every benchmark gives: a figure beside a reference that was measured in the same run."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `reference` and `measured` in `unit`; `ratio` is measured to reference, `budget` is in words."""

    name: str
    reference: float
    measured: float
    ratio: float
    budget: str
    unit: str = "ms"


def printed(rows: Iterable[Row]) -> str:
    """The rows as a table for a terminal."""
    lines = [f"{'what':<58} {'reference':>12} {'measured':>12} {'ratio':>7}  budget"]
    for row in rows:
        reference, measured = f"{row.reference:,.1f} {row.unit}", f"{row.measured:,.1f} {row.unit}"
        lines.append(f"{row.name:<58} {reference:>12} {measured:>12} {row.ratio:>7.2f}  {row.budget}")
    return "\n".join(lines)
