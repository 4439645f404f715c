"""Agents against categories: what is ticked at the server, and what is ticked otherwise here and not yet saved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.models.plain_tip import plain_tip
from sync.domain.people import AgentAccess, Cover, PersonEdit, Plan, covers

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = Qt.ItemDataRole.UserRole
OWNER_COLUMN = 0


class Tick(Enum):
    """How a cell stands."""

    NO = "no"
    YES = "yes"
    GIVEN = "given"
    TAKEN = "taken"

    @property
    def on(self) -> bool:
        """Whether it is ticked once all is saved."""
        return self in (Tick.YES, Tick.GIVEN)

    @property
    def staged(self) -> bool:
        """Whether it is otherwise at the server."""
        return self in (Tick.GIVEN, Tick.TAKEN)


@dataclass(frozen=True, slots=True)
class Place:
    """A category that can be ticked."""

    id: str
    name: str


class PeopleMatrix(QAbstractTableModel):
    """planned(): the ticks that are not saved are others. ticked(): because the person set one."""

    planned = Signal()
    ticked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: tuple[AgentAccess, ...] = ()
        self._people: tuple[AgentAccess, ...] = ()
        self._categories: tuple[Place, ...] = ()
        self._covers: Mapping[str, Cover] = {}
        self._plan = Plan()
        self._former = False
        self._settled: dict[str, PersonEdit] = {}

    @property
    def people(self) -> tuple[AgentAccess, ...]:
        """All, those who left too."""
        return self._known

    @property
    def categories(self) -> tuple[Place, ...]:
        return self._categories

    @property
    def former(self) -> bool:
        """Whether those who left are shown."""
        return self._former

    @property
    def plan(self) -> Plan:
        """What is ticked and not saved."""
        return self._plan

    def show(self, people: Sequence[AgentAccess], categories: Sequence[Place]) -> None:
        """As they are at the server now; ticks that are still otherwise stay."""
        people = [self._with_settled(one) for one in people]
        shown = tuple(one for one in people if one.active or self._former)
        if (tuple(people), tuple(categories), shown) == (self._known, self._categories, self._people):
            return
        self.beginResetModel()
        self._known, self._categories, self._people = tuple(people), tuple(categories), shown
        self._plan = self._plan.upon(people)
        self._count()
        self.endResetModel()
        self.planned.emit()

    def show_former(self, shown: bool) -> None:
        """Those who left, too."""
        self._former = shown
        self.show(self._known, self._categories)

    def settle(self, plan: Plan, refused: Collection[str]) -> None:
        """The server took a plan, but for these agents: shown as saved, also before its rows have come."""
        self._settled |= {edit.agent_id: edit for edit in plan.edits() if edit.agent_id not in refused}
        self.show(self._known, self._categories)

    def forget_settled(self, people: Sequence[AgentAccess]) -> None:
        """The rows had time to come: what they say counts, somebody else may have been there since."""
        self._settled.clear()
        self.show(people, self._categories)

    def drop(self) -> None:
        """Back to what the server has."""
        self._plan = Plan()
        self._told()

    def toggle(self, index: Index) -> None:
        """The other way, not saved."""
        person = self.person(index.row()) if index.isValid() else None
        if person is None or not person.active:
            return
        if index.column() == OWNER_COLUMN:
            self._plan = self._plan.with_owner(person, not self._plan.is_owner(person))
        else:
            category = self._categories[index.column() - 1].id
            self._plan = self._plan.with_grant(person, category, not self._plan.is_granted(person, category))
        self.ticked.emit()
        self._told()

    def person(self, row: int) -> AgentAccess | None:
        """Whose row that is."""
        return self._people[row] if 0 <= row < len(self._people) else None

    def category(self, column: int) -> Place | None:
        """Whose column that is; None for the role."""
        return self._categories[column - 1] if 0 < column <= len(self._categories) else None

    def row_of(self, agent_id: str) -> int:
        """-1 where there is none."""
        return next((row for row, one in enumerate(self._people) if one.id == agent_id), -1)

    def nobody(self, column: int) -> bool:
        """Whether nobody covers the category of that column once all is saved."""
        place = self.category(column)
        return place is not None and not self._covers[place.id].after

    def tick(self, index: Index) -> Tick:
        """How that cell stands."""
        person = self._people[index.row()]
        place = self.category(index.column())
        if place is None:
            was, now = person.is_owner, self._plan.is_owner(person)
        else:
            was, now = place.id in person.category_ids, self._plan.is_granted(person, place.id)
        return (Tick.YES if was else Tick.GIVEN) if now else (Tick.TAKEN if was else Tick.NO)

    def second_line(self, index: Index) -> bool:
        """Whether that tick, as the server has it, rings only where the first line was not reached."""
        place = self.category(index.column())
        return place is not None and place.id in self._people[index.row()].second_line_ids

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._categories) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        person = self.person(index.row())
        active = person is not None and person.active
        return super().flags(index) if active else Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == CELL_ROLE:
            return self.tick(index)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._said(index) if role == Qt.ItemDataRole.AccessibleTextRole else plain_tip(self._said(index))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            person = self.person(section)
            name = person.name if person is not None else ""
        else:
            place = self.category(section)
            name = self.tr("Owner") if place is None else place.name
        return plain_tip(name) if role == Qt.ItemDataRole.ToolTipRole else name

    def _said(self, index: Index) -> str:
        person, place, tick = self._people[index.row()], self.category(index.column()), self.tick(index)
        what = self.tr("owner") if place is None else place.name
        state = {
            Tick.NO: self.tr("no"),
            Tick.YES: self.tr("yes, second line") if self.second_line(index) else self.tr("yes"),
            Tick.GIVEN: self.tr("will be given"),
            Tick.TAKEN: self.tr("will be taken"),
        }[tick]
        return f"{person.name}, {what}: {state}"

    def _with_settled(self, person: AgentAccess) -> AgentAccess:
        edit = self._settled.get(person.id)
        if edit is None:
            return person
        after = edit.upon(person)
        if after == person:
            del self._settled[person.id]
        return after

    def _told(self) -> None:
        self._count()
        if self._people:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._people) - 1, len(self._categories)))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._categories))
        self.planned.emit()

    def _count(self) -> None:
        ids = [one.id for one in self._categories]
        self._covers = {one.category_id: one for one in covers(self._known, ids, self._plan)}
