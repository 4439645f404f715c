"""Categories, and who may see them."""

import peewee

from sync.domain import ids, protocol
from sync.domain.errors import Rejected
from sync.domain.records import Status
from sync.domain.times import HOUR_MS
from sync.server import texts
from sync.server.access import sees
from sync.server.accounts import Kind
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.tables import CategoryRow, GrantRow, TicketRow
from sync.server.ticketing import Ticketing

DESCRIPTION_MAX = 300


class Grants:
    """Each public method is one transaction (or a part of the caller's) and raises Rejected. `by`: who did it."""

    def __init__(self, parts: Parts, ticketing: Ticketing) -> None:
        self._parts = parts
        self._ticketing = ticketing

    def add_category(self, name: str, limit_ms: int = 2 * HOUR_MS, by: Actor = ADMINISTRATOR) -> str:
        """A new category; the id. `limit_ms`: how long its tickets may await the team."""
        clean = texts.name(name)
        category_id = self._parts.ids.new(ids.CATEGORY)
        row = {
            "id": category_id,
            "name": clean,
            "name_key": texts.key_of(clean),
            "limit_ms": limit_ms,
            "description": "",
            "created_at": self._parts.clock.now_ms(),
        }

        def work() -> str:
            if not self._parts.database.insert_new(CategoryRow, row):
                raise _taken(clean)
            self._parts.accounts.create(Kind.CATEGORY, self._parts.ids, category_id=category_id)
            self._tell(category_id)
            self._parts.audit.record(Deed.CATEGORY_ADDED, by, category_id, {"name": clean})
            return category_id

        return self._parts.journal.write(work)

    def find_category(self, name_or_id: str) -> Row:
        """A category by id or name."""
        row = self._parts.database.read(
            lambda: self._parts.database.one(
                CategoryRow.select().where(
                    (CategoryRow.id == name_or_id) | (CategoryRow.name_key == texts.key_of(name_or_id))
                )
            )
        )
        if row is None:
            raise Rejected(f"There is no category named {name_or_id}.", "notFound")
        return row

    def categories(self) -> list[Row]:
        """Every category, by name."""
        return self._parts.database.read(
            lambda: self._parts.database.rows(CategoryRow.select().order_by(CategoryRow.name))
        )

    def rename_category(self, category_id: str, name: str, by: Actor = ADMINISTRATOR) -> None:
        """Another name; what is in it stays."""
        clean = texts.name(name)
        given: dict[object, object] = {CategoryRow.name: clean, CategoryRow.name_key: texts.key_of(clean)}

        def work() -> None:
            try:
                with self._parts.database.savepoint():
                    self._parts.database.run(CategoryRow.update(given).where(CategoryRow.id == category_id))
            except peewee.IntegrityError as error:
                raise _taken(clean) from error
            self._tell(category_id)
            self._parts.audit.record(Deed.CATEGORY_CHANGED, by, category_id, {"name": clean})

        self._parts.journal.write(work)

    def set_limit(self, category_id: str, limit_ms: int, by: Actor = ADMINISTRATOR) -> None:
        """How long the category's tickets may await the team."""

        def work() -> None:
            self._parts.database.run(
                CategoryRow.update({CategoryRow.limit_ms: limit_ms}).where(CategoryRow.id == category_id)
            )
            self._tell(category_id)
            self._parts.audit.record(Deed.CATEGORY_CHANGED, by, category_id, {"limitMs": limit_ms})

        self._parts.journal.write(work)

    def describe_category(self, category_id: str, description: str, by: Actor = ADMINISTRATOR) -> None:
        """What belongs into it, in a sentence for those who ask; empty: nothing is said. Raises Rejected."""
        clean = texts.short(description, DESCRIPTION_MAX, "description") or ""

        def work() -> None:
            self._parts.database.run(
                CategoryRow.update({CategoryRow.description: clean}).where(CategoryRow.id == category_id)
            )
            self._tell(category_id)
            self._parts.audit.record(Deed.CATEGORY_CHANGED, by, category_id, {"description": clean})

        self._parts.journal.write(work)

    def grant(self, agent_id: str, category_id: str, by: Actor = ADMINISTRATOR, *, second_line: bool = False) -> bool:
        """Let an agent see a category; False: they do already, in whatever line."""
        grant_id = self._parts.ids.new(ids.CATEGORY_GRANT)
        row = {
            "id": grant_id,
            "agent_id": agent_id,
            "category_id": category_id,
            "at": self._parts.clock.now_ms(),
            "second_line": second_line,
        }

        def work() -> bool:
            if not self._parts.database.insert_new(GrantRow, row):
                return False
            self._parts.journal.present(self._parts.accounts.of_agent(agent_id), protocol.CATEGORY_GRANT, grant_id)
            self._granted(agent_id, category_id)
            more = {"secondLine": True} if second_line else {}
            self._parts.audit.record(Deed.GRANT, by, agent_id, {"categoryId": category_id, **more})
            return True

        return self._parts.journal.write(work)

    def place(self, agent_id: str, category_id: str, by: Actor = ADMINISTRATOR, *, second_line: bool) -> bool:
        """Put a grant into the second line, or back into the first; False: it stands there. Raises Rejected."""
        condition = (GrantRow.agent_id == agent_id) & (GrantRow.category_id == category_id)

        def work() -> bool:
            grant = self._parts.database.one(GrantRow.select().where(condition))
            if grant is None:
                raise Rejected("They do not have this category. Grant it first.", "notFound")
            if bool(grant["second_line"]) == second_line:
                return False
            self._parts.database.run(GrantRow.update({GrantRow.second_line: second_line}).where(condition))
            account = self._parts.accounts.of_agent(agent_id)
            self._parts.journal.present(account, protocol.CATEGORY_GRANT, grant["id"])
            self._granted(agent_id, category_id)
            detail = {"categoryId": category_id, "secondLine": second_line}
            self._parts.audit.record(Deed.GRANT, by, agent_id, detail)
            return True

        return self._parts.journal.write(work)

    def revoke(self, agent_id: str, category_id: str, by: Actor = ADMINISTRATOR) -> bool:
        """Take a category from an agent: their tickets there are unassigned. False: they had it not."""

        def work() -> bool:
            if not self.take(agent_id, category_id, by):
                return False
            self.unassign_out_of_sight(agent_id, by)
            return True

        return self._parts.journal.write(work)

    def take(self, agent_id: str, category_id: str, by: Actor) -> bool:
        """The grant alone. Inside a transaction; the caller sees to the tickets."""
        condition = (GrantRow.agent_id == agent_id) & (GrantRow.category_id == category_id)
        grant = self._parts.database.one(GrantRow.select().where(condition))
        if grant is None:
            return False
        self._parts.database.run(GrantRow.delete().where(condition))
        self._parts.journal.gone(self._parts.accounts.of_agent(agent_id), protocol.CATEGORY_GRANT, grant["id"])
        self._granted(agent_id, category_id)
        self._parts.audit.record(Deed.REVOKE, by, agent_id, {"categoryId": category_id})
        return True

    def unassign_out_of_sight(self, agent_id: str, by: Actor) -> None:
        """Unassign the tickets that the agent cannot see any more. Inside a transaction."""
        self.hand_over(agent_id, None, by)

    def hand_over(self, agent_id: str, heir_id: str | None, by: Actor) -> None:
        """The tickets that the agent cannot see any more: open ones to `heir_id` where they see them, else to nobody.

        Inside a transaction.
        """
        query = TicketRow.select(TicketRow.id).where(TicketRow.assignee_id == agent_id).order_by(TicketRow.id)
        now = self._parts.clock.now_ms()
        for row in self._parts.database.rows(query):
            ticket = self._ticketing.held(row["id"])
            if ticket is None or ticket.assignee_id != agent_id or self._sees(agent_id, ticket.category_id):
                continue
            passed_on = heir_id is not None and ticket.status is not Status.CLOSED
            heir = heir_id if heir_id is not None and passed_on and self._sees(heir_id, ticket.category_id) else None
            self._ticketing.save(ticket, self._ticketing.edit(ticket, "assigneeId", heir, by.id, now))

    def _sees(self, agent_id: str, category_id: str) -> bool:
        return sees(self._parts.database, agent_id, category_id)

    def _granted(self, agent_id: str, category_id: str) -> None:
        self._changed(category_id)
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.AGENT_ACCESS, agent_id)

    def _tell(self, category_id: str) -> None:
        self._changed(category_id)
        for account in (self._parts.accounts.team(), self._parts.accounts.oversight()):
            self._parts.journal.present(account, protocol.CATEGORY, category_id)

    def _changed(self, category_id: str) -> None:
        account = self._parts.accounts.of_category(category_id)
        if account is None:
            raise Rejected("There is no such category.", "notFound")
        self._parts.journal.present(account, protocol.CATEGORY, category_id)


def _taken(name: str) -> Rejected:
    return Rejected(f"There is a category named {name} already. Choose another name.", protocol.NAME_TAKEN)
