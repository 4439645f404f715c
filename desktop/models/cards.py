"""The rows of the person's own lists (Undelivered, outbox, quick notes): a few words each, kept in one small model."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

CardRole = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Card:
    """Up to three lines. `mark` is the third: an icon, its words, and the ink of both."""

    id: str
    icon: str
    ink: str
    title: str
    small: str
    when: str
    line: str
    mark_icon: str = ""
    mark: str = ""
    mark_ink: str = "muted"

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        return ", ".join(part for part in (self.title, self.small, self.line, self.mark, self.when) if part) + "."


class CardModel(QAbstractListModel):
    """Replaces its rows as a whole: these lists are short."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[Card] = []

    def set_cards(self, cards: Sequence[Card]) -> None:
        """New rows; those that only changed keep their place and the selection."""
        if [card.id for card in cards] == [card.id for card in self._cards]:
            self._cards = list(cards)
            if cards:
                self.dataChanged.emit(self.index(0), self.index(len(cards) - 1))
            return
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def card(self, row: int) -> Card | None:
        return self._cards[row] if 0 <= row < len(self._cards) else None

    def row_of(self, card_id: str) -> int:
        """-1 if it is not on the list."""
        return next((row for row, card in enumerate(self._cards) if card.id == card_id), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        card = self.card(index.row())
        if card is None:
            return None
        if role == CardRole:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return card.spoken
        return None
