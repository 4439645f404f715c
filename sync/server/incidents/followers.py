"""Who wants to be told when an incident is over, without a ticket: an address, confirmed by its owner, used once."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from sync.domain import ids, protocol
from sync.domain.incidents import Incident
from sync.domain.times import DAY_MS
from sync.server.database import Row
from sync.server.incidents.incidents import incident_of
from sync.server.incidents.tables import FollowerRow, IncidentRow
from sync.server.incidents.telling import Telling
from sync.server.mail.letter import Letter, LetterKind
from sync.server.mail.mail_out import MailOut
from sync.server.parts import Parts
from sync.server.web.page_secrets import decoded, encoded, unknown_page

_UNCONFIRMED_MS: Final = 2 * DAY_MS
_MOST: Final = 20_000
"""So many addresses follow one incident at most."""


class Followers:
    """Each public method is one transaction, or a part of the caller's."""

    def __init__(self, parts: Parts, mail_out: MailOut, telling: Telling) -> None:
        self._parts = parts
        self._mail = mail_out
        self._telling = telling

    def is_possible(self) -> bool:
        """Whether the house sends mail, and knows the address under which it is reached."""
        return self._mail.is_on() and self._parts.settings.text("public_url") is not None

    def ask(self, incident_id: str, email: str) -> bool:
        """Mail a link that confirms the address, unless one is on its way or it is confirmed; whether it was mailed."""

        def work() -> bool:
            incident, base = self._open(incident_id), self._parts.settings.text("public_url")
            if incident is None or not incident.is_public or base is None or self._is_full(incident_id):
                return False
            secret, now = self._parts.secret(), self._parts.clock.now_ms()
            row = self._row(incident_id, email, now, sha256(secret).hexdigest())
            if not self._parts.database.insert_new(FollowerRow, row):
                return False
            link = f"{base}/incidents/confirm/{encoded(secret)}"
            subject, text = self._mail.words("incidentFollow", {**self._telling.about(incident), "link": link})
            return self._mail.enqueue(
                Letter(LetterKind.NOTICE, email, "", subject, text, automatic=True, incident_id=incident_id)
            )

        return self._parts.journal.write(work)

    def follow(self, incident_id: str, email: str) -> None:
        """An address that needs no confirmation: it is the one on file of whoever asks."""

        def work() -> None:
            if self._open(incident_id) is not None and not self._is_full(incident_id):
                now = self._parts.clock.now_ms()
                if not self._parts.database.insert_new(FollowerRow, self._row(incident_id, email, now, None, now)):
                    self._confirm(FollowerRow.email_key == email.lower(), incident_id)
                count_again(self._parts, incident_id)

        self._parts.journal.write(work)

    def follows(self, incident_id: str, email: str) -> bool:
        """Whether a confirmed address is told when it is over. Call inside a transaction."""
        here = (FollowerRow.incident_id == incident_id) & (FollowerRow.email_key == email.lower())
        row = self._parts.database.one(FollowerRow.select().where(here))
        return row is not None and row["confirmed_at"] is not None

    def asked_for(self, secret_text: str) -> Incident:
        """The incident that a link is about. Raises Rejected, also once it is over or not public any more."""
        return self._parts.database.read(lambda: self._of_secret(secret_text)[1])

    def confirm(self, secret_text: str) -> Incident:
        """The address is its owner's: it is told when it is over. Raises Rejected."""

        def work() -> Incident:
            row, incident = self._of_secret(secret_text)
            self._confirm(FollowerRow.id == row["id"], incident.id)
            count_again(self._parts, incident.id)
            return incident

        return self._parts.journal.write(work)

    def forget(self) -> None:
        """Addresses that nobody confirmed."""
        before = self._parts.clock.now_ms() - _UNCONFIRMED_MS
        old = FollowerRow.confirmed_at.is_null() & (FollowerRow.asked_at < before)
        self._parts.database.write(lambda: self._parts.database.run(FollowerRow.delete().where(old)))

    def _confirm(self, which: object, incident_id: str) -> None:
        here = (FollowerRow.incident_id == incident_id) & which & FollowerRow.confirmed_at.is_null()
        now = self._parts.clock.now_ms()
        self._parts.database.run(FollowerRow.update({FollowerRow.confirmed_at: now}).where(here))

    def _of_secret(self, secret_text: str) -> tuple[Row, Incident]:
        mark = sha256(decoded(secret_text)).hexdigest()
        row = self._parts.database.one(FollowerRow.select().where(FollowerRow.secret_hash == mark))
        incident = None if row is None else self._open(row["incident_id"])
        if row is None or incident is None or not incident.is_public:
            raise unknown_page()
        return row, incident

    def _open(self, incident_id: str) -> Incident | None:
        row = self._parts.database.one(IncidentRow.select().where(IncidentRow.id == incident_id))
        return None if row is None or row["fixed_at"] is not None else incident_of(row)

    def _is_full(self, incident_id: str) -> bool:
        sql = "SELECT COUNT(*) FROM incident_follower WHERE incident_id = ?"
        return int(self._parts.database.select(sql, (incident_id,))[0][0]) >= _MOST

    def _row(self, incident_id: str, email: str, now: int, mark: str | None, confirmed: int | None = None) -> Row:
        return {
            "id": self._parts.ids.new(ids.FOLLOWER),
            "incident_id": incident_id,
            "email": email,
            "email_key": email.lower(),
            "secret_hash": mark,
            "asked_at": now,
            "confirmed_at": confirmed,
        }


def count_again(parts: Parts, incident_id: str) -> None:
    """How many follow it, for the team. Part of the caller's write transaction."""
    sql = "SELECT COUNT(*) FROM incident_follower WHERE incident_id = ? AND confirmed_at IS NOT NULL"
    [(count,)] = parts.database.select(sql, (incident_id,))
    parts.database.run(IncidentRow.update({IncidentRow.followers: count}).where(IncidentRow.id == incident_id))
    parts.journal.present(parts.accounts.team(), protocol.INCIDENT, incident_id)
