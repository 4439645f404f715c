"""The intake at our own server: closings in the team's account, caps, figures and calendar in the owners'."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sync.connectors.central.api import Api
from sync.connectors.central.keeping import Keeping, Values
from sync.connectors.intake_keeping import KeptOf, NewLink
from sync.connectors.port import Access, AccountKind
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.intake_figures import HouseCalendar, IntakeFigures, IntakeWeek
from sync.domain.protocol import (
    CLOSING,
    INTAKE_FIGURES,
    INTAKE_SET_CALENDAR,
    NEW_LINK,
    NOT_FOUND,
    OPEN_TICKET_CAP,
    REQUESTER_ERASE,
    REQUESTER_EXPORT,
)
from sync.domain.times import from_utc_date, to_utc_date
from sync.jmap.client import MalformedError
from sync.jmap.errors import MethodError
from sync.jmap.results import read_get

_GONE: Final = "This is not there any more. What is shown is loaded again."
_NO_OWNER: Final = "Only owners keep the intake, and you are no owner any more."
_NO_KEEPER: Final = "Only owners may hand out or erase what is kept of a requester. Ask one."
_NOBODY: Final = "The server does not know this requester any more."
_NO_TICKET: Final = "This ticket is not at the server, or not where it was. Try again in a moment."

T = TypeVar("T")


class CentralIntakeKeeping:
    """`sync.connectors.intake_keeping.IntakeKeeping`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._kept = Keeping(api, access, {NOT_FOUND: _GONE}, self._failure)

    def intake_figures(self) -> IntakeFigures:
        account = self._kept.account(AccountKind.OVERSIGHT)
        request = self._api.request()
        figures = request.call(INTAKE_FIGURES, {"accountId": account})
        caps = request.call(f"{OPEN_TICKET_CAP}/get", {"accountId": account, "ids": None})
        try:
            response = self._api.run(request)
            found: Any = response.arguments(figures)
            return IntakeFigures(
                tuple(_week(one) for one in found["weeks"]),
                _calendar(found["calendar"]),
                tuple(_cap(one) for one in read_get(response.arguments(caps)).objects),
            )
        except MethodError as error:
            raise self._failure(error) from error
        except (MalformedError, KeyError, TypeError, ValueError) as error:
            raise self._api.damaged() from error

    def keep_closing(self, closing: Closing) -> str:
        values: Values = {
            "name": closing.name,
            "notice": closing.notice,
            "startsAt": to_utc_date(closing.starts_at),
            "endsAt": to_utc_date(closing.ends_at),
            "categoryIds": dict.fromkeys(sorted(closing.category_ids), True),
        }
        return self._keep(AccountKind.TEAM, CLOSING, closing.id, values)

    def remove_closing(self, closing_id: str) -> None:
        self._kept.destroy(AccountKind.TEAM, CLOSING, closing_id)

    def keep_cap(self, cap: OpenTicketCap) -> str:
        until = None if cap.until is None else to_utc_date(cap.until)
        values: Values = {"most": cap.most, "until": until, "reason": cap.reason}
        if not cap.id:
            values["categoryId"] = cap.category_id
        return self._keep(AccountKind.OVERSIGHT, OPEN_TICKET_CAP, cap.id, values)

    def remove_cap(self, cap_id: str) -> None:
        self._kept.destroy(AccountKind.OVERSIGHT, OPEN_TICKET_CAP, cap_id)

    def set_calendar(self, calendar: HouseCalendar) -> HouseCalendar:
        wanted = {"zone": calendar.zone, "hours": calendar.hours, "country": calendar.country}
        account = self._kept.account(AccountKind.OVERSIGHT)
        return self._kept.call(
            INTAKE_SET_CALENDAR, {"accountId": account, **wanted}, lambda answer: _calendar(answer["calendar"])
        )

    def new_link(self, account_id: str, ticket_id: str) -> NewLink:
        return self._kept.call(NEW_LINK, {"accountId": account_id, "ticketId": ticket_id}, _link)

    def export_requester(self, requester_id: str) -> KeptOf:
        return self._about(REQUESTER_EXPORT, requester_id, _kept_of)

    def erase_requester(self, requester_id: str) -> int:
        return self._about(REQUESTER_ERASE, requester_id, lambda answer: int(answer["tickets"]))

    def _about(self, name: str, requester_id: str, read: Callable[[Any], T]) -> T:
        try:
            account = self._kept.account(AccountKind.OVERSIGHT)
            return self._kept.call(name, {"accountId": account, "requesterId": requester_id}, read)
        except Rejected as refusal:
            said = {"forbidden": _NO_KEEPER, NOT_FOUND: _NOBODY}.get(refusal.reason or "")
            raise Rejected(said or str(refusal), refusal.reason) from refusal

    def _keep(self, kind: AccountKind, type_name: str, object_id: str, values: Values) -> str:
        if not object_id:
            return self._kept.create(kind, type_name, values)
        self._kept.update(kind, type_name, object_id, values)
        return object_id

    def _failure(self, error: MethodError) -> DeskbellError:
        if error.kind == "accountNotFound":
            return Rejected(_NO_OWNER, "forbidden")
        if error.kind == NOT_FOUND:
            return Rejected(_NO_TICKET, NOT_FOUND)
        if error.kind == "invalidArguments" and error.description:
            return Rejected(error.description, error.kind)
        return self._api.failure(error)


def _week(one: Mapping[str, Any]) -> IntakeWeek:
    names = ("tickets", "avoided", "reminders", "solved", "good", "bad")
    return IntakeWeek(from_utc_date(one["from"]), *(int(one[name]) for name in names))


def _calendar(one: Any) -> HouseCalendar:
    return HouseCalendar(str(one["zone"]), str(one["hours"]), str(one["country"]), str(one["inZone"]))


def _cap(one: Mapping[str, Any]) -> OpenTicketCap:
    until = None if one["until"] is None else from_utc_date(one["until"])
    return OpenTicketCap(one["id"], one["categoryId"], int(one["most"]), until, one["reason"], int(one["ledTimes"]))


def _link(one: Mapping[str, Any]) -> NewLink:
    url = one.get("url")
    return NewLink(bool(one.get("mailed")), url if isinstance(url, str) else None)


def _kept_of(one: Mapping[str, Any]) -> KeptOf:
    return KeptOf(str(one["accountId"]), str(one["blobId"]), str(one["name"]), int(one["size"]), int(one["tickets"]))
