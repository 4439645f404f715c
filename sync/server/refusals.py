"""From a sentence about what somebody sent to the SetError that carries it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sync.domain.errors import Rejected
from sync.jmap.errors import SetError
from sync.server.texts import INVALID, TOO_LARGE


@contextmanager
def about(*properties: str) -> Iterator[None]:
    """Whatever is rejected in the block is the fault of these properties."""
    try:
        yield
    except Rejected as refusal:
        if refusal.reason in (INVALID, TOO_LARGE):
            raise SetError(refusal.reason, str(refusal), properties=properties) from refusal
        raise SetError(refusal.reason, str(refusal)) from refusal


def invalid(name: str, sentence: str) -> SetError:
    """`invalidProperties` about one property."""
    return SetError("invalidProperties", sentence, properties=[name])
