"""Caps on open tickets, kept by owners, and how often somebody was led by one to the ticket that is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sync.domain import ids, protocol
from sync.domain.caps import OpenTicket, OpenTicketCap, cap_reached, ticket_to_lead_to
from sync.domain.errors import Rejected
from sync.server import texts
from sync.server.asking.tables import OpenTicketCapRow
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.parts import Parts

REASON_MAX: Final = 300
_ALL: Final = "SELECT id, category_id, most, until, reason, led_times FROM open_ticket_cap ORDER BY id"
_OPEN: Final = """
SELECT t.id, t.number, t.category_id, t.created_at FROM ticket t JOIN requester r ON r.id = t.requester_id
WHERE r.email_key = ? AND t.status <> 'closed' ORDER BY t.created_at, t.id
"""
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(7237006, hashtext(?))"
_LED: Final = "UPDATE open_ticket_cap SET led_times = led_times + 1 WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Led:
    """Where words go that would have been one ticket too many, and the cap that says so."""

    ticket: OpenTicket
    cap: OpenTicketCap


class Caps:
    """Off until an owner sets one. `add`, `change` and `remove` belong into a write transaction, as does `lead`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def all(self) -> list[OpenTicketCap]:
        """Every cap, also those whose time is over."""
        found = self._parts.database.read(lambda: self._parts.database.select(_ALL))
        return [OpenTicketCap(*row) for row in found]

    def hold(self, email: str) -> None:
        """Nobody else is counted by that address until the transaction ends, whether or not it ever asked before: of
        two forms sent in the same instant, the second one counts what the first one made. Without a cap: nothing."""
        if self._parts.database.is_postgres and self.all():
            self._parts.database.select(_ONE_AT_A_TIME, (email.lower(),))

    def over(self, email: str, category_id: str) -> Led | None:
        """Whether one more ticket of that address would be over a cap. May be called in any transaction; the answer
        stays true to the end of one that began with `hold`."""
        caps = self.all()
        if not caps:
            return None
        found = self._parts.database.read(lambda: self._parts.database.select(_OPEN, (email.lower(),)))
        opened = [OpenTicket(str(row[0]), int(row[1]), str(row[2]), int(row[3])) for row in found]
        cap = cap_reached(caps, opened, category_id, self._parts.clock.now_ms())
        ticket = ticket_to_lead_to(opened, category_id)
        return None if cap is None or ticket is None else Led(ticket, cap)

    def lead(self, led: Led) -> None:
        """Somebody was led; the owner sees how many were."""
        self._parts.database.execute(_LED, (led.cap.id,))
        self._tell(led.cap.id)

    def add(self, category_id: str | None, most: int, until: int | None, reason: str, by: Actor) -> str:
        """A new cap; the id. Raises Rejected."""
        cap_id = self._parts.ids.new(ids.OPEN_TICKET_CAP)
        self._check(category_id, most)
        row = {"category_id": category_id, "most": most, "until": until, "reason": _reason(reason)}
        if not self._parts.database.insert_new(OpenTicketCapRow, {"id": cap_id, **row, "led_times": 0}):
            sentence = "There is a cap for this already. Change that one, or remove it first."
            raise Rejected(sentence, protocol.ALREADY_EXISTS)
        self._record(by, cap_id, {"categoryId": category_id, "most": most, "until": until})
        return cap_id

    def change(self, cap_id: str, changed: dict[str, Any], by: Actor) -> None:
        """Any of most, until, reason. Raises Rejected."""
        if "most" in changed:
            self._check(None, changed["most"])
        if "reason" in changed:
            changed = {**changed, "reason": _reason(changed["reason"])}
        values: dict[Any, Any] = {OpenTicketCapRow._meta.fields[name]: value for name, value in changed.items()}
        self._parts.database.run(OpenTicketCapRow.update(values).where(OpenTicketCapRow.id == cap_id))
        self._record(by, cap_id, {name: value for name, value in changed.items() if name != "reason"})

    def remove(self, cap_id: str, by: Actor = ADMINISTRATOR) -> None:
        """Lift a cap."""
        self._parts.database.run(OpenTicketCapRow.delete().where(OpenTicketCapRow.id == cap_id))
        self._parts.journal.gone(self._parts.accounts.oversight(), protocol.OPEN_TICKET_CAP, cap_id)
        self._parts.audit.record(Deed.CAP_CHANGED, by, cap_id, {"removed": True})

    def _check(self, category_id: str | None, most: int) -> None:
        if most < 1:
            raise Rejected("A cap lets everybody have at least one open ticket.", texts.INVALID)
        if category_id is not None and self._parts.accounts.of_category(category_id) is None:
            raise Rejected("There is no such category any more.", texts.INVALID)

    def _record(self, by: Actor, cap_id: str, detail: dict[str, Any]) -> None:
        self._tell(cap_id)
        self._parts.audit.record(Deed.CAP_CHANGED, by, cap_id, detail)

    def _tell(self, cap_id: str) -> None:
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.OPEN_TICKET_CAP, cap_id)


def _reason(text: str) -> str:
    """It is shown to whoever is led."""
    return texts.short(text, REASON_MAX, "reason") or ""
