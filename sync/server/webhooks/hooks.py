"""Who may tell of events, and what an event does: a receipt at once, a fact on the requester, a ticket if so set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sync.domain import ids, protocol
from sync.domain.errors import DeskbellError, Offline, Rejected
from sync.domain.records import Channel, Ticket
from sync.domain.times import to_utc_date
from sync.server import texts
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.database import Row
from sync.server.intake import Asker, Filing, Intake
from sync.server.mail.letter import LetterKind
from sync.server.mail.mail_out import MailOut
from sync.server.mail.secrets import Secrets
from sync.server.mail.templates import of_event
from sync.server.parts import Parts
from sync.server.tables import RequesterRow
from sync.server.webhooks.signature import event_key_of, new_secret
from sync.server.webhooks.tables import HookEventRow, HookRow
from sync.server.webhooks.told import Told, read_told

EVERY: Final = "*"
_SHOWN: Final = 20
_NOBODY: Final = new_secret(b"\0" * 32)
_HOLD: Final = "SELECT 1 FROM requester WHERE id = ? FOR UPDATE"
_STANDS: Final = """
SELECT a.id FROM object_state s JOIN account a ON a.number = s.account
WHERE s.type = ? AND s.object_id = ? AND NOT s.destroyed AND a.kind = 'category'
"""


class Hooks:
    """Each public method is one transaction."""

    def __init__(self, parts: Parts, intake: Intake, mail_out: MailOut, secrets: Secrets) -> None:
        self._parts = parts
        self._intake = intake
        self._mail_out = mail_out
        self._secrets = secrets

    def take_in(self, name: str, headers: Mapping[str, str], body: bytes) -> bool | None:
        """Whether it was new; None: not signed by that hook, or not just now. Raises Rejected for what cannot be
        understood of one that is signed."""
        now = self._parts.clock.now_ms()
        hook = self._parts.database.read(lambda: self._find(name))
        secret = _NOBODY if hook is None else self._secret_of(hook)
        event_key = event_key_of(secret, headers, body, now)
        if hook is None or event_key is None:
            return None
        told = read_told(body, now)
        return self._parts.journal.write(lambda: self._happened(hook, event_key, told))

    def add(self, name: str, category_id: str | None, opens: Sequence[str]) -> str:
        """A new hook; its secret, to be given to the other system. Raises Rejected."""
        if opens and category_id is None:
            raise Rejected("Say with --category where tickets of this hook are opened.")
        clean, secret = texts.name(name), new_secret(self._parts.secret())
        row = {
            "id": self._parts.ids.new(ids.HOOK),
            "name": clean,
            "name_key": texts.key_of(clean),
            "secret": self._secrets.seal(secret),
            "category_id": category_id,
            "opens": list(opens),
            "created_at": self._parts.clock.now_ms(),
        }

        def work() -> None:
            if not self._parts.database.insert_new(HookRow, row):
                raise Rejected(f"There is a hook {clean} already.", "nameTaken")
            self._parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"hook {clean}", {"opens": list(opens)})

        self._parts.database.write(work)
        return secret

    def new_secret(self, name: str) -> str:
        """Another secret from now on; the old one signs nothing any more."""
        secret = new_secret(self._parts.secret())
        sealed = self._secrets.seal(secret)
        self._change(name, {HookRow.secret: sealed}, {"secret": "new"})
        return secret

    def remove(self, name: str) -> None:
        """Nobody tells anything by it any more; what was told stays."""
        self._change(name, None, {"removed": True})

    def all(self) -> list[Row]:
        """Every hook, by name."""
        database = self._parts.database
        return database.read(lambda: database.rows(HookRow.select().order_by(HookRow.name)))

    def _change(self, name: str, values: dict[Any, Any] | None, detail: Mapping[str, Any]) -> None:
        def work() -> None:
            found = self._find(name)
            if found is None:
                raise Rejected(f"There is no hook {name}. `deskbell-server hook list` shows them all.", "notFound")
            chosen = HookRow.id == found["id"]
            change = HookRow.delete() if values is None else HookRow.update(values)
            self._parts.database.run(change.where(chosen))
            self._parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"hook {found['name']}", dict(detail))

        self._parts.database.write(work)

    def _secret_of(self, hook: Row) -> str:
        try:
            return self._secrets.open(hook["secret"])
        except DeskbellError as error:
            raise Offline(str(error)) from error

    def _find(self, name: str) -> Row | None:
        return self._parts.database.one(HookRow.select().where(HookRow.name_key == texts.key_of(name)))

    def _happened(self, hook: Row, event_key: str, told: Told) -> bool:
        asker = self._asker(told)
        row = {
            "id": self._parts.ids.new(ids.HOOK_EVENT),
            "hook_id": hook["id"],
            "event_key": event_key,
            "type": told.type,
            "requester_id": asker["id"],
            "occurred_at": told.occurred_at,
            "at": self._parts.clock.now_ms(),
            "data": [list(one) for one in told.data.items()],
        }
        if not self._parts.database.insert_new(HookEventRow, row):
            return False
        ticket = self._ticket(hook, told, asker)
        if ticket is not None:
            changed = HookEventRow.update({HookEventRow.ticket_id: ticket.id})
            self._parts.database.run(changed.where(HookEventRow.id == row["id"]))
        self._keep_facts(asker["id"])
        template = of_event(told.type)
        self._mail_out.automatic(LetterKind.RECEIPT, template, self._values(told, asker, ticket), asker, ticket)
        return True

    def _asker(self, told: Told) -> Row:
        """Known by the address, or new; nobody else changes their facts until the transaction ends."""
        row = {
            "id": self._parts.ids.new(ids.REQUESTER),
            "name": told.name,
            "email": told.email,
            "email_key": told.email.lower(),
            "created_at": self._parts.clock.now_ms(),
        }
        self._parts.database.insert_new(RequesterRow, row)
        known = self._parts.database.one(RequesterRow.select().where(RequesterRow.email_key == row["email_key"]))
        if known is None:
            raise RuntimeError("a requester has gone while an event was told")
        if self._parts.database.is_postgres:
            self._parts.database.select(_HOLD, (known["id"],))
        return known

    def _ticket(self, hook: Row, told: Told, asker: Row) -> Ticket | None:
        if hook["category_id"] is None or not {EVERY, told.type} & set(hook["opens"]):
            return None
        subject = f"{told.type} of {asker['name']}"
        lines = "\n".join(f"{name}: {value}" for name, value in told.data.items())
        filing = Filing(
            category_id=hook["category_id"],
            asker=Asker(asker["name"], asker["email"]),
            requester_id=asker["id"],
            subject=subject,
            text=lines or subject,
            channel=Channel.WEBHOOK,
            site=hook["name"],
            confirm=False,
        )
        return self._intake.file_ticket(filing).ticket

    def _keep_facts(self, requester_id: str) -> None:
        """The newest on the requester, in every category where they have a ticket."""
        database = self._parts.database
        newest = (
            HookEventRow.select()
            .where(HookEventRow.requester_id == requester_id)
            .order_by(HookEventRow.occurred_at.desc(), HookEventRow.id.desc())
            .limit(_SHOWN)
        )
        facts = [_fact(row) for row in database.rows(newest)]
        database.run(RequesterRow.update({RequesterRow.facts: facts}).where(RequesterRow.id == requester_id))
        for (account_id,) in database.select(_STANDS, (protocol.REQUESTER, requester_id)):
            self._parts.journal.present(self._parts.accounts.get(account_id), protocol.REQUESTER, requester_id)

    def _values(self, told: Told, asker: Row, ticket: Ticket | None) -> dict[str, Any]:
        moment = datetime.fromtimestamp(told.occurred_at / 1000, UTC)
        about = {"number": None, "link": None} if ticket is None else self._mail_out.about(ticket)
        return {
            "site_name": self._parts.settings.text("site_name"),
            **about,
            "name": asker["name"],
            "type": told.type,
            "occurred": f"{moment.day} {moment:%B %Y, %H:%M} UTC",
            "data": dict(told.data),
        }


def _fact(row: Row) -> dict[str, str]:
    told = Told(row["type"], row["occurred_at"], "", "", dict(row["data"]))
    return {"id": row["id"], "at": to_utc_date(row["occurred_at"]), "kind": row["type"], "text": told.summary}
