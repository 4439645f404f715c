"""A mail becomes a ticket, a message of one, or a quiet trace; exactly once, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

from sync.domain import ids, limits
from sync.domain.quoting import folded
from sync.domain.records import Attachment, Channel, MessageKind
from sync.domain.times import DAY_MS
from sync.server.blobs import Blobs
from sync.server.files import MAX_FILES
from sync.server.intake import Filed, Filing, Intake, Mailed
from sync.server.mail.addresses import Addresses
from sync.server.mail.anatomy import FoundFile
from sync.server.mail.fingerprint import fingerprint_of
from sync.server.mail.incoming_tables import MailInRow
from sync.server.mail.mail_out import MailOut
from sync.server.mail.nature import TICKET_HEADER, Nature
from sync.server.mail.own_addresses import OwnAddresses
from sync.server.mail.reading import ReadMail, read_mail
from sync.server.mail.threads import Threads
from sync.server.mail.writers import asker, bare, people
from sync.server.parts import Parts
from sync.server.ticketing import Ticketing

_PIECE: Final = 256 * 1024
_EVENT_TEXT: Final = 4_000
_EPOCH_OF_MAIL: Final = 315_532_800_000
"""1980: a date before that is a clock that was never set."""
_QUIET: Final = frozenset({Nature.AUTO_REPLY, Nature.DELIVERY_REPORT, Nature.LOOP})
_TAGS: Final = {Nature.AUTO_REPLY: "auto-reply", Nature.DELIVERY_REPORT: "delivery-report", Nature.LOOP: "own-mail"}
_SPAM: Final = "spam"


class TakenInAs(StrEnum):
    """What became of a mail."""

    FILED = "filed"
    ADDED = "added"
    QUIET = "quiet"
    KNOWN = "known"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """`QUIET`: kept where it can be found, but nobody's turn. `KNOWN`: it had been taken in before, as named here.
    `OURS`: a letter of our own that came back; nothing was kept."""

    kind: TakenInAs
    nature: Nature
    ticket_id: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A mail with its files stored, about to be written down."""

    mail: ReadMail
    category_id: str
    envelope_to: tuple[str, ...]
    original: str
    files: tuple[Attachment, ...]
    fingerprint: str
    received_at: int | None
    ours: frozenset[str]


class MailIn:
    """Takes mails in. Not inside a transaction: files are stored first, each in short transactions of their own."""

    def __init__(self, parts: Parts, intake: Intake, ticketing: Ticketing, blobs: Blobs, mail_out: MailOut) -> None:
        self._parts = parts
        self._intake = intake
        self._ticketing = ticketing
        self._blobs = blobs
        self._mail_out = mail_out
        self._addresses = Addresses(parts)
        self._threads = Threads(parts, self._addresses)
        self.own = OwnAddresses(parts, mail_out)

    def take_in(
        self,
        raw: bytes,
        category_id: str,
        envelope_to: Sequence[str] = (),
        envelope_from: str | None = None,
        *,
        received_at: int | None = None,
    ) -> TakenIn:
        """Take a mail in; the same mail again does nothing. `received_at`: ms UTC, when it came.

        Raises only what the database raises, and Rejected where the category is gone: then nothing was taken in.
        """
        ours = self.own.all()
        mail = read_mail(raw, lambda address: bare(address) in ours, envelope_from)
        fingerprint = fingerprint_of(mail, raw)
        known = self._parts.database.read(lambda: self._known(fingerprint))
        if known is not None:
            return known
        if self._is_ours(mail):
            return TakenIn(TakenInAs.OURS, mail.nature)
        kept = _Kept(
            mail=mail,
            category_id=category_id,
            envelope_to=tuple(envelope_to),
            original=self._store(FoundFile("original.eml", "message/rfc822", raw)).blob_id,
            files=tuple(self._store(one) for one in mail.files[:MAX_FILES]),
            fingerprint=fingerprint,
            received_at=received_at,
            ours=ours,
        )
        return self._parts.journal.write(lambda: self._write(kept))

    def category_of_ticket(self, ticket_id: str) -> str | None:
        """Where a ticket stands now."""
        database = self._parts.database
        rows = database.read(lambda: database.select("SELECT category_id FROM ticket WHERE id = ?", (ticket_id,)))
        return str(rows[0][0]) if rows else None

    def _write(self, kept: _Kept) -> TakenIn:
        mail = kept.mail
        row = {
            "fingerprint": kept.fingerprint,
            "header_id": mail.message_id,
            "nature": mail.nature.value,
            "ticket_id": None,
            "message_id": None,
            "at": self._parts.clock.now_ms(),
        }
        if not self._parts.database.insert_new(MailInRow, row):
            return self._known(kept.fingerprint) or TakenIn(TakenInAs.KNOWN, mail.nature)
        taken = self._place(kept)
        found = MailInRow.update({MailInRow.ticket_id: taken.ticket_id, MailInRow.message_id: taken.message_id})
        self._parts.database.run(found.where(MailInRow.fingerprint == kept.fingerprint))
        return taken

    def _place(self, kept: _Kept) -> TakenIn:
        """Where it belongs."""
        mail = kept.mail
        if mail.report is not None:
            return self._report(kept)
        match = self._threads.of_mail(mail, kept.envelope_to)
        if match is None:
            return self._file(kept)
        if mail.nature is Nature.AUTO_REPLY:
            return self._trace(kept, match.ticket_id, "autoReply", folded(mail.text)[0] or mail.subject)
        added = self._add(kept, match.ticket_id)
        if match.is_proven:
            self._threads.remember(added.ticket.id, people(kept.mail, kept.ours))
        return TakenIn(TakenInAs.ADDED, mail.nature, added.ticket.id, added.message_id)

    def _file(self, kept: _Kept) -> TakenIn:
        mail = kept.mail
        quiet = mail.nature in _QUIET
        tags = {_TAGS[mail.nature]} if quiet else set()
        filed = self._intake.file_ticket(
            Filing(
                category_id=kept.category_id,
                asker=asker(mail, kept.ours),
                subject=mail.subject,
                text=self._text(mail),
                channel=Channel.EMAIL,
                tags=frozenset(tags | ({_SPAM} if mail.spam else set())),
                attachments=kept.files,
                composed_at=self._composed_at(kept),
                confirm=mail.nature.may_be_answered and not mail.spam,
                original_blob_id=kept.original,
                quiet=quiet,
            )
        )
        self._threads.remember(filed.ticket.id, people(kept.mail, kept.ours))
        return TakenIn(TakenInAs.QUIET if quiet else TakenInAs.FILED, mail.nature, filed.ticket.id, filed.message_id)

    def _add(self, kept: _Kept, ticket_id: str) -> Filed:
        mail = kept.mail
        ticket = self._ticketing.held(ticket_id)
        if ticket is None:
            raise LookupError(ticket_id)
        author = self._intake.requester(
            asker(mail, kept.ours),
            self._ticketing.account_of(self._ticketing.end_of(ticket)),
            self._parts.clock.now_ms(),
        )
        mailed = Mailed(kept.original, self._composed_at(kept), mail.nature.may_be_answered and not mail.spam)
        return self._intake.add_inbound(ticket_id, self._text(mail), kept.files, author, mail=mailed)

    def _report(self, kept: _Kept) -> TakenIn:
        mail, report = kept.mail, kept.mail.report
        if report is None:
            raise ValueError("no delivery report")
        ticket_id, mail_id = self._threads.of_report(report, mail, kept.envelope_to)
        if ticket_id is None:
            return self._file(kept)
        why = report.why or report.status or mail.subject
        if mail_id is not None and report.action in ("failed", "delayed"):
            tell = self._mail_out.bounced if report.is_final else self._mail_out.delayed
            if tell(mail_id, why):
                return TakenIn(TakenInAs.QUIET, mail.nature, ticket_id)
        return self._trace(kept, ticket_id, "deliveryReport", f"{report.recipient}: {why}" if report.recipient else why)

    def _trace(self, kept: _Kept, ticket_id: str, what: str, text: str) -> TakenIn:
        """An event: to be read, but neither ringing nor reopening."""
        held = self._ticketing.held(ticket_id)
        if held is None:
            raise LookupError(ticket_id)
        ticket, now = self._ticketing.end_of(held), self._parts.clock.now_ms()
        sender = kept.mail.sender.email or kept.mail.sender.name or None
        body = orjson.dumps({"what": what, "from": sender, "to": text[:_EVENT_TEXT], "by": None}).decode()
        message_id = self._parts.ids.new(ids.MESSAGE)
        after = self._ticketing.post(
            ticket,
            MessageKind.EVENT,
            body,
            message_id=message_id,
            author_id=None,
            composed_at=now,
            at=now,
            attachments=kept.files,
            original_blob_id=kept.original,
        )
        self._ticketing.save(ticket, after)
        return TakenIn(TakenInAs.QUIET, kept.mail.nature, ticket.id, message_id)

    def _is_ours(self, mail: ReadMail) -> bool:
        """A letter of this server that came back whole: what it says is in its ticket already."""

        def look() -> bool:
            tokens = mail.headers.all(TICKET_HEADER)
            marked = any(self._addresses.ticket_of(one.strip()) is not None for one in tokens)
            return marked or (
                mail.message_id is not None and self._addresses.of_message_id(mail.message_id) is not None
            )

        return mail.nature is Nature.LOOP and self._parts.database.read(look)

    def _known(self, fingerprint: str) -> TakenIn | None:
        row = self._parts.database.one(MailInRow.select().where(MailInRow.fingerprint == fingerprint))
        if row is None:
            return None
        return TakenIn(TakenInAs.KNOWN, Nature(row["nature"]), row["ticket_id"], row["message_id"])

    def _store(self, file: FoundFile) -> Attachment:
        writer = self._blobs.writer()
        for start in range(0, len(file.data), _PIECE):
            writer.add(file.data[start : start + _PIECE])
        kind = limits.clean_line(file.type)[: limits.NAME_MAX]
        return Attachment(writer.finish(kind).id, file.name, kind, len(file.data))

    def _text(self, mail: ReadMail) -> str:
        """As much as a message takes; the original has the rest."""
        most = self._parts.settings.number("message.bytes")
        text = mail.text
        if len(text.encode()) > most:
            text = text.encode()[: most - 10].decode(errors="ignore") + " […]"
        return text if text.strip() or mail.files else mail.subject

    def _composed_at(self, kept: _Kept) -> int:
        """The date that the mail gives, unless its clock is plainly wrong; else when it came."""
        now = self._parts.clock.now_ms()
        written = kept.mail.date_ms
        if written is not None and _EPOCH_OF_MAIL <= written <= now + DAY_MS:
            return min(written, now)
        return now if kept.received_at is None else kept.received_at
