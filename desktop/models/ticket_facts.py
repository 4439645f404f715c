"""What is said about one ticket besides its thread: title lines, fields, its clock, its requester."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.models.moments import Moments, length
from desktop.models.row_text import RowText
from desktop.translation import translate
from sync.cache.rows import CategoryRow, TicketDetail, TicketRow
from sync.domain.records import Agent, Awaiting, Channel, Rating, Status
from sync.domain.rules import SOLVED_BY_REQUESTER


@dataclass(frozen=True, slots=True)
class Heading:
    """The pane's head. `ink` and `clock` are empty where nothing presses."""

    title: str
    number: str
    line: tuple[str, ...]
    ink: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of the editable fields, with the words for those that only a list could explain."""

    status: str
    assignee_id: str | None
    assignee: str
    category_id: str
    category: str
    priority: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields may be set to. `me` is the signed-in agent's id."""

    agents: tuple[tuple[str, str], ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    me: str = ""


@dataclass(frozen=True, slots=True)
class ClockText:
    """The wait in words, and how it is worked out."""

    ink: str
    icon: str
    words: str
    working: str


@dataclass(frozen=True, slots=True)
class RequesterText:
    """Who asks."""

    name: str
    lines: tuple[str, ...]


def heading(detail: TicketDetail, moments: Moments, now_ms: int) -> Heading:
    """Title, number, requester, when and how it came."""
    row = detail.row
    opened = _opened(detail).format(when=moments.full(row.created_at, now_ms), site=detail.site)
    number = f"#{row.number}" if row.number is not None else translate("TicketFacts", "Not sent yet")
    line = [number, row.requester_name or translate("TicketFacts", "Unknown requester"), opened]
    if detail.merged_into_id:
        line.append(translate("TicketFacts", "Merged into another ticket"))
    if detail.follow_up_of:
        line.append(translate("TicketFacts", "Follows an earlier ticket"))
    tone, words = RowText(row).clock(now_ms)
    title = row.subject or translate("TicketFacts", "No subject")
    return Heading(title, number, tuple(line), tone, words if tone else "")


def fields(row: TicketRow) -> Fields:
    """The editable values."""
    return Fields(
        row.status.value, row.assignee_id, row.assignee_name or "", row.category_id, row.category_name,
        row.priority.value, tuple(row.tags),
    )  # fmt: skip


def choices(agents: Sequence[Agent], categories: Sequence[CategoryRow], me: str) -> Choices:
    """Colleagues and the categories that may be moved to, by name."""
    people = sorted(((agent.id, agent.name) for agent in agents), key=lambda pair: pair[1].casefold())
    places = sorted(((place.id, place.name) for place in categories), key=lambda pair: pair[1].casefold())
    return Choices(tuple(people), tuple(places), me)


def clock_text(detail: TicketDetail, moments: Moments, now_ms: int) -> ClockText:
    """Whose turn it is, since when, against which limit, and what the requester said of the wait and the answer."""
    clock = _clock(detail, moments, now_ms)
    return replace(clock, working="\n".join((clock.working, *_said(detail))))


def _said(detail: TicketDetail) -> list[str]:
    lines: list[str] = []
    if detail.reminders == 1:
        lines.append(translate("TicketFacts", "The requester reminded us once."))
    elif detail.reminders:
        words = translate("TicketFacts", "The requester reminded us {count} times.")
        lines.append(words.format(count=detail.reminders))
    if detail.outcome == SOLVED_BY_REQUESTER:
        lines.append(translate("TicketFacts", "Solved, says the requester."))
    if detail.rating is not None:
        good = detail.rating == Rating.GOOD
        lines.append(
            translate("TicketFacts", "The answer was rated good.")
            if good
            else translate("TicketFacts", "The answer was rated not good.")
        )
    return lines


def _clock(detail: TicketDetail, moments: Moments, now_ms: int) -> ClockText:
    row = detail.row
    if row.status is Status.CLOSED:
        closed = moments.full(detail.closed_at or row.updated_at, now_ms)
        return ClockText(
            "them",
            "check-circle",
            translate("TicketFacts", "Closed"),
            translate("TicketFacts", "Since {time}.").format(time=closed),
        )
    since = row.awaiting_since if row.awaiting_since is not None else row.updated_at
    asked = moments.short(since, now_ms)
    if row.awaiting is not Awaiting.TEAM:
        return ClockText(
            "them",
            "turn-them",
            translate("TicketFacts", "Waiting for the requester"),
            translate("TicketFacts", "Since {time}.").format(time=asked),
        )
    tone, words = RowText(row).clock(now_ms)
    if row.due_at is None:
        return ClockText(
            "us",
            "turn-us",
            translate("TicketFacts", "Awaiting us"),
            translate("TicketFacts", "Asked {asked}.").format(asked=asked),
        )
    working = translate("TicketFacts", "Asked {asked}. Limit {limit}, so it was due at {due}.")
    if row.due_at > now_ms:
        working = translate("TicketFacts", "Asked {asked}. Limit {limit}, so it is due at {due}.")
    working = working.format(asked=asked, limit=length(row.due_at - since), due=moments.short(row.due_at, now_ms))
    if not tone:
        return ClockText("us", "turn-us", translate("TicketFacts", "Awaiting us, {time}").format(time=words), working)
    return ClockText(tone, tone, translate("TicketFacts", "Answer, {time}").format(time=words), working)


def requester_text(detail: TicketDetail, moments: Moments, now_ms: int) -> RequesterText:
    """Name, addresses, since when they write, and what other systems told of them."""
    person = detail.requester
    if person is None:
        return RequesterText(detail.row.requester_name or translate("TicketFacts", "Unknown requester"), ())
    lines = [line for line in (person.email, person.phone) if line]
    if person.created_at:
        lines.append(translate("TicketFacts", "Writes since {year}").format(year=moments.year(person.created_at)))
    lines += [f"{moments.day(one.at, now_ms)}: {one.kind}, {one.text}".rstrip(", ") for one in person.facts]
    return RequesterText(person.name, tuple(lines))


def _opened(detail: TicketDetail) -> str:
    if detail.channel is Channel.FORM:
        return (
            translate("TicketFacts", "Opened {when} on the form of {site}")
            if detail.site
            else translate("TicketFacts", "Opened {when} on the form")
        )
    return {
        Channel.EMAIL: translate("TicketFacts", "Opened {when} by e-mail"),
        Channel.PHONE: translate("TicketFacts", "Opened {when} by phone"),
        Channel.IMPORT: translate("TicketFacts", "Opened {when}, imported"),
        Channel.WEBHOOK: translate("TicketFacts", "Opened {when} by another system"),
    }.get(detail.channel, translate("TicketFacts", "Opened {when}"))
