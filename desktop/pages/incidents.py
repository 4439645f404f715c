"""Incidents: one cause behind many tickets, with notice, time of repair and internal thread (PRODUCT D9)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal

from desktop.deeds import Deeds, nobody_there
from desktop.desk import Desk
from desktop.incident_desk import IncidentDesk
from desktop.models import incident_words
from desktop.models.incident_words import NEW
from desktop.pages.incident_bar import IncidentButtons
from desktop.pages.incident_form import IncidentForm
from desktop.pages.incident_panel import IncidentPanel
from desktop.pages.kept_page import KeptPage
from desktop.widgets.key_button import KeyButton
from sync.cache.changes import Changes
from sync.connectors.incident_keeping import IncidentKeeping
from sync.domain.incidents import Incident, earlier


class IncidentsPage(KeptPage):
    """answer_wanted(str): answer all tickets of this incident."""

    answer_wanted = Signal(str)

    def __init__(self, desk: Desk, reach: Callable[[], IncidentKeeping] = nobody_there) -> None:
        super().__init__(desk, QCoreApplication.translate("IncidentsPage", "Incidents"))
        look = desk.appearance
        offline = self.tr("You are offline. Your words are kept here: save them once the server answers.")
        self.deeds = Deeds(desk, reach, offline, self)
        self.incidents = IncidentDesk(desk, self.deeds)
        self.form, self.panel = IncidentForm(look), IncidentPanel(look)
        self.buttons = IncidentButtons(look, self)
        self.new = KeyButton(look, self.tr("New"), "plus", key=self.tr("Ins"), big=False)
        self._build()
        self._connect()
        self._bind()

    # what is shown

    def concerns(self, changes: Changes) -> bool:
        return changes.incidents or changes.people or bool(changes.tickets) or changes.everything

    def read(self, _changes: Changes | None) -> None:
        self.incidents.catch_up()
        self.form.show_places({one.id: one.name for one in self.desk.reader.categories()})
        self._list()

    def flush(self) -> None:
        """Keep what is written now."""
        self.incidents.flush()

    def undo(self) -> bool:
        return self.incidents.undo()

    def show_incident(self, incident_id: str) -> None:
        """With the cursor on it, if it is listed."""
        self._list()
        self.cards.choose(incident_id)

    def _list(self) -> None:
        reader, drafts = self.desk.reader, self.incidents.drafts()
        now, moments = self.desk.clock.now_ms(), self.desk.moments
        new = [draft.wanted for name, draft in drafts.items() if name.startswith(NEW)]
        shown = [*new, *(drafts[one.id].wanted if one.id in drafts else one for one in reader.incidents())]
        cards = [
            incident_words.card(one, reader.gathered(one.id), moments, now, changed=one.id in drafts) for one in shown
        ]
        self.count.setText(str(len(cards)) if cards else "")
        self.nothing.setText(
            self.tr("No incidents. Where many ask about one fault, open one: their tickets are answered together.")
        )
        self.show_list(cards)

    def show_item(self, name: str, *, again: bool = False) -> None:
        if name != self.incidents.id:
            self.notice.clear()
            there = bool(name) and self.incidents.open(name)
            self.show_detail(there)
            again = there
        shown = self.incidents.shown(name) if name else None
        if shown is None:
            self.show_detail(False)
            return
        if again:
            self.form.show_incident(shown)
        self._show_state(shown)

    def _show_state(self, shown: Incident) -> None:
        reader, now = self.desk.reader, self.desk.clock.now_ms()
        found, is_kept = reader.gathered(shown.id), not shown.id.startswith(NEW)
        others = [
            f"{self.desk.moments.full(one.since, now)}  {one.title}" for one in earlier(shown, reader.incidents())
        ]
        self.panel.setVisible(is_kept)
        other_time = reader.mails() and (reader.incident(shown.id) or shown).eta != shown.eta
        self.panel.show_figures(incident_words.figures(shown, found, other_time=other_time), others[:5])
        self.panel.show_thread(self._thread(shown.id))
        self.panel.show_note(self.incidents.note)
        small = self.tr("Begun {time}").format(time=self.desk.moments.full(shown.since, now))
        self.head.show_words(shown.title or self.tr("New incident"), small)
        if shown.fixed_at is not None:
            self.head.chip.show_words(self.tr("Repaired"), "sent", "check")
        elif incident_words.is_late(shown, now):
            self.head.chip.show_words(self.tr("Late"), "overdue", "overdue")
        else:
            self.head.chip.show_words(self.tr("Public") if shown.is_public else self.tr("Internal"), "due", "urgent")
        self.buttons.show_state(
            is_kept=is_kept,
            is_changed=shown.id in self.incidents.drafts(),
            is_fixed=shown.fixed_at is not None,
            tickets=found.tickets,
        )

    def _thread(self, incident_id: str) -> list[str]:
        names, somebody = {one.id: one.name for one in self.desk.reader.agents()}, self.tr("Somebody")
        now, moments = self.desk.clock.now_ms(), self.desk.moments
        return [
            f"{names.get(one.author_id or '', somebody)}, {moments.full(one.at, now)}\n{one.text}"
            for one in self.desk.reader.incident_notes(incident_id)
        ]

    # what is done

    def begin(self) -> None:
        """A new one, open before the person."""
        self.incidents.begin()

    def _ask_fixed(self) -> None:
        kept = self.desk.reader.incident(self.incidents.id)
        if kept is None:
            return
        found = self.desk.reader.gathered(kept.id)
        words = self.tr("Repaired? Each who asked gets a mail that asks whether it works again. Tickets: {count}.")
        if kept.followers:
            words = self.tr("Repaired? Each who asked gets a mail. Tickets: {count}, waiting without one: {more}.")
        if not self.desk.reader.mails():
            words = self.tr("Repaired? No mail goes out: the page of each who asked says so. Tickets: {count}.")
        self.notice.ask(
            words.format(count=found.tickets, more=kept.followers), self.tr("It is repaired"), self.tr("Not yet")
        )

    def _written(self) -> None:
        if self.incidents.id:
            self.incidents.write(self.form.shown, self.form.incident)
            self._show_state(self.form.incident)

    def _began(self, name: str) -> None:
        self.show_incident(name)
        self.form.title.setFocus()

    # how it is put together

    def _build(self) -> None:
        self.lay_top(self.new)
        self.lay_item((self.form, self.panel), self.buttons.in_row)

    def _connect(self) -> None:
        self.bind_buttons(
            (self.buttons.save, self.incidents.save),
            (self.buttons.answer, self.answer_all),
            (self.buttons.fixed, self._ask_fixed),
            (self.buttons.again, partial(self.incidents.set_fixed, False)),
            (self.buttons.throw, self.incidents.throw_away),
            (self.new, self.begin),
        )
        self.cards.send_pressed.connect(self.incidents.save)
        self.opened.connect(self.form.title.setFocus)
        self.form.changed.connect(self._written)
        self.panel.written.connect(lambda: self.incidents.write_note(self.panel.note.toPlainText()))
        self.panel.add_wanted.connect(self.incidents.add_note)
        self.notice.answered.connect(lambda yes: self.incidents.set_fixed(True) if yes else None)
        self.incidents.listed.connect(self._list)
        self.incidents.wanted.connect(self._began)
        self.incidents.said.connect(self.say)
        self.deeds.done.connect(self.sync_wanted)

    def answer_all(self) -> None:
        """One answer to all tickets of the open one."""
        if self.incidents.id and not self.incidents.id.startswith(NEW):
            self.answer_wanted.emit(self.incidents.id)

    def _bind(self) -> None:
        self.bind_keys(("Ctrl+S", self.incidents.save), ("Ins", self.begin), ("Ctrl+R", self.answer_all))
