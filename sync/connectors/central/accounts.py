"""The server's Session object as Access, and which types each kind of account holds."""

from collections.abc import Mapping
from typing import Final

from sync.connectors.faults import no_deskbell
from sync.connectors.port import Access, Account, AccountKind
from sync.domain.errors import Incompatible
from sync.domain.protocol import (
    AGENT,
    AGENT_ACCESS,
    CAPABILITY,
    CATEGORY,
    CATEGORY_GRANT,
    CLOSING,
    CONFIRM_HOURS,
    DELIVERY,
    FAQ_ENTRY,
    HELD_MESSAGE,
    INCIDENT,
    INCIDENT_NOTE,
    MAILS,
    MESSAGE,
    NEXT_IN_LINE,
    PROTOCOL_VERSION,
    QUICK_NOTE,
    READ_MARK,
    REQUESTER,
    SPOT_CHECK,
    SURGE,
    TICKET,
    TICKET_ARRIVAL,
    UNREACHED_ALERT,
)
from sync.domain.times import from_utc_date
from sync.jmap.errors import JSON
from sync.jmap.service import RemoteAccount, Service

TYPES: Final[Mapping[AccountKind, tuple[str, ...]]] = {
    AccountKind.CATEGORY: (CATEGORY, REQUESTER, TICKET, MESSAGE, TICKET_ARRIVAL, DELIVERY, SURGE, NEXT_IN_LINE),
    AccountKind.PERSONAL: (CATEGORY_GRANT, READ_MARK, QUICK_NOTE, HELD_MESSAGE),
    AccountKind.TEAM: (AGENT, CATEGORY, FAQ_ENTRY, CLOSING, INCIDENT, INCIDENT_NOTE),
    AccountKind.OVERSIGHT: (SPOT_CHECK, AGENT_ACCESS, UNREACHED_ALERT),
}
"""In the order in which they are asked for; a ticket before its messages, so that no message lacks its ticket."""

COUNTED: Final[Mapping[AccountKind, tuple[str, ...]]] = {
    AccountKind.CATEGORY: (CATEGORY, REQUESTER, TICKET, MESSAGE),
    AccountKind.PERSONAL: (CATEGORY_GRANT,),
    AccountKind.TEAM: (AGENT, CATEGORY),
    AccountKind.OVERSIGHT: (),
}
"""What a workstation holds exactly as the server does: nothing of its own stands among it."""

ALL_TYPES: Final = ",".join(dict.fromkeys(name for names in TYPES.values() for name in names))

_LIMITS: Final = (
    "maxSizeUpload",
    "maxSizeRequest",
    "maxCallsInRequest",
    "maxObjectsInGet",
    "maxObjectsInSet",
)


def access_of(service: Service, host: str) -> Access:
    """Who is signed in and what they may see. Raises Incompatible unless it is a Deskbell server of our protocol."""
    ours = service.capabilities.get(CAPABILITY)
    if ours is None:
        raise no_deskbell(host)
    _check_protocol(ours.get("protocol"), host)
    try:
        return Access(
            server_id=_text(ours["serverId"]),
            user_id=_text(ours["userId"]),
            user_name=service.username,
            is_owner=ours["isOwner"] is True,
            accounts=tuple(_account(key, one) for key, one in sorted(service.accounts.items()) if _is_ours(one)),
            state=service.state,
            server_now_ms=from_utc_date(_text(ours["now"])),
            limits=_limits(service, ours.get(CONFIRM_HOURS)),
            mails=ours.get(MAILS) is not False,
        )
    except (KeyError, ValueError) as error:
        raise no_deskbell(host) from error


def _limits(service: Service, hours: JSON) -> dict[str, int]:
    found = {name: service.limit(name, 0) for name in _LIMITS if service.limit(name, 0)}
    if isinstance(hours, int) and hours > 0:
        found[CONFIRM_HOURS] = hours
    return found


def _check_protocol(protocol: JSON, host: str) -> None:
    if not isinstance(protocol, int) or isinstance(protocol, bool):
        raise no_deskbell(host)
    if protocol > PROTOCOL_VERSION:
        raise Incompatible(f"The server at {host} is newer than this Deskbell. Update Deskbell on this computer.")
    if protocol < PROTOCOL_VERSION:
        raise Incompatible(f"The server at {host} is older than this Deskbell. Ask your administrator to update it.")


def _is_ours(account: RemoteAccount) -> bool:
    kind = account.capabilities.get(CAPABILITY, {}).get("kind")
    return kind in {one.value for one in AccountKind}


def _account(account_id: str, account: RemoteAccount) -> Account:
    details = account.capabilities[CAPABILITY]
    kind = AccountKind(details["kind"])
    category_id = _text(details["categoryId"]) if kind is AccountKind.CATEGORY else None
    return Account(account_id, kind, account.name, account.is_read_only, category_id)


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no text: {value!r}")
    return value
