"""Who has a token has had a mail of that ticket: tokens cannot be made, and survive what mail servers do to them."""

from sync.server.mail.addresses import Addresses, Named, without_token
from tests.rigs.bureau import Bureau


def test_a_token_finds_its_ticket_however_it_is_written(desk: Bureau, billing: str) -> None:
    ticket, addresses = desk.file(billing).ticket, Addresses(desk.house.parts)

    def look() -> None:
        token = addresses.thread_token(ticket.id)
        assert (len(token), token) == (24, token.lower())
        assert addresses.ticket_of(token.upper()) == ticket.id
        to = addresses.reply_to("help@example.org", ticket.id)
        assert to == f"help+{token}@example.org"
        assert addresses.of_address(to.upper()) == Named(ticket.id)
        assert without_token(to) == "help@example.org"
        header = addresses.message_id("m" + "0" * 32, ticket.id, "example.org")
        assert addresses.of_message_id(f" {header} ") == Named(ticket.id, "m" + "0" * 32)
        assert addresses.of_message_id(header.strip("<>").upper()) == Named(ticket.id, "m" + "0" * 32)

    desk.house.parts.database.read(look)


def test_what_nobody_made_opens_nothing(desk: Bureau, billing: str) -> None:
    first, second = desk.file(billing).ticket, desk.file(billing).ticket
    addresses = Addresses(desk.house.parts)

    def look() -> None:
        one, other = addresses.thread_token(first.id), addresses.thread_token(second.id)
        mixed = other[:8] + one[8:]
        for token in ("", "x", "a" * 24, mixed, one[:-1], one + "a", "1" * 24, "ä" * 24):
            assert addresses.ticket_of(token) is None
            assert addresses.of_address(f"help+{token}@example.org") is None
        assert addresses.of_message_id("<CAFyx@mail.example>") is None
        assert without_token("ada+shop@example.org") == "ada+shop@example.org"

    desk.house.parts.database.read(look)


def test_another_server_with_the_same_number_has_other_tokens(desk: Bureau, billing: str) -> None:
    ticket, addresses = desk.file(billing).ticket, Addresses(desk.house.parts)
    read = desk.house.parts.database.read
    token = read(lambda: addresses.thread_token(ticket.id))
    desk.house.parts.journal.write(
        lambda: desk.house.parts.database.execute("UPDATE ticket SET id = ? WHERE id = ?", ("t" + "9" * 32, ticket.id))
    )
    assert read(lambda: addresses.ticket_of(token)) is None
