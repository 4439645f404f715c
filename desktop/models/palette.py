"""What the palette offers for what is typed: tickets, commands for this ticket, commands, a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.commands import COMMANDS, Command
from desktop.models.row_text import RowText
from desktop.translation import translate
from sync.cache.rows import CategoryRow, TicketRow
from sync.domain.records import Status


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `target` is what running it means: ("ticket", id), ("command", id), ("move", category), ..."""

    group: str
    icon: str
    words: str
    aside: str
    key: str
    target: tuple[str, str]


class PaletteEntries:
    """Builds the lines; `key_of` spells a command's key as it is in force."""

    def __init__(self, key_of: Callable[[Command], str]) -> None:
        self._key_of = key_of

    def of(
        self,
        typed: str,
        ticket: TicketRow | None,
        found: Sequence[TicketRow],
        categories: Sequence[CategoryRow],
        outbox: int,
    ) -> list[Entry]:
        """In the order of the screen."""
        entries = [_ticket_entry(row) for row in found]
        if ticket is not None:
            entries += self._for_ticket(typed, ticket, categories)
        entries += self._commands(typed, outbox)
        if typed:
            words = translate("Palette", "Search tickets for “{typed}”").format(typed=typed)
            entries.append(Entry(translate("Palette", "Search"), "search", words, "", "", ("search", typed)))
        return entries

    def _for_ticket(self, typed: str, ticket: TicketRow, categories: Sequence[CategoryRow]) -> list[Entry]:
        name = f"#{ticket.number}" if ticket.number is not None else translate("Palette", "the new ticket")
        group = translate("Palette", "Commands for {ticket}").format(ticket=name)
        fitting = [one for one in COMMANDS if one.ticket and matches(typed, one)]
        entries = [self._entry(group, one, "") for one in sorted(fitting, key=lambda one: _rank(typed, one))]
        if len(typed) < 2:
            return entries
        for row in categories:
            words = translate("Palette", "Move to category {name}").format(name=row.name)
            if row.id != ticket.category_id and has_words(typed, words):
                entries.append(Entry(group, "folder", words, "", "", ("move", row.id)))
        for status in Status:
            words = translate("Palette", "Set status to {name}").format(name=status_words(status))
            if status is not Status.NEW and status is not ticket.status and has_words(typed, words):
                entries.append(Entry(group, "check-circle", words, "", "", ("status", status.value)))
        return entries

    def _commands(self, typed: str, outbox: int) -> list[Entry]:
        entries = []
        for command in COMMANDS:
            if command.palette and not command.ticket and not _of_a_widget(command) and matches(typed, command):
                waits = command.id == "sync_now" and outbox
                aside = translate("Palette", "{count} waits").format(count=outbox) if waits else ""
                entries.append(self._entry(translate("Palette", "Commands"), command, aside))
        return entries

    def _entry(self, group: str, command: Command, aside: str) -> Entry:
        return Entry(group, command.icon, command.shown_title, aside, self._key_of(command), ("command", command.id))


def status_words(status: Status) -> str:
    """A status as people read it."""
    match status:
        case Status.NEW:
            return translate("Palette", "New")
        case Status.OPEN:
            return translate("Palette", "Open")
        case Status.WAITING:
            return translate("Palette", "Waiting for requester")
        case Status.CLOSED:
            return translate("Palette", "Closed")


def matches(typed: str, command: Command) -> bool:
    """By its title or its further words."""
    return has_words(typed, f"{command.shown_title} {command.words}")


def has_words(typed: str, words: str) -> bool:
    """Whether each word typed begins a word of `words`."""
    begun = words.casefold().split()
    return all(any(word.startswith(part) for word in begun) for part in typed.casefold().split())


def _rank(typed: str, command: Command) -> int:
    """What begins with the words typed comes first."""
    return 0 if command.shown_title.casefold().startswith(typed.casefold()) else 1


def _of_a_widget(command: Command) -> bool:
    return command.own and command.id != "view_outbox"


def _ticket_entry(row: TicketRow) -> Entry:
    text = RowText(row)
    icon = "turn-us" if text.ours else "turn-them"
    aside = f"{text.name}, {text.category}"
    return Entry(translate("Palette", "Tickets"), icon, f"{text.number} {text.subject}", aside, "", ("ticket", row.id))
