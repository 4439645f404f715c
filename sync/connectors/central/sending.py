"""Carries out a batch of actions: one request, then only what is in doubt is looked into."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeGuard

from sync.connectors.central.api import Api
from sync.connectors.central.calls import Values, attachments_of, message_values, pointer, put, subject_of
from sync.connectors.central.verdicts import (
    Doubt,
    refused,
    unknown,
    verdict,
)
from sync.connectors.port import Access, AccountKind, Outcome, Result, Routed
from sync.domain.actions import SET_PREFIXES, Action, AttachQuickNote, CreateTicket, EditTicket, PostMessage, member_of
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.protocol import (
    ACCOUNT_NOT_FOUND,
    ALREADY_EXISTS,
    HELD_MESSAGE,
    MERGED,
    NOT_FOUND,
    STATE_MISMATCH,
    TICKET,
)
from sync.domain.records import MessageKind
from sync.domain.times import to_utc_date
from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON, MethodError
from sync.jmap.results import read_get, read_set

SEND_S: Final = 60.0

_NOT_THESE_FILES: Final = frozenset({"blobNotFound", "invalidProperties"})

Verify = Callable[[], Access]
Found = Outcome | Doubt


@dataclass(frozen=True)
class Sending:
    """Sends for the person of `access`; `verify` fetches a fresh one before anything is called unreachable."""

    api: Api
    access: Access
    verify: Verify

    def send(self, actions: Sequence[Routed]) -> list[Outcome]:
        """One outcome for each action, in order. Raises Offline where nothing is known about any of them."""
        found = self._first(actions, self.access)
        with suppress(Rejected):  # not of what has been answered: what is still in doubt is asked again
            self._second(actions, found)
        return [
            result if isinstance(result, Outcome) else unknown(routed.action, None)
            for routed, result in zip(actions, found, strict=True)
        ]

    def _second(self, actions: Sequence[Routed], found: list[Found]) -> None:
        """Looks into the doubts in `found`, and sends on what turned up elsewhere."""
        moved = [*self._look(actions, found), *onward(actions, found)]
        if moved:
            again = self._first([routed for _, routed in moved], None)
            for (at, routed), result in zip(moved, again, strict=True):
                found[at] = result if isinstance(result, Outcome) else unknown(routed.action, "moved")

    def _first(self, actions: Sequence[Routed], access: Access | None) -> list[Found]:
        """Without `access` the accounts are known to be there: they have just been looked into."""
        reachable = {one.account_id for one in actions} if access is None else {one.id for one in access.accounts}
        personal = self._personal()
        request = self.api.request()
        handles = {
            at: put(request, routed.action, routed.account_id, personal)
            for at, routed in enumerate(actions)
            if routed.account_id in reachable
        }
        if not handles:
            return [Doubt.NO_ACCOUNT] * len(actions)
        response = self.api.run(request, SEND_S)
        return [
            verdict(routed.action, response, handles[at]) if at in handles else Doubt.NO_ACCOUNT
            for at, routed in enumerate(actions)
        ]

    def _look(self, actions: Sequence[Routed], found: list[Found]) -> list[tuple[int, Routed]]:
        """Settles the doubts in `found`; gives those actions whose ticket turned up in another account."""
        doubts = [(at, actions[at].action) for at, result in enumerate(found) if isinstance(result, Doubt)]
        if not doubts:
            return []
        access = self.access
        if any(found[at] is not Doubt.MISMATCH for at, _ in doubts):
            access = self.verify()
        tickets = {subject for _, action in doubts if (subject := subject_of(action)) is not None}
        homes = self._homes(tickets, access)
        moved: list[tuple[int, Routed]] = []
        for at, action in doubts:
            home = homes.get(subject_of(action) or "")
            if found[at] is Doubt.MISMATCH and home is not None:
                found[at] = compared(action, home.row)
            elif home is not None:
                moved.append((at, Routed(action, home.account_id)))
            elif actions[at].account_id in {one.id for one in access.accounts} and subject_of(action) is None:
                found[at] = unknown(action, "moved")
            else:
                reason = ACCOUNT_NOT_FOUND if found[at] is Doubt.NO_ACCOUNT else NOT_FOUND
                found[at] = self._hold(action, reason)
        return moved

    def _homes(self, ticket_ids: set[str], access: Access) -> dict[str, "Home"]:
        """Where each of these tickets stands now, of those that this person may see."""
        accounts = [one.id for one in access.accounts if one.kind is AccountKind.CATEGORY]
        homes: dict[str, Home] = {}
        most = access.limits.get("maxCallsInRequest", 16)
        for start in range(0, len(accounts) if ticket_ids else 0, most):
            request = self.api.request()
            asked = [
                (one, request.call(f"{TICKET}/get", {"accountId": one, "ids": sorted(ticket_ids)}))
                for one in accounts[start : start + most]
            ]
            response = self.api.run(request)
            for account_id, handle in asked:
                try:
                    rows = read_get(response.arguments(handle)).objects
                except MethodError as error:
                    if error.kind == ACCOUNT_NOT_FOUND:
                        continue
                    raise self.api.failure(error) from error
                except MalformedError as error:
                    raise self.api.damaged() from error
                homes |= {str(row["id"]): Home(account_id, row) for row in rows}
        return homes

    def _hold(self, action: Action, reason: str) -> Outcome:
        """The ticket is out of reach: words go to the personal account too, everything else is told and dropped.

        The key tells whether the server has them already: a ticket may have been made before its category went.
        """
        if not isinstance(action, PostMessage | AttachQuickNote | CreateTicket):
            if tags_only(action):
                return Outcome(action.client_key, Result.DROPPED, reason=reason)
            has_words = subject_of(action) is None
            return refused(action, Result.HELD if has_words else Result.REFUSED, reason)
        return self._held(action, _held_values(action), reason)

    def _held(self, action: Action, values: Values, reason: str) -> Outcome:
        request = self.api.request()
        handle = request.call(
            f"{HELD_MESSAGE}/set",
            {"accountId": self._personal(), "create": {action.client_key: {**values, "reason": reason}}},
        )
        try:
            answer = read_set(self.api.run(request).arguments(handle))
        except (MethodError, MalformedError, DeskbellError):
            return unknown(action, "held")
        if action.client_key in answer.created:
            held = Outcome(action.client_key, Result.HELD, {"held": str(answer.created[action.client_key]["id"])})
            said = refused(action, Result.HELD, reason)
            return Outcome(held.client_key, held.result, held.ids, said.reason, said.sentence)
        error = answer.not_created.get(action.client_key)
        if error is not None and error.kind in _NOT_THESE_FILES and values.get("attachments"):
            return self._held(action, _without_files(values, error.more.get("notFound")), reason)
        if error is not None and error.kind == ALREADY_EXISTS and error.more.get("existingType") == HELD_MESSAGE:
            return replace(refused(action, Result.HELD, reason), ids={"held": str(error.more.get("existingId"))})
        if error is not None and error.kind == ALREADY_EXISTS:
            name = "ticket" if isinstance(action, CreateTicket) else "message"
            return Outcome(action.client_key, Result.ALREADY_APPLIED, {name: str(error.more.get("existingId"))})
        return unknown(action, "held") if error is None else refused(action, Result.HELD, reason)

    def _personal(self) -> str:
        return next((one.id for one in self.access.accounts if one.kind is AccountKind.PERSONAL), "")


def _held_values(action: PostMessage | AttachQuickNote | CreateTicket) -> Values:
    """The words of an action as a message that is held, without what only a ticket could take."""
    if isinstance(action, CreateTicket):
        values: Values = {
            "clientKey": action.client_key,
            "kind": MessageKind.NOTE.value,
            "bodyText": f"{action.subject}\n\n{action.body_text}",
            "composedAt": to_utc_date(action.composed_at),
        }
        return {**values, "attachments": attachments_of(action.attachments)} if action.attachments else values
    return {name: value for name, value in message_values(action).items() if name != "baseSeq"}


def _without_files(values: Values, missing: JSON) -> Values:
    """But for the files that the server has not; where it names none, it takes none with what it holds."""
    gone = set(missing) if isinstance(missing, list) else set()
    left = [one for one in values["attachments"] if one["blobId"] not in gone]
    bare = {name: value for name, value in values.items() if name != "attachments"}
    return {**bare, "attachments": left} if left and len(left) < len(values["attachments"]) else bare


@dataclass(frozen=True, slots=True)
class Home:
    """The account in which a ticket stands, and the ticket."""

    account_id: str
    row: object


def tags_only(action: Action) -> TypeGuard[EditTicket]:
    """Whether an edit does no more than put on tags or links, or take them off."""
    return isinstance(action, EditTicket) and all(name.startswith(SET_PREFIXES) for name in action.wanted)


def onward(actions: Sequence[Routed], found: Sequence[Found]) -> list[tuple[int, Routed]]:
    """Tags for tickets that were merged meanwhile: they go to the ones that those go on in (ARCHITECTURE 4)."""
    moved: list[tuple[int, Routed]] = []
    for at, (routed, result) in enumerate(zip(actions, found, strict=True)):
        into = result.ids.get("mergedInto") if isinstance(result, Outcome) and result.reason == MERGED else None
        if into is not None and tags_only(routed.action):
            moved.append((at, replace(routed, action=replace(routed.action, ticket_id=into))))
    return moved


def compared(action: Action, row: object) -> Outcome:
    """An edit whose base did not hold: it is fine if the ticket is already as wanted (a lost answer, an equal edit)."""
    if not isinstance(action, EditTicket) or not isinstance(row, dict):
        return refused(action, Result.CONFLICT, STATE_MISMATCH)
    for name, value in action.wanted.items():
        member = member_of(name)
        if member is not None:
            same = ((row.get(member[0]) or {}).get(member[1]) is True) == (value is True)
        else:
            same = row.get(pointer(name)) == value
        if not same:
            return refused(action, Result.CONFLICT, MERGED if row.get("mergedIntoId") else STATE_MISMATCH)
    return Outcome(action.client_key, Result.ALREADY_APPLIED)
