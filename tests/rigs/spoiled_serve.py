"""The server with a fault planted from outside: `python -m tests.rigs.spoiled_serve` with SPOILED=dies|mute.

dies: killed after each commit, before anybody is told. mute: never tells other processes.
"""

import os
import signal
import sys
from unittest.mock import patch

from sync.server.__main__ import main
from sync.server.hub import Hub
from sync.server.journal import Published
from sync.server.telegram import Telegram
from sync.server.telegraph import NotifyTelegraph


def _die(_hub: Hub, published: Published) -> None:
    if published.rings:
        os.kill(os.getpid(), signal.SIGKILL)


def _say_nothing(_telegraph: NotifyTelegraph, _telegram: Telegram) -> None:
    pass


if __name__ == "__main__":
    if os.environ["SPOILED"] == "dies":
        patch.object(Hub, "publish", _die).start()
    else:
        patch.object(NotifyTelegraph, "post", _say_nothing).start()
    sys.argv.insert(1, "serve")
    main()
