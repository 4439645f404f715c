"""Mail handed over by LMTP (RFC 2033) or SMTP (RFC 5321): "250" is said only once the mail is in the database."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final

import peewee
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from sync.domain.errors import Offline, Rejected, StorageFull
from sync.server.leadership import Leadership
from sync.server.mail.addresses import Addresses
from sync.server.mail.incoming import MailIn
from sync.server.mail.places import Place, places_of
from sync.server.parts import Parts
from sync.server.unix_socket import at_path

_LATER: Final = "451 4.3.0 Not now, try again later"
_NOBODY: Final = "550 5.1.1 No such address here"
_TOO_MANY: Final = "452 4.5.3 Too many recipients at once"
_MOST_RECIPIENTS: Final = 100
_MOST_CONNECTIONS: Final = 20
_AWAY: Final = (Offline, StorageFull, peewee.OperationalError, peewee.InterfaceError)
_LOOK_S: Final = 5.0
_ASK_S: Final = 15.0
_READY_S: Final = 10.0


class Handler:
    """What aiosmtpd asks. `of_lmtp`: one answer for each recipient."""

    def __init__(self, parts: Parts, mail_in: MailIn, *, of_lmtp: bool) -> None:
        self._parts = parts
        self._mail_in = mail_in
        self._addresses = Addresses(parts)
        self._of_lmtp = of_lmtp

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Whether mail for this address is ours."""
        del server, session, options
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return _TOO_MANY
        try:
            category_id = await asyncio.to_thread(self._category_of, address)
        except _AWAY:
            return _LATER
        if category_id is None:
            return _NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take it in; the sender keeps it where that fails."""
        del server, session
        recipients = [str(one) for one in envelope.rcpt_tos]
        content = envelope.original_content or b""
        answers = await asyncio.to_thread(self._answers, content, recipients, envelope.mail_from)
        return "\r\n".join(answers) if self._of_lmtp else answers[0]

    def _answers(self, raw: bytes, recipients: Sequence[str], sender: str | None) -> list[str]:
        """The first recipient whose category is there gets it; a mail is one ticket, however many of ours it is to."""
        answer = _NOBODY
        for one in recipients:
            answer = self._answer(raw, one, recipients, sender)
            if not answer.startswith("550"):
                break
        return [answer] * len(recipients)

    def _answer(self, raw: bytes, recipient: str, recipients: Sequence[str], sender: str | None) -> str:
        try:
            category_id = self._category_of(recipient)
            if category_id is None:
                return _NOBODY
            self._mail_in.take_in(raw, category_id, recipients, sender or "")
        except _AWAY:
            return _LATER
        except Rejected as refused:
            logging.getLogger("sync.server").warning("a mail is refused: %s", refused)
            return _NOBODY
        except Exception:  # a bug of ours: the mail server keeps the mail and tries again
            logging.getLogger("sync.server").exception("a mail could not be taken in")
            return _LATER
        return "250 2.0.0 Taken in"

    def _category_of(self, address: str) -> str | None:
        found = self._mail_in.own.category_of(address)
        if found is not None:
            return found
        named = self._parts.database.read(lambda: self._addresses.of_address(address))
        return None if named is None else self._mail_in.category_of_ticket(named.ticket_id)


class Listening:
    """Listens where the setting `mail.listen` says, in the process that leads; on a thread and a loop of its own."""

    def __init__(self, parts: Parts, mail_in: MailIn) -> None:
        self._parts = parts
        self._mail_in = mail_in
        self._open: tuple[str, Thread, asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._one_at_a_time = Lock()
        self.addresses: list[tuple[str, int]] = []
        """Host and port of what is open now."""

    def work(self, lead: Leadership) -> float:
        """Open or close what is to be; in so many seconds again."""
        with self._one_at_a_time:
            return self._work(lead)

    def _work(self, lead: Leadership) -> float:
        is_ours = lead.held()
        wanted = (self._parts.settings.text("mail.listen") or "") if is_ours else ""
        if self._open is not None and self._open[0] != wanted:
            self._stop()
        if wanted and self._open is None:
            self._begin(wanted)
        return _LOOK_S if is_ours else _ASK_S

    def stop(self) -> None:
        """Close everything; what is being said is broken off, and comes again."""
        with self._one_at_a_time:
            self._stop()

    def _stop(self) -> None:
        if self._open is None:
            return
        _, thread, loop, end = self._open
        self._open = None
        self.addresses = []
        loop.call_soon_threadsafe(end.set)
        thread.join(_READY_S)

    def _begin(self, wanted: str) -> None:
        sockets = []
        try:
            for place in places_of(wanted):
                sockets.append((place, _listen(place)))
        except (OSError, ValueError, Rejected) as error:
            logging.getLogger("sync.server").error("mail.listen %s: %s", wanted, error)
            for _, opened in sockets:
                opened.close()
            return
        ready = Event()
        loop, end = asyncio.new_event_loop(), asyncio.Event()
        thread = Thread(target=self._serve, args=(loop, end, sockets, ready), name="mail handed over", daemon=True)
        thread.start()
        ready.wait(_READY_S)
        self._open = (wanted, thread, loop, end)
        self.addresses = [one.getsockname()[:2] for place, one in sockets if place.port is not None]

    def _serve(
        self,
        loop: asyncio.AbstractEventLoop,
        end: asyncio.Event,
        sockets: list[tuple[Place, socket.socket]],
        ready: Event,
    ) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._listen_until(end, sockets, ready))
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _listen_until(self, end: asyncio.Event, sockets: list[tuple[Place, socket.socket]], ready: Event) -> None:
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(self._maker(place, loop), sock=one) for place, one in sockets]
        ready.set()
        await end.wait()
        for one in servers:
            one.close()

    def _maker(self, place: Place, loop: asyncio.AbstractEventLoop) -> Any:
        of_lmtp = place.protocol == "lmtp"
        handler = Handler(self._parts, self._mail_in, of_lmtp=of_lmtp)
        most = self._parts.settings.number("mail.bytes")
        present: set[SMTP] = set()

        def make() -> SMTP:
            kind = _Lmtp if of_lmtp else _Smtp
            made = kind(
                handler, data_size_limit=most, enable_SMTPUTF8=True, hostname=socket.gethostname(), ident="Deskbell",
                timeout=120, loop=loop,
            )  # fmt: skip
            made.present = present
            return made

        return make


class _Lmtp(LMTP):
    """Takes lines of any length: a mail is never refused for being ugly. So many connections and no more."""

    line_length_limit = 1_000_000
    present: set[SMTP]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        _come(self, transport, super().connection_made)

    def connection_lost(self, error: Exception | None) -> None:
        self.present.discard(self)
        super().connection_lost(error)


class _Smtp(SMTP):
    """The same for SMTP."""

    line_length_limit = 1_000_000
    present: set[SMTP]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        _come(self, transport, super().connection_made)

    def connection_lost(self, error: Exception | None) -> None:
        self.present.discard(self)
        super().connection_lost(error)


def _come(one: _Lmtp | _Smtp, transport: Any, begin: Callable[[asyncio.BaseTransport], None]) -> None:
    """Whoever comes when all places are taken is asked to come again: each may bring a mail of the largest size."""
    if len(one.present) >= _MOST_CONNECTIONS:
        transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
        transport.close()
        return
    one.present.add(one)
    begin(transport)


def _listen(place: Place) -> socket.socket:
    if place.port is None:
        return at_path(Path(place.host), 100)
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((place.host, place.port))
    except OSError:
        listening.close()
        raise
    listening.listen(100)
    return listening
