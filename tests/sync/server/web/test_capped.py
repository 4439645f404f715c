"""Over a cap on open tickets the words go to the one that is open, and the owner sees how many did (PRODUCT D8)."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial

import pytest

from sync.domain.times import DAY_MS, HOUR_MS
from sync.server.audit import ADMINISTRATOR
from sync.server.web.forms import TicketForm
from sync.server.web.front_desk import Added, FrontDesk, Opened
from tests.rigs.patience import LONG_MS
from tests.rigs.street import Street

REASON = "Until our server is mended, one ticket each."
WAITING = """
SELECT 1 FROM pg_locks WHERE NOT granted
AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""


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


@pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
def test_the_day_on_which_a_cap_ends_is_said_beside_its_reason(street: Street) -> None:
    cap(street)
    street.asked()
    assert "This holds until" not in street.ask(text="More").text
    kept, caps = street.house.caps.all()[0], street.house.caps
    midnight = int(datetime(2026, 12, 1, tzinfo=street.house.expecting.hours().zone).timestamp() * 1000)
    for until, said in ((midnight, " November 2026. After"), (midnight - HOUR_MS, " November 2026, 23:00 ")):
        street.house.parts.journal.write(partial(caps.change, kept.id, {"until": until}, ADMINISTRATOR))
        page = street.ask(text=f"More {until}").text
        assert REASON in page
        assert "This holds until Monday, 30 November 2026" in page
        assert said in page


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


def file(street: Street, text: str, email: str = "new@mail.example") -> Opened | Added:
    """A form as it comes from somebody of whom nothing is known yet."""
    return FrontDesk(street.house).file(TicketForm(street.category, "New", email, "Two at once", text, text))


def until_it_waits(street: Street, other: Future[Opened | Added]) -> None:
    """Until the other form cannot go on before this transaction ends, or has gone on in spite of it."""
    database = street.house.parts.database
    while not wait([other], timeout=0.01).done and database.is_postgres:
        if database.select(WAITING):
            return


def both_at_once(street: Street, text: str, other_text: str, other_email: str) -> list[Opened | Added]:
    """What two forms come to, of which the second is sent while the first is not stored for good yet."""
    street.asked(key="before", email="somebody@mail.example")
    with ThreadPoolExecutor(1) as pool:

        def first() -> tuple[Opened | Added, Future[Opened | Added]]:
            made = file(street, text)
            other = pool.submit(file, street, other_text, other_email)
            until_it_waits(street, other)
            return made, other

        made, other = street.house.parts.journal.write(first)
        return [made, other.result(LONG_MS / 1000)]


def test_of_two_forms_in_the_same_instant_one_is_over_the_cap(street: Street) -> None:
    cap(street)

    made, added = both_at_once(street, "One", "Two", "New@mail.example")

    assert isinstance(made, Opened)
    assert isinstance(added, Added)
    assert (street.count("ticket"), street.count("message"), led(street)) == (2, 3, 1)


def test_a_form_sent_twice_in_the_same_instant_is_one_ticket_and_not_over_the_cap(street: Street) -> None:
    cap(street)

    made, again = both_at_once(street, "One", "One", "new@mail.example")

    assert made == again
    assert (street.count("ticket"), street.count("message"), led(street)) == (2, 2, 0)
