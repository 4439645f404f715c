"""All benchmarks: `python -m tests.bench [NAME ...]`. Each has `run() -> list[Row]`."""

import sys

from tests.bench import intake
from tests.bench.report import printed

BENCHES = {"intake": intake.run}


def main(names: list[str]) -> None:
    """Run those named, or all; print each table as it is there."""
    for name in names or BENCHES:
        sys.stdout.write(f"\n{name}\n{printed(BENCHES[name]())}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
