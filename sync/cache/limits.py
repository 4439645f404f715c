"""Limits at the workstation, said in a sentence before anything is stored."""

from sync.domain import limits
from sync.domain.actions import Action, AttachQuickNote, CreateTicket, EditTicket, PostMessage, SaveQuickNote
from sync.domain.errors import Rejected


def check(action: Action) -> None:
    """Raises Rejected for what no server would take."""
    match action:
        case PostMessage():
            _text(action.body_text, limits.BODY_MAX_BYTES)
        case CreateTicket():
            _text(action.body_text, limits.BODY_MAX_BYTES)
            _line("subject", action.subject, limits.SUBJECT_MAX)
            _line("name", action.requester_name, limits.NAME_MAX)
            _line("e-mail address", action.requester_email or "", limits.EMAIL_MAX)
        case SaveQuickNote() | AttachQuickNote():
            _text(action.text, limits.QUICK_NOTE_MAX_BYTES)
        case EditTicket():
            for name in action.wanted:
                _line("tag", name.removeprefix("tags/"), limits.TAG_MAX)
        case _:
            pass


def check_size(size: int, name: str) -> None:
    """Raises Rejected for a file that is too large."""
    if size > limits.UPLOAD_MAX_BYTES:
        most = limits.UPLOAD_MAX_BYTES // 1_000_000
        raise Rejected(f"{name} has {size / 1e6:.1f} MB; a file may have {most} MB. Make it smaller.", "tooLarge")


def _line(what: str, text: str, most: int) -> None:
    if len(text) > most:
        sentence = f"The {what} has {len(text)} characters; it may have {most}. Shorten it."
        raise Rejected(sentence, "invalidProperties")


def _text(text: str, most: int) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        sentence = "The text holds half a character, which cannot be stored. Take out the sign shown as a box."
        raise Rejected(sentence, "invalidProperties") from error
    if size > most:
        raise Rejected(f"The text has {size / 1e6:.1f} MB; it may have {most / 1e6:.0f} MB. Shorten it.", "tooLarge")
