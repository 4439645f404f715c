"""What the pages share on which something is written: read anew while it is seen, kept when it is left."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.desk import Desk
from desktop.models.cards import Card
from desktop.pages.two_columns import TwoColumns
from desktop.widgets.key_button import KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.cache.changes import Changes

NARROW = 1200
_ICONS = {"sent": "check", "offline": "offline", "overdue": "overdue"}


class KeptPage(TwoColumns):
    """sync_wanted(): something was done at the server, so ask it now.

    Sub-classes say which changes concern them, how they read, what is shown of an item, and keep it in `flush`.
    """

    sync_wanted = Signal()

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__(desk, title)
        self.notice = NoticeLine(desk.appearance)
        self._at_top: tuple[KeyButton, ...] = ()
        self._stale, self._listing = True, False
        self.cards.current_changed.connect(self._chosen)

    def concerns(self, changes: Changes) -> bool:
        """Whether these changes are about what is shown here."""
        raise NotImplementedError

    def read(self, changes: Changes | None) -> None:
        """Read and list anew what `changes` (None: whatever) touched."""
        raise NotImplementedError

    def show_item(self, name: str, *, again: bool = False) -> None:
        """What has that name; `again`: it may be another by now, though it is shown already."""
        raise NotImplementedError

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not self.concerns(changes):
            return
        self._stale = changes is not None and not self.isVisible()
        if not self._stale:
            self.read(changes)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def adapt(self, width: int, height: int) -> None:
        super().adapt(width, height)
        for button in self._at_top:
            button.show_key(width >= NARROW)

    def show_list(self, cards: list[Card]) -> None:
        """These cards, and the item that has the cursor then: the cursor's way there shows nothing."""
        self._listing = True
        self.cards.show_cards(cards)
        self._listing = False
        self.show_item(self.cards.current, again=True)

    def say(self, sentence: str, ink: str) -> None:
        """Over the item, with the ink's own icon."""
        self.notice.say(sentence, ink, _ICONS.get(ink, "info"))

    def lay_top(self, *buttons: KeyButton) -> None:
        """What begins a new one, over the list."""
        self._at_top = buttons
        for button in buttons:
            self.top.addWidget(button)

    def lay_item(self, parts: Sequence[QWidget], buttons: Sequence[KeyButton]) -> None:
        """The item's parts below what is said of it, the last one as high as there is room; its buttons under it."""
        self.hint.hide()
        self.body.addWidget(self.notice)
        for part in parts:
            self.body.addWidget(part, 1 if part is parts[-1] else 0)
        for button in buttons:
            self.answers.keep(button)

    def bind_buttons(self, *acts: tuple[KeyButton, Callable[[], object]]) -> None:
        """What each does when it is pressed."""
        for button, act in acts:
            button.clicked.connect(lambda _checked=False, act=act: act())

    def _chosen(self, name: str) -> None:
        if not self._listing:
            self.show_item(name)
