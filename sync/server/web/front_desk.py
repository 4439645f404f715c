"""What a requester asks by form, stored: a new ticket, once, and the secret of its private page."""

from __future__ import annotations

from collections.abc import Sequence

from sync.domain import ids, protocol
from sync.domain.records import Category
from sync.server.house import House
from sync.server.intake import Asker, Filing
from sync.server.web.forms import TicketForm
from sync.server.web.page_secrets import PageSecrets, encoded
from sync.server.web.uploads import Stored


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

    def file(self, form: TicketForm, files: Sequence[Stored]) -> str:
        """A new ticket; the secret of its page. The same words with the same one-time key again: the same page."""
        content = {
            "category": form.category_id,
            "name": form.name,
            "email": form.email,
            "subject": form.subject,
            "text": form.text,
            "files": [[one.attachment.name, one.digest] for one in files],
        }

        def work() -> bytes:
            secret = self._secrets.of_form(form.key, content)
            ticket_id = self._parts.ids.new(ids.TICKET)
            if form.key is None or self._secrets.claim(secret, content, protocol.TICKET, ticket_id):
                filing = Filing(
                    category_id=form.category_id,
                    asker=Asker(form.name, form.email),
                    subject=form.subject,
                    text=form.text,
                    attachments=tuple(one.attachment for one in files),
                    ticket_id=ticket_id,
                )
                self._house.intake.file_ticket(filing)
                self._secrets.open(secret, ticket_id)
            return secret

        return encoded(self._parts.journal.write(work))
