"""How each answer to "what now?" is called, in Undelivered and in the thread alike."""

from dataclasses import dataclass

from desktop.translation import translate
from sync.cache.rows import UndeliveredRow
from sync.domain.choices import Choice

_ICONS = {
    Choice.SEND_ANYWAY: "send",
    Choice.EDIT: "quick-note",
    Choice.AS_NOTE: "lock",
    Choice.SEND_ON_MERGED: "send",
    Choice.FOLLOW_UP: "plus",
    Choice.OTHER_CATEGORY: "folder",
    Choice.APPLY_MINE: "check",
    Choice.OPEN_TICKET: "link",
    Choice.DISCARD: "discard",
}
LETTERS = {
    "E": Choice.EDIT,
    "N": Choice.AS_NOTE,
    "F": Choice.FOLLOW_UP,
    "C": Choice.OTHER_CATEGORY,
}
NAME_MOST = 24
_TOLD = frozenset({Choice.OPEN_TICKET, Choice.DISCARD})


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice as a button. `key` as it is shown, empty for none; `why_not`: why it cannot be taken just now."""

    choice: Choice
    words: str
    icon: str
    key: str = ""
    proposed: bool = False
    why_not: str = ""


def answers(row: UndeliveredRow, requester: str, has_category: bool = True) -> tuple[Answer, ...]:
    """The choices of a row in their order. The first, unless it only opens or discards, is what Ctrl+Enter takes."""
    return tuple(_answer(row, one, place, requester, has_category) for place, one in enumerate(row.choices))


def proposed(row: UndeliveredRow) -> Choice | None:
    """What Ctrl+Enter takes; None where nothing can be sent."""
    first = row.choices[0] if row.choices else None
    return None if first in _TOLD else first


def _answer(row: UndeliveredRow, choice: Choice, place: int, requester: str, has_category: bool) -> Answer:
    first = place == 0 and choice not in _TOLD
    letter = next((key for key, one in LETTERS.items() if one is choice), "")
    key = {Choice.OPEN_TICKET: "⏎", Choice.DISCARD: "Del"}.get(choice, "Ctrl ⏎" if first else letter)
    why_not = ""
    if choice is Choice.OTHER_CATEGORY and not has_category:
        why_not = translate(
            "Choices", "You have no category to send it to. Copy your words, or ask your administrator for one."
        )
    return Answer(choice, _words(row, choice, requester), _ICONS[choice], key, first, why_not)


def _words(row: UndeliveredRow, choice: Choice, requester: str) -> str:
    number = f"#{row.goal_number}" if row.goal_number else ""
    match choice:
        case Choice.SEND_ANYWAY:
            return _send_words(row, requester)
        case Choice.SEND_ON_MERGED:
            return translate("Choices", "Send on {number}").format(number=number)
        case Choice.OPEN_TICKET:
            if not number:
                return translate("Choices", "Open the ticket")
            return translate("Choices", "Open {number}").format(number=number)
        case _:
            return {
                Choice.EDIT: translate("Choices", "Edit first"),
                Choice.AS_NOTE: translate("Choices", "Keep as internal note"),
                Choice.FOLLOW_UP: translate("Choices", "Begin a follow-up ticket"),
                Choice.OTHER_CATEGORY: translate("Choices", "Send to another category…"),
                Choice.APPLY_MINE: translate("Choices", "Apply mine"),
            }.get(choice, translate("Choices", "Discard"))


def _send_words(row: UndeliveredRow, requester: str) -> str:
    if row.kind != "reply" or not requester:
        return translate("Choices", "Send again")
    if len(requester) > NAME_MOST:  # the word after the name decides
        requester = f"{requester[:NAME_MOST]}…"
    if row.reason == "overtaken":
        return translate("Choices", "Send to {name} anyway").format(name=requester)
    return translate("Choices", "Send again to {name}").format(name=requester)
