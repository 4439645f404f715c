"""Intake/figures and Intake/setCalendar: how the intake goes, and the calendar of expected answers; for owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sync.domain.errors import Rejected
from sync.domain.protocol import CAPABILITY, INTAKE_FIGURES, INTAKE_SET_CALENDAR, SPOT_CHECK
from sync.domain.times import to_utc_date
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import STRING, UNSIGNED_INT
from sync.jmap.methods import Answer, Context
from sync.server.audit import Actor, Deed
from sync.server.expecting.figures import intake_weeks
from sync.server.house import House

USUAL_WEEKS: Final = 8
_MOST_WEEKS: Final = 106
_CALENDAR: Final = ("zone", "hours", "country")
_FIGURES: Final[Signature] = {**ACCOUNT, "weeks": Argument(UNSIGNED_INT, USUAL_WEEKS)}
_SET: Final[Signature] = {**ACCOUNT, **{name: Argument(STRING) for name in _CALENDAR}}


class IntakeFiguresMethod:
    """In the oversight account."""

    name = INTAKE_FIGURES
    capability = CAPABILITY

    def __init__(self, house: House, gate: Gate) -> None:
        self._house = house
        self._gate = gate

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _FIGURES)
        parts = self._house.parts
        count = max(1, min(int(given["weeks"]), _MOST_WEEKS))

        def work() -> list[JSON]:
            self._gate.enter(context.principal, given["accountId"], SPOT_CHECK)
            found = intake_weeks(parts.database, self._house.faq, count, parts.clock.now_ms())
            return [
                {
                    "from": to_utc_date(one.since),
                    "tickets": one.tickets,
                    "avoided": one.avoided,
                    "reminders": one.reminders,
                    "solved": one.solved,
                    "good": one.good,
                    "bad": one.bad,
                }
                for one in found
            ]

        weeks = parts.journal.read(work)
        return Answer({"accountId": given["accountId"], "weeks": weeks, "calendar": _calendar(self._house)})


class IntakeSetCalendar:
    """In the oversight account. An empty text goes back to the default; what cannot be used changes nothing."""

    name = INTAKE_SET_CALENDAR
    capability = CAPABILITY

    def __init__(self, house: House, gate: Gate) -> None:
        self._house = house
        self._gate = gate

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SET)
        parts = self._house.parts

        def work() -> None:
            self._gate.enter(context.principal, given["accountId"], SPOT_CHECK, writes=True)
            for name in _CALENDAR:
                self._put(f"calendar.{name}", given[name], Actor.of(context.principal))
            parts.journal.stamp()

        try:
            parts.journal.write(work)
        except Rejected as refusal:
            raise MethodError("invalidArguments", str(refusal)) from refusal
        return Answer({"accountId": given["accountId"], "calendar": _calendar(self._house)})

    def _put(self, name: str, text: str, by: Actor) -> None:
        settings = self._house.parts.settings
        before = settings.get(name)
        settings.put(name, text)
        if settings.get(name) != before:
            self._house.parts.audit.record(Deed.SETTING_CHANGED, by, name, {"value": settings.get(name)})


def _calendar(house: House) -> dict[str, Any]:
    hours, settings = house.expecting.hours(), house.parts.settings
    return {
        "zone": settings.text("calendar.zone") or "",
        "hours": str(hours.hours),
        "country": hours.country,
        "inZone": hours.zone.key,
    }
