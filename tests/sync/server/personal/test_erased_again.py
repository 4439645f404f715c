"""Erasing where others stand beside: their letters name no erased mail, and a second erasing says that it was one."""

import json

from sync.server.audit import ADMINISTRATOR
from sync.server.mail.addresses import Addresses
from sync.server.personal.erasing import Erasing
from tests.rigs.bureau import Bureau

_MAIL = (
    "From: Eve <eve@example.org>\r\nTo: {to}\r\nSubject: Mine too\r\nMessage-ID: <42@eve.example>\r\n"
    "Date: Mon, 21 Sep 2026 10:00:00 +0000\r\n\r\nMe too.\r\n"
)


def _erase(desk: Bureau, who: str) -> None:
    parts = desk.house.parts
    parts.journal.write(lambda: Erasing(parts, desk.house.ticketing).erase(who, ADMINISTRATOR))


def test_letters_to_others_do_not_name_the_mails_of_the_erased(desk: Bureau, billing: str) -> None:
    house, database = desk.house, desk.house.parts.database
    house.parts.settings.put("mail.smtp", "smtp://127.0.0.1:9")
    house.parts.settings.put("mail.from", "Help desk <support@help.example>")
    house.sending.stop()
    desk.agent("Ann", billing)
    ann, ticket = desk.caller("Ann"), desk.file(billing).ticket.id
    to = database.read(lambda: Addresses(house.parts).reply_to("support@help.example", ticket))
    house.mail_in.take_in(_MAIL.format(to=to).encode(), billing)
    ann.create("Message", ann.account("Billing"), desk.words(ticket, "reply", "We look into it.", baseSeq=2))
    sql = "SELECT refers FROM letter WHERE kind = 'reply'"
    [(before,)] = database.read(lambda: database.select(sql))
    assert "<42@eve.example>" in str(before)

    _erase(desk, "eve@example.org")

    [(after,)] = database.read(lambda: database.select(sql))
    assert "eve.example" not in str(after)
    assert json.loads(str(after)) == [one for one in json.loads(str(before)) if one != "<42@eve.example>"]


def test_what_opened_an_erased_ticket_again_is_erased_with_a_word_of_it(desk: Bureau, billing: str) -> None:
    filed = desk.file(billing)
    requester, ticket = str(filed.ticket.requester_id), filed.ticket.id
    _erase(desk, requester)
    desk.house.parts.journal.write(lambda: desk.house.intake.add_inbound(ticket, "Once more."))
    _erase(desk, requester)
    _erase(desk, requester)

    database = desk.house.parts.database
    sql = "SELECT body_text FROM message WHERE ticket_id = ? AND kind = 'event' ORDER BY seq"
    said = [json.loads(body)["what"] for (body,) in database.read(lambda: database.select(sql, (ticket,)))]
    assert said == ["erased", "erased"]
