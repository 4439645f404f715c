"""What somebody sent lately, as a table to look through and as CSV to keep."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.models.moments import Moments
from sync.cache.overseen import Sent
from sync.domain.records import MessageKind

Index = QModelIndex | QPersistentModelIndex
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SentTable(QAbstractTableModel):
    """When, ticket, what, its first line."""

    def __init__(self, moments: Moments, parent: QObject) -> None:
        super().__init__(parent)
        self._moments = moments
        self._rows: tuple[Sent, ...] = ()
        self._now = 0

    @property
    def rows(self) -> tuple[Sent, ...]:
        return self._rows

    def show(self, rows: Sequence[Sent], now_ms: int) -> None:
        self.beginResetModel()
        self._rows, self._now = tuple(rows), now_ms
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("When"), self.tr("Ticket"), self.tr("What"), self.tr("Words"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return None
        number = f"#{row.ticket_number}" if row.ticket_number else ""
        return (
            self._moments.full(row.at, self._now),
            f"{number} {row.ticket_subject}".strip(),
            self.tr("Reply") if row.kind is MessageKind.REPLY else self.tr("Note"),
            " ".join(row.text.split())[:200],
        )[index.column()]


def as_csv(rows: Sequence[Sent]) -> str:
    """All of it, times in UTC. What a table program would take for a formula is quoted."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(("at", "ticket", "subject", "kind", "text"))
    for row in rows:
        at = datetime.fromtimestamp(row.at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        number = "" if row.ticket_number is None else str(row.ticket_number)
        writer.writerow((at, number, _plain(row.ticket_subject), row.kind.value, _plain(row.text)))
    return sink.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
