"""A letter as a mail: headers that keep the thread together, the text, its files (RFC 5322, RFC 3834)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from email_validator import EmailNotValidError, validate_email

from sync.domain.errors import Rejected
from sync.domain.limits import clean_line
from sync.server.mail.nature import TICKET_HEADER

_REFERENCES: Final = 20
_NAME_MAX: Final = 100
_TYPE: Final = re.compile(r"([a-z0-9.+-]{1,60})/([a-z0-9.+-]{1,100})")
_BUNDLES: Final = frozenset({"", "multipart", "message"})


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mail it is: the name people read, and the address."""

    name: str
    address: str

    @property
    def host(self) -> str:
        """The part after the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a letter."""

    name: str
    type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that a mail is made of. `references`: the thread's Message-IDs, oldest first. Times in ms UTC."""

    mail_id: str
    sender: Sender
    to: str
    to_name: str
    subject: str
    text: str
    at: int
    reply_to: str | None = None
    references: Sequence[str] = ()
    token: str | None = None
    automatic: bool = False
    answers: bool = True
    enclosures: Sequence[Enclosure] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """As it is handed over. `international`: the addresses need SMTPUTF8 (RFC 6531)."""

    sender: str
    to: str
    octets: bytes
    international: bool


def parse_sender(text: str) -> Sender:
    """`Help desk <support@example.com>`, or the address alone. Raises Rejected."""
    name, address = parseaddr(clean_line(text))
    try:
        return Sender(name, wire_address(address))
    except ValueError as error:
        raise Rejected(f"{text} is no sender. Write it as: Help desk <support@example.com>") from error


def wire_address(text: str) -> str:
    """An address as mail servers know it: its domain in ASCII (RFC 5891). Raises ValueError."""
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def compose(draft: Draft) -> Mail:
    """Raises ValueError for an address that is none."""
    to = wire_address(draft.to)
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = _mailbox(draft.sender.name, draft.sender.address)
    mail["To"] = _mailbox(draft.to_name, to)
    if draft.reply_to:
        mail["Reply-To"] = _mailbox(draft.sender.name, draft.reply_to)
    mail["Subject"] = clean_line(draft.subject)
    mail["Date"] = format_datetime(datetime.fromtimestamp(draft.at / 1000, UTC))
    mail["Message-ID"] = draft.mail_id
    references = _shortened(draft.references)
    if references:
        mail["In-Reply-To"] = references[-1]
        mail["References"] = " ".join(references)
    if draft.automatic:
        mail["Auto-Submitted"] = "auto-replied" if draft.answers else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"  # Exchange answers by itself otherwise
    if draft.token is not None:
        mail[TICKET_HEADER] = draft.token
    mail.set_content(draft.text)
    for one in draft.enclosures:
        main, sub = _type(one.type)
        mail.add_attachment(one.octets, maintype=main, subtype=sub, filename=one.name)
    international = not (to.isascii() and draft.sender.address.isascii())
    policy = SMTP.clone(cte_type="7bit", utf8=international)
    return Mail(draft.sender.address, to, mail.as_bytes(policy=policy), international)


def _mailbox(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    known = clean_line(name)[:_NAME_MAX]
    return Address("" if known == address else known, local, domain)


def _type(text: str) -> tuple[str, str]:
    """A type that is a part of its own: no bundle of parts, no mail in the mail, nothing that is no type at all."""
    main, sub = found.groups() if (found := _TYPE.fullmatch(text.lower())) else ("", "")
    return (main, sub) if main not in _BUNDLES else ("application", "octet-stream")


def _shortened(references: Sequence[str]) -> list[str]:
    """The first, and the last ones: threads stay together, and headers stay short (RFC 5322, 3.6.4)."""
    known = list(dict.fromkeys(one for one in references if one.isascii() and len(one) < 900 and one == one.strip()))
    return known if len(known) <= _REFERENCES else [known[0], *known[-(_REFERENCES - 1) :]]
