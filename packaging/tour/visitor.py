"""A requester at the public form, and an owner who reads at the server what arrived there."""

import re
from dataclasses import dataclass
from time import monotonic
from typing import Any

import requests

from sync.domain.protocol import CAPABILITY
from tour.steps import Failed

_SECONDS = 20.0


@dataclass(frozen=True)
class Filed:
    """A question that the server accepted: its private page, its number, and when (on the monotonic clock)."""

    page: str
    number: int
    accepted: float


class Visitor:
    """Somebody with a browser."""

    def __init__(self, address: str) -> None:
        """Take the address of the help desk."""
        self._address = address

    def file(self, category: str, name: str, subject: str, text: str) -> Filed:
        """Fill in the form and send it. Raises Failed."""
        form = requests.get(f"{self._address}/", timeout=_SECONDS)
        key = re.search(r'name="key" value="(\w+)"', form.text)
        if key is None:
            raise Failed("the form shows no form")
        fields = {
            "key": key[1],
            "category": category,
            "name": name,
            "email": f"{name.lower().replace(' ', '.').rstrip('.')}@mail.example",
            "subject": subject,
            "text": text,
        }
        answer = requests.post(f"{self._address}/tickets", fields, timeout=_SECONDS, allow_redirects=False)
        accepted = monotonic()
        if answer.status_code != 303:
            raise Failed(f"the form answered {answer.status_code}")
        page = self._address + answer.headers["location"]
        number = re.search(r"Ticket #(\d+)", self.read(page))
        if number is None:
            raise Failed("the private page does not name the ticket")
        return Filed(page, int(number[1]), accepted)

    def answer(self, page: str, text: str) -> None:
        """Add words on the private page. Raises Failed."""
        answer = requests.post(page, {"text": text}, timeout=_SECONDS, allow_redirects=False)
        if answer.status_code != 303:
            raise Failed(f"the private page answered {answer.status_code}")

    def read(self, page: str) -> str:
        """What the private page shows."""
        return requests.get(page, timeout=_SECONDS).text


def words_at_server(address: str, name: str, password: str, number: int) -> list[tuple[str, str]]:
    """Kind and text of every message of a ticket, as an owner reads them over JMAP. Raises Failed."""
    signed = requests.post(
        f"{address}/auth/token", json={"name": name, "password": password, "device": "demo"}, timeout=_SECONDS
    )
    if signed.status_code != 201:
        raise Failed(f"{name} could not sign in: {signed.status_code}")
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {signed.json()['token']}"
    session = http.get(f"{address}/.well-known/jmap", timeout=_SECONDS).json()
    for account_id, account in session["accounts"].items():
        if account["accountCapabilities"].get(CAPABILITY, {}).get("kind") != "category":
            continue
        found = _call(http, session["apiUrl"], "Ticket/query", account_id, filter={"number": number})
        if found.get("ids"):
            where = {"ticketId": found["ids"][0]}
            listed = _call(http, session["apiUrl"], "Message/query", account_id, filter=where)
            got = _call(http, session["apiUrl"], "Message/get", account_id, ids=listed["ids"])
            return [(one["kind"], one["bodyText"]) for one in got["list"]]
    return []


def _call(http: requests.Session, address: str, method: str, account_id: str, **given: Any) -> dict[str, Any]:
    body = {
        "using": ["urn:ietf:params:jmap:core", CAPABILITY],
        "methodCalls": [[method, {"accountId": account_id, **given}, "0"]],
    }
    answer = http.post(address, json=body, timeout=_SECONDS).json()
    name, result, _ = answer["methodResponses"][0]
    if name == "error":
        raise Failed(f"{method} answered {result}")
    found: dict[str, Any] = result
    return found
