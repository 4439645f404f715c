"""A letter that the house sends: to whom, about what, and why."""

from dataclasses import dataclass
from enum import StrEnum

from sync.domain.records import Attachment


class LetterKind(StrEnum):
    """Why a letter goes out."""

    REPLY = "reply"
    CONFIRMATION = "confirmation"
    RECEIPT = "receipt"
    LINK = "link"
    NOTICE = "notice"


PUT_OFF = frozenset({LetterKind.RECEIPT, LetterKind.NOTICE, LetterKind.LINK})
"""Automatic letters that are sent later where their address had one in this hour; others are left out."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` is the whole text as it is sent. `message_id` names the reply that it carries. `category_id`: whose
    sender it has, where it belongs to no ticket. `incident_id`: what it tells of; newer words about that replace it
    while it waits.

    `automatic`: no person wrote it; marked so (RFC 3834), and counted by address and hour.
    """

    kind: LetterKind
    to: str
    name: str
    subject: str
    text: str
    ticket_id: str | None = None
    message_id: str | None = None
    files: tuple[Attachment, ...] = ()
    automatic: bool = False
    category_id: str | None = None
    incident_id: str | None = None
