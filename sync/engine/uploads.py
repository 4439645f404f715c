"""Files go to the server before the words that they belong to."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sync.cache.cache import Cache
from sync.connectors.port import AccountKind, Connector, Outcome, Result, Routed
from sync.domain.actions import Action, CreateTicket, PostMessage
from sync.domain.errors import Rejected
from sync.domain.records import Attachment

GONE = "The file “{}” is not on this computer any more. Attach it again."


class Uploads:
    """What was uploaded is remembered at once, so that a retry sends the same words with the same files."""

    def __init__(self, cache: Cache, connector: Connector) -> None:
        self._cache = cache
        self._connector = connector

    def upload(self, batch: Sequence[Routed], settle: Callable[[Sequence[Outcome]], None]) -> list[Routed]:
        """The batch with the server's ids for its files; what the server refuses is settled and left out.

        Raises Offline, Denied.
        """
        ready: list[Routed] = []
        for routed in batch:
            try:
                ready.append(replace(routed, action=self._uploaded(routed)))
            except Rejected as error:
                key = routed.action.client_key
                settle([Outcome(key, Result.REFUSED, reason=error.reason, sentence=str(error))])
        return ready

    def _uploaded(self, routed: Routed) -> Action:
        action = routed.action
        if not isinstance(action, PostMessage | CreateTicket):
            return action
        for attachment in action.attachments:
            if self._cache.is_local(attachment.blob_id):
                action = self._sent(routed, attachment) or action
        return action

    def _sent(self, routed: Routed, attachment: Attachment) -> Action | None:
        chunks = self._cache.blob(attachment.blob_id)
        if chunks is None:
            raise Rejected(GONE.format(attachment.name), "blobNotFound")
        for account_id in filter(None, (routed.account_id, self._own())):
            try:
                given = self._connector.store_blob(account_id, chunks, attachment.size, attachment.type)
            except Rejected as error:
                if error.reason != "notFound":
                    raise
                chunks = self._cache.blob(attachment.blob_id) or chunks
                continue  # the account has gone, most likely; the sending finds out, and words are held with files
            return self._cache.uploaded(routed.action.client_key, attachment.blob_id, given, account_id)
        return None

    def _own(self) -> str | None:
        """The account in which words that cannot be posted are held for their author."""
        access = self._cache.access()
        accounts = () if access is None else access.accounts
        return next((one.id for one in accounts if one.kind is AccountKind.PERSONAL), None)
