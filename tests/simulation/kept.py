"""The texts that a workstation keeps for their author."""

from sync.domain.actions import words_of
from tests.simulation.facts import words_in
from tests.simulation.station import Station


def kept_by(station: Station) -> list[str]:
    """Those in the outbox, in Undelivered, and in drafts."""
    reader = station.reader
    texts = [words.text for row in reader.outbox() if (words := words_of(row.action)) is not None]
    texts += [row.text for row in (*reader.undelivered(), *reader.discarded())]
    return words_in([*texts, *(draft.text for draft in reader.drafts())])
