"""What one server process tells the others of the same database: a text that fits into a NOTIFY."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from sync.jmap.errors import JSON

MOST_OCTETS: Final = 7_900
"""PostgreSQL takes payloads of less than 8,000."""
MOST_RINGS: Final = 24


@dataclass(slots=True)
class Told:
    """How an account moved: its counter before and after each commit, and the newest count of each type."""

    spans: list[tuple[int, int]]
    counts: dict[str, int]

    def add(self, other: Told) -> None:
        """Commits of one process may come here out of order; neighbours become one."""
        spans: list[tuple[int, int]] = []
        for before, after in sorted(self.spans + other.spans):
            if spans and spans[-1][1] == before:
                spans[-1] = (spans[-1][0], after)
            else:
                spans.append((before, after))
        self.spans = spans
        for name, count in other.counts.items():
            self.counts[name] = max(count, self.counts.get(name, 0))


@dataclass(slots=True)
class Telegram:
    """Everything of some milliseconds. `look`: there was more than fits, so look at the counters.

    `told` by account id; `rings` are account ids with arrivals on the wire; `ended` agents whose streams shall end;
    `notes` are topics with what was said about them.
    """

    told: dict[str, Told] = field(default_factory=dict)
    rings: list[tuple[str, Mapping[str, JSON]]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    notes: list[tuple[str, JSON]] = field(default_factory=list)
    look: bool = False

    def __bool__(self) -> bool:
        return bool(self.told or self.rings or self.ended or self.notes or self.look)

    def add(self, other: Telegram) -> None:
        """Take in a later one. What grows too long becomes a request to look."""
        self.ended += [one for one in other.ended if one not in self.ended]
        self.notes += other.notes
        self.look = self.look or other.look
        for account_id, told in other.told.items():
            known = self.told.get(account_id)
            if known is None:
                self.told[account_id] = told
            else:
                known.add(told)
        self.rings += other.rings
        if len(self.rings) > MOST_RINGS:
            self.look = True
        if self.look:
            self.told.clear()
            self.rings.clear()

    def payloads(self, sender: str) -> Iterator[str]:
        """The texts to send: one, if it fits. A note that fits into none is our own mistake."""
        whole = _text(sender, self)
        if len(whole) <= MOST_OCTETS:
            yield whole.decode()
            return
        if self.told or self.rings or self.look:
            yield _text(sender, Telegram(look=True)).decode()
        part = Telegram()
        for piece in _pieces(self):
            longer = Telegram(ended=part.ended + piece.ended, notes=part.notes + piece.notes)
            if len(_text(sender, longer)) > MOST_OCTETS and part:
                yield _text(sender, part).decode()
                longer = piece
            part = longer
        if part:
            yield _text(sender, part).decode()


def read(payload: str) -> tuple[str, Telegram]:
    """The sender and what was told. Raises ValueError for what no process of ours sends."""
    try:
        value = orjson.loads(payload)
        told = {one: Told([(a, b) for a, b in spans], dict(counts)) for one, (spans, counts) in value["told"].items()}
        rings: list[tuple[str, Mapping[str, JSON]]] = [
            (str(account_id), dict(arrival)) for account_id, arrival in value["rings"]
        ]
        notes = [(str(topic), data) for topic, data in value["notes"]]
        return str(value["by"]), Telegram(told, rings, list(value["ended"]), notes, bool(value["look"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("no telegram of ours") from error


def _text(sender: str, telegram: Telegram) -> bytes:
    told = {one: (told.spans, told.counts) for one, told in telegram.told.items()}
    value = {
        "by": sender,
        "told": told,
        "rings": telegram.rings,
        "ended": telegram.ended,
        "notes": telegram.notes,
        "look": telegram.look,
    }
    return orjson.dumps(value)


def _pieces(telegram: Telegram) -> Iterator[Telegram]:
    for agent_id in telegram.ended:
        yield Telegram(ended=[agent_id])
    for note in telegram.notes:
        yield Telegram(notes=[note])
