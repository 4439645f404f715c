"""The server's log: no stranger forges a record in it, and nothing that was handed out stands in it."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
import requests
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.server.app import build_app
from sync.server.house import House
from sync.server.leadership import Alone
from sync.server.logs import PlainFormatter, log_config
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from sync.server.webhooks.signature import signed
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, PASSWORD, QUICK_HASHER, Caller, HandClock
from tests.rigs.mails.ugly import UGLY
from tests.rigs.street import GOOD

ADDRESS = "zoe.q@mail.example"
WORDS = "Nobody but Ann may read that my card ends in 4711."


@contextmanager
def _logging_everything() -> Iterator[io.StringIO]:
    """The server's own configuration, at its most talkative, into memory; afterwards as before."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log_config()["loggers"]}
    config = log_config("DEBUG")
    config["handlers"]["stderr"]["stream"] = written
    logging.config.dictConfig(config)
    try:
        yield written
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


async def _broken(request: Request) -> Response:
    raise LookupError(f"lost {request.query_params['what']}")


def _a_day(adapter: AsgiAdapter, house: House, account_name: str) -> list[str]:
    """What happens in a day, mistakes included; every secret that was handed out or in."""
    stranger = adapter.session(BASE)
    page = stranger.post(f"{BASE}/tickets", data=GOOD | {"text": WORDS}, allow_redirects=False).headers["location"]
    secret = page.removeprefix("/t/")
    for path in (page, f"{page}x", f"{page}/files/b1/x", "/t/"):
        stranger.get(BASE + path)
    stranger.post(BASE + page, data={"text": WORDS})
    stranger.post(BASE + page, data=b"no form")
    wrong = {"name": "Ann", "password": "a wrong password", "device": "d"}
    stranger.post(f"{BASE}/auth/token", json=wrong)
    ann, second = Caller(adapter.session(BASE), "Ann"), Caller(adapter.session(BASE), "Ann")
    account = ann.account(account_name)
    ticket = ann.get("Ticket", account)[0]
    ann.create("Message", account, _reply(house, ticket["id"]))
    ann.calls(("Nothing/get", {}), ("Ticket/get", {"accountId": "nobody's", "ids": None}))
    ann.session.post(f"{BASE}/jmap/api", data=b"{", headers={"content-type": "application/json"})
    ann.session.post(f"{BASE}/auth/password", json={"old": "not this", "new": "short"})
    changed = "a quite new password"
    ann.session.post(f"{BASE}/auth/password", json={"old": PASSWORD, "new": changed})
    second.session.get(f"{BASE}/.well-known/jmap")
    ann.session.delete(f"{BASE}/auth/token")
    house.upkeep.run()
    tokens = [str(ann.token["token"]), str(second.token["token"])]
    return [secret, *tokens, PASSWORD, changed, "a wrong password", WORDS, "My words back"]


def _a_day_of_mail(adapter: AsgiAdapter, house: House) -> list[str]:
    """Answers looked for, links asked for, mails in and out, events of another system, and each of them wrongly."""
    for name, value in (
        ("public_url", "https://help.example"), ("mail.smtp", "smtp://127.0.0.1:9"), ("mail.from", "a@help.example"),
    ):  # fmt: skip
        house.parts.settings.put(name, value)
    stranger, [category] = adapter.session(BASE), house.grants.categories()
    asked = {"subject": WORDS, "text": WORDS, "category": "Billing"}
    stranger.get(f"{BASE}/faq/offers", params=asked)
    stranger.get(f"{BASE}/faq", params={"q": WORDS})
    stranger.post(f"{BASE}/tickets/category", data=asked)
    for one in (ADDRESS, "nobody@mail.example", WORDS):
        stranger.post(f"{BASE}/links", data={"email": one})
        stranger.post(f"{BASE}/incidents/i{'0' * 32}/follow", data={"email": one})
    secret, key, now = house.hooks.add("till", None, ()), "msg_1", house.parts.clock.now_ms() // 1000
    for event in ({"type": "payment", "requester": {"email": ADDRESS}, "data": {"item": WORDS}}, {"type": WORDS}):
        body = json.dumps(event).encode()
        signature = signed(secret, key, now, body)
        headers = {"webhook-id": key, "webhook-timestamp": str(now), "webhook-signature": signature}
        stranger.post(f"{BASE}/hooks/till", data=body, headers=headers)
        stranger.post(f"{BASE}/hooks/till", data=body + b" ", headers=headers)
    head = f"From: Zoe <{ADDRESS}>\r\nSubject: {WORDS}\r\nMessage-ID: <1@mail.example>\r\n"
    for mail in (f"{head}\r\n{WORDS}", f"{WORDS}\r\n\r\n{WORDS}", f"{head}Content-Type: {WORDS}\r\n\r\n{WORDS}\udcff"):
        house.mail_in.take_in(mail.encode(errors="surrogateescape"), category["id"])
    for sample in UGLY:
        house.mail_in.take_in(sample.raw + WORDS.encode(), category["id"])
    house.sending.work(Alone())
    return [WORDS, "card ends", ADDRESS, secret]


def _reply(house: House, ticket_id: str) -> dict[str, object]:
    key, composed = house.parts.ids.client_key(), "2026-09-21T12:00:00Z"
    return {
        "clientKey": key,
        "ticketId": ticket_id,
        "kind": "reply",
        "bodyText": "My words back",
        "composedAt": composed,
    }


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House.open(tmp_path / "server.sqlite", HandClock(), Random(3), QUICK_HASHER)
    agent, billing = opened.people.add("Ann", PASSWORD), opened.grants.add_category("Billing")
    opened.grants.grant(agent, billing)
    yield opened
    opened.close()


def test_no_secret_and_nobodys_words_are_in_the_log_of_a_day(house: House) -> None:
    app = build_app(house, PublicSide(house, Pages(lambda: "Help")).routes())
    with _logging_everything() as written:
        logging.getLogger("sync.server").debug("the log is written")
        with AsgiAdapter(app) as adapter:
            handed_out = _a_day(adapter, house, "Billing")
        logged = written.getvalue()

    assert "the log is written" in logged
    assert [one for one in handed_out if one in logged] == []


def test_no_secret_and_nobodys_words_are_in_the_log_of_a_day_of_mail(house: House) -> None:
    with _logging_everything() as written:
        logging.getLogger("sync.server").debug("the log is written")
        with AsgiAdapter(build_app(house, PublicSide(house, Pages(lambda: "Help")).routes())) as adapter:
            handed_out = _a_day_of_mail(adapter, house)
        house.close()
        logged = written.getvalue()

    assert "the log is written" in logged
    assert "mail waits" in logged
    assert [one for one in handed_out if one in logged] == []


def test_no_secret_is_in_the_audit_log(house: House) -> None:
    with AsgiAdapter(build_app(house, PublicSide(house, Pages(lambda: "Help")).routes())) as adapter:
        handed_out = _a_day(adapter, house, "Billing")

    entries = str(list(house.parts.audit.entries()))
    assert "signInFailed" in entries
    assert [one for one in handed_out if one in entries] == []


def test_whoever_writes_line_breaks_forges_no_record() -> None:
    forged = "x\r\n2026-01-01 00:00:00 ERROR root: all is lost\x1b[2J\u202e\x85"
    record = logging.LogRecord("sync", logging.WARNING, __file__, 1, "said %s", (forged,), None)

    lines = PlainFormatter().format(record).splitlines()

    assert len(lines) == 2
    assert lines[1].startswith("  | 2026-01-01")
    assert all(line.isprintable() for line in lines)


def test_our_own_failure_is_logged_with_its_trace_and_nothing_acts_in_it(house: House) -> None:
    app = build_app(house, [Route("/broken", _broken)])
    with _logging_everything() as written:
        with AsgiAdapter(app) as adapter:
            answer: requests.Response = adapter.session(BASE).get(f"{BASE}/broken", params={"what": "\x1b]0;x\x07\n!"})
        logging.getLogger("sync").error("it failed", exc_info=LookupError("\x1b]0;x\x07\nERROR forged"))
        logged = written.getvalue()

    assert answer.status_code == 500
    assert "LookupError" in logged
    assert "\x1b" not in logged
    assert "\nERROR forged" not in logged
