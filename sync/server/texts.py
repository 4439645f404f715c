"""Texts from outside, made storable or refused with the limit named."""

from sync.domain import limits
from sync.domain.errors import Rejected

TOO_LARGE = "tooLarge"
INVALID = "invalidProperties"


def subject(text: str) -> str:
    """One line, not empty, of 500 characters at most. Raises Rejected."""
    clean = limits.clean_line(text)
    if not clean:
        raise Rejected("The subject is empty. Say in a few words what it is about.", INVALID)
    if len(clean) > limits.SUBJECT_MAX:
        raise Rejected(f"The subject is longer than {limits.SUBJECT_MAX} characters. Shorten it.", TOO_LARGE)
    return clean


def body(text: str, most_bytes: int) -> str:
    """Many lines of at most `most_bytes` of UTF-8; may be empty. Raises Rejected."""
    if len(text) > most_bytes or len(text.encode(errors="replace")) > most_bytes:
        raise Rejected(
            f"The text is longer than {most_bytes / 1_000_000:g} MB. Shorten it, or send it as a file.", TOO_LARGE
        )
    return limits.clean_text(text)


def name(text: str) -> str:
    """A person's, file's or category's name on one line. Raises Rejected."""
    clean = limits.clean_line(text)
    if not clean:
        raise Rejected("The name is empty. Give one.", INVALID)
    if len(clean) > limits.NAME_MAX:
        raise Rejected(f"The name is longer than {limits.NAME_MAX} characters. Shorten it.", TOO_LARGE)
    return clean


def short(text: str | None, most: int, what: str) -> str | None:
    """An optional line; an empty one is None. Raises Rejected."""
    clean = limits.clean_line(text or "")
    if len(clean) > most:
        raise Rejected(f"The {what} is longer than {most} characters. Shorten it.", TOO_LARGE)
    return clean or None


def tag(text: str) -> str:
    """A tag on one line. Raises Rejected."""
    clean = limits.clean_line(text)
    if not clean or len(clean) > limits.TAG_MAX:
        raise Rejected(f"A tag has 1 to {limits.TAG_MAX} characters.", INVALID)
    return clean


def key_of(text: str) -> str:
    """A name as it is compared: letter case and outer blanks do not count."""
    return limits.clean_line(text).casefold()
