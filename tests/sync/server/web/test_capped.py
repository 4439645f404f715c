"""Over a cap on open tickets the words go to the one that is open, and the owner sees how many did (PRODUCT D8)."""

from sync.domain.times import DAY_MS
from sync.server.audit import ADMINISTRATOR
from tests.rigs.street import Street

REASON = "Until our server is mended, one ticket each."


def cap(street: Street, most: int = 1, category_id: str | None = None, days: int | None = None) -> str:
    """A cap as an owner sets it."""
    until = None if days is None else street.clock.now_ms() + days * DAY_MS
    caps = street.house.caps
    return street.house.parts.journal.write(lambda: caps.add(category_id, most, until, REASON, ADMINISTRATOR))


def led(street: Street) -> int:
    return street.house.caps.all()[0].led_times


def test_without_a_cap_everybody_may_ask_as_often_as_they_like(street: Street) -> None:
    for n in range(5):
        street.asked(subject=f"Question {n}")

    assert street.count("ticket") == 5


def test_over_the_cap_the_words_go_to_the_open_ticket(street: Street) -> None:
    cap(street)
    path = street.asked()

    answer = street.ask(key="k", subject="Another matter", text="And the <i>desk</i> lamp?")
    street.ask(key="k", subject="Another matter", text="And the <i>desk</i> lamp?")

    assert answer.status_code == 200
    assert REASON in answer.text
    assert "#1" in answer.text
    assert "/t/" not in answer.text
    assert "2026-1143" not in answer.text
    assert (street.count("ticket"), street.count("message"), led(street)) == (1, 2, 1)
    assert "Another matter\n\nAnd the &lt;i&gt;desk" in street.get(path).text


def test_another_requester_is_not_concerned(street: Street) -> None:
    cap(street)
    street.asked()

    street.asked(email="somebody@mail.example")

    assert (street.count("ticket"), led(street)) == (2, 0)


def test_a_closed_ticket_makes_room(street: Street) -> None:
    cap(street)
    street.asked()
    street.edit(street.only_ticket(), "status", "closed")

    street.asked()

    assert street.count("ticket") == 2


def test_a_cap_lifts_itself(street: Street) -> None:
    cap(street, days=2)
    street.asked()
    assert street.ask(text="More").status_code == 200
    street.clock.advance(2 * DAY_MS)

    street.asked(text="More")

    assert street.count("ticket") == 2


def test_a_cap_of_another_category_does_not_count_here(street: Street) -> None:
    other = street.house.grants.add_category("Lamps")
    cap(street, category_id=other)
    street.asked()
    street.asked(text="More")

    street.asked(category="Lamps")
    assert street.ask(category="Lamps", text="And more").status_code == 200

    assert street.count("ticket") == 3
    assert led(street) == 1


def test_the_double_click_that_made_the_ticket_is_not_over_the_cap(street: Street) -> None:
    cap(street)

    assert street.asked(key="k") == street.asked(key="k")

    assert (street.count("message"), led(street)) == (1, 0)
