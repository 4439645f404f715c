"""Everybody who may ask the server something, with one ticket of Billing between them: for the access table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from sync.domain.faq import Status
from sync.server.app import build_app
from sync.server.audit import ADMINISTRATOR
from sync.server.faq.entries import Draft
from sync.server.house import House
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, QUICK_HASHER, Bureau, Caller, HandClock

FORM = {"category": "Billing", "name": "Oskar N.", "email": "oskar@mail.example", "subject": "Charged twice"}
HOURS = Draft("Opening hours", "From nine to five.", status=Status.PUBLISHED)
SIGNED_IN = ("without", "taken", "with", "owner")


@dataclass
class Cast:
    """`sessions` by role; `accounts` by the words of the table; `secret` is the way to the private page."""

    bureau: Bureau
    app: Any
    sessions: dict[str, requests.Session]
    callers: dict[str, Caller]
    category: str
    ticket_id: str
    blob_id: str
    secret: str
    accounts: dict[str, str] = field(default_factory=dict)

    def account(self, role: str, kind: str) -> str:
        """The account that the table calls so, seen from that role."""
        if kind == "own":
            return self.callers[role].account("Personal")
        return self.accounts[kind]

    def new_session(self) -> requests.Session:
        return self.bureau.adapter.session(BASE)


def _people(desk: Bureau, category: str) -> tuple[dict[str, Caller], dict[str, requests.Session]]:
    desk.agent("without")
    taken = desk.agent("taken", category)
    desk.agent("with", category)
    desk.agent("owner", owner=True)
    desk.agent("ended", category)
    gone = desk.agent("gone", category)
    desk.agent("colleague", category)
    callers = {name: desk.caller(name) for name in (*SIGNED_IN, "ended", "gone", "colleague")}
    desk.house.grants.revoke(taken, category)
    desk.house.sign_ins.revoke(callers["ended"].token["tokenId"])
    desk.house.people.deactivate(gone)
    sessions = {name: caller.session for name, caller in callers.items()}
    for name in ("nobody", "link", "wrong"):
        sessions[name] = desk.adapter.session(BASE)
    sessions["wrong"].headers["Authorization"] = "Bearer " + "x" * 43
    return callers, sessions


@contextmanager
def cast_at(address: str) -> Iterator[Cast]:
    """All of them at work, over an empty database."""
    clock = HandClock()
    house = House.open(address, clock, Random(7), QUICK_HASHER)
    app = build_app(house, PublicSide(house, Pages(lambda: "Help"), patience=5).routes())
    try:
        with AsgiAdapter(app) as adapter:
            desk = Bureau(house, adapter, clock)
            category = house.grants.add_category("Billing")
            house.parts.journal.write(lambda: house.faq.entries.add(HOURS, ADMINISTRATOR))
            callers, sessions = _people(desk, category)
            files = [("files", ("bill.pdf", b"%PDF the bill", "application/pdf"))]
            form = {**FORM, "text": "Twice!"}
            answer = sessions["link"].post(f"{BASE}/tickets", data=form, files=files, allow_redirects=False)
            assert answer.status_code == 303, answer.text
            account = callers["with"].account("Billing")
            [ticket] = callers["with"].get("Ticket", account)
            [message] = callers["with"].get("Message", account)
            made = Cast(
                desk, app, sessions, callers, category, ticket["id"], message["attachments"][0]["blobId"],
                answer.headers["location"],
            )  # fmt: skip
            made.accounts = {
                "category": account,
                "colleague's": callers["colleague"].account("Personal"),
                "team": callers["with"].account("Team"),
                "oversight": callers["owner"].account("Oversight"),
                "missing": "C" + "0" * 32 + "-1",
            }
            yield made
    finally:
        house.close()
