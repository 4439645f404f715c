"""What an owner sees of the intake: the last weeks in numbers, and the calendar that answers are reckoned on."""

from __future__ import annotations

from dataclasses import dataclass

from sync.domain.caps import OpenTicketCap


@dataclass(frozen=True, slots=True)
class IntakeWeek:
    """From Monday 00:00 UTC (`since`, ms). `avoided`: questions that an FAQ answer settled before they were asked;
    `reminders`: requesters who had to ask again; `solved`: those who said themselves that it is."""

    since: int
    tickets: int
    avoided: int
    reminders: int
    solved: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class HouseCalendar:
    """As it is set: `zone` and `country` are empty where none is; `in_zone` is the zone that counts then."""

    zone: str
    hours: str
    country: str
    in_zone: str


@dataclass(frozen=True, slots=True)
class IntakeFigures:
    """The oldest week first."""

    weeks: tuple[IntakeWeek, ...]
    calendar: HouseCalendar
    caps: tuple[OpenTicketCap, ...] = ()
