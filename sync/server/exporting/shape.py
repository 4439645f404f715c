"""What of each table goes into an export, and how its values look in JSON."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from peewee import BlobField, Model

from sync.server.asking.tables import CategoryWordRow
from sync.server.database import Row
from sync.server.faq.tables import FaqDayRow, FaqSeenRow
from sync.server.ledger import BlobChunk, EndedToken, Setting, SignInDelay, TokenRow
from sync.server.likeness.tables import LikenessDue, LikenessPosting, LikenessTicket, LikenessWord
from sync.server.mail.incoming_tables import MailboxRow
from sync.server.settings import SERVER_PREFIX
from sync.server.tables import MODELS, AgentRow, AlertDeviceRow
from sync.server.webhooks.tables import HookRow

FORMAT: Final = "deskbell-export"
VERSION: Final = 1
MANIFEST: Final = "export.json"
TABLES: Final = "tables"
FILES: Final = "files"
MBOX: Final = "tickets.mbox"

SIGN_INS: Final[frozenset[type[Model]]] = frozenset(
    {TokenRow, EndedToken, SignInDelay, AlertDeviceRow, FaqDayRow, FaqSeenRow}
)
"""What belongs to a device that is signed in, or to the day's salt: it is worth nothing elsewhere."""
DERIVED: Final[frozenset[type[Model]]] = frozenset(
    {LikenessWord, LikenessPosting, LikenessTicket, LikenessDue, CategoryWordRow}
)
"""What the server makes again by itself from what is exported."""
EXPORTED: Final[tuple[type[Model], ...]] = tuple(
    one for one in MODELS if one not in SIGN_INS | DERIVED and one is not BlobChunk
)
LEFT_OUT: Final = (
    "passwords of agents, mailboxes, the mail server; sign-ins; the keys of webhooks, the form, mail threads and links",
    "the setting mail.smtp: until it is set again no letter leaves the server that this is read into",
    "what the server makes again by itself: the index of alike tickets, the words that point to categories",
)

_SECRETS: Final[Mapping[type[Model], Mapping[str, Any]]] = {
    AgentRow: {"password_hash": None},
    MailboxRow: {"secret": "", "enabled": False},
    HookRow: {"secret": ""},
}
_OWN_FACTS: Final = frozenset({"id", "epoch", "mail_senders"})
_NOT_TAKEN: Final = frozenset({"mail.smtp"})


def table_of(model: type[Model]) -> str:
    """The name of a table, and of its file."""
    return str(model._meta.table_name)


def is_taken(model: type[Model], row: Row) -> bool:
    """Whether the row goes along: of what the server knows of itself only what is no key."""
    return model is not Setting or is_taken_setting(str(row["name"]))


def is_taken_setting(name: str) -> bool:
    """The same for a setting by its name."""
    return name.removeprefix(SERVER_PREFIX) in _OWN_FACTS if name.startswith(SERVER_PREFIX) else name not in _NOT_TAKEN


def as_json(model: type[Model], row: Row) -> dict[str, Any]:
    """A row without what is secret; octets in Base64."""
    values = row | dict(_SECRETS.get(model, {}))
    return {name: _shown(value) for name, value in values.items()}


def from_json(model: type[Model], values: Mapping[str, Any]) -> Row:
    """A row again; a column that an older export does not have gets its default. Raises KeyError, ValueError."""
    fields = model._meta.sorted_fields
    unknown = values.keys() - {field.name for field in fields}
    if unknown:
        raise KeyError(sorted(unknown)[0])
    row: Row = {}
    for field in fields:
        if field.name in values:
            value = values[field.name]
            is_octets = isinstance(field, BlobField) and isinstance(value, str)
            row[field.name] = b64decode(value, validate=True) if is_octets else value
        else:
            row[field.name] = field.default() if callable(field.default) else field.default
    return row


def _shown(value: Any) -> Any:
    return b64encode(bytes(value)).decode() if isinstance(value, (bytes, memoryview)) else value
