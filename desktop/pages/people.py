"""People and categories, for owners: who sees what, ticked and looked at before it is saved (PRODUCT B4)."""

import random
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from desktop.desk import Desk
from desktop.keeping import Keeping, Reach
from desktop.models.first_password import first_password
from desktop.models.people_matrix import PeopleMatrix, Place
from desktop.models.people_words import Held, Sentence, preview
from desktop.pages.page import Page
from desktop.pages.people_bar import PeopleBar
from desktop.pages.people_windows import PeopleWindows
from desktop.pages.plan_saving import PlanSaving
from desktop.theme import fonts
from desktop.widgets.chip import Chip
from desktop.widgets.ground import Ground
from desktop.widgets.key_button import ACCENT, KeyButton
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.people_matrix import PeopleMatrixView
from desktop.widgets.plan_preview import PlanPreview
from sync.cache.changes import Changes
from sync.domain.ids import RandomBits
from sync.domain.people import AgentAccess
from sync.engine.status import Condition, SyncStatus

_NARROW, _LOW = 1000, 600


class PeoplePage(Page):
    """sync_wanted(): something was done at the server, so ask it now."""

    sync_wanted = Signal()

    def __init__(self, desk: Desk, reach: Reach, randomness: RandomBits | None = None) -> None:
        super().__init__(desk.appearance, "bg")
        look = desk.appearance
        self.desk = desk
        self.keeping = Keeping(desk, reach)
        source = randomness if randomness is not None else random.SystemRandom()
        self.windows = PeopleWindows(desk, self.keeping, partial(first_password, source), self)
        self.matrix = PeopleMatrix(self)
        self.view = PeopleMatrixView(look, self.matrix)
        self.preview = PlanPreview(look)
        self.notice = NoticeLine(look)
        self.saving = PlanSaving(desk, self.matrix, self.preview, self.notice, self.keeping)
        self.chip = Chip(look)
        self.nothing = QLabel(self.tr("Only owners keep people and categories. Ask one of them."))
        self.bar = PeopleBar(desk)
        self.add = KeyButton(look, self.tr("Add somebody"), "plus", ACCENT, self.tr("Ins"), big=False)
        self._title, self._small = QLabel(), QLabel()
        self._stale = True
        self._low = False
        self._lay_out()
        self._connect()
        self._bind()
        look.changed.connect(self._dress)
        self._dress()

    # what is shown

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not (changes.oversight or changes.people or changes.everything):
            return
        self._stale = not self.isVisible()
        if self._stale:
            return
        reader = self.desk.reader
        people = reader.people()
        places = [Place(one.id, one.name) for one in reader.categories()]
        self.matrix.show(people, places)
        active = sum(1 for one in people if one.active)
        words = self.tr("{people} people, {categories} categories")
        self._small.setText(words.format(people=active, categories=len(places)))
        self.view.setVisible(bool(people))
        self.nothing.setVisible(not people)
        self.windows.reload(people)
        self._show_person()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    def show_status(self, status: SyncStatus) -> None:
        """Offline the page can be read, as of the last contact."""
        if status.condition in (Condition.ONLINE, Condition.DELAYED):
            self.chip.show_words("", "sent", "online")
        elif status.last_contact_ms is not None:
            at = self.desk.moments.short(status.last_contact_ms, self.desk.clock.now_ms())
            self.chip.show_words(self.tr("Offline, as of {time}").format(time=at), "offline", "offline")
        else:
            self.chip.show_words(self.tr("Offline"), "offline", "offline")
        self.chip.setVisible(bool(self.chip.words))
        self._show_plan()

    def adapt(self, width: int, height: int) -> None:
        self._low = height < _LOW
        self.preview.set_low(self._low)
        self._show_bar()
        self.view.adapt(width < _NARROW)
        self.add.show_key(width >= _NARROW)
        self.bar.show_keys(width >= _NARROW)
        self.preview.show_keys(width >= _NARROW)

    def leave(self) -> bool:
        """Esc drops what is ticked and not saved, before it leaves the page."""
        if not self.matrix.plan:
            return False
        self.saving.drop()
        return True

    # what is done

    @property
    def person(self) -> AgentAccess | None:
        """Whose row has the keyboard."""
        return self.matrix.person(self.view.currentIndex().row())

    def _show_plan(self) -> None:
        reader = self.desk.reader
        held = Held(reader.tickets_of_category, reader.open_assigned)
        sentences: list[Sentence] = []
        if self.matrix.plan:
            sentences = preview(self.matrix.people, self.matrix.categories, self.matrix.plan, reader.me() or "", held)
        self.preview.show_sentences(sentences)
        self._show_bar()

    def _show_bar(self) -> None:
        """A low window has room for one of the two: what is ticked comes first."""
        self.bar.setVisible(not (self._low and self.matrix.plan))

    def _show_person(self) -> None:
        self.bar.show_person(self.person, self._category())

    def _category(self) -> Place | None:
        return self.matrix.category(self.view.currentIndex().column())

    # how it is put together

    def _lay_out(self) -> None:
        look, px = self.desk.appearance, self.desk.appearance.px
        head = Ground(look, "surface", "bottom")
        top = QHBoxLayout(head)
        top.setContentsMargins(px(16), px(8), px(16), px(8))
        self._title.setText(QCoreApplication.translate("PeoplePage", "People and categories"))
        self._small.setProperty("tone", "muted")
        top.addWidget(self._title)
        top.addWidget(self._small)
        top.addWidget(self.chip)
        top.addStretch(1)
        top.addWidget(self.add)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("tone", "muted")
        self.nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.notice)
        column.addWidget(self.preview)
        column.addWidget(self.bar)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self._acts: dict[str, Callable[[], None]] = {
            "add": self.windows.add_person,
            "person": lambda: self._with_person(self.windows.open_person),
            "line": lambda: self._with_person(lambda one: self._with_category(partial(self.windows.change_line, one))),
            "rename": lambda: self._with_person(self.windows.rename_person),
            "remove": lambda: self._with_person(self._ask_removal),
            "back": lambda: self._with_person(self.windows.bring_back),
            "rename_category": self._rename_category,
            "describe_category": lambda: self._with_category(self.windows.describe_category),
            "add_category": self.windows.add_category,
            "former": self._toggle_former,
        }
        self.add.clicked.connect(self._acts["add"])
        self.bar.pressed.connect(lambda name: self._acts[name]())
        self.matrix.planned.connect(self._show_plan)
        self.matrix.ticked.connect(self.notice.clear)
        self.view.selectionModel().currentChanged.connect(self._show_person)
        self.view.person_wanted.connect(lambda _agent_id: self._acts["person"]())
        self.view.category_wanted.connect(lambda _category_id: self._rename_category())
        self.keeping.done.connect(self.sync_wanted)
        self.keeping.failed.connect(self.notice.say)
        self.windows.said.connect(lambda words: self.notice.say(words, "sent", "check"))
        self.windows.ticket_wanted.connect(self.ticket_wanted)

    def _bind(self) -> None:
        self.bind_keys(
            ("Ctrl+S", self.saving.save),
            ("Ins", self._acts["add"]),
            ("Shift+Ins", self._acts["add_category"]),
            ("F4", self._acts["line"]),
            ("F2", self._acts["rename"]),
            ("Shift+F2", self._acts["rename_category"]),
            ("Ctrl+F2", self._acts["describe_category"]),
            ("Del", self._acts["remove"]),
        )

    def _with_person(self, act: Callable[[AgentAccess], None]) -> None:
        if self.person is not None:
            act(self.person)

    def _ask_removal(self, person: AgentAccess) -> None:
        names = [one.name for one in self.matrix.categories if one.id in person.category_ids]
        self.windows.remove_person(person, self.matrix.people, names)

    def _rename_category(self) -> None:
        self._with_category(self.windows.rename_category)

    def _with_category(self, act: Callable[[Place], None]) -> None:
        place = self._category()
        if place is not None:
            act(place)

    def _toggle_former(self) -> None:
        shown = not self.matrix.former
        self.matrix.show_former(shown)
        self.bar.show_former(shown)

    def _dress(self) -> None:
        look = self.desk.appearance
        self._title.setFont(look.font(18, fonts.SEMI_BOLD))
        self._small.setFont(look.font(12))
