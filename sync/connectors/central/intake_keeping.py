"""The intake at our own server: closings in the team's account, caps, figures and calendar in the owners'."""

from collections.abc import Mapping
from typing import Any, Final

from sync.connectors.central.api import PASSING, Api
from sync.connectors.intake_keeping import KeptOf, NewLink
from sync.connectors.port import Access, AccountKind
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.errors import DeskbellError, Offline, Rejected
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
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.results import SetResult, read_get, read_set

_NEW: Final = "new"
_GONE: Final = "This is not there any more. What is shown is loaded again."
_NO_OWNER: Final = "Only owners keep the intake, and you are no owner any more."
_NO_KEEPER: Final = "Only owners may hand out or erase what is kept of a requester. Ask one."
_NOBODY: Final = "The server does not know this requester any more."
_NO_TICKET: Final = "This ticket is not at the server, or not where it was. Try again in a moment."

Values = dict[str, JSON]


class CentralIntakeKeeping:
    """`sync.connectors.intake_keeping.IntakeKeeping`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._accounts = {one.kind: one.id for one in access.accounts}

    def intake_figures(self) -> IntakeFigures:
        account = self._account(AccountKind.OVERSIGHT)
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
        return self._keep(CLOSING, AccountKind.TEAM, closing.id, values)

    def remove_closing(self, closing_id: str) -> None:
        self._remove(CLOSING, AccountKind.TEAM, closing_id)

    def keep_cap(self, cap: OpenTicketCap) -> str:
        until = None if cap.until is None else to_utc_date(cap.until)
        values: Values = {"most": cap.most, "until": until, "reason": cap.reason}
        if not cap.id:
            values["categoryId"] = cap.category_id
        return self._keep(OPEN_TICKET_CAP, AccountKind.OVERSIGHT, cap.id, values)

    def remove_cap(self, cap_id: str) -> None:
        self._remove(OPEN_TICKET_CAP, AccountKind.OVERSIGHT, cap_id)

    def set_calendar(self, calendar: HouseCalendar) -> HouseCalendar:
        wanted = {"zone": calendar.zone, "hours": calendar.hours, "country": calendar.country}
        account = self._account(AccountKind.OVERSIGHT)
        found = self._call(INTAKE_SET_CALENDAR, {"accountId": account, **wanted}).get("calendar")
        try:
            return _calendar(found)
        except (KeyError, TypeError) as error:
            raise self._api.damaged() from error

    def new_link(self, account_id: str, ticket_id: str) -> NewLink:
        found = self._call(NEW_LINK, {"accountId": account_id, "ticketId": ticket_id})
        url = found.get("url")
        return NewLink(bool(found.get("mailed")), url if isinstance(url, str) else None)

    def export_requester(self, requester_id: str) -> KeptOf:
        found = self._about(REQUESTER_EXPORT, requester_id)
        try:
            counts = int(found["size"]), int(found["tickets"])
            return KeptOf(str(found["accountId"]), str(found["blobId"]), str(found["name"]), *counts)
        except (KeyError, TypeError, ValueError) as error:
            raise self._api.damaged() from error

    def erase_requester(self, requester_id: str) -> int:
        try:
            return int(self._about(REQUESTER_ERASE, requester_id)["tickets"])
        except (KeyError, TypeError, ValueError) as error:
            raise self._api.damaged() from error

    def _about(self, name: str, requester_id: str) -> Any:
        try:
            return self._call(name, {"accountId": self._account(AccountKind.OVERSIGHT), "requesterId": requester_id})
        except Rejected as refusal:
            said = {"forbidden": _NO_KEEPER, NOT_FOUND: _NOBODY}.get(refusal.reason or "")
            raise Rejected(said or str(refusal), refusal.reason) from refusal

    def _keep(self, type_name: str, kind: AccountKind, object_id: str, values: Values) -> str:
        if object_id:
            result = self._set(type_name, kind, {"update": {object_id: values}})
            if object_id not in result.updated:
                raise self._refusal(result.not_updated.get(object_id))
            return object_id
        result = self._set(type_name, kind, {"create": {_NEW: values}})
        if _NEW not in result.created:
            raise self._refusal(result.not_created.get(_NEW))
        return str(result.created[_NEW]["id"])

    def _remove(self, type_name: str, kind: AccountKind, object_id: str) -> None:
        error = self._set(type_name, kind, {"destroy": [object_id]}).not_destroyed.get(object_id)
        if error is not None and error.kind != NOT_FOUND:
            raise self._refusal(error)

    def _account(self, kind: AccountKind) -> str:
        found = self._accounts.get(kind)
        if found is None:
            raise Rejected(_NO_OWNER, "forbidden")
        return found

    def _set(self, type_name: str, kind: AccountKind, given: Values) -> SetResult:
        try:
            return read_set(self._call(f"{type_name}/set", {"accountId": self._account(kind), **given}))
        except MalformedError as error:
            raise self._api.damaged() from error

    def _call(self, name: str, arguments: Values) -> Any:
        request = self._api.request()
        handle = request.call(name, arguments)
        try:
            return self._api.run(request).arguments(handle)
        except MethodError as error:
            raise self._failure(error) from error
        except MalformedError as error:
            raise self._api.damaged() from error

    def _failure(self, error: MethodError) -> DeskbellError:
        if error.kind == "accountNotFound":
            return Rejected(_NO_OWNER, "forbidden")
        if error.kind == NOT_FOUND:
            return Rejected(_NO_TICKET, NOT_FOUND)
        if error.kind == "invalidArguments" and error.description:
            return Rejected(error.description, error.kind)
        return self._api.failure(error)

    def _refusal(self, error: SetError | None) -> DeskbellError:
        if error is None:
            return self._api.damaged()
        said = _GONE if error.kind == NOT_FOUND else error.description
        sentence = said or f"The server did not do it ({error.kind}). Try again."
        return Offline(sentence) if error.kind in PASSING else Rejected(sentence, error.kind)


def _week(one: Mapping[str, Any]) -> IntakeWeek:
    names = ("tickets", "avoided", "reminders", "solved", "good", "bad")
    return IntakeWeek(from_utc_date(one["from"]), *(int(one[name]) for name in names))


def _calendar(one: Any) -> HouseCalendar:
    return HouseCalendar(str(one["zone"]), str(one["hours"]), str(one["country"]), str(one["inZone"]))


def _cap(one: Mapping[str, Any]) -> OpenTicketCap:
    until = None if one["until"] is None else from_utc_date(one["until"])
    return OpenTicketCap(one["id"], one["categoryId"], int(one["most"]), until, one["reason"], int(one["ledTimes"]))
