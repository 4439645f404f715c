"""The value "these ids changed", which is all that screens are told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of rows whose shown form changed, by kind; `everything` after a first copy, a purge or a lock.

    `settled` are the client keys of outbox entries that left the outbox; `undelivered` and `outbox` say that
    those lists changed; `counts` that a count may have changed; `oversight` that what only owners see did, `faq`
    that an entry of the FAQ did, `closings`, `incidents` and `surges` that one of those did, `lines` that who
    is next in line for an alert did.
    """

    tickets: frozenset[str] = frozenset()
    messages_of: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    undelivered: bool = False
    outbox: bool = False
    quick_notes: bool = False
    people: bool = False
    counts: bool = False
    everything: bool = False
    oversight: bool = False
    faq: bool = False
    closings: bool = False
    incidents: bool = False
    surges: bool = False
    lines: bool = False

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(
            self.tickets | other.tickets,
            self.messages_of | other.messages_of,
            self.settled | other.settled,
            self.undelivered or other.undelivered,
            self.outbox or other.outbox,
            self.quick_notes or other.quick_notes,
            self.people or other.people,
            self.counts or other.counts,
            self.everything or other.everything,
            self.oversight or other.oversight,
            self.faq or other.faq,
            self.closings or other.closings,
            self.incidents or other.incidents,
            self.surges or other.surges,
            self.lines or other.lines,
        )

    def __bool__(self) -> bool:
        return self != Changes()
