"""One target with atheris, which is guided by coverage: `python -m tests.fuzz.with_atheris NAME`.

Install it beside the others first: `.venv/bin/pip install "atheris==3.0.0"` (Linux, CPython). What stands after the
name goes to libFuzzer: `-max_total_time=60`, a folder for the inputs that it keeps.
"""

import importlib
import sys
from typing import Any

from tests.fuzz.targets import TARGETS


def main() -> None:
    """Runs until libFuzzer ends; the process ends with the first finding."""
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"Name one of: {', '.join(TARGETS)}.")
    try:
        atheris: Any = importlib.import_module("atheris")  # only for those who have installed it
    except ModuleNotFoundError:
        sys.exit('Install it first: .venv/bin/pip install "atheris==3.0.0"')
    atheris.instrument_all()
    atheris.Setup(sys.argv, TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
