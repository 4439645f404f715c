"""Incidents as the public pages tell of them: what is known, since when, until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sync.domain.incidents import Incident
from sync.server.expecting.wording import moment


@dataclass(frozen=True, slots=True)
class IncidentNotice:
    """`since` and `eta` in words of the house's zone; `late`: the expected repair has passed. `follows`: whoever looks
    is told when it is over already; `asks`: an address is needed for that; None: it is not offered."""

    id: str
    title: str
    notice: str
    since: str
    eta: str | None
    late: bool
    follows: bool = False
    asks: bool | None = None


def notices_of(
    incidents: Iterable[Incident],
    zone: ZoneInfo,
    now: int,
    *,
    asks: bool | None,
    followed: frozenset[str] = frozenset(),
) -> tuple[IncidentNotice, ...]:
    """One for each; `followed`: the ids of those whose end is told anyway."""
    return tuple(
        IncidentNotice(
            one.id,
            one.title,
            one.notice,
            moment(one.since, zone),
            None if one.eta is None else moment(one.eta, zone),
            one.eta is not None and one.eta <= now,
            one.id in followed,
            asks,
        )
        for one in incidents
    )
