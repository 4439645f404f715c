"""What a requester does, stored: a new ticket or further words, once each, and the private page that shows them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sync.domain import ids, protocol
from sync.domain.errors import Rejected
from sync.domain.records import Attachment, Category, MessageKind
from sync.server.database import Row
from sync.server.house import House
from sync.server.intake import Asker, Filing
from sync.server.receipts import fingerprint
from sync.server.settings import SERVER_PREFIX
from sync.server.tables import AgentRow, CategoryRow, MessageRow, PageSecret, RequesterRow, Setting, TicketRow
from sync.server.web.forms import TicketForm

_PAGE_KEY: Final = SERVER_PREFIX + "page_key"
_AUTHOR: Final = "form"
_SHOWN: Final = 200
_SECRET_BYTES: Final = 32
_SEEN: Final = (MessageKind.INBOUND.value, MessageKind.REPLY.value)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that a requester sent, already in the store, with the hash of its content."""

    attachment: Attachment
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as the requester may see it."""

    kind: str
    author: str
    text: str
    posted_at: int
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The private page. `earlier`: there are older messages than those shown."""

    ticket_id: str
    number: int
    subject: str
    category: str
    status: str
    entries: tuple[Entry, ...]
    earlier: bool


class FrontDesk:
    """Blocking; each method is one transaction. Raises Rejected with a sentence for the requester."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._parts = house.parts

    def categories(self) -> list[Category]:
        """What a question may be about, by name."""
        return [Category(row["id"], row["name"], (), row["limit_ms"]) for row in self._house.grants.categories()]

    def file(self, form: TicketForm, files: Sequence[Stored]) -> str:
        """A new ticket; the secret of its page. The same words with the same one-time key again: the same page."""
        content = {
            "category": form.category_id,
            "name": form.name,
            "email": form.email,
            "subject": form.subject,
            "text": form.text,
            "files": [[one.attachment.name, one.digest] for one in files],
        }

        def work() -> bytes:
            secret = self._secret(form.key, content)
            ticket_id = self._parts.ids.new(ids.TICKET)
            if self._claim(secret, content, protocol.TICKET, ticket_id):
                filing = Filing(
                    category_id=form.category_id,
                    asker=Asker(form.name, form.email),
                    subject=form.subject,
                    text=form.text,
                    attachments=tuple(one.attachment for one in files),
                    ticket_id=ticket_id,
                )
                self._house.intake.file_ticket(filing)
                self._open(secret, ticket_id)
            return secret

        return encoded(self._parts.journal.write(work))

    def add(self, secret_text: str, text: str, files: Sequence[Stored], key: str | None) -> str:
        """Further words; the secret of the page that shows them (another one, if a follow-up ticket was made)."""
        content = {"page": secret_text, "text": text, "files": [[one.attachment.name, one.digest] for one in files]}

        def work() -> bytes:
            page = _decoded(secret_text)
            ticket_id = self._house.intake.ticket_of_page(page)
            if ticket_id is None:
                raise _unknown()
            once = self._secret(key, content)
            if not self._claim(once, content, protocol.MESSAGE, once.hex()):
                return once if self._house.intake.ticket_of_page(once) is not None else page
            filed = self._house.intake.add_inbound(ticket_id, text, tuple(one.attachment for one in files))
            if filed.ticket.follow_up_of != ticket_id:
                return page
            self._open(once, filed.ticket.id)
            return once

        return encoded(self._parts.journal.write(work))

    def page(self, secret_text: str) -> Page:
        """What the requester may see: their own words and the replies, never a note."""
        return self._parts.database.read(lambda: self._page(secret_text))

    def file_of_page(self, secret_text: str, blob_id: str) -> Attachment:
        """A file of a message that the page shows."""
        for entry in self._parts.database.read(lambda: self._page(secret_text, limit=None)).entries:
            for one in entry.attachments:
                if one.blob_id == blob_id:
                    return one
        raise _unknown()

    def _page(self, secret_text: str, limit: int | None = _SHOWN) -> Page:
        database = self._parts.database
        ticket_id = self._house.intake.ticket_of_page(_decoded(secret_text))
        ticket = None if ticket_id is None else database.one(TicketRow.select().where(TicketRow.id == ticket_id))
        if ticket is None:
            raise _unknown()
        category = database.one(CategoryRow.select().where(CategoryRow.id == ticket["category_id"]))
        query = MessageRow.select().where((MessageRow.ticket_id == ticket["id"]) & MessageRow.kind.in_(_SEEN))
        found = database.rows(query.order_by(MessageRow.seq.desc()).limit(None if limit is None else limit + 1))
        shown = found if limit is None else found[:limit]
        names = self._names(shown)
        return Page(
            ticket_id=ticket["id"],
            number=ticket["number"],
            subject=ticket["subject"],
            category="" if category is None else category["name"],
            status=ticket["status"],
            entries=tuple(_entry(row, names) for row in reversed(shown)),
            earlier=len(found) > len(shown),
        )

    def _names(self, messages: Sequence[Row]) -> dict[str, str]:
        authors = {row["author_id"] for row in messages if row["author_id"] is not None}
        found: dict[str, str] = {}
        for table in (AgentRow, RequesterRow):
            for row in self._parts.database.rows(table.select(table.id, table.name).where(table.id.in_(authors))):
                found[row["id"]] = row["name"]
        return found

    def _secret(self, key: str | None, content: Mapping[str, Any]) -> bytes:
        """256 bits that only this server can make from a form's key; without a key, random ones."""
        if key is None:
            return self._parts.secret()
        text = f"{key}\n{fingerprint(content)}".encode()
        return hmac.new(self._page_key(), text, sha256).digest()

    def _page_key(self) -> bytes:
        database = self._parts.database
        stored = database.one(Setting.select().where(Setting.name == _PAGE_KEY))
        if stored is None:
            database.insert_new(Setting, {"name": _PAGE_KEY, "value": self._parts.secret().hex()})
            stored = database.one(Setting.select().where(Setting.name == _PAGE_KEY))
        return bytes.fromhex(str(stored["value"])) if stored is not None else self._parts.secret()

    def _claim(self, secret: bytes, content: Mapping[str, Any], type_name: str, object_id: str) -> bool:
        """Whether this is the first time."""
        key = sha256(secret).hexdigest()
        return self._parts.receipts.claim(_AUTHOR, key, type_name, fingerprint(content), object_id) is None

    def _open(self, secret: bytes, ticket_id: str) -> None:
        row = {
            "secret_hash": sha256(secret).digest(),
            "ticket_id": ticket_id,
            "created_at": self._parts.clock.now_ms(),
        }
        self._parts.database.insert(PageSecret, [row])


def encoded(secret: bytes) -> str:
    """A secret as it stands in an address."""
    return urlsafe_b64encode(secret).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        secret = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        raise _unknown() from None
    if len(secret) != _SECRET_BYTES or encoded(secret) != text:
        raise _unknown()
    return secret


def _unknown() -> Rejected:
    return Rejected("There is no such page. Please check that the whole address was copied.", "notFound")


def _entry(row: Row, names: Mapping[str, str]) -> Entry:
    files = tuple(Attachment(one["blobId"], one["name"], one["type"], one["size"]) for one in row["attachments"])
    return Entry(row["kind"], names.get(row["author_id"], "Support"), row["body_text"], row["posted_at"], files)
