"""The one place that decides whether a principal's call may touch an account (RFC 8620 section 3.6.2)."""

from __future__ import annotations

from sync.jmap.access import Access, Account, Principal
from sync.jmap.errors import MethodError


class Gate:
    """Looks up the accounts of a principal. Call it inside the transaction of the method."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def enter(self, principal: Principal, account_id: str, type_name: str | None, *, writes: bool = False) -> Account:
        """The account, if it is open for this. `type_name` None: any account will do (blobs).

        Raises MethodError `accountNotFound`, `accountNotSupportedByMethod` or `accountReadOnly`.
        """
        account = self._access(principal).get(account_id)
        if account is None:
            raise MethodError("accountNotFound")
        if type_name is not None and type_name not in account.types:
            raise MethodError("accountNotSupportedByMethod")
        unwritten = account.written is not None and type_name not in account.written
        if writes and (account.is_read_only or unwritten):
            raise MethodError("accountReadOnly")
        return account
