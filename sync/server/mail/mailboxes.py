"""The mailboxes that are read by IMAP: where they are, how far they were read, what troubles them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sync.domain.errors import Rejected
from sync.server import texts
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.database import Row
from sync.server.mail.incoming_tables import MailboxRow
from sync.server.mail.secrets import Secrets
from sync.server.parts import Parts

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_TROUBLE_MAX: Final = 500
BEGIN_NOW: Final = 0
"""As `next_uid`: what is in the mailbox already stays where it is."""


class Security(StrEnum):
    """How the connection is kept from others; `NONE` on this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"

    @property
    def port(self) -> int:
        """The usual one (RFC 8314)."""
        return 993 if self is Security.TLS else 143


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One of them. `next_uid`: the first that was not looked at; it counts while `uid_validity` is the server's.

    `trouble`, since `trouble_at`; both None as long as it is reached.
    """

    id: str
    name: str
    category_id: str
    host: str
    port: int
    security: Security
    user_name: str
    secret: str
    folder: str
    done_folder: str | None
    uid_validity: int | None
    next_uid: int
    enabled: bool
    trouble: str | None
    trouble_at: int | None
    seen_at: int | None


@dataclass(frozen=True, slots=True)
class Opening:
    """What an administrator says of a new one. `also_old`: take in what is there already, too."""

    name: str
    category_id: str
    host: str
    user_name: str
    password: str
    security: Security = Security.TLS
    port: int | None = None
    folder: str = "INBOX"
    done_folder: str | None = None
    also_old: bool = False


class Mailboxes:
    """Reads and keeps them; passwords stand sealed in the database."""

    def __init__(self, parts: Parts, secrets: Secrets) -> None:
        self._parts = parts
        self._secrets = secrets

    def all(self) -> list[Mailbox]:
        """In the order of their names."""
        database = self._parts.database
        rows = database.read(lambda: database.rows(MailboxRow.select().order_by(MailboxRow.name_key)))
        return [_mailbox(row) for row in rows]

    def find(self, name: str) -> Mailbox:
        """By name. Raises Rejected."""
        database, key = self._parts.database, texts.key_of(name)
        row = database.read(lambda: database.one(MailboxRow.select().where(MailboxRow.name_key == key)))
        if row is None:
            raise Rejected(f"There is no mailbox {name}. `deskbell-server mailbox list` shows them.", "notFound")
        return _mailbox(row)

    def get(self, mailbox_id: str) -> Mailbox | None:
        """By id, as it is now."""
        database = self._parts.database
        row = database.read(lambda: database.one(MailboxRow.select().where(MailboxRow.id == mailbox_id)))
        return None if row is None else _mailbox(row)

    def add(self, opening: Opening) -> str:
        """Read this mailbox from now on; its id. Raises Rejected."""
        if opening.security is Security.NONE and opening.host not in _LOOPBACK:
            raise Rejected("Without TLS only a mail server on this machine is read. Leave --security out.")
        name = texts.name(opening.name)
        row = {
            "id": self._parts.ids.client_key(),
            "name": name,
            "name_key": texts.key_of(name),
            "category_id": opening.category_id,
            "host": opening.host,
            "port": opening.port or opening.security.port,
            "security": opening.security.value,
            "user_name": opening.user_name,
            "secret": self._secrets.seal(opening.password),
            "folder": opening.folder,
            "done_folder": opening.done_folder,
            "uid_validity": None,
            "next_uid": 1 if opening.also_old else BEGIN_NOW,
            "enabled": True,
            "created_at": self._parts.clock.now_ms(),
        }

        def work() -> None:
            if not self._parts.database.insert_new(MailboxRow, row):
                raise Rejected(f"There is a mailbox {name} already. Choose another name.", "nameTaken")
            self._record(name, {"host": opening.host, "user": opening.user_name})

        self._parts.database.write(work)
        return str(row["id"])

    def remove(self, name: str) -> None:
        """Read it no longer; what is in it stays there. Raises Rejected."""
        found = self.find(name)

        def work() -> None:
            self._parts.database.run(MailboxRow.delete().where(MailboxRow.id == found.id))
            self._record(found.name, {"removed": True})

        self._parts.database.write(work)

    def set_enabled(self, name: str, enabled: bool) -> None:
        """Leave it alone for a while, or read it again. Raises Rejected."""
        found = self.find(name)
        self._change(found, {"enabled": enabled, "trouble": None, "trouble_at": None}, {"enabled": enabled})

    def set_password(self, name: str, password: str) -> None:
        """A new password. Raises Rejected."""
        found = self.find(name)
        self._change(found, {"secret": self._secrets.seal(password)}, {"password": True})

    def password(self, mailbox: Mailbox) -> str:
        """Raises Corrupt, Rejected: it cannot be opened."""
        return self._secrets.open(mailbox.secret)

    def read_to(self, mailbox_id: str, uid_validity: int, next_uid: int) -> None:
        """Everything before this number has been taken in."""
        self._note(mailbox_id, {"uid_validity": uid_validity, "next_uid": next_uid})

    def well(self, mailbox_id: str) -> None:
        """It was reached just now."""
        self._note(mailbox_id, {"trouble": None, "trouble_at": None, "seen_at": self._parts.clock.now_ms()})

    def ill(self, mailbox_id: str, trouble: str) -> None:
        """It could not be read, or a mail in it could not."""
        known = self.get(mailbox_id)
        since = None if known is None else known.trouble_at
        at = self._parts.clock.now_ms() if since is None else since
        self._note(mailbox_id, {"trouble": trouble[:_TROUBLE_MAX], "trouble_at": at})

    def _change(self, mailbox: Mailbox, values: Row, told: Row) -> None:
        def work() -> None:
            self._note(mailbox.id, values)
            self._record(mailbox.name, told)

        self._parts.database.write(work)

    def _note(self, mailbox_id: str, values: Row) -> None:
        changes = {MailboxRow._meta.fields[name]: value for name, value in values.items()}
        database = self._parts.database
        database.write(lambda: database.run(MailboxRow.update(changes).where(MailboxRow.id == mailbox_id)))

    def _record(self, name: str, detail: Row) -> None:
        self._parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"mailbox {name}", detail)


def _mailbox(row: Row) -> Mailbox:
    names = [one for one in Mailbox.__dataclass_fields__ if one not in ("security", "enabled")]
    return Mailbox(
        **{name: row[name] for name in names}, security=Security(row["security"]), enabled=bool(row["enabled"])
    )
