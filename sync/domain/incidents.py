"""Incidents: one cause behind many tickets, with a public notice and an expected time of repair (PRODUCT D9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

TITLE_MAX: Final = 200
NOTICE_MAX: Final = 2_000
CAUSE_MAX: Final = 200
NOTE_MAX_BYTES: Final = 100_000
PLACEHOLDERS: Final = ("name", "number", "eta")
STILL_BROKEN: Final = "It is still broken."
WRITTEN: Final = ("title", "notice", "since", "eta", "cause", "category_ids", "is_public", "keeper_id")
"""What a person writes of an incident, besides that it is repaired."""
_PLACE: Final = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_WORD: Final = re.compile(r"[^\W_]{3,}")
_ALIKE: Final = 0.5
_EARLIER_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Incident:
    """Times in ms UTC. `eta`: when it is expected to be repaired; `late_at`: when that moment passed without repair.

    `keeper_id` is the agent who sees to it. `category_ids`: whose requesters read the notice; empty: all of them.
    `works` and `broken`: how many requesters said so after the repair; `followers` wait for a mail without a ticket.
    """

    id: str
    title: str
    since: int
    notice: str = ""
    eta: int | None = None
    fixed_at: int | None = None
    cause: str = ""
    category_ids: frozenset[str] = frozenset()
    is_public: bool = False
    keeper_id: str | None = None
    late_at: int | None = None
    created_at: int = 0
    updated_at: int = 0
    followers: int = 0
    works: int = 0
    broken: int = 0

    def concerns(self, category_id: str | None) -> bool:
        """Whether requesters of a category are meant; for None: anybody."""
        return category_id is None or not self.category_ids or category_id in self.category_ids


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """One entry of an incident's internal thread; `at` in ms UTC."""

    id: str
    incident_id: str
    author_id: str | None
    text: str
    at: int


def with_those(incident: Incident, other: Incident, names: Iterable[str]) -> Incident:
    """The incident with these fields of the other."""
    return replace(incident, **{name: getattr(other, name) for name in names})


def touched(base: Incident, wanted: Incident) -> list[str]:
    """What a person wrote anew."""
    return [name for name in WRITTEN if getattr(base, name) != getattr(wanted, name)]


def upon(kept: Incident, base: Incident, wanted: Incident) -> tuple[Incident, Incident]:
    """A change, upon what is kept by now: what the change does not touch is as it is kept. Its base, and itself."""
    mine = touched(base, wanted)
    return with_those(kept, base, mine), with_those(kept, wanted, mine)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The words with {name}, {number} and {eta} replaced; what stands in other braces, or has no value, stays."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def without_value(text: str, values: Mapping[str, str]) -> list[str]:
    """The placeholders of a text that nothing is known for, each once, in their order."""
    return list(dict.fromkeys(one for one in _PLACE.findall(text) if not values.get(one)))


def earlier(incident: Incident, others: Iterable[Incident]) -> list[Incident]:
    """Those that began before and seem to be of the same cause, the newest first: the cause named alike, or else half
    of the words of the shorter title in both."""
    found = [
        one for one in others if one.id != incident.id and one.since <= incident.since and _same_cause(one, incident)
    ]
    return sorted(found, key=lambda one: (-one.since, one.id))[:_EARLIER_MOST]


def shown_to(incidents: Iterable[Incident], category_id: str | None, at: int) -> list[Incident]:
    """What requesters are told of now: public, begun, not repaired; the newest first."""
    open_now = [one for one in incidents if one.is_public and one.fixed_at is None and one.since <= at]
    return sorted((one for one in open_now if one.concerns(category_id)), key=lambda one: (-one.since, one.id))


def _same_cause(one: Incident, other: Incident) -> bool:
    mine, theirs = one.cause.casefold().strip(), other.cause.casefold().strip()
    if mine and theirs:
        return mine == theirs
    words, more = _words(one.title), _words(other.title)
    fewest = min(len(words), len(more))
    return fewest > 0 and len(words & more) / fewest >= _ALIKE


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
