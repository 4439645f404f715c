"""Our own bugs are loud: into the log, without anybody's words, and before the person."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

_LOG = logging.getLogger("deskbell")


def start_log(folder: Path) -> Path:
    """One file of at most 1 MB and one older; only our own lines, which name no ticket and no person."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "deskbell.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    return path


def catch_bugs(show: Callable[[str], None]) -> None:
    """From now on what nobody catches is logged, and `show` is called with the bug's kind."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _LOG.error("%s", without_words(kind, trace))
        show(kind.__name__)

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread else "?"
            _LOG.error("in %s: %s", name, without_words(args.exc_type, args.exc_traceback))

    sys.excepthook = hook
    threading.excepthook = thread_hook


def without_words(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Where it happened and of which kind; the message is left out, since it may quote what people wrote."""
    frames = traceback.extract_tb(trace)
    lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-20:]]
    return f"{kind.__name__} at " + " < ".join(reversed(lines))
