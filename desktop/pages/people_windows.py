"""The windows that the page of people opens, one at a time of each."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop.desk import Desk
from desktop.keeping import Keeping
from desktop.models.people_matrix import Place
from desktop.windows.add_person import AddPersonWindow
from desktop.windows.naming import NameWindow
from desktop.windows.person import PersonWindow
from desktop.windows.remove_person import RemovePersonWindow
from sync.connectors.administration import Administration
from sync.domain.people import AgentAccess


class PeopleWindows(QObject):
    """said(str): what was done, in a sentence. ticket_wanted(str): a ticket is to be opened."""

    said = Signal(str)
    ticket_wanted = Signal(str)

    def __init__(self, desk: Desk, keeping: Keeping, password: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._keeping = keeping
        self._password = password
        self._over = parent
        self.shown: QDialog | None = None

    def reload(self, people: Sequence[AgentAccess]) -> None:
        """What is open follows what the server told."""
        if isinstance(self.shown, PersonWindow):
            found = next((one for one in people if one.id == self.shown.agent_id), None)
            if found is not None:
                self.shown.show_person(found)

    def add_person(self) -> None:
        self._open(AddPersonWindow(self._desk.appearance, self._keeping, self._password, self._over))

    def open_person(self, person: AgentAccess) -> None:
        """Devices and password."""
        window = PersonWindow(self._desk, self._keeping, self._password, self._over)
        window.show_person(person)
        self._open(window)

    def remove_person(self, person: AgentAccess, people: Sequence[AgentAccess], categories: Sequence[str]) -> None:
        window = RemovePersonWindow(self._desk, self._keeping, person, people, categories, self._over)
        window.removed.connect(lambda name: self.said.emit(self.tr("{name} was removed.").format(name=name)))
        window.ticket_wanted.connect(self.ticket_wanted)
        window.ticket_wanted.connect(window.close)
        self._open(window)

    def bring_back(self, person: AgentAccess) -> None:
        words = self.tr("{name} is back, with the old password and without categories.").format(name=person.name)
        self._keeping.ask(lambda server: server.bring_back(person.id), lambda _done: self.said.emit(words))

    def change_line(self, person: AgentAccess, place: Place) -> None:
        """Into the second line of the category, or back into the first; nothing for whoever does not have it."""
        if not person.active or place.id not in person.category_ids:
            return
        second = place.id not in person.second_line_ids
        words = self.tr("{category} rings for {name} at once.")
        if second:
            words = self.tr("{category} rings for {name} only where nobody of the first line was reached.")
        words = words.format(name=person.name, category=place.name)
        self._keeping.ask(
            lambda server: server.place_grant(person.id, place.id, second), lambda _done: self.said.emit(words)
        )

    def rename_person(self, person: AgentAccess) -> None:
        self._name(
            self.tr("Rename {name}").format(name=person.name),
            self.tr("Name to sign in with"),
            person.name,
            lambda server, name: server.rename_person(person.id, name),
        )

    def add_category(self) -> None:
        self._name(self.tr("Add a category"), self.tr("Name"), "", lambda server, name: server.add_category(name))

    def rename_category(self, place: Place) -> None:
        self._name(
            self.tr("Rename {name}").format(name=place.name),
            self.tr("Name"),
            place.name,
            lambda server, name: server.rename_category(place.id, name),
        )

    def describe_category(self, place: Place) -> None:
        """The sentence stands at the server only: it is asked for first."""

        def show(sentence: str) -> None:
            self._name(
                self.tr("Describe {name}").format(name=place.name),
                self.tr("What belongs here, in a sentence for those who ask"),
                sentence,
                lambda server, words: server.describe_category(place.id, words),
                may_be_empty=True,
            )

        self._keeping.ask(lambda server: server.category_description(place.id), show)

    def _name(
        self,
        title: str,
        label: str,
        name: str,
        deed: Callable[[Administration, str], object],
        *,
        may_be_empty: bool = False,
    ) -> None:
        def do(given: str, failed: Callable[[str], None]) -> None:
            def done(_result: object) -> None:
                window.close()
                self.said.emit(self.tr("Saved: {name}").format(name=given) if given else self.tr("Saved"))

            self._keeping.ask(lambda server: deed(server, given), done, failed)

        look = self._desk.appearance
        window = NameWindow(look, title, label, name, do, self._over, may_be_empty=may_be_empty)
        self._open(window)

    def _open(self, window: QDialog) -> None:
        if self.shown is not None:
            self.shown.close()
            self.shown.deleteLater()
        self.shown = window
        window.open()
