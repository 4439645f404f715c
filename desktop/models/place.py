"""Where the person is in the main window: a view, a category, a page, or a search; and the way back."""

from dataclasses import dataclass

from sync.cache.rows import View, ViewName

QUICK_NOTES, OUTBOX, UNDELIVERED, PEOPLE = "quickNotes", "outbox", "undelivered", "people"
FAQ = "faq"
INTAKE = "intake"
INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Place:
    """Exactly one of the three is set: a list of tickets, a page's name, or what is searched for."""

    view: View | None = None
    page: str = ""
    search: str = ""


def view(name: ViewName, category_id: str | None = None) -> Place:
    return Place(view=View(name, category_id))


def page(name: str) -> Place:
    return Place(page=name)


@dataclass(frozen=True, slots=True)
class Step:
    """A place with the ticket that was looked at there; its id empty for none."""

    place: Place
    ticket_id: str = ""


class History:
    """Back and forward, at most 100 steps."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._at = -1

    def visit(self, step: Step) -> None:
        """The person went there by themselves; what lay forward is dropped."""
        if 0 <= self._at < len(self._steps) and self._steps[self._at] == step:
            return
        del self._steps[self._at + 1 :]
        self._steps.append(step)
        del self._steps[:-100]
        self._at = len(self._steps) - 1

    def go(self, by: int) -> Step | None:
        """The step back (-1) or forward (1); None at the end."""
        if not 0 <= self._at + by < len(self._steps):
            return None
        self._at += by
        return self._steps[self._at]
