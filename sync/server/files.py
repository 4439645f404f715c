"""Which files somebody may put into a message, and which may be read in an account (ARCHITECTURE 3.14)."""

from collections.abc import Sequence
from typing import Any, Final

from sync.domain import limits, protocol
from sync.domain.file_names import harmless_name
from sync.domain.records import Attachment
from sync.jmap.errors import SetError
from sync.server.accounts import StoredAccount
from sync.server.database import Database

MAX_FILES: Final = 50
_OWN: Final = """
SELECT b.size, b.sha256 FROM blob b JOIN blob_claim c ON c.blob_id = b.id WHERE b.id = ? AND c.agent_id = ? LIMIT 1
"""
_CLAIMED: Final = "SELECT 1 FROM blob_claim WHERE blob_id = ? AND account = ? AND agent_id = ?"
_USED: Final = """
SELECT b.size, b.sha256 FROM blob b JOIN blob_use u ON u.blob_id = b.id
JOIN object_state s ON s.account = ? AND s.type = ? AND s.object_id = u.message_id AND NOT s.destroyed
WHERE b.id = ? LIMIT 1
"""


_HELD: Final = """
SELECT b.size, b.sha256 FROM blob b JOIN blob_use u ON u.blob_id = b.id
JOIN held_message h ON h.id = u.message_id WHERE b.id = ? AND h.agent_id = ? LIMIT 1
"""


class Files:
    """Call inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_visible(self, account: StoredAccount, agent_id: str, blob_id: str) -> bool:
        """Whether the agent may read the file in this account: they brought it here, or a message here
        refers to it, one that is held for them too."""
        return bool(
            self._database.select(_CLAIMED, (blob_id, account.number, agent_id))
            or self._database.select(_USED, (account.number, protocol.MESSAGE, blob_id))
            or self._database.select(_USED, (account.number, protocol.HELD_MESSAGE, blob_id))
        )

    def attachments(self, account: StoredAccount, agent_id: str, values: Sequence[dict[str, Any]]) -> list[Attachment]:
        """The files of a message that an agent sends. Raises SetError `blobNotFound` that names the missing ones."""
        if len(values) > MAX_FILES:
            raise SetError("tooLarge", f"A message takes at most {MAX_FILES} files.", properties=["attachments"])
        made: list[Attachment] = []
        missing: list[str] = []
        for one in values:
            found = self._found(account, agent_id, one["blobId"])
            if found is None:
                missing.append(one["blobId"])
                continue
            name = harmless_name(limits.clean_line(one["name"]))
            made.append(Attachment(one["blobId"], name, limits.clean_line(one["type"])[: limits.NAME_MAX], found[0]))
        if missing:
            raise SetError("blobNotFound", "A file is not here any more. Attach it again.", notFound=missing)
        return made

    def content(self, account: StoredAccount, agent_id: str, values: Sequence[dict[str, Any]]) -> list[list[str]]:
        """What the files are, whatever ids they have: a retry may have uploaded them again."""
        described = []
        for one in values:
            found = self._found(account, agent_id, one["blobId"])
            described.append([one["name"], found[1] if found else one["blobId"]])
        return described

    def _found(self, account: StoredAccount, agent_id: str, blob_id: str) -> tuple[int, str] | None:
        """Size and SHA-256 of the agent's own upload, into whichever account, of a file in words that are held for
        them, or of one in a message here."""
        found = (
            self._database.select(_OWN, (blob_id, agent_id))
            or self._database.select(_USED, (account.number, protocol.MESSAGE, blob_id))
            or self._database.select(_HELD, (blob_id, agent_id))
        )
        return (int(found[0][0]), bytes(found[0][1]).hex()) if found else None
