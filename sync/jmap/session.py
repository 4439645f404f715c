"""The Session object: what this principal finds here, and the state that tells when it changed (RFC 8620 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from sync.jmap.access import Account, Principal
from sync.jmap.errors import JSON
from sync.jmap.host import Host
from sync.jmap.limits import CORE

API_PATH = "/jmap/api"
DOWNLOAD_PATH = "/jmap/download/{accountId}/{blobId}/{name}"
UPLOAD_PATH = "/jmap/upload/{accountId}/"
EVENTS_PATH = "/jmap/events"
SESSION_PATH = "/.well-known/jmap"


@dataclass(frozen=True)
class Sessions:
    """Makes Session objects. Call inside a read transaction of the host: it asks for the accounts."""

    host: Host

    def state(self, principal: Principal) -> str:
        """The present sessionState of this principal."""
        document = self._document(principal, "", with_volatile=False)
        return blake2b(orjson.dumps(document, option=orjson.OPT_SORT_KEYS), digest_size=9).hexdigest()

    def session(self, principal: Principal, base_url: str) -> dict[str, JSON]:
        """The whole object. `base_url` has no slash at its end."""
        document = self._document(principal, base_url, with_volatile=True)
        return {**document, "state": self.state(principal)}

    def _document(self, principal: Principal, base_url: str, *, with_volatile: bool) -> dict[str, JSON]:
        details = self.host.capabilities(principal)
        left_out = frozenset[str]() if with_volatile else self.host.volatile
        capabilities: dict[str, JSON] = {uri: {} for uri in sorted(self.host.capability_uris())}
        for uri, values in details.items():
            capabilities[uri] = {name: one for name, one in values.items() if name not in left_out}
        capabilities[CORE] = self.host.limits.as_json()
        accounts = self.host.access(principal)
        shown = {account_id: self._account(account) for account_id, account in accounts.items()}
        return {
            "capabilities": capabilities,
            "accounts": shown,
            "primaryAccounts": _primary(accounts, shown),
            "username": principal.username,
            "apiUrl": base_url + API_PATH,
            "downloadUrl": base_url + DOWNLOAD_PATH + "?accept={type}",
            "uploadUrl": base_url + UPLOAD_PATH,
            "eventSourceUrl": base_url + EVENTS_PATH + "?types={types}&closeafter={closeafter}&ping={ping}",
        }

    def _account(self, account: Account) -> dict[str, JSON]:
        held = {one.capability for one in self.host.types if one.name in account.types}
        if held and self.host.conditional is not None and not account.is_read_only:
            held.add(self.host.conditional)
        capabilities: dict[str, JSON] = {uri: {} for uri in sorted(held)}
        for uri, values in account.capabilities.items():
            capabilities[uri] = dict(values)
        return {
            "name": account.name,
            "isPersonal": account.is_personal,
            "isReadOnly": account.is_read_only,
            "accountCapabilities": capabilities,
        }


def _primary(accounts: Mapping[str, Account], shown: Mapping[str, JSON]) -> dict[str, str]:
    found: dict[str, str] = {}
    for account_id, account in accounts.items():
        if account.is_personal:
            for uri in shown[account_id]["accountCapabilities"]:
                found.setdefault(uri, account_id)
    return found
