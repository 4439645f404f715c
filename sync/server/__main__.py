"""The command deskbell-server."""

import os

from sync.server.admin.cli import run


def main() -> None:
    """Exit code 0, or a sentence on stderr and 2."""
    run(os.environ)


if __name__ == "__main__":
    main()
