"""Sees to it that each mailbox is read, by one process; each on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Final

from sync.domain.times import MINUTE_MS
from sync.server.leadership import Leadership
from sync.server.mail.fetching import Fetcher
from sync.server.mail.incoming import MailIn
from sync.server.mail.mailboxes import Mailbox, Mailboxes
from sync.server.parts import Parts

_LOOK_S: Final = 2.0
_ASK_S: Final = 15.0
_END_S: Final = 5.0
_TOLD_AFTER_MS: Final = 15 * MINUTE_MS
_ADVICE: Final = "It is tried again all the time. An administrator sees more with: deskbell-server mailbox list"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A thread at work; begun for the mailbox as it was then."""

    thread: Thread
    stop: Event
    what: tuple[object, ...]


class Gathering:
    """`work` is called again and again; `stop` at the end."""

    def __init__(self, parts: Parts, mailboxes: Mailboxes, mail_in: MailIn) -> None:
        self._parts = parts
        self._mailboxes = mailboxes
        self._mail_in = mail_in
        self._readings: dict[str, _Reading] = {}
        self._told: set[tuple[str, int]] = set()
        self._one_at_a_time = Lock()

    def work(self, lead: Leadership) -> float:
        """Begin what is to be read, end what is not any more; in so many seconds again."""
        with self._one_at_a_time:
            return self._work(lead)

    def _work(self, lead: Leadership) -> float:
        if not lead.held():
            self._stop()
            return _ASK_S
        wanted = {one.id: one for one in self._mailboxes.all() if one.enabled}
        for mailbox_id, reading in list(self._readings.items()):
            mailbox = wanted.get(mailbox_id)
            if mailbox is None or reading.what != _what(mailbox) or not reading.thread.is_alive():
                reading.stop.set()
                del self._readings[mailbox_id]
        for mailbox in wanted.values():
            if mailbox.id not in self._readings:
                self._readings[mailbox.id] = self._begun(mailbox)
            self._tell(mailbox)
        return _LOOK_S

    def stop(self) -> None:
        """End all, and wait a little for it: what is being taken in is taken in whole or not at all."""
        with self._one_at_a_time:
            self._stop()

    def _stop(self) -> None:
        readings = list(self._readings.values())
        self._readings.clear()
        for one in readings:
            one.stop.set()
        end = self._parts.clock.monotonic() + _END_S
        for one in readings:
            one.thread.join(max(0.0, end - self._parts.clock.monotonic()))

    def _tell(self, mailbox: Mailbox) -> None:
        """That a mailbox cannot be read for some time is a ticket of its category, once: else it is only quiet."""
        now, since = self._parts.clock.now_ms(), mailbox.trouble_at
        if since is None or now - since < _TOLD_AFTER_MS or (mailbox.id, since) in self._told:
            return
        self._mail_in.take_in(_notice(mailbox, since), mailbox.category_id)
        self._told.add((mailbox.id, since))

    def _begun(self, mailbox: Mailbox) -> _Reading:
        settings = self._parts.settings
        trust: Callable[[], str | None] = lambda: settings.text("mail.ca_file")  # noqa: E731  # one look at each connection
        fetcher = Fetcher(
            mailbox.id, self._mailboxes, self._mail_in, self._parts.randomness, trust, settings.number("mail.bytes")
        )
        stop = Event()
        thread = Thread(target=fetcher.run, args=(stop,), name=f"mailbox {mailbox.name}", daemon=True)
        thread.start()
        return _Reading(thread, stop, _what(mailbox))


def _notice(mailbox: Mailbox, since: int) -> bytes:
    """As a mail, which is taken in once however often it comes; nobody answers it."""
    place = f"{mailbox.user_name} at {mailbox.host}:{mailbox.port}"
    words = f"New mail does not come in from this mailbox: {place}\n\n{mailbox.trouble}\n\n{_ADVICE}\n"
    head = f"From: Deskbell <>\nSubject: The mailbox {mailbox.name} cannot be read\nAuto-Submitted: auto-generated\n"
    rest = f"Message-ID: <{mailbox.id}.{since}@deskbell.invalid>\nContent-Type: text/plain; charset=utf-8\n\n"
    return (head + rest + words).encode()


def _what(mailbox: Mailbox) -> tuple[object, ...]:
    """What a connection depends on."""
    return (mailbox.host, mailbox.port, mailbox.security, mailbox.user_name, mailbox.secret, mailbox.folder)
