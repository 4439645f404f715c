"""A real IMAP server for tests, whose certificate the house trusts; and waiting for what a thread does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import trustme
from imapclient import IMAPClient

from stage.dovecot import PASSWORD, USER, Dovecot, dovecot
from sync.server.house import House
from sync.server.mail.mailboxes import Opening, Security

_LONG_S = 120.0


def until(true: Callable[[], Any], what: str = "it came true") -> None:
    """Wait for it. TimeoutError after a long time."""
    deadline, tick = monotonic() + _LONG_S, threading.Event()
    while not true():
        if monotonic() > deadline:
            raise TimeoutError(what)
        tick.wait(0.02)


@dataclass(frozen=True)
class ImapHouse:
    """The IMAP server, and what a house must know of it."""

    server: Dovecot
    ca_file: Path

    def introduce(self, house: House, category_id: str, **more: Any) -> str:
        """Have a house read the mailbox; the mailbox's id."""
        house.parts.settings.put("mail.ca_file", str(self.ca_file))
        opening = {
            "name": "Support", "category_id": category_id, "host": "localhost", "user_name": USER,
            "password": PASSWORD, "port": self.server.port, "security": Security.STARTTLS, "also_old": True,
        }  # fmt: skip
        return house.mailboxes.add(Opening(**{**opening, **more}))

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """Somebody who looks into the mailbox."""
        client = IMAPClient("localhost", self.server.port, ssl=False)
        client.login(USER, PASSWORD)
        client.select_folder("INBOX")
        try:
            yield client
        finally:
            client.logout()


@dataclass(frozen=True)
class Papers:
    """A certificate for localhost, and who has issued it."""

    chain: bytes
    key: bytes
    ca_file: Path

    @staticmethod
    def issued(folder: Path) -> Papers:
        """New ones."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "imap-authority.pem"))
        certificate = authority.issue_cert("localhost")
        chain = b"".join(one.bytes() for one in certificate.cert_chain_pems)
        return Papers(chain, certificate.private_key_pem.bytes(), folder / "imap-authority.pem")


@contextmanager
def imap_house(folder: Path) -> Iterator[ImapHouse]:
    """It runs. Raises ProgramMissing."""
    papers = Papers.issued(folder)
    with dovecot(papers.chain, papers.key) as server:
        yield ImapHouse(server, papers.ca_file)
