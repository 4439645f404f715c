"""What the server writes to stderr: a record begins at a line's start and nowhere else; nothing acts on a terminal."""

from __future__ import annotations

import logging
from typing import Any, Final

from sync.domain.limits import in_sight

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_CONTINUED: Final = "\n  | "
_QUIET: Final = {
    "peewee": "WARNING",  # its DEBUG shows the values of every statement: people's words
    "python_multipart": "CRITICAL",  # each broken form of a stranger is no news
    "uvicorn.error": "ERROR",  # nor is each broken request
    "asyncio": "WARNING",
}


class PlainFormatter(logging.Formatter):
    """Strangers' words cannot forge a record: control characters are spelled out, further lines begin with a bar."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """The record, safe to read in a terminal."""
        return _CONTINUED.join(in_sight(line) for line in super().format(record).split("\n"))


def log_config(level: str = "WARNING") -> dict[str, Any]:
    """For logging.config.dictConfig."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": PlainFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {name: {"level": least} for name, least in _QUIET.items()},
    }
