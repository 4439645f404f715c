"""The mail server that takes our letters: its address, a connection with TLS, and what its answers mean."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from sync.domain.errors import DeskbellError, Rejected
from sync.domain.limits import clean_line

_PORTS: Final = {"smtp": 587, "smtps": 465}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_COMMAND_S: Final = 60.0
_DATA_S: Final = 300.0
"""How long it may think about a whole letter (RFC 5321, 4.5.3.2 asks for more patience than with a command)."""
_SAID_MAX: Final = 300
_SPACES: Final = re.compile(r"\s+")
_GOING_AWAY: Final = 421


class Unreachable(DeskbellError):
    """No letter can be handed over just now: no connection, no TLS, no sign-in. All of them wait."""


class NotTaken(DeskbellError):
    """This letter was refused. `for_good`: trying again makes no sense (5yz); else later (4yz)."""

    def __init__(self, sentence: str, *, for_good: bool) -> None:
        super().__init__(sentence)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Place:
    """Where letters are handed over. `password` None: without signing in. `ca_file` None: the system's trust."""

    host: str
    port: int
    is_tls_at_once: bool
    user: str | None = None
    password: str | None = None
    ca_file: str | None = None

    @property
    def is_here(self) -> bool:
        """On this machine, where no TLS is needed (RFC 8314 is about the network)."""
        return self.host in _LOOPBACK


def parse_place(text: str) -> Place:
    """`smtps://user@host:465`, or `smtp://user@host:587` with STARTTLS. Raises Rejected."""
    wrong = Rejected(f"{text} is no address of a mail server. Write smtps://USER@HOST or smtp://USER@HOST:587.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise wrong
    if parts.password is not None:
        raise Rejected("Leave the password out of the address: set it with `deskbell-server mail password`.")
    user = unquote(parts.username) if parts.username else None
    return Place(parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "smtps", user)


class Line:
    """A connection that is ready for letters. `begin` a letter, then `finish` it."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def begin(self, sender: str, to: str, *, international: bool) -> None:
        """Say from whom to whom. Raises NotTaken, Unreachable."""
        with _answers():
            if international and not self._smtp.has_extn("smtputf8"):
                raise NotTaken("The mail server cannot write to an address with such letters.", for_good=True)
            self._expect(self._smtp.mail(sender, ["SMTPUTF8"] if international else []), 250)
            self._expect(self._smtp.rcpt(to), 250, 251)

    def finish(self, content: bytes) -> None:
        """The letter itself; it is taken once this returns. Raises NotTaken, Unreachable (nothing is known then)."""
        with _answers():
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(_DATA_S)
            self._expect(self._smtp.data(content), 250)
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(_COMMAND_S)

    def drop(self) -> None:
        """Not this letter after all. Raises Unreachable."""
        with _answers():
            self._expect(self._smtp.rset(), 250)

    def _expect(self, answer: tuple[int, bytes], *wanted: int) -> None:
        code, said = answer
        if code in wanted:
            return
        if code == _GOING_AWAY:
            raise Unreachable(f"The mail server closes the connection: {told(said)}")
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()
        raise NotTaken(f"The mail server says: {code} {told(said)}", for_good=code >= 500)


class Relay:
    """Connects to a place; `hang_up` from another thread ends what is under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.is_over = False
        """Nothing is handed over by it any more."""

    @contextmanager
    def connected(self, place: Place, own_name: str) -> Iterator[Line]:
        """A line, until the block ends. Raises Unreachable with a sentence that says what to see to."""
        if self.is_over:
            raise Unreachable("This server is being stopped.")
        with _answers():
            smtp = _begin(place, own_name)
        try:
            self._keep(smtp.sock)
            with _answers():
                _secure(smtp, place)
                self._keep(smtp.sock)
                _sign_in(smtp, place)
            yield Line(smtp)
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            self._keep(None)
            smtp.close()

    def hang_up(self) -> None:
        """For good: the server ends."""
        with self._lock:
            self.is_over = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _keep(self, line: socket.socket | None) -> None:
        with self._lock:
            self._socket = line
            if self.is_over and line is not None:
                raise Unreachable("This server is being stopped.")


def told(said: bytes | str) -> str:
    """What a mail server said, on one line of a decent length."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    clean = _SPACES.sub(" ", clean_line(text))
    return clean if len(clean) <= _SAID_MAX else clean[: _SAID_MAX - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _context(place: Place) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=place.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(f"The certificates of mail.ca_file cannot be read: {place.ca_file}.") from error


def _begin(place: Place, own_name: str) -> smtplib.SMTP:
    if place.is_tls_at_once:
        return smtplib.SMTP_SSL(
            place.host, place.port, local_hostname=own_name, timeout=_COMMAND_S, context=_context(place)
        )
    return smtplib.SMTP(place.host, place.port, local_hostname=own_name, timeout=_COMMAND_S)


def _secure(smtp: smtplib.SMTP, place: Place) -> None:
    smtp.ehlo_or_helo_if_needed()
    if place.is_tls_at_once or (place.is_here and place.user is None):
        return  # on this machine nobody listens in, and what certificate its mail server has is of no matter
    if smtp.has_extn("starttls"):
        smtp.starttls(context=_context(place))
        smtp.ehlo()
    elif not place.is_here:
        raise Unreachable(f"The mail server {place.host} offers no TLS. Use another port, or smtps://.")


def _sign_in(smtp: smtplib.SMTP, place: Place) -> None:
    if place.user is None:
        return
    if place.password is None:
        raise Unreachable("There is no password for the mail server. Run: deskbell-server mail password")
    try:
        smtp.login(place.user, place.password)
    except smtplib.SMTPAuthenticationError as error:
        raise Unreachable(f"The mail server does not accept the user and password: {told(error.smtp_error)}") from error


@contextmanager
def _answers() -> Iterator[None]:
    """What may go wrong on a line, as ours."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"The mail server's certificate does not hold: {error.verify_message}") from error
    except smtplib.SMTPServerDisconnected as error:
        raise Unreachable("The mail server hung up.") from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code == _GOING_AWAY or isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
            raise Unreachable(f"The mail server says: {error.smtp_code} {told(error.smtp_error)}") from error
        sentence = f"The mail server says: {error.smtp_code} {told(error.smtp_error)}"
        raise NotTaken(sentence, for_good=error.smtp_code >= 500) from error
    except TimeoutError as error:
        raise Unreachable("The mail server does not answer in time.") from error
    except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
        raise Unreachable(f"The mail server cannot be reached: {told(str(error)) or type(error).__name__}") from error
