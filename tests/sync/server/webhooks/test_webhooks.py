"""Events of other systems: only signed ones, once each; a receipt, a fact, a ticket if so set."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from standardwebhooks import Webhook

from sync.domain.errors import Rejected
from sync.server.intake import Asker
from tests.rigs.bureau import BASE, Bureau
from tests.rigs.mail_server import SENDER

HOUR = 3_600_000
ON_ONE = pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
"""What does not depend on the database."""
PAYMENT: dict[str, Any] = {
    "type": "payment",
    "occurredAt": "2026-09-20T10:15:00Z",
    "requester": {"email": "oskar@mail.example", "name": "Oskar N."},
    "data": {"amount": "49.00", "currency": "EUR", "paid": True, "lines": [1, 2]},
}


class Till:
    """Another system that signs with the reference library."""

    def __init__(self, desk: Bureau, name: str = "till", *opens: str, category: str | None = None) -> None:
        self.desk = desk
        self.name = name
        self.secret = desk.house.hooks.add(name, category, opens)
        self.session = desk.adapter.session(BASE)

    def tell(self, event: object, key: str = "msg_1", **more: Any) -> requests.Response:
        """Told just now, unless `at` (s) says otherwise; `secret`, `body`, `name` instead of the right ones."""
        body = json.dumps(event)
        at = datetime.fromtimestamp(more.get("at", self.desk.clock.now_ms() / 1000), UTC)
        signature = Webhook(more.get("secret", self.secret)).sign(key, at, body)
        headers = {
            "webhook-id": key,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
            **more.get("headers", {}),
        }
        address = f"{BASE}/hooks/{more.get('name', self.name)}"
        return self.session.post(address, data=more.get("body", body), headers=headers)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        database = self.desk.house.parts.database
        return database.read(lambda: database.select(sql))


def test_a_payment_becomes_a_receipt_and_a_fact(desk: Bureau, billing: str) -> None:
    desk.house.parts.settings.put("mail.smtp", "smtp://localhost:1")
    desk.house.parts.settings.put("mail.from", SENDER)
    desk.agent("Ann", billing)
    desk.file(billing, asker=Asker("Oskar N.", "Oskar@mail.example"))
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    state = ann.state("Requester", account)
    till = Till(desk)
    desk.clock.advance(HOUR)
    assert till.tell(PAYMENT).status_code == 201
    [changed] = ann.changes("Requester", account, state)["updated"]
    [fact] = ann.one("Requester", account, changed)["facts"]
    assert (fact["kind"], fact["at"]) == ("payment", "2026-09-20T10:15:00Z")
    assert fact["text"] == "amount: 49.00, currency: EUR, paid: yes, lines: [1,2]"
    [(to, subject, text)] = till.rows("SELECT to_address, subject, body_text FROM letter WHERE kind = 'receipt'")
    assert to == "Oskar@mail.example"
    assert subject == "We have received your payment"
    assert "amount: 49.00" in text
    assert len(ann.get("Ticket", account)) == 1


def test_the_same_event_again_does_nothing_more(desk: Bureau) -> None:
    till = Till(desk)
    assert [till.tell(PAYMENT).status_code for _ in range(3)] == [201, 200, 200]
    assert till.tell(PAYMENT, "msg_2").status_code == 201
    assert till.rows("SELECT COUNT(*) FROM hook_event") == [(2,)]


def test_at_the_same_time_it_is_once_too(desk: Bureau) -> None:
    till = Till(desk)
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(lambda _: till.tell(PAYMENT).status_code, range(4)))
    assert codes == [200, 200, 200, 201]


@ON_ONE
@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_" + "A" * 32},
        {"name": "nobody"},
        {"body": "{}"},
        {"headers": {"webhook-id": "msg_2"}},
        {"headers": {"webhook-signature": ""}},
        {"headers": {"webhook-signature": "v1,"}},
        {"headers": {"webhook-timestamp": "x"}},
        {"headers": {"webhook-timestamp": ""}},
        {"at": 1},
    ],
)
def test_who_cannot_sign_is_told_nothing(desk: Bureau, wrong: dict[str, Any]) -> None:
    till = Till(desk)
    answer = till.tell(PAYMENT, **wrong)
    assert (answer.status_code, answer.content) == (401, b"")
    assert till.rows("SELECT COUNT(*) FROM hook_event") == [(0,)]


def test_what_was_signed_too_long_ago_or_ahead_is_a_replay(desk: Bureau) -> None:
    till, now = Till(desk), desk.clock.now_ms() / 1000
    assert [till.tell(PAYMENT, at=now + s).status_code for s in (-301, 301, -299, 299)] == [401, 401, 201, 200]


@ON_ONE
@pytest.mark.parametrize(
    "event",
    [
        [], "x", {}, {"type": 5}, {**PAYMENT, "type": "a b"}, {**PAYMENT, "requester": {}},
        {**PAYMENT, "requester": {"email": "nobody"}}, {**PAYMENT, "occurredAt": "yesterday"},
        {**PAYMENT, "occurredAt": "2026-09-20T10:15:00"}, {**PAYMENT, "occurredAt": "9999-12-31T23:59:59-12:00"},
        {**PAYMENT, "data": []}, {**PAYMENT, "data": {str(one): 1 for one in range(31)}},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_said_to_whoever_signs(desk: Bureau, event: object) -> None:
    till = Till(desk)
    answer = till.tell(event)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@ON_ONE
def test_strangers_words_are_bounded(desk: Bureau) -> None:
    till = Till(desk)
    event = {
        **PAYMENT,
        "requester": {"email": "o@mail.example", "name": "O\r\nBcc: x\0" * 200},
        "data": {"k" * 999: "v\n" * 999, "none": None},
    }
    assert till.tell(event).status_code == 201
    [(name,)] = till.rows("SELECT name FROM requester")
    assert len(name) == 200
    assert name.isprintable()
    assert till.tell({**PAYMENT, "data": {"x": "y" * 300_000}}, "msg_2").status_code == 413


def test_an_event_may_open_a_ticket(desk: Bureau, billing: str) -> None:
    with pytest.raises(Rejected, match="--category"):
        desk.house.hooks.add("other", None, ["chargeback"])
    till = Till(desk, "till", "chargeback", category=billing)
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    assert till.tell(PAYMENT).status_code == 201
    assert ann.get("Ticket", account) == []
    assert till.tell({**PAYMENT, "type": "chargeback"}, "msg_2").status_code == 201
    [ticket] = ann.get("Ticket", account)
    assert (ticket["channel"], ticket["site"]) == ("webhook", "till")
    [arrival] = ann.get("TicketArrival", account)
    assert arrival["ticketId"] == ticket["id"]
    [requester] = ann.get("Requester", account)
    assert {one["kind"] for one in requester["facts"]} == {"payment", "chargeback"}


def test_only_the_newest_facts_are_shown(desk: Bureau, billing: str) -> None:
    till = Till(desk, "till", "last", category=billing)
    for number in range(25):
        till.tell({**PAYMENT, "data": {"n": number}, "occurredAt": f"2026-09-20T10:15:{number:02}Z"}, f"msg_{number}")
    till.tell({**PAYMENT, "type": "last", "occurredAt": "2026-09-21T00:00:00Z"}, "msg_last")
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    [requester] = ann.get("Requester", ann.account("Billing"))
    assert [one["text"] for one in requester["facts"]][:3] == [
        "amount: 49.00, currency: EUR, paid: yes, lines: [1,2]", "n: 24", "n: 23",
    ]  # fmt: skip
    assert len(requester["facts"]) == 20


@ON_ONE
def test_receipts_beyond_the_hour_wait_for_it(desk: Bureau) -> None:
    desk.house.parts.settings.put("mail.smtp", "smtp://localhost:1")
    desk.house.parts.settings.put("mail.from", SENDER)
    till = Till(desk)
    for key in ("a", "b", "c"):
        till.tell(PAYMENT, f"msg_{key}")
    now = desk.clock.now_ms()
    times = [int(one[0]) - now for one in till.rows("SELECT next_at FROM letter ORDER BY next_at")]
    assert times == [0, HOUR, 2 * HOUR]


def test_another_secret_ends_the_old_one_and_a_hook_can_go(desk: Bureau) -> None:
    till = Till(desk)
    secret = desk.house.hooks.new_secret("TILL")
    assert till.tell(PAYMENT).status_code == 401
    assert till.tell(PAYMENT, secret=secret).status_code == 201
    desk.house.hooks.remove("till")
    assert till.tell(PAYMENT, secret=secret).status_code == 401
    with pytest.raises(Rejected, match="no hook"):
        desk.house.hooks.remove("till")
