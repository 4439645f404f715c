"""What a requester asks by form, stored: a new ticket, once, with the secret of its page, or words for an open one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.domain import ids, protocol
from sync.domain.records import Category
from sync.server.asking.caps import Led
from sync.server.house import House
from sync.server.intake import Asker, Filing
from sync.server.tables import TicketRow
from sync.server.web.forms import TicketForm
from sync.server.web.page_secrets import PageSecrets, encoded
from sync.server.web.uploads import Stored


@dataclass(frozen=True, slots=True)
class Opened:
    """A new ticket was made; `secret` opens its page."""

    secret: str


@dataclass(frozen=True, slots=True)
class Added:
    """The words went to a ticket that is open. `reason`: of the cap that led there; None: it was the asker's wish.
    `until`: when that cap lifts itself, ms UTC; None: it does not."""

    number: int
    created_at: int
    reason: str | None = None
    until: int | None = None


class FrontDesk:
    """Blocking; each method is one transaction. Raises Rejected with a sentence for the requester."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._parts = house.parts
        self._secrets = PageSecrets(house.parts)

    def categories(self) -> list[Category]:
        """What a question may be about, by name."""
        return [
            Category(row["id"], row["name"], (), row["limit_ms"], row["description"])
            for row in self._house.grants.categories()
        ]

    def file(self, form: TicketForm, files: Sequence[Stored] = ()) -> Opened | Added:
        """A new ticket. The same words with the same one-time key again: the same page.

        Over a cap on open tickets the words go to the one that is open (PRODUCT D8).
        """
        content = _content(form, files)

        def work() -> Opened | Added:
            self._house.caps.hold(form.email)
            secret = self._secrets.of_form(form.key, content)
            if form.key is not None and self._house.intake.ticket_of_page(secret) is not None:
                return Opened(encoded(secret))
            led = self._house.caps.over(form.email, form.category_id)
            if led is not None:
                return self._lead(led, form, files)
            ticket_id = self._parts.ids.new(ids.TICKET)
            if form.key is None or self._secrets.claim(secret, content, protocol.TICKET, ticket_id):
                self._house.intake.file_ticket(_filing(form, files, ticket_id))
                self._secrets.open(secret, ticket_id)
            return Opened(encoded(secret))

        return self._parts.journal.write(work)

    def like(self, form: TicketForm) -> Added | None:
        """The asker's open ticket that says nearly the same, by its number and day: whoever typed the words knows
        them, nothing else is told."""
        return self._parts.database.read(lambda: self._named(self._like(form)))

    def add_to_like(self, form: TicketForm, files: Sequence[Stored] = ()) -> Opened | Added:
        """The words go to the ticket that says nearly the same; where there is none any more, into a new one."""
        ticket_id = self._parts.database.read(lambda: self._like(form))
        added = None if ticket_id is None else self._parts.journal.write(lambda: self._add(ticket_id, form, files))
        return added or self.file(form, files)

    def _like(self, form: TicketForm) -> str | None:
        return self._house.likeness.open_like(form.email, form.subject, form.text, form.category_id)

    def _lead(self, led: Led, form: TicketForm, files: Sequence[Stored]) -> Added:
        if self._post(led.ticket.id, form, files):
            self._house.caps.lead(led)
        return Added(led.ticket.number, led.ticket.created_at, led.cap.reason, led.cap.until)

    def _add(self, ticket_id: str, form: TicketForm, files: Sequence[Stored]) -> Added | None:
        self._post(ticket_id, form, files)
        return self._named(ticket_id)

    def _post(self, ticket_id: str, form: TicketForm, files: Sequence[Stored]) -> bool:
        """Whether this is the first time."""
        content = {**_content(form, files), "addedTo": ticket_id}
        once = self._secrets.of_form(form.key, content)
        if form.key is not None and not self._secrets.claim(once, content, protocol.MESSAGE, ticket_id):
            return False
        text = f"{form.subject}\n\n{form.text}"
        self._house.intake.add_inbound(ticket_id, text, tuple(one.attachment for one in files))
        return True

    def _named(self, ticket_id: str | None) -> Added | None:
        row = self._parts.database.one(TicketRow.select().where(TicketRow.id == ticket_id))
        return None if row is None else Added(row["number"], row["created_at"])


def _filing(form: TicketForm, files: Sequence[Stored], ticket_id: str) -> Filing:
    return Filing(
        category_id=form.category_id,
        asker=Asker(form.name, form.email),
        subject=form.subject,
        text=form.text,
        site=form.site,
        attachments=tuple(one.attachment for one in files),
        ticket_id=ticket_id,
    )


def _content(form: TicketForm, files: Sequence[Stored]) -> Mapping[str, Any]:
    return {
        "category": form.category_id,
        "name": form.name,
        "email": form.email,
        "subject": form.subject,
        "text": form.text,
        "files": [[one.attachment.name, one.digest] for one in files],
    }
