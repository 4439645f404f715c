"""What is being written: the two modes, a draft of each, and what is handed over when it is sent."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.models.moments import size
from desktop.translation import translate
from sync.domain.limits import BODY_MAX_BYTES, UPLOAD_MAX_BYTES
from sync.domain.records import Attachment, MessageKind, Status


class Mode(StrEnum):
    """Who will read it."""

    REPLY = "reply"
    NOTE = "note"

    @property
    def kind(self) -> MessageKind:
        return MessageKind.REPLY if self is Mode.REPLY else MessageKind.NOTE


@dataclass(frozen=True, slots=True)
class Draft:
    """Words and files not sent yet."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.attachments)


@dataclass(frozen=True, slots=True)
class Submission:
    """A snapshot, taken when the key was pressed. `then` is the status chosen for afterwards, None to leave it.

    `as_note`: what was written as a reply is kept for colleagues instead.
    """

    mode: Mode
    draft: Draft
    then: Status | None = None
    as_note: bool = False


def objection(draft: Draft, mode: Mode) -> str | None:
    """Why it cannot be sent as it is, as a sentence; None if it can."""
    if not draft:
        if mode is Mode.REPLY:
            return translate("Composing", "There is nothing to send yet. Write something first.")
        return translate("Composing", "There is nothing to save yet. Write something first.")
    octets = len(draft.text.encode("utf-8", "replace"))
    if octets > BODY_MAX_BYTES:
        return translate(
            "Composing", "This text is {size}, the limit is {limit}. Attach it as a file, or split it."
        ).format(size=size(octets), limit=size(BODY_MAX_BYTES))
    return None


def file_objection(path: Path) -> str | None:
    """Why a file cannot be attached, as a sentence; None if it can."""
    try:
        if path.is_dir():
            return translate("Composing", "“{name}” is a folder. Attach its files, or pack it into one file.").format(
                name=path.name
            )
        octets = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError:
        return translate(
            "Composing", "“{name}” cannot be read. Check that it is still there, then attach it again."
        ).format(name=path.name)
    if octets > UPLOAD_MAX_BYTES:
        return translate("Composing", "This file is {size}, the limit is {limit}. Send a link, or split it.").format(
            size=size(octets), limit=size(UPLOAD_MAX_BYTES)
        )
    return None
