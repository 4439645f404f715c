"""Closings: when nobody works for a reason of the house's own, announced once (PRODUCT E6). Times in ms UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sync.domain.times import DAY_MS

ANNOUNCED_MS: Final = 14 * DAY_MS
"""For so long before it begins a closing is shown to requesters."""
NOTICE_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Closing:
    """From `starts_at` to before `ends_at` nobody works on tickets of these categories; of all, where none is named.

    `notice` is what requesters read; empty: its name and its end are enough.
    """

    id: str
    name: str
    starts_at: int
    ends_at: int
    category_ids: frozenset[str] = frozenset()
    notice: str = ""

    def concerns(self, category_id: str | None) -> bool:
        """Whether it holds for a category; for None: for the whole house."""
        return not self.category_ids or category_id in self.category_ids


def to_be_shown(closings: Iterable[Closing], category_id: str | None, at: int) -> list[Closing]:
    """The closings of a category, or of the whole house, that requesters are to know of, the first one first.

    Ended ones are gone, far ones not yet there, and what says the same twice is said once.
    """
    found: dict[tuple[str, str], Closing] = {}
    for one in sorted(closings, key=lambda one: (one.starts_at, -one.ends_at, one.id)):
        if one.concerns(category_id) and one.starts_at - ANNOUNCED_MS <= at < one.ends_at:
            found.setdefault((one.name, one.notice), one)
    return list(found.values())
