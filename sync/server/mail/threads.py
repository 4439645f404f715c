"""Which ticket a mail belongs to: by a token that we made, or by what its writer can know of a ticket of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sync.server.mail.addresses import Addresses
from sync.server.mail.incoming_tables import ParticipantRow
from sync.server.mail.reading import ReadMail
from sync.server.mail.reports import Report
from sync.server.parts import Parts

_MOST_REFERENCES: Final = 100
_MOST_PARTICIPANTS: Final = 50
_NUMBER: Final = re.compile(r"#\s?(\d{1,12})\b")
_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
_TAKEN_IN: Final = (
    "SELECT ticket_id FROM mail_in WHERE header_id = ? AND ticket_id IS NOT NULL ORDER BY at DESC LIMIT 1"
)
_OF_NUMBER: Final = "SELECT id FROM ticket WHERE number = ?"
_TAKES_PART: Final = "SELECT 1 FROM mail_participant WHERE ticket_id = ? AND email_key = ?"
_ASKED: Final = """
SELECT 1 FROM ticket t JOIN requester r ON r.id = t.requester_id WHERE t.id = ? AND r.email_key = ?
UNION ALL SELECT 1 FROM message m JOIN requester r ON r.id = m.author_id WHERE m.ticket_id = ? AND r.email_key = ?
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket. `is_proven`: by a token of ours; else by the writer's address, which anybody can write."""

    ticket_id: str
    is_proven: bool


class Threads:
    """Call inside a transaction."""

    def __init__(self, parts: Parts, addresses: Addresses) -> None:
        self._parts = parts
        self._addresses = addresses

    def of_mail(self, mail: ReadMail, envelope_to: Sequence[str]) -> Match | None:
        """The ticket that a mail goes on with. A stranger who guesses a number or a Message-ID finds none."""
        ticket_id = self._by_address(mail, envelope_to) or self._by_our_ids(mail.references)
        if ticket_id is not None:
            return Match(ticket_id, is_proven=True)
        writers = {one.email.lower() for one in (mail.sender, mail.reply_to) if one is not None and one.email}
        for candidate in (*self._by_their_ids(mail.references), *self._by_number(mail.subject)):
            if any(self._takes_part(candidate, one) for one in writers):
                return Match(candidate, is_proven=False)
        return None

    def of_report(self, report: Report, mail: ReadMail, envelope_to: Sequence[str]) -> tuple[str | None, str | None]:
        """The ticket that a delivery report is about, and the Message-ID of ours that it names."""
        for one in report.of_ids:
            named = self._addresses.of_message_id(one)
            if named is not None:
                return named.ticket_id, f"<{one}>"
        for token in report.tokens:
            ticket_id = self._addresses.ticket_of(token)
            if ticket_id is not None:
                return ticket_id, None
        found = self.of_mail(mail, envelope_to)
        return (found.ticket_id, None) if found is not None and found.is_proven else (None, None)

    def remember(self, ticket_id: str, emails: Iterable[str]) -> None:
        """These may join by mail from now on. In a write transaction."""
        for one in sorted({email.lower() for email in emails})[:_MOST_PARTICIPANTS]:
            self._parts.database.insert_new(ParticipantRow, {"ticket_id": ticket_id, "email_key": one})

    def _by_address(self, mail: ReadMail, envelope_to: Sequence[str]) -> str | None:
        delivered = [one.strip("<> ") for name in _DELIVERED for one in mail.headers.all(name)]
        named = [one.email for one in mail.recipients if one.email is not None]
        for address in (*envelope_to, *delivered, *named):
            found = self._addresses.of_address(address)
            if found is not None:
                return found.ticket_id
        return None

    def _by_our_ids(self, references: Sequence[str]) -> str | None:
        for one in reversed(references[-_MOST_REFERENCES:]):
            found = self._addresses.of_message_id(one)
            if found is not None:
                return found.ticket_id
        return None

    def _by_their_ids(self, references: Sequence[str]) -> list[str]:
        found: list[str] = []
        for one in reversed(references[-_MOST_REFERENCES:]):
            found += [str(row[0]) for row in self._parts.database.select(_TAKEN_IN, (one,))]
        return found

    def _by_number(self, subject: str) -> list[str]:
        numbers = [int(one) for one in _NUMBER.findall(subject)[:3]]
        return [str(row[0]) for one in numbers for row in self._parts.database.select(_OF_NUMBER, (one,))]

    def _takes_part(self, ticket_id: str, email_key: str) -> bool:
        return bool(
            self._parts.database.select(_TAKES_PART, (ticket_id, email_key))
            or self._parts.database.select(_ASKED, (ticket_id, email_key, ticket_id, email_key))
        )
