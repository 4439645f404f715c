"""Bugs planted in the central server and in the rules that both sides share."""

from dataclasses import replace
from typing import Any

import pytest

from sync.domain import rules
from sync.domain.protocol import CATEGORY_GRANT, MESSAGE, TICKET
from sync.domain.records import Awaiting, Status, Ticket
from sync.jmap.access import Account
from sync.jmap.errors import MethodError
from sync.jmap.gate import Gate
from sync.server import people
from sync.server.accounts import StoredAccount
from sync.server.identity import Identity
from sync.server.journal import Journal
from sync.server.store import ObjectStore
from sync.server.ticketing import Ticketing
from sync.server.types.message import MessageStore


def a_move_leaves_the_ticket_behind(patch: pytest.MonkeyPatch) -> None:
    """The server creates a moved ticket in its new account and does not destroy it in the old one."""
    real = Journal.gone

    def gone(self: Journal, account: Any, type_name: str, *ids: str) -> None:
        if type_name != TICKET:
            real(self, account, type_name, *ids)

    patch.setattr(Journal, "gone", gone)


def a_move_is_only_a_change(patch: pytest.MonkeyPatch) -> None:
    """A moved ticket has changed in its old account, and nothing is said in the new one."""

    def move(self: Ticketing, before: Ticket, after: Ticket) -> None:
        self._parts.journal.present(self.account_of(before), TICKET, after.id)

    patch.setattr(Ticketing, "_move", move)


def _silent_about_grants(patch: pytest.MonkeyPatch, how: str) -> None:
    real = getattr(Journal, how)

    def noted(self: Journal, account: Any, type_name: str, *ids: str) -> None:
        if type_name != CATEGORY_GRANT:
            real(self, account, type_name, *ids)

    patch.setattr(Journal, how, noted)


def a_revoke_is_silent(patch: pytest.MonkeyPatch) -> None:
    """Nobody is told that a category was taken from them."""
    _silent_about_grants(patch, "gone")


def a_grant_is_silent(patch: pytest.MonkeyPatch) -> None:
    """Nobody is told that a category was given to them."""
    _silent_about_grants(patch, "present")


def a_restore_keeps_the_epoch(patch: pytest.MonkeyPatch) -> None:
    """After a restore the old cursors count as if nothing had happened."""
    patch.setattr(Identity, "raise_epoch", lambda self, _now: self.epoch())


def a_number_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """States are of what was numbered, the commit of which clients may still miss."""
    real = ObjectStore._stands_at

    def ahead(self: ObjectStore, account: StoredAccount) -> tuple[int, int | None]:
        count, below = real(self, account)
        return count + 1, below

    patch.setattr(ObjectStore, "_stands_at", ahead)


def get_asks_nobody(patch: pytest.MonkeyPatch) -> None:
    """An account that is not this person's opens for whoever knows its id."""
    real = Gate.enter

    def enter(self: Gate, principal: Any, account_id: str, type_name: str | None, *, writes: bool = False) -> Account:
        try:
            return real(self, principal, account_id, type_name, writes=writes)
        except MethodError as error:
            if error.kind != "accountNotFound" or not account_id.startswith("C"):
                raise
            return Account("?", frozenset({type_name or ""}))

    patch.setattr(Gate, "enter", enter)


def an_overtaken_reply_is_posted(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks whether a colleague has answered meanwhile."""
    patch.setattr(MessageStore, "_check_reply", lambda *_: None)


def a_requester_who_asks_again_goes_unheard(patch: pytest.MonkeyPatch) -> None:
    """Further words of the requester do not make it the team's turn."""
    patch.setattr(rules, "after_inbound", lambda ticket, at: replace(ticket, updated_at=at))


def a_closed_ticket_still_awaits(patch: pytest.MonkeyPatch) -> None:
    """Closing leaves it the team's turn."""
    real = rules.with_status

    def with_status(ticket: Ticket, status: Status, at: int) -> Ticket:
        after = real(ticket, status, at)
        return replace(after, awaiting=Awaiting.TEAM, awaiting_since=at) if status is Status.CLOSED else after

    patch.setattr(rules, "with_status", with_status)


def a_reply_changes_no_turn(patch: pytest.MonkeyPatch) -> None:
    """An answer leaves it the team's turn, here and there."""
    patch.setattr(rules, "after_reply", lambda ticket, at: replace(ticket, updated_at=at))


def a_merged_ticket_stays_open(patch: pytest.MonkeyPatch) -> None:
    """A ticket that goes on elsewhere is still somebody's turn."""
    patch.setattr(rules, "merged_away", lambda ticket, into, at: replace(ticket, merged_into_id=into, updated_at=at))


def who_leaves_keeps_their_sign_in(patch: pytest.MonkeyPatch) -> None:
    """Tokens of somebody who was deactivated, or has a new password, still hold."""
    patch.setattr(people, "end_sign_ins", lambda *_: None)


def a_thread_forgets_to_move(patch: pytest.MonkeyPatch) -> None:
    """The messages of a moved ticket stay in the account that it left."""
    real = Journal.gone

    def gone(self: Journal, account: Any, type_name: str, *ids: str) -> None:
        if type_name != MESSAGE:
            real(self, account, type_name, *ids)

    patch.setattr(Journal, "gone", gone)
