"""The one worker that hands letters over: several on one connection, each marked before its words go out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeVar

from sync.domain.errors import DeskbellError, Rejected
from sync.domain.times import HOUR_MS, MINUTE_MS
from sync.server import rows
from sync.server.blobs import Blobs
from sync.server.database import Row
from sync.server.leadership import Leadership
from sync.server.ledger import Setting
from sync.server.mail.breaker import Breaker
from sync.server.mail.composing import Draft, Enclosure, Mail, Sender, compose
from sync.server.mail.deliveries import DeliveryStatus
from sync.server.mail.mail_out import Books, MailOut
from sync.server.mail.queue import State
from sync.server.mail.relay import Line, NotTaken, Place, Relay, Unreachable, parse_place
from sync.server.mail.secrets import Secrets
from sync.server.parts import Parts
from sync.server.settings import SERVER_PREFIX

T = TypeVar("T")

PASSWORD: Final = SERVER_PREFIX + "mail_password"
_LOOK_S: Final = 1.0
_OFF_S: Final = 5.0
_AT_ONCE: Final = 50
_PATIENCE_MS: Final = MINUTE_MS
"""A letter that waits longer than this because the mail server cannot be reached is said to be delayed."""
_LATE: Final = (
    "WHERE settled_at IS NULL AND message_id IS NOT NULL AND next_at <= ? AND created_at <= ? ORDER BY id LIMIT 500"
)
_OLD: Final = "WHERE settled_at IS NULL AND created_at < ?"


class Sending:
    """Call it again and again from one thread; it answers how many seconds to wait. `stop` from any thread.

    At least once: a letter whose words the mail server may have taken before a crash or a lost connection is handed
    over again under the same Message-ID, which mail programs show once.
    """

    def __init__(self, parts: Parts, books: Books, out: MailOut, blobs: Blobs, secrets: Secrets) -> None:
        self._parts = parts
        self._books = books
        self._out = out
        self._blobs = blobs
        self._secrets = secrets
        self._relay = Relay()
        self._breaker = Breaker(parts.clock)
        self._led = False

    def work(self, lead: Leadership) -> float:
        """Hand over what is due."""
        if self._relay.is_over or not lead.held():
            self._led = False
            return _OFF_S
        if not self._out.is_on():
            return _OFF_S
        if not self._led:
            self._parts.database.write(self._books.queue.take_back)
            self._led = True
        self._give_up()
        address = self._parts.settings.text("mail.smtp") or ""
        wait = self._breaker.wait(address)
        due = [] if wait else self._due()
        if not due:
            return wait or _LOOK_S
        try:
            self._hand_over(due)
        except Unreachable as trouble:
            self._breaker.failed()
            self._tell_of(trouble)
            return min(_OFF_S, self._breaker.wait(address))
        self._breaker.succeeded()
        return 0.0 if len(due) == _AT_ONCE else _LOOK_S

    def stop(self) -> None:
        """End what is under way; whatever was not finished waits for the next start."""
        self._relay.hang_up()

    def place(self) -> Place:
        """Where letters go, as it is set now. Raises Rejected, Corrupt."""
        settings, database = self._parts.settings, self._parts.database
        place = parse_place(settings.text("mail.smtp") or "")
        stored = database.read(lambda: database.one(Setting.select().where(Setting.name == PASSWORD)))
        password = None if stored is None or place.user is None else self._secrets.open(str(stored["value"]))
        return replace(place, password=password, ca_file=settings.text("mail.ca_file"))

    def send_now(self, to: str, subject: str, text: str) -> None:
        """A letter past the queue, to try the settings. Raises Unreachable, NotTaken, Rejected, Corrupt."""
        sender, now = self._out.sender(None), self._parts.clock.now_ms()
        mail_id = f"<{self._parts.ids.new('l')}@{sender.host}>"
        try:
            mail = compose(Draft(mail_id, sender, to, "", subject, text, now, automatic=True, answers=False))
        except ValueError as error:
            raise Rejected(f"{to} is no e-mail address.") from error
        with self._relay.connected(self.place(), sender.host) as line:
            line.begin(mail.sender, mail.to, international=mail.international)
            line.finish(mail.octets)

    def waiting(self, most: int) -> list[Row]:
        """The letters that are not settled, the oldest first."""
        return self._parts.database.read(lambda: self._books.queue.waiting(most))

    def _due(self) -> list[Row]:
        now = self._parts.clock.now_ms()
        return self._parts.database.read(lambda: self._books.queue.due(now, _AT_ONCE))

    def _hand_over(self, letters: Iterable[Row]) -> None:
        try:
            place = self.place()
        except DeskbellError as error:
            raise Unreachable(str(error)) from error
        with self._relay.connected(place, self._out.sender(None).host) as line:
            for letter in letters:
                self._one(line, letter)

    def _one(self, line: Line, letter: Row) -> None:
        try:
            mail = self._mail(letter)
        except (ValueError, DeskbellError) as error:
            logging.getLogger("sync.server").warning("a letter cannot be composed: %s", type(error).__name__)
            self._failed(letter, "The address is no e-mail address.")
            return
        try:
            line.begin(mail.sender, mail.to, international=mail.international)
            if not self._parts.database.write(lambda: self._books.queue.handing(letter["id"])):
                line.drop()
                return
            line.finish(mail.octets)
        except NotTaken as refusal:
            self._refused(letter, refusal)
        except Unreachable as trouble:
            why = str(trouble)
            self._write(lambda: self._books.queue.back(letter, why))
            raise
        else:
            self._write(lambda: self._taken(letter))

    def _mail(self, letter: Row) -> Mail:
        sender = self._out.sender(letter["category_id"])
        files = rows.attachments_of(letter["files"])
        ticket_id = letter["ticket_id"]
        reply_to, token = self._parts.database.read(lambda: self._thread(sender, ticket_id))
        return compose(
            Draft(
                mail_id=letter["mail_id"],
                sender=sender,
                to=letter["to_address"],
                to_name=letter["to_name"],
                subject=letter["subject"],
                text=letter["body_text"],
                at=letter["created_at"],
                reply_to=reply_to,
                references=letter["refers"] or self._came_by(ticket_id),
                token=token,
                automatic=bool(letter["automatic"]),
                answers=letter["kind"] == "confirmation",
                enclosures=[Enclosure(one.name, one.type, b"".join(self._blobs.octets(one.blob_id))) for one in files],
            )
        )

    def _thread(self, sender: Sender, ticket_id: str | None) -> tuple[str | None, str | None]:
        addresses = self._books.addresses
        try:
            if ticket_id is not None:
                return addresses.reply_to(sender.address, ticket_id), addresses.thread_token(ticket_id)
        except LookupError:  # the ticket was deleted, and its letters with it
            pass
        return None, None

    def _came_by(self, ticket_id: str | None) -> list[str]:
        """The mails of the ticket: a confirmation is queued in the midst of taking in the one that it answers."""
        addresses = self._books.addresses
        return [] if ticket_id is None else self._parts.database.read(lambda: addresses.thread_headers(ticket_id))

    def _taken(self, letter: Row) -> None:
        self._books.queue.settle(letter["id"], State.DONE, self._parts.clock.now_ms())
        if letter["message_id"] is not None:
            self._books.deliveries.now(letter["message_id"], DeliveryStatus.HANDED_OVER)

    def _refused(self, letter: Row, refusal: NotTaken) -> None:
        if refusal.for_good:
            self._failed(letter, str(refusal))
            return

        def later() -> None:
            self._books.queue.put_off(letter, self._parts.clock.now_ms(), str(refusal))
            if letter["message_id"] is not None:
                self._books.deliveries.now(letter["message_id"], DeliveryStatus.DELAYED, str(refusal))

        self._write(later)

    def _failed(self, letter: Row, why: str) -> None:
        def work() -> None:
            self._books.queue.settle(letter["id"], State.FAILED, self._parts.clock.now_ms(), why)
            if letter["message_id"] is not None:
                self._books.deliveries.now(letter["message_id"], DeliveryStatus.FAILED, why)

        self._write(work)

    def _tell_of(self, trouble: Unreachable) -> None:
        """Replies that wait for a while already are said to be late, and why."""
        logging.getLogger("sync.server").warning("mail waits: %s", trouble)
        now = self._parts.clock.now_ms()

        def work() -> None:
            for letter in self._books.queue.those(_LATE, (now, now - _PATIENCE_MS)):
                self._books.deliveries.now(letter["message_id"], DeliveryStatus.DELAYED, str(trouble))

        self._write(work)

    def _give_up(self) -> None:
        before = self._parts.clock.now_ms() - self._parts.settings.number("mail.give_up_hours") * HOUR_MS
        for letter in self._parts.database.read(lambda: self._books.queue.those(_OLD, (before,))):
            why = letter["detail"] or "The mail server could not be reached."
            self._failed(letter, f"Given up. {why}")

    def _write(self, work: Callable[[], T]) -> T:
        return self._parts.journal.write(work)
