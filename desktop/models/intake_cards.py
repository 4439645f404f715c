"""What an owner keeps of the intake as rows of a list: figures, calendar, closings, caps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop.models.cards import Card
from desktop.models.moments import Moments
from desktop.translation import translate
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.intake_figures import HouseCalendar, IntakeWeek

WEEKS, CALENDAR, NEW_CLOSING, NEW_CAP = "weeks", "calendar", "new closing", "new cap"


def weeks_card(weeks: Sequence[IntakeWeek]) -> Card:
    """This week in a line."""
    line = translate("IntakeCards", "Not loaded yet")
    if weeks:
        words = translate("IntakeCards", "This week {tickets} new, {avoided} avoided, {reminders} reminders")
        this = weeks[-1]
        line = words.format(tickets=this.tickets, avoided=this.avoided, reminders=this.reminders)
    return Card(WEEKS, "spot-check", "muted", translate("IntakeCards", "The last weeks"), "", "", line)


def calendar_card(calendar: HouseCalendar | None) -> Card:
    """Hours in a line."""
    title = translate("IntakeCards", "Working hours")
    line = translate("IntakeCards", "Not loaded yet") if calendar is None else calendar.hours
    small = "" if calendar is None else calendar.in_zone
    return Card(CALENDAR, "clock", "muted", title, small, "", line)


def closing_card(closing: Closing, names: Mapping[str, str], moments: Moments, now_ms: int) -> Card:
    """What, where, and whether it is now."""
    among = ", ".join(sorted(names.get(one, one) for one in closing.category_ids))
    words = translate("IntakeCards", "{first} to {last}")
    line = words.format(first=moments.full(closing.starts_at, now_ms), last=moments.full(closing.ends_at, now_ms))
    mark, ink, icon = "", "muted", "info"
    if closing.ends_at <= now_ms:
        mark, icon = translate("IntakeCards", "Over"), "check"
    elif closing.starts_at <= now_ms:
        mark, ink, icon = translate("IntakeCards", "Closed now"), "due", "lock"
    title = closing.name or translate("IntakeCards", "New closing")
    kind = among or translate("IntakeCards", "Closing, everywhere")
    return Card(closing.id or NEW_CLOSING, "bell-off", "muted", title, kind, "", line, icon, mark, ink)


def cap_card(cap: OpenTicketCap, names: Mapping[str, str], moments: Moments, now_ms: int) -> Card:
    """How many, where, and how often it led somebody."""
    title = translate("IntakeCards", "At most {count} open").format(count=cap.most)
    where = translate("IntakeCards", "in all categories together")
    if cap.category_id is not None:
        where = names.get(cap.category_id, cap.category_id)
    words = translate("IntakeCards", "led {count} times").format(count=cap.led_times)
    mark, icon = words, "link"
    if cap.until is not None and cap.until <= now_ms:
        mark, icon = translate("IntakeCards", "Lifted, {led}").format(led=words), "check"
    elif cap.until is not None:
        until = translate("IntakeCards", "until {time}, {led}")
        mark = until.format(time=moments.full(cap.until, now_ms), led=words)
    return Card(cap.id or NEW_CAP, "layers", "muted", title, where, "", cap.reason, icon, mark)


def unsaved(card: Card) -> Card:
    """Something was changed there that only this computer knows."""
    return replace(card, mark_icon="saved-here", mark=translate("IntakeCards", "Not saved yet"), mark_ink="pending")


def removal_question(kept: Closing | OpenTicketCap | HouseCalendar | None) -> str:
    """Before a closing or cap that is at the server goes; empty for what cannot."""
    match kept:
        case Closing():
            words = translate("IntakeCards", "Take “{name}” back? It counts no more, not even for what is past.")
            return words.format(name=kept.name)
        case OpenTicketCap():
            return translate("IntakeCards", "Remove this cap?")
    return ""
