"""The server's own certificate: read when it starts, and again when it is told that there is a newer one (SIGHUP)."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """The two files, in PEM."""

    chain: Path
    key: Path

    def renew(self, context: ssl.SSLContext) -> bool:
        """Read the files again, for connections to come. Files that cannot be used: the old stay, the log says so."""
        try:
            # tried on another one first, since a failure leaves a context half changed
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.chain, self.key, password="")
            context.load_cert_chain(self.chain, self.key, password="")
        except (OSError, ssl.SSLError) as error:
            logging.getLogger("sync.server").error(
                "The new certificate cannot be used, the old one stays: %s. Mend %s and send SIGHUP again.",
                error,
                self.chain,
            )
            return False
        return True
