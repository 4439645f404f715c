"""Many items that came back together, told as one: how many, why, and what can be done with all at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.models.undelivered import reason_name
from desktop.translation import translate
from sync.cache.rows import UndeliveredGroup, UndeliveredRow
from sync.domain.choices import Choice

# What may be said to many at once: nothing of it writes to a requester.
_AT_ONCE = (Choice.APPLY_MINE, Choice.AS_NOTE, Choice.SEND_ANYWAY, Choice.DISCARD)
_TO_NOBODY = frozenset({"note", "quickNote", "edit", "merge"})


@dataclass(frozen=True, slots=True)
class Bulk:
    """A choice for those of a group for which it is offered."""

    choice: Choice
    words: str
    client_keys: tuple[str, ...]


def group_title(group: UndeliveredGroup) -> str:
    """The list's first line, and the head."""
    return translate("UndeliveredGroup", "{count} came back together").format(count=group.count)


def group_lines(group: UndeliveredGroup) -> list[str]:
    """Why, the most frequent first."""
    counted = Counter[str]()
    for reason, number in group.reasons.items():
        counted[reason_name(reason)] += number
    line = translate("UndeliveredGroup", "{count}: {reason}")
    return [line.format(count=number, reason=reason) for reason, number in counted.most_common()]


def bulks(group: UndeliveredGroup, rows: Mapping[str, UndeliveredRow]) -> list[Bulk]:
    """What can be decided for all, or for so many of them."""
    there = [rows[key] for key in group.client_keys if key in rows]
    found = []
    for choice in _AT_ONCE:
        keys = tuple(row.client_key for row in there if _fits(row, choice))
        if len(keys) > 1:
            found.append(Bulk(choice, _words(choice, len(keys)), keys))
    return found


def _fits(row: UndeliveredRow, choice: Choice) -> bool:
    return choice in row.choices and (choice is not Choice.SEND_ANYWAY or row.kind in _TO_NOBODY)


def _words(choice: Choice, count: int) -> str:
    text = {
        Choice.APPLY_MINE: translate("UndeliveredGroup", "Apply mine: {count}"),
        Choice.AS_NOTE: translate("UndeliveredGroup", "Keep as internal notes: {count}"),
        Choice.SEND_ANYWAY: translate("UndeliveredGroup", "Save again: {count}"),
    }.get(choice, translate("UndeliveredGroup", "Discard all {count}"))
    return text.format(count=count)


def grouped_by_key(groups: Sequence[UndeliveredGroup]) -> dict[str, UndeliveredGroup]:
    """The groups by the id of their card."""
    return {f"group:{one.client_keys[-1]}": one for one in groups}
