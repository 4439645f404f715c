"""The lines that a demo prints: what was done, and how long it took."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Failed(Exception):
    """Something that had to happen did not; the message says what, for a person."""


class Steps:
    """Prints a line for each step with its milliseconds."""

    def say(self, words: str) -> None:
        """A line without a figure."""
        sys.stdout.write(f"             {words}\n")
        sys.stdout.flush()

    def done(self, words: str, seconds: float) -> None:
        """A step that took so long."""
        sys.stdout.write(f"{seconds * 1000:9.0f} ms {words}\n")
        sys.stdout.flush()

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """Do a step; a failure inside ends the tour and names it. Raises Failed."""
        began = monotonic()
        try:
            yield
        except Failed as failure:
            raise Failed(f"{words}: {failure}") from failure
        self.done(words, monotonic() - began)
