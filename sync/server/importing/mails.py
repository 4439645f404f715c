"""Old mails become tickets with their threads: once each, however often it is tried; rings and confirms nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

import orjson

from sync.domain import ids, limits, protocol, rules
from sync.domain.errors import Rejected
from sync.domain.quoting import folded
from sync.domain.records import Attachment, Awaiting, Channel, MessageKind, Status, Ticket
from sync.server import rows
from sync.server.accounts import StoredAccount
from sync.server.blobs import Blobs
from sync.server.files import MAX_FILES
from sync.server.importing.mail_folders import Stored
from sync.server.intake import Asker, Intake
from sync.server.mail.addresses import Addresses
from sync.server.mail.anatomy import FoundFile
from sync.server.mail.fingerprint import fingerprint_of
from sync.server.mail.incoming_tables import MailInRow, ParticipantRow
from sync.server.mail.nature import Nature
from sync.server.mail.reading import ReadMail, read_mail
from sync.server.mail.writers import asker, bare, people
from sync.server.parts import Parts
from sync.server.tables import TicketRow
from sync.server.ticketing import Ticketing

_BATCH: Final = 50
_BATCH_OCTETS: Final = 20_000_000
_PIECE: Final = 256 * 1024
_EVENT_TEXT: Final = 4_000
_MOST_REFERENCES: Final = 100
_MOST_PARTICIPANTS: Final = 50
_THREAD: Final = "thread:"
_TRACES: Final = {Nature.AUTO_REPLY: "autoReply", Nature.DELIVERY_REPORT: "deliveryReport"}
_TAGS: Final = {Nature.AUTO_REPLY: "auto-reply", Nature.DELIVERY_REPORT: "delivery-report"}
_KNOWN: Final = "SELECT 1 FROM mail_in WHERE fingerprint = ?"
_OF_ID: Final = "SELECT ticket_id FROM mail_in WHERE header_id = ? AND ticket_id IS NOT NULL ORDER BY at LIMIT 1"


@dataclass(slots=True)
class MailReport:
    """What came of a folder. `skipped`: a mail's place, and why it is not here."""

    tickets: int = 0
    inbound: int = 0
    replies: int = 0
    traces: int = 0
    there: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Archive:
    """Whose mails they are: the category's account, our own addresses as compared, and since when (ms UTC) a thread
    stays as it was left; older ones are closed."""

    account: StoredAccount
    own: frozenset[str]
    open_since: int


class MailImporter:
    """One import of a folder that its owner trusts: threads are rebuilt by what the mails say of one another."""

    def __init__(self, parts: Parts, intake: Intake, ticketing: Ticketing, blobs: Blobs, archive: Archive) -> None:
        self._parts = parts
        self._intake = intake
        self._ticketing = ticketing
        self._blobs = blobs
        self._archive = archive
        self._addresses = Addresses(parts)

    def run(self, mails: Iterable[Stored], progress: Callable[[int], None], breathe: Callable[[], None]) -> MailReport:
        """Store everything, some at a time in one transaction; `breathe` between two lets other writers in."""
        report = MailReport()
        batch: list[Stored] = []
        size = 0
        for one in mails:
            batch.append(one)
            size += len(one.octets)
            if len(batch) >= _BATCH or size >= _BATCH_OCTETS:
                self._store_all(batch, report)
                progress(len(batch))
                breathe()
                batch, size = [], 0
        self._store_all(batch, report)
        progress(len(batch))
        return report

    def _store_all(self, batch: Sequence[Stored], report: MailReport) -> None:
        def work() -> MailReport:
            counted = MailReport()
            for one in batch:
                self._store(one, counted)
            return counted

        done = self._parts.journal.write(work)
        report.tickets += done.tickets
        report.inbound += done.inbound
        report.replies += done.replies
        report.traces += done.traces
        report.there += done.there
        report.skipped += done.skipped

    def _store(self, stored: Stored, report: MailReport) -> None:
        mail = read_mail(stored.octets, lambda address: bare(address) in self._archive.own)
        fingerprint = fingerprint_of(mail, stored.octets)
        if self._parts.database.select(_KNOWN, (fingerprint,)) or self._is_ours(mail):
            report.there += 1
            return
        counted = replace(report)
        try:
            with self._parts.journal.savepoint():
                ticket_id, message_id = self._place(mail, stored, counted)
                self._remember(mail, fingerprint, ticket_id, message_id)
        except Rejected as refusal:
            report.skipped.append((stored.place, str(refusal)))
            return
        report.tickets, report.inbound = counted.tickets, counted.inbound
        report.replies, report.traces = counted.replies, counted.traces

    def _is_ours(self, mail: ReadMail) -> bool:
        """A copy of what this server sent: it stands in its thread already."""
        return mail.message_id is not None and self._addresses.of_message_id(mail.message_id) is not None

    def _place(self, mail: ReadMail, stored: Stored, report: MailReport) -> tuple[str, str]:
        """Into its thread, or as a new ticket; the ids of ticket and message."""
        is_own = bare(mail.sender.email or "") in self._archive.own
        found = self._thread_of(mail)
        held = None if found is None else self._ticketing.held(found)
        before = None if held is None else self._ticketing.end_of(held)
        if before is not None and not is_own and mail.nature in _TRACES:
            report.traces += 1
            return self._add(before, mail, stored, MessageKind.EVENT, None)
        person = self._other(mail) if is_own else asker(mail, self._archive.own)
        account = self._archive.account if before is None else self._ticketing.account_of(before)
        requester_id = self._requester(person, account, stored.at)
        kind, author = (MessageKind.REPLY, None) if is_own else (MessageKind.INBOUND, requester_id)
        if before is None:
            report.tickets += 1
            before = self._new(mail, stored, requester_id)
        report.replies += int(is_own)
        report.inbound += int(not is_own)
        return self._add(before, mail, stored, kind, author)

    def _new(self, mail: ReadMail, stored: Stored, requester_id: str) -> Ticket:
        """A ticket without a message yet."""
        tags = {_TAGS[mail.nature]} if mail.nature in _TAGS else set()
        ticket = Ticket(
            id=self._parts.ids.new(ids.TICKET),
            number=self._intake.next_number(),
            subject=mail.subject,
            category_id=str(self._archive.account.category_id),
            requester_id=requester_id,
            created_at=stored.at,
            updated_at=stored.at,
            channel=Channel.IMPORT,
            awaiting=Awaiting.TEAM,
            awaiting_since=stored.at,
            tags=frozenset(tags | ({"spam"} if mail.spam else set())),
            last_seq=0,
        )
        row = {**rows.row_of(ticket), "first_message_id": None, "client_key": None}
        self._parts.database.insert(TicketRow, [row])
        self._parts.journal.present(self._archive.account, protocol.TICKET, ticket.id)
        return ticket

    def _add(
        self, before: Ticket, mail: ReadMail, stored: Stored, kind: MessageKind, author: str | None
    ) -> tuple[str, str]:
        message_id, at = self._parts.ids.new(ids.MESSAGE), stored.at
        changed = rules.after_message(before, kind, at)
        changed = replace(changed, updated_at=max(before.updated_at, at))
        if before.last_seq and (before.updated_at > at or before.channel is not Channel.IMPORT):
            changed = before  # older than what stands there, or worked on here: whose turn it is stays
        elif at < self._archive.open_since or mail.nature in _TAGS:
            changed = rules.with_status(changed, Status.CLOSED, at)
        after = self._ticketing.post(
            changed,
            kind,
            self._trace(mail) if kind is MessageKind.EVENT else self._text(mail),
            message_id=message_id,
            author_id=author,
            composed_at=at,
            at=at,
            attachments=tuple(self._file(one) for one in mail.files[:MAX_FILES]),
            original_blob_id=self._file(FoundFile("original.eml", "message/rfc822", stored.octets)).blob_id,
        )
        self._ticketing.save(before, after)
        if before.last_seq == 0:
            first = TicketRow.update({TicketRow.first_message_id: message_id}).where(TicketRow.id == before.id)
            self._parts.database.run(first)
        for one in people(mail, self._archive.own)[:_MOST_PARTICIPANTS]:
            row = {"ticket_id": before.id, "email_key": one.lower()}
            self._parts.database.insert_new(ParticipantRow, row)
        return before.id, message_id

    def _thread_of(self, mail: ReadMail) -> str | None:
        """By what it refers to, the nearest first; by a Message-ID of our own, too."""
        own_id = () if mail.message_id is None else (mail.message_id,)
        for one in (*reversed(mail.references[-_MOST_REFERENCES:]), *own_id):
            named = self._addresses.of_message_id(one)
            if named is not None:
                return named.ticket_id
            found = self._parts.database.select(_OF_ID, (one,))
            if found:
                return str(found[0][0])
        return None

    def _remember(self, mail: ReadMail, fingerprint: str, ticket_id: str, message_id: str) -> None:
        """That it is here; and of what it refers to and nobody has, that this thread has it: others may refer to it."""
        row = {
            "fingerprint": fingerprint,
            "header_id": mail.message_id,
            "nature": mail.nature.value,
            "ticket_id": ticket_id,
            "message_id": message_id,
            "at": self._parts.clock.now_ms(),
        }
        self._parts.database.insert(MailInRow, [row])
        for one in mail.references[:1]:
            if not self._parts.database.select(_OF_ID, (one,)):
                named = _THREAD + sha256(one.encode(errors="replace")).hexdigest()
                missing = {**row, "fingerprint": named, "header_id": one, "message_id": None}
                self._parts.database.insert_new(MailInRow, missing)

    def _requester(self, person: Asker, account: StoredAccount, at: int) -> str:
        try:
            with self._parts.journal.savepoint():
                return self._intake.requester(person, account, at)
        except Rejected:
            return self._intake.requester(Asker(person.name[: limits.NAME_MAX]), account, at)

    def _other(self, mail: ReadMail) -> Asker:
        """To whom we wrote."""
        for one in mail.recipients:
            if one.email is not None and bare(one.email) not in self._archive.own:
                return Asker(limits.clean_line(one.name)[: limits.NAME_MAX] or one.email[: limits.NAME_MAX], one.email)
        return Asker("Unknown recipient")

    def _text(self, mail: ReadMail) -> str:
        """As much as a message takes; the original has the rest."""
        most, text = self._parts.settings.number("message.bytes"), mail.text
        if len(text.encode()) > most:
            text = text.encode()[: most - 10].decode(errors="ignore") + " […]"
        return text if text.strip() or mail.files else mail.subject

    def _trace(self, mail: ReadMail) -> str:
        text = folded(mail.text)[0] or mail.subject
        said = {"what": _TRACES[mail.nature], "from": mail.sender.email, "to": text[:_EVENT_TEXT], "by": None}
        return orjson.dumps(said).decode()

    def _file(self, file: FoundFile) -> Attachment:
        writer = self._blobs.writer()
        for start in range(0, len(file.data), _PIECE):
            writer.add(file.data[start : start + _PIECE])
        kind = limits.clean_line(file.type)[: limits.NAME_MAX]
        return Attachment(writer.finish(kind).id, file.name, kind, len(file.data))
