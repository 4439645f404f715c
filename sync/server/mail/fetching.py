"""Reads one mailbox by IMAP (RFC 9051, IDLE: RFC 2177) until it is told to stop; nothing is lost or taken twice."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event
from typing import Any, Final

import peewee
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from sync.domain.errors import DeskbellError, Offline, StorageFull
from sync.domain.ids import RandomBits
from sync.server.mail.incoming import MailIn
from sync.server.mail.mailboxes import BEGIN_NOW, Mailbox, Mailboxes, Security

PROBLEMS: Final = "Deskbell problems"
"""The folder for mails that could not be taken in."""
_TIMEOUT_S: Final = 60.0
_LOOK_S: Final = 0.5
"""How often an idle connection looks whether it shall end."""
_MOST_LOOKS: Final = 60
"""After so many looks IDLE is begun anew: routers forget quiet connections, and a server may overlook a mail that comes
just as IDLE begins. After new mail, when that happens, it is begun anew at once, then less and less often."""
_POLL_S: Final = 30.0
_PIECE: Final = 200
_TRIES: Final = 3
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
_BODY, _HEAD = "BODY.PEEK[]", "BODY.PEEK[HEADER]"
_SHOWN_HEADERS: Final = (
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"reply-to",
    b"auto-submitted", b"precedence", b"list-id", b"return-path", b"delivered-to",
)  # fmt: skip
_NOT_THE_MAIL: Final = (Offline, StorageFull, peewee.OperationalError, peewee.InterfaceError)

TrustOf = Callable[[], str | None]
"""A file of certificates to trust besides the system's."""


class Fetcher:
    """One mailbox on one thread. `wait`: sleeps so many seconds or until it shall end; whether it shall."""

    def __init__(
        self, mailbox_id: str, mailboxes: Mailboxes, mail_in: MailIn, randomness: RandomBits, trust: TrustOf, most: int
    ) -> None:
        """`most`: octets of the largest mail that is taken in whole."""
        self._id = mailbox_id
        self._mailboxes = mailboxes
        self._mail_in = mail_in
        self._randomness = randomness
        self._trust = trust
        self._most = most
        self._failures = 0
        self._tries: dict[int, int] = {}
        self._log = logging.getLogger("sync.server")

    def run(self, stop: Event) -> None:
        """Until `stop`; whatever happens to the connection."""
        while not stop.is_set():
            mailbox = self._mailboxes.get(self._id)
            if mailbox is None or not mailbox.enabled:
                return
            try:
                with self._connected(mailbox) as (client, selected):
                    self._stay(client, selected, stop)
            except (OSError, IMAPClientError, DeskbellError, peewee.DatabaseError) as error:
                self._failed(mailbox, error)
            except Exception as error:  # a bug of ours must not end the reading of mail; it is loud in the log
                self._log.exception("mailbox %s", mailbox.name)
                self._failed(mailbox, error)
            stop.wait(self._pause())

    def _stay(self, client: IMAPClient, selected: Any, stop: Event) -> None:
        """Take in what is there, then whatever comes."""
        can_idle, looks = client.has_capability("IDLE"), 1
        while not stop.is_set():
            _told_of_mail(client)
            while self._take_new(client, selected, stop):
                looks = 1
            if _told_of_mail(client):
                continue  # it came while we looked, and IDLE would not tell of it again
            self._mailboxes.well(self._id)
            self._failures = 0
            if can_idle:
                looks = 1 if self._idled(client, looks, stop) else min(2 * looks, _MOST_LOOKS)
            else:
                stop.wait(_POLL_S)
                client.noop()

    def _idled(self, client: IMAPClient, looks: int, stop: Event) -> bool:
        """Wait for mail for so many looks at most; whether the server said something."""
        client.idle()
        said = False
        for _ in range(looks):
            said = bool(client.idle_check(timeout=_LOOK_S))
            if said or stop.is_set():
                break
        client.idle_done()
        return said

    def _take_new(self, client: IMAPClient, selected: Any, stop: Event) -> bool:
        """One piece of what is new; whether there was any. `selected`: what the server said of the folder."""
        mailbox = self._mailboxes.get(self._id)
        if mailbox is None or not mailbox.enabled:
            stop.set()
            return False
        validity = int(selected[b"UIDVALIDITY"])
        first = mailbox.next_uid if mailbox.uid_validity in (None, validity) else 1
        if first == BEGIN_NOW:
            first = int(selected[b"UIDNEXT"])
            self._mailboxes.read_to(self._id, validity, first)
        uids = sorted(one for one in client.search(["UID", f"{first}:*"]) if one >= first)[:_PIECE]
        sizes = client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"]) if uids else {}
        for uid in uids:
            if stop.is_set():
                return False
            if uid in sizes:
                self._take(client, mailbox, uid, sizes[uid])
            self._mailboxes.read_to(self._id, validity, uid + 1)
        return bool(uids)

    def _take(self, client: IMAPClient, mailbox: Mailbox, uid: int, facts: Any) -> None:
        """One mail. Raises where not the mail is to blame: it is tried again on the next connection."""
        received = _ms(facts.get(b"INTERNALDATE"))
        try:
            if int(facts.get(b"RFC822.SIZE", 0)) > self._most:
                words = (
                    f"[This mail is larger than {self._most // 1_000_000} MB: it stays in the mailbox {mailbox.name}.]"
                )
                raw = _stand_in(_fetched(client, uid, _HEAD), words)
            else:
                raw = _fetched(client, uid, _BODY)
            if raw:
                self._mail_in.take_in(raw, mailbox.category_id, received_at=received)
        except (OSError, IMAPClientError, *_NOT_THE_MAIL):
            raise
        except Exception as error:  # one mail that cannot be taken in must not keep the others waiting
            self._tries[uid] = self._tries.get(uid, 0) + 1
            if self._tries[uid] < _TRIES:
                raise
            self._log.exception("a mail of mailbox %s cannot be taken in", mailbox.name)
            self._set_aside(client, mailbox, uid, error)
            return
        self._done(client, mailbox, uid)

    def _done(self, client: IMAPClient, mailbox: Mailbox, uid: int) -> None:
        client.add_flags([uid], [b"\\Seen"], silent=True)
        if mailbox.done_folder:
            _move(client, uid, mailbox.done_folder)

    def _set_aside(self, client: IMAPClient, mailbox: Mailbox, uid: int, error: Exception) -> None:
        """Into a folder of its own, and a ticket says so."""
        head = _fetched(client, uid, _HEAD)
        _move(client, uid, PROBLEMS)
        words = f'[This mail could not be taken in. It lies in the folder "{PROBLEMS}" of the mailbox {mailbox.name}.]'
        self._mailboxes.ill(self._id, f'A mail could not be taken in and lies in "{PROBLEMS}": {error}')
        try:
            self._mail_in.take_in(_stand_in(head, words), mailbox.category_id)
        except _NOT_THE_MAIL:
            raise
        except Exception:  # its head alone is too much as well: the folder and `mailbox list` tell
            self._log.exception("nor can its head")

    @contextmanager
    def _connected(self, mailbox: Mailbox) -> Iterator[tuple[IMAPClient, Any]]:
        context = ssl.create_default_context(cafile=None)
        extra = self._trust()
        if extra:
            context.load_verify_locations(extra)
        at_once = mailbox.security is Security.TLS
        client = IMAPClient(
            mailbox.host, mailbox.port, ssl=at_once, ssl_context=context if at_once else None, timeout=_TIMEOUT_S
        )
        try:
            if mailbox.security is Security.STARTTLS:
                client.starttls(context)
            client.login(mailbox.user_name, self._mailboxes.password(mailbox))
            yield client, client.select_folder(mailbox.folder)
            with suppress(OSError, IMAPClientError):
                client.logout()
        finally:
            with suppress(OSError, IMAPClientError):
                client.shutdown()

    def _failed(self, mailbox: Mailbox, error: Exception) -> None:
        self._failures += 1
        said = f"{type(error).__name__}: {error}"
        self._log.warning("mailbox %s: %s", mailbox.name, said)
        with suppress(DeskbellError, peewee.DatabaseError):  # the database itself may be away
            self._mailboxes.ill(self._id, said)

    def _pause(self) -> float:
        """Full jitter, doubling."""
        if not self._failures:
            return 0.0
        longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(self._failures, 20))
        return longest * self._randomness.getrandbits(16) / 0xFFFF


def _told_of_mail(client: IMAPClient) -> bool:
    """Whether the server has said since the last time that there is more, beside the answer to something else."""
    _, said = client._imap.response("EXISTS")  # IMAPClient itself passes it over
    return bool(said != [None])


def _fetched(client: IMAPClient, uid: int, what: str) -> bytes:
    found = client.fetch([uid], [what]).get(uid, {})
    octets = found.get(what.replace(".PEEK", "").encode(), b"")
    return octets if isinstance(octets, bytes) else b""


def _move(client: IMAPClient, uid: int, folder: str) -> None:
    if not client.folder_exists(folder):
        client.create_folder(folder)
    if client.has_capability("MOVE"):
        client.move([uid], folder)
        return
    client.copy([uid], folder)
    client.add_flags([uid], [b"\\Deleted"], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge([uid])


def _stand_in(head: bytes, words: str) -> bytes:
    """What is said of a mail that is not taken in whole."""
    kept: list[bytes] = []
    keeps = False
    for line in head.replace(b"\r\n", b"\n").split(b"\n")[:2_000]:
        if line[:1] not in (b" ", b"\t"):
            keeps = line.partition(b":")[0].strip().lower() in _SHOWN_HEADERS
        if keeps:
            kept.append(line[:5_000])
    return b"\n".join([*kept, b"Content-Type: text/plain; charset=utf-8", b"", words.encode(), b""])


def _ms(moment: Any) -> int | None:
    """IMAP's date, which IMAPClient gives in this machine's zone, in ms UTC."""
    if not isinstance(moment, datetime):
        return None
    return int(moment.astimezone(UTC).timestamp() * 1000)
