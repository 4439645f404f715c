"""Somebody's mail program: reads their mailbox by IMAP, sends by submission, answers with what it answers quoted."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from pathlib import Path

from imapclient import IMAPClient

from stage.dovecot import PASSWORD as IMAP_PASSWORD
from stage.exim import PASSWORD, USER
from sync.domain.quoting import quoted
from tests.rigs.imap_server import until
from tests.rigs.mail_server import read


class MailProgram:
    """`name` and `address` are whose it is. `server` and `line`: the port of submission, and the mailbox, open."""

    def __init__(self, name: str, address: str, server: int, line: IMAPClient, trusted: ssl.SSLContext) -> None:
        self.name = name
        self.address = address
        self._server = server
        self._line = line
        self._trusted = trusted
        self._waited_for = 0

    def mails(self) -> list[EmailMessage]:
        """Everything in the mailbox, the oldest first."""
        self._line.noop()
        found = self._line.fetch(self._line.search(), ["BODY.PEEK[]"])
        return [read(found[one][b"BODY[]"]) for one in sorted(found)]

    def wait_for(self, words: str) -> EmailMessage:
        """The newest with these words in its subject, once there is one that was not waited for before."""
        found: list[EmailMessage] = []

        def look() -> bool:
            mails = self.mails()
            found[:] = [one for one in mails[self._waited_for :] if words in str(one["Subject"])]
            self._waited_for = len(mails) if found else self._waited_for
            return bool(found)

        until(look, f"a mail with {words!r} in its subject")
        return found[-1]

    def answer(self, mail: EmailMessage, text: str) -> None:
        """To where answers go, with the whole mail quoted below."""
        made = EmailMessage()
        made["From"] = formataddr((self.name, self.address))
        made["To"] = mail["Reply-To"] or mail["From"]
        subject = str(mail["Subject"])
        made["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
        made["Message-ID"] = make_msgid(domain="mail.example")
        made["In-Reply-To"] = mail["Message-ID"].strip()
        made["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        made.set_content(f"{text}\n\nOn {mail['Date']}, {mail['From']} wrote:\n{quoted(mail.get_content().rstrip())}\n")
        with smtplib.SMTP("localhost", self._server) as server:
            server.starttls(context=self._trusted)
            server.login(USER, PASSWORD)
            server.send_message(made)


@contextmanager
def mail_program(name: str, address: str, server: int, mailbox: int, ca_file: Path) -> Iterator[MailProgram]:
    """It runs; `server` and `mailbox` are the ports on this machine."""
    trusted = ssl.create_default_context(cafile=str(ca_file))
    line = IMAPClient("localhost", mailbox, ssl=False)
    line.starttls(trusted)
    line.login(address, IMAP_PASSWORD)
    line.select_folder("INBOX")
    try:
        yield MailProgram(name, address, server, line, trusted)
    finally:
        line.logout()
