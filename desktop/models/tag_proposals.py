"""Which of the known tags are meant by what is typed."""

from collections.abc import Sequence

MOST = 20


def proposals(typed: str, own: Sequence[str], known: Sequence[str]) -> list[str]:
    """Tags that begin so, then tags that hold it; capitals do not matter. `own`: those that the ticket has."""
    sought = typed.casefold()
    every = sorted({*own, *known}, key=str.casefold)
    begin = [tag for tag in every if tag.casefold().startswith(sought)]
    hold = [tag for tag in every if sought in tag.casefold() and tag not in begin]
    return [*begin, *hold][:MOST]


def spelled(typed: str, known: Sequence[str]) -> str:
    """The known tag that differs by capitals only, so that one tag does not become two."""
    if typed in known:
        return typed
    return next((tag for tag in known if tag.casefold() == typed.casefold()), typed)
