"""The texts that a workstation keeps for their author."""

from sync.domain.actions import words_of
from tests.simulation.station import Station


def kept_by(station: Station) -> list[str]:
    """Those in the outbox, in Undelivered, and in drafts."""
    reader = station.reader
    rows = [*reader.undelivered(), *reader.discarded()]
    found = [words.text.rpartition("\n")[2] for row in reader.outbox() if (words := words_of(row.action)) is not None]
    found += [row.text.rpartition("\n")[2] for row in rows]
    return found + [word for draft in reader.drafts() for word in draft.text.split()]
