"""Blob/copy: make blobs of one account available in another (RFC 8620 section 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sync.jmap.access import Transactions
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.blobs import BlobStore
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID, STRING, list_of
from sync.jmap.limits import CORE, Limits
from sync.jmap.methods import Answer, Context

_SIGNATURE: Final[Signature] = {
    **ACCOUNT,
    "fromAccountId": Argument(STRING),
    "blobIds": Argument(list_of(ID)),
}


class BlobCopyMethod:
    """Blob/copy over the host's store."""

    def __init__(self, blobs: BlobStore, gate: Gate, transactions: Transactions, limits: Limits) -> None:
        self.name = "Blob/copy"
        self.capability = CORE
        self._blobs = blobs
        self._gate = gate
        self._transactions = transactions
        self._limit = limits.max_objects_in_set

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """Each blob on its own."""
        given = checked(arguments, _SIGNATURE)
        from_id, to_id = given["fromAccountId"], given["accountId"]
        copied: dict[str, str] = {}
        failed: dict[str, JSON] = {}

        def work() -> None:
            copied.clear()
            failed.clear()
            self._enter(context, from_id, to_id)
            if len(given["blobIds"]) > self._limit:
                raise MethodError("requestTooLarge", f"One call copies at most {self._limit} blobs.")
            for blob_id in dict.fromkeys(given["blobIds"]):
                try:
                    with self._transactions.savepoint():
                        copied[blob_id] = self._copy(context, from_id, to_id, blob_id)
                except SetError as error:
                    failed[blob_id] = error.as_json()
            self._transactions.stamp()

        self._transactions.write(work)
        return Answer(
            {
                "fromAccountId": from_id,
                "accountId": to_id,
                "copied": copied or None,
                "notCopied": failed or None,
            }
        )

    def _enter(self, context: Context, from_id: str, to_id: str) -> None:
        self._gate.enter(context.principal, to_id, None, writes=True)
        try:
            self._gate.enter(context.principal, from_id, None)
        except MethodError as error:
            raise MethodError("fromAccountNotFound") from error

    def _copy(self, context: Context, from_id: str, to_id: str, blob_id: str) -> str:
        blob = self._blobs.copy(context.principal, from_id, to_id, blob_id)
        if blob is None:
            raise SetError("notFound")
        return blob.id
