"""Links between tickets: on both, also over categories; they go along with a merge and end with a ticket.

Here and in the database a link is an id; what leaves the server is a token (`LinkTokens`).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from sync.domain.actions import LINK_PREFIX
from sync.domain.records import Ticket
from sync.domain.tokens import is_token
from sync.jmap.access import Principal
from sync.jmap.errors import JSON
from sync.server import refusals
from sync.server.access import in_sight
from sync.server.link_tokens import LinkTokens
from sync.server.parts import Parts
from sync.server.ticketing import Ticketing

MOST: Final = 200
_UNSEEN: Final = "That ticket is not there for you. Choose another."
_FULL: Final = f"A ticket has at most {MOST} links. Merge what belongs together, or take some away."


class Linking:
    """Call inside a write transaction."""

    def __init__(self, parts: Parts, ticketing: Ticketing) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._tokens = LinkTokens(parts)

    def edit(self, ticket: Ticket, wanted: Collection[str], by: str, at: int) -> Ticket:
        """The ticket with those links, not yet saved; the others with theirs, saved. `wanted`: ids, or tokens of links
        that stand.

        A ticket that was merged stands for the one that it goes on in. Raises SetError `invalidProperties` for one
        that its author does not see, whether it is there or not.
        """
        chosen = self._chosen(ticket, wanted, by)
        for other_id in sorted(ticket.links - chosen):
            ticket = self._set(ticket, other_id, None, by, at)
        for other_id in sorted(chosen - ticket.links):
            ticket = self._set(ticket, other_id, True, by, at)
        return ticket

    def _chosen(self, ticket: Ticket, wanted: Collection[str], by: str) -> set[str]:
        standing = {self._tokens.of(ticket.id, one): one for one in ticket.links}
        named = set(wanted) - standing.keys() - {ticket.id}
        if not all(in_sight(self._parts.database, by, one) for one in sorted(named)):
            raise refusals.invalid("links", _UNSEEN)
        return named | {other for token, other in standing.items() if token in wanted}

    def restated(
        self, principal: Principal, current: Mapping[str, JSON], patch: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        """A patch in which a link that stands is its token, also where the other ticket's id was given by somebody who
        sees that one; for anybody else that id is like one that is nowhere."""
        by_id = {
            name for name in patch if name.startswith(LINK_PREFIX) and not is_token(name.removeprefix(LINK_PREFIX))
        }
        if not current["links"] or len(by_id) > MOST:
            return patch
        named: dict[str, JSON] = {}
        for name, value in patch.items():
            standing = self._standing(name.removeprefix(LINK_PREFIX), principal.id, current) if name in by_id else None
            named[name if standing is None or standing in patch else standing] = value
        return named

    def _standing(self, other_id: str, by: str, current: Mapping[str, JSON]) -> str | None:
        """The link with that ticket, as it stands; the same work is done for one that is not there."""
        seen, token = in_sight(self._parts.database, by, other_id), self._tokens.of(current["id"], other_id)
        return LINK_PREFIX + token if seen and token in current["links"] else None

    def merged(self, gone: Ticket, into: Ticket, at: int) -> None:
        """Whatever was linked with the ticket that was merged away is linked with the one that it goes on in."""
        for other_id in sorted(gone.links - {into.id}):
            other = self._ticketing.held(other_id)
            if other is not None:
                links = (other.links - {gone.id}) | {into.id}
                self._ticketing.save(other, replace(other, links=links, updated_at=at))

    def gone(self, ticket: Ticket) -> None:
        """The ticket is about to be deleted."""
        for other_id in sorted(ticket.links):
            other = self._ticketing.held(other_id)
            if other is not None:
                self._ticketing.save(other, replace(other, links=other.links - {ticket.id}))

    def _set(self, ticket: Ticket, other_id: str, value: bool | None, by: str, at: int) -> Ticket:
        named = self._ticketing.held(other_id)
        if named is None:
            return replace(ticket, links=ticket.links - {other_id})
        other = self._ticketing.end_of(named)
        if other.id == ticket.id:
            return ticket
        if value and max(len(ticket.links), len(other.links)) >= MOST:
            raise refusals.invalid("links", _FULL)
        after = self._ticketing.edit(other, f"{LINK_PREFIX}{ticket.id}", value, by, at)
        self._ticketing.save(other, after)
        return self._ticketing.edit(ticket, f"{LINK_PREFIX}{other.id}", value, by, at)
