"""The thread of the ticket in view as entries: what its words depend on, gathered from the cache and the moment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.desk import Desk
from desktop.models.event_sentence import Names
from desktop.models.thread import Entry, Scene, entries
from desktop.thread_decisions import ThreadDecisions
from sync.cache.rows import MessageRow, TicketDetail
from sync.domain.records import Awaiting


class ThreadScene(QObject):
    """`online`: what is saved here goes next, or waits. `low`: few lines fit. `read_seq`: how far it was read."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.online = True
        self.low = False
        self.read_seq = 0
        self.decisions = ThreadDecisions(desk, parent)

    def entries(self, detail: TicketDetail, rows: Sequence[MessageRow], names: Names) -> list[Entry]:
        """At this moment."""
        origins = self._others(detail, rows)
        names = replace(names, tickets=origins, unseen=self._desk.reader.unseen(detail.links))
        held = self.decisions.look(detail, rows, names)
        scene = Scene(
            requester=detail.row.requester_name or self.tr("the requester"),
            names=names,
            moments=self._desk.moments,
            now_ms=self._desk.clock.now_ms(),
            awaiting_team=detail.row.awaiting is Awaiting.TEAM,
            read_seq=self.read_seq,
            online=self.online,
            few_lines=self.low,
            held=held,
            origins=origins,
        )
        return [*entries(rows, scene), *self.decisions.changes(held, names)]

    def _others(self, detail: TicketDetail, rows: Sequence[MessageRow]) -> Mapping[str, str]:
        """The numbers of tickets that were merged into this one, of the one that it goes on in, of those linked."""
        reader = self._desk.reader
        merged = {row.ticket_id for row in rows} | {detail.merged_into_id or detail.row.id}
        others = (merged | detail.links) - {detail.row.id}
        found = reader.ticket_rows(list(reader.keys(others).values())) if others else []
        return {row.id: f"#{row.number}" for row in found if row.number is not None}
