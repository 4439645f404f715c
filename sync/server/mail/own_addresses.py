"""Which addresses are this house's own, and which category mail to each of them goes to."""

from __future__ import annotations

from typing import Final

from sync.domain.addresses import normal_address
from sync.domain.errors import Rejected
from sync.server.database import Row
from sync.server.mail.addresses import without_token
from sync.server.mail.composing import parse_sender
from sync.server.mail.incoming_tables import MailAddressRow, MailboxRow
from sync.server.mail.mail_out import MailOut
from sync.server.parts import Parts

_PLUS: Final = "+"


class OwnAddresses:
    """Reads and keeps them. Every call is a look into the database, so a change counts at once."""

    def __init__(self, parts: Parts, mail_out: MailOut) -> None:
        self._parts = parts
        self._mail_out = mail_out

    def all(self) -> frozenset[str]:
        """In lower case: those that mail comes to, the mailboxes', and those that letters are from."""
        database = self._parts.database

        def look() -> frozenset[str]:
            given = {str(row["email_key"]) for row in database.rows(MailAddressRow.select())}
            boxes = {str(row["user_name"]).lower() for row in database.rows(MailboxRow.select(MailboxRow.user_name))}
            return frozenset(given | {one for one in boxes if "@" in one} | self._senders())

        return database.read(look)

    def category_of(self, address: str) -> str | None:
        """Where mail to this address goes: with a token or another detail behind `+` as without."""
        key = _plain(address)
        local, _, host = key.rpartition("@")
        keys = [key, f"{local.partition(_PLUS)[0]}@{host}"]
        database = self._parts.database
        rows = database.read(lambda: database.rows(MailAddressRow.select().where(MailAddressRow.email_key.in_(keys))))
        found = {str(row["email_key"]): str(row["category_id"]) for row in rows}
        return next((found[one] for one in keys if one in found), None)

    def listed(self) -> list[Row]:
        """Every address that mail may come to."""
        database = self._parts.database
        return database.read(lambda: database.rows(MailAddressRow.select().order_by(MailAddressRow.email_key)))

    def add(self, address: str, category_id: str) -> str:
        """Mail to this address goes to that category from now on. Raises Rejected."""
        try:
            key = normal_address(address).lower()
        except ValueError as error:
            raise Rejected(f"{address} is no e-mail address. Write it like support@example.com.") from error
        database = self._parts.database

        def work() -> None:
            database.run(MailAddressRow.delete().where(MailAddressRow.email_key == key))
            database.insert(MailAddressRow, [{"email_key": key, "category_id": category_id}])

        database.write(work)
        return key

    def remove(self, address: str) -> None:
        """Mail to this address is no longer taken. Raises Rejected if it was not."""
        gone = MailAddressRow.delete().where(MailAddressRow.email_key == address.strip().lower())
        if not self._parts.database.write(lambda: self._parts.database.run(gone)):
            raise Rejected(f"There is no address {address}. `deskbell-server mailbox address list` shows them.")

    def _senders(self) -> set[str]:
        texts = [self._parts.settings.text("mail.from"), *self._mail_out.senders().values()]
        return {parse_sender(one).address.lower() for one in texts if one}


def _plain(address: str) -> str:
    return without_token(address.strip("<> ")).lower()
