"""What a text may be: the limits, and how a text that strangers send is made storable without losing a word."""

import re

SUBJECT_MAX = 500
BODY_MAX_BYTES = 4_000_000
NAME_MAX = 200
EMAIL_MAX = 320
TAG_MAX = 100
QUICK_NOTE_MAX_BYTES = 1_000_000
FAQ_ANSWER_MAX_BYTES = 100_000
UPLOAD_MAX_BYTES = 25_000_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Categories Cc and Cs of Unicode; they never grow."""
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
"""What a terminal or a reader acts on without showing it: controls, reversed writing, marks of no width."""
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_line(text: str) -> str:
    """One line: line breaks and other controls become spaces, runs of space one, ends trimmed."""
    return " ".join(_CONTROL.sub(" ", text).split())


def clean_text(text: str) -> str:
    """Many lines: CRLF and CR become LF; other control characters become U+FFFD, so that their place shows."""
    return _CONTROL_IN_TEXT.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_sight(text: str) -> str:
    """For terminals and logs: what would act without being seen is spelled out, as \\x1b; a line break too."""
    return _UNSEEN.sub(lambda one: one[0].encode("unicode_escape").decode(), text)
