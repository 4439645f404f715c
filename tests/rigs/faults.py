"""A house with incidents: an agent who keeps them, requesters who are told, letters that only wait."""

import re
from typing import Any

from sync.domain.times import to_utc_date
from tests.rigs.bureau import Caller
from tests.rigs.street import Street

PAGE = re.compile(r"https://help\.example(/t/[\w-]{43})")
CONFIRM = re.compile(r"https://help\.example(/incidents/confirm/[\w-]{43})")


class Faults:
    """Ann at a workstation, and letters that only wait."""

    def __init__(self, street: Street) -> None:
        self.street = street
        settings = street.house.parts.settings
        street.house.sending.stop()
        for name, value in (
            ("public_url", "https://help.example"),
            ("mail.smtp", "smtp://127.0.0.1:9"),
            ("mail.from", "Help desk <support@help.example>"),
            ("calendar.zone", "Europe/Berlin"),
            ("form.per_hour", "500"),
        ):
            settings.put(name, value)
        street.house.grants.grant(street.agent, street.category)
        self.ann: Caller = street.caller("Ann")
        self.team, self.billing = self.ann.account("Team"), self.ann.account("Billing")

    def at(self, ms: int = 0) -> str:
        return to_utc_date(self.street.clock.now_ms() + ms)

    def incident(self, **more: Any) -> str:
        values = {"clientKey": self.street.house.parts.ids.client_key(), "title": "Downloads fail", "since": self.at()}
        return str(self.ann.create("Incident", self.team, {**values, **more})["id"])

    def change(self, incident_id: str, **patch: Any) -> dict[str, Any]:
        return self.ann.call("Incident/set", accountId=self.team, update={incident_id: patch})

    def gather(self, incident_id: str, *tickets: str) -> None:
        update = {one: {"incidentId": incident_id} for one in tickets}
        assert self.ann.call("Ticket/set", accountId=self.billing, update=update)["notUpdated"] is None

    def reply(self, ticket_id: str, text: str) -> None:
        """As the window "answer all" has it sent, one for each ticket."""
        values = {"ticketId": ticket_id, "kind": "reply", "bodyText": text, "composedAt": self.at()}
        key = self.street.house.parts.ids.client_key()
        self.ann.create("Message", self.billing, {"clientKey": key, **values})

    def tickets(self) -> list[str]:
        return [str(one) for (one,) in self.street.rows("SELECT id FROM ticket ORDER BY number")]

    def letters(self, kind: str = "notice") -> list[tuple[str, str, str]]:
        """To whom, subject and text of what waits."""
        sql = "SELECT to_address, subject, body_text FROM letter WHERE kind = ? ORDER BY id"
        return [(str(to), str(subject), str(text)) for to, subject, text in self.street.rows(sql, kind)]

    def one(self, incident_id: str) -> dict[str, Any]:
        return self.ann.one("Incident", self.team, incident_id)
