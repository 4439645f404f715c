"""The lines of an alert: whom a category rings for, and who is next where that reached nobody, pure (PRODUCT A9)."""

from collections.abc import Sequence
from enum import StrEnum


class Line(StrEnum):
    """How somebody who sees a category stands to its alerts.

    FIRST rings at once; SECOND, a stand-in, when nobody of the first was reached; OWNER sees without a grant, and is
    told at the check and of what reached nobody.
    """

    FIRST = "granted"
    SECOND = "secondLine"
    OWNER = "owner"


Seer = tuple[str, Line]
"""An active agent who sees the category, by id."""


def next_in_line(seers: Sequence[Seer], for_agent_id: str | None = None, by_agent_id: str | None = None) -> list[str]:
    """Who is to be alerted of an arrival that reached nobody, as they stand in `seers`.

    `for_agent_id`: it was meant for this agent alone, so that the others of the first line come next. Else the second
    line; where there is none the owners. `by_agent_id`, whose doing it is, knows of it. Nobody, if there is nobody.
    """
    others = [(one, line) for one, line in seers if one not in (for_agent_id, by_agent_id)]
    wanted = (Line.SECOND, Line.OWNER) if for_agent_id is None else (Line.FIRST, Line.SECOND, Line.OWNER)
    for line in wanted:
        found = [one for one, its in others if its is line]
        if found:
            return found
    return []
