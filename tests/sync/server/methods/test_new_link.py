"""Ticket/newLink: old links stop working, the new one goes to the address on file, or is told to the agent."""

from __future__ import annotations

from hashlib import sha256

from sync.server.intake import Asker
from tests.rigs.bureau import Bureau


def opens(desk: Bureau, secret: bytes) -> bool:
    return desk.house.parts.database.read(lambda: desk.house.intake.ticket_of_page(secret)) is not None


def test_old_links_stop_and_the_new_one_is_mailed(desk: Bureau, billing: str) -> None:
    for name, value in (
        ("mail.smtp", "smtp://127.0.0.1:2525"), ("mail.from", "help@desk.example"), ("public_url", "https://desk.example"),
    ):  # fmt: skip
        desk.house.parts.settings.put(name, value)
    ticket = desk.file(billing).ticket
    secret = desk.house.parts.journal.write(lambda: desk.house.intake.open_page(ticket.id))
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    before = desk.house.parts.database.read(
        lambda: desk.house.parts.database.select("SELECT secret_hash FROM page_secret")
    )
    answer = ann.call("Ticket/newLink", accountId=ann.account("Billing"), ticketId=ticket.id)
    assert (answer["mailed"], answer["url"]) == (True, None)
    assert not opens(desk, secret)
    after = desk.house.parts.database.read(
        lambda: desk.house.parts.database.select("SELECT secret_hash FROM page_secret")
    )
    assert len(before) >= 2
    assert len(after) == 1
    assert not {bytes(one[0]) for one in before} & {bytes(one[0]) for one in after}
    assert sha256(secret).digest() in {bytes(one[0]) for one in before}
    [event] = [one for one in ann.get("Message", ann.account("Billing")) if one["kind"] == "event"]
    assert '"what":"privateLink"' in event["bodyText"]


def test_without_an_address_the_agent_is_told(desk: Bureau, billing: str) -> None:
    desk.house.parts.settings.put("public_url", "https://desk.example")
    ticket = desk.file(billing, asker=Asker("Cleo", None, "0123")).ticket
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    first, second = (
        ann.call("Ticket/newLink", accountId=ann.account("Billing"), ticketId=ticket.id)["url"] for _ in range(2)
    )
    assert first.startswith("https://desk.example/t/")
    assert first != second


def test_a_ticket_out_of_sight_and_a_missing_one_are_the_same(desk: Bureau, billing: str, repairs: str) -> None:
    ticket = desk.file(repairs).ticket
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    for one in (ticket.id, "t" + "0" * 32):
        assert ann.error("Ticket/newLink", accountId=ann.account("Billing"), ticketId=one) == "notFound"
