"""The rows of the spot-check: too long, a heading, soon."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.models.moments import length
from sync.domain.spot_check import Finding, Report

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = Qt.ItemDataRole.UserRole
BEYOND, WAITS, LIMIT, TICKET, REQUESTER, SUBJECT, CATEGORY, RESPONSIBLE = range(8)


@dataclass(frozen=True, slots=True)
class Cell:
    """What the delegate paints: words, an icon or none, colour, boldness."""

    words: str
    icon: str = ""
    color: str = "text"
    strong: bool = False
    heading: bool = False


class CheckTable(QAbstractTableModel):
    """Oldest first. A row is a finding, or None for the heading above those that will soon be too long."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Finding | None] = []

    def show(self, report: Report) -> None:
        """All rows anew."""
        self.beginResetModel()
        soon: list[Finding | None] = [None, *report.soon] if report.soon else []
        self._rows = [*report.too_long, *soon]
        self.endResetModel()

    @property
    def heading_row(self) -> int | None:
        """Where the heading stands."""
        return self._rows.index(None) if None in self._rows else None

    def finding(self, row: int) -> Finding | None:
        """The finding of a row; None for the heading and outside."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, ticket_id: str) -> int | None:
        """Where a ticket stands."""
        places = (
            place for place, one in enumerate(self._rows) if one is not None and one.ticket.ticket_id == ticket_id
        )
        return next(places, None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 8

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles()[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.finding(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (CELL_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        finding = self._rows[index.row()]
        cell = self._heading(index.column()) if finding is None else self._cell(finding, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and finding is not None:
            return self._spoken(finding)
        return cell if role == CELL_ROLE else cell.words

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Beyond its limit"),
            self.tr("Waits"),
            self.tr("Limit"),
            self.tr("Ticket"),
            self.tr("Requester"),
            self.tr("Subject"),
            self.tr("Category"),
            self.tr("Responsible"),
        )

    def _heading(self, column: int) -> Cell:
        words = self.tr("Soon, within 45 minutes") if column == BEYOND else ""
        return Cell(words, color="muted", strong=True, heading=True)

    def _cell(self, finding: Finding, column: int) -> Cell:
        ticket = finding.ticket
        number = f"#{ticket.number}" if ticket.number is not None else self.tr("new")
        match column:
            case 0:
                return self._beyond(finding)
            case 1:
                return Cell(length(finding.waited_ms))
            case 2:
                return Cell(length(ticket.limit_ms), color="muted")
            case 3:
                return Cell(number, color="muted")
            case 4:
                return Cell(ticket.requester)
            case 5:
                return Cell(ticket.subject)
            case 6:
                return Cell(ticket.category, color="muted")
            case _:
                if ticket.responsible is None:
                    return Cell(self.tr("Nobody"), "user-none", "needs", strong=True)
                return Cell(ticket.responsible, "user")

    def _beyond(self, finding: Finding) -> Cell:
        if finding.left_ms <= 0:
            words = self.tr("{time} over").replace("{time}", length(-finding.left_ms))
            return Cell(words, "overdue", "overdue", strong=True)
        return Cell(self.tr("in {time}").replace("{time}", length(finding.left_ms)), "due", "due", strong=True)

    def _spoken(self, finding: Finding) -> str:
        ticket = finding.ticket
        number = "" if ticket.number is None else self.tr("ticket {number}").replace("{number}", str(ticket.number))
        responsible = ticket.responsible or self.tr("nobody responsible")
        parts = [self._beyond(finding).words, ticket.requester, ticket.subject, number, ticket.category, responsible]
        return ", ".join(part for part in parts if part)
