"""Where the new words of a mail end: below stand the signature, after a line `-- `, and the history, after `>`."""

from typing import Final

SIGNATURE: Final = "-- "
QUOTE: Final = ">"
LONGEST_SIGNATURE: Final = 25
"""Lines; what is longer is no signature."""


def folded(body: str) -> tuple[str, str]:
    """The words to be read and what is folded away below them; the second is empty where there is nothing to fold.

    Both together, with a line break between, are the body without the blank lines around. A body that would be folded
    whole is shown whole.
    """
    lines = body.rstrip().split("\n")
    start = len(lines)
    while start and (lines[start - 1].startswith(QUOTE) or not lines[start - 1].strip()):
        start -= 1
    if start == len(lines) or not any(line.startswith(QUOTE) for line in lines[start:]):
        start = len(lines)
    signs = [place for place in range(start) if lines[place].rstrip("\r") in (SIGNATURE, SIGNATURE.rstrip())]
    if signs and start - signs[-1] <= LONGEST_SIGNATURE:
        start = signs[-1]
    own = "\n".join(lines[:start]).rstrip()
    rest = "\n".join(lines[start:]).strip("\n")
    return (own, rest) if own.strip() and rest else (body, "")


def quoted(text: str) -> str:
    """Every line behind `>`."""
    return "\n".join(QUOTE + ("" if line.startswith(QUOTE) or not line else " ") + line for line in text.split("\n"))
