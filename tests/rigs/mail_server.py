"""A real mail server for tests, whose certificate the house trusts; and one that does what it is told, wrongly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BufferedRWPair
from pathlib import Path
from time import monotonic

import trustme

from stage.exim import PASSWORD, USER, Exim, exim
from sync.server.house import House
from sync.server.ledger import Setting
from sync.server.mail.sending import PASSWORD as PASSWORD_SETTING

_LONG_S = 45.0
SENDER = "Help desk <support@helpdesk.example>"


@dataclass(frozen=True)
class Post:
    """The mail server, and what the house must know of it."""

    server: Exim
    ca_file: Path

    def introduce(self, house: House, *, at_once: bool = False) -> None:
        """Set the house up to hand its mail over here."""
        port = self.server.tls_port if at_once else self.server.port
        settings, database = house.parts.settings, house.parts.database
        settings.put("mail.smtp", f"{'smtps' if at_once else 'smtp'}://{USER}@localhost:{port}")
        settings.put("mail.from", SENDER)
        settings.put("mail.ca_file", str(self.ca_file))
        settings.put("public_url", "https://help.example.com")
        row = {"name": PASSWORD_SETTING, "value": house.secrets.seal(PASSWORD)}
        database.write(lambda: database.insert_new(Setting, row))

    def mails(self) -> list[EmailMessage]:
        """What has arrived, as a mail program reads it."""
        return [read(one) for one in self.server.mails()]

    def wait_for(self, count: int) -> list[EmailMessage]:
        """The same, once so many have arrived. TimeoutError after a long time."""
        deadline, tick = monotonic() + _LONG_S, threading.Event()
        while len(found := self.mails()) < count:
            if monotonic() > deadline:
                raise TimeoutError(f"{len(found)} mails of {count}")
            tick.wait(0.02)
        return found


def read(octets: bytes) -> EmailMessage:
    """A mail as a mail program reads it."""
    mail = message_from_bytes(octets, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


@contextmanager
def post_office(
    folder: Path,
    hand_on: int | None = None,
    protocol: str = "lmtp",
    name: str = "localhost",
    hand_on_for: str = "^support.*",
) -> Iterator[Post]:
    """A mail server with a certificate for `name`. Raises ProgramMissing."""
    authority = trustme.CA()
    ca_file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    certificate = authority.issue_cert(name)
    chain = b"".join(one.bytes() for one in certificate.cert_chain_pems)
    with exim(chain, certificate.private_key_pem.bytes(), hand_on, protocol, hand_on_for=hand_on_for) as server:
        yield Post(server, ca_file)


class Stubborn:
    """Speaks SMTP, and answers to a command by `answers`: a line, or nothing at all: then it hangs up.

    It keeps what it was given in `taken`, also where it says that it did not take it.
    """

    def __init__(self, answers: Mapping[str, str], host: str = "127.0.0.1") -> None:
        self.answers = dict(answers)
        self.taken: list[bytes] = []
        self.connections = 0
        self.host = host
        self._listening = socket.create_server((host, 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Stubborn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def introduce(self, house: House) -> None:
        """Set the house up to hand its mail over here."""
        house.parts.settings.put("mail.smtp", f"smtp://{self.host}:{self.port}")
        house.parts.settings.put("mail.from", SENDER)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            with line, line.makefile("rwb") as file, suppress(OSError):
                self._converse(file)

    def _converse(self, file: BufferedRWPair) -> None:
        if not self._answer(file, "CONNECT", "220 stubborn"):
            return
        while words := file.readline():
            verb = words.split()[0].decode().upper() if words.strip() else ""
            usual = {"EHLO": "250 stubborn", "DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
            if not self._answer(file, verb, usual):
                return
            if verb == "DATA" and not self._take(file):
                return

    def _take(self, file: BufferedRWPair) -> bool:
        lines: list[bytes] = []
        while (one := file.readline()) not in (b".\r\n", b""):
            lines.append(one)
        self.taken.append(b"".join(lines))
        return self._answer(file, "END", "250 taken")

    def _answer(self, file: BufferedRWPair, verb: str, usual: str) -> bool:
        """Whether the conversation goes on."""
        said = self.answers.get(verb, usual)
        if said:
            file.write(said.encode() + b"\r\n")
            file.flush()
        return bool(said)
