"""What every benchmark gives: a figure beside a reference that was measured in the same run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `reference` (what it is: `beside`) and `measured` in `unit`; None where nothing compares.

    `within` None: there is no budget, so the figure counts for neither side.
    """

    name: str
    reference: float | None
    measured: float
    budget: str
    within: bool | None
    unit: str = "ms"
    beside: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured to reference."""
        return self.measured / self.reference if self.reference else None


def printed(rows: Iterable[Row]) -> str:
    """The rows as a table for a terminal."""
    lines = [f"{'what':<56} {'measured':>13} {'reference':>13} {'ratio':>7}  {'within':<6}  budget; reference"]
    for row in rows:
        reference = "" if row.reference is None else _figure(row.reference, row.unit)
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        within = "-" if row.within is None else "yes" if row.within else "NO"
        after = f"{row.budget}; {row.beside}" if row.beside else row.budget
        figure = _figure(row.measured, row.unit)
        lines.append(f"{row.name:<56} {figure:>13} {reference:>13} {ratio:>7}  {within:<6}  {after}")
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """That share of the values is not above it; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _figure(value: float, unit: str) -> str:
    return f"{value:,.{2 if value < 10 else 1 if value < 1000 else 0}f} {unit}"
