"""All about faults that many meet at once, put together: incidents, who follows them, repairs, surges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sync.server.incidents.followers import Followers
from sync.server.incidents.incidents import Incidents
from sync.server.incidents.repairs import Repairs
from sync.server.incidents.telling import Telling
from sync.server.intake import Intake
from sync.server.mail.mail_out import MailOut
from sync.server.parts import Parts
from sync.server.surge import Surges
from sync.server.ticketing import Ticketing


@dataclass(frozen=True)
class Faults:
    """One for a house."""

    incidents: Incidents
    followers: Followers
    repairs: Repairs
    surges: Surges

    @staticmethod
    def of(
        parts: Parts,
        ticketing: Ticketing,
        intake: Intake,
        mail_out: MailOut,
        surges: Surges,
        zone: Callable[[], ZoneInfo],
    ) -> Faults:
        """`zone`: in which requesters are told times."""
        telling = Telling(parts, ticketing, mail_out, zone)
        return Faults(
            Incidents(parts, telling), Followers(parts, mail_out, telling), Repairs(parts, ticketing, intake), surges
        )
