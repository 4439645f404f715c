"""What a requester says with a button on the private page, and what the page promises; links that end."""

from __future__ import annotations

import json
import re
import threading
import time
from html import unescape
from typing import Any

import pytest

from sync.domain.closings import Closing
from sync.domain.records import MessageKind
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS
from sync.server.expecting.feedback import WORD_MAX
from sync.server.web.link_desk import LinkDesk
from tests.rigs.street import Street

SAID = {"said": "yes"}


def events(street: Street) -> list[dict[str, Any]]:
    """What the agents read of it."""
    return [json.loads(one[0]) for one in street.rows("SELECT body_text FROM message WHERE kind = 'event' ORDER BY id")]


def ticket(street: Street) -> tuple[object, ...]:
    [row] = street.rows("SELECT status, awaiting, reminders, rating, outcome FROM ticket")
    return row


def test_the_page_says_when_to_expect_an_answer_and_why(street: Street) -> None:
    street.house.parts.settings.put("calendar.zone", "Europe/Berlin")
    page = street.get(street.asked()).text
    assert "We answer by Tuesday, 22 September 2026, 10:15 CEST." in page
    assert "Our aim is an answer within 2 hours of working time." in page


def test_a_closing_stands_on_the_page_and_moves_the_answer(street: Street) -> None:
    street.house.parts.settings.put("calendar.zone", "Europe/Berlin")
    now = street.clock.now_ms()
    closing = Closing("", "Move <b>", now - HOUR_MS, now + 9 * DAY_MS, notice="The phone <works>.")
    street.house.closings.add(closing)
    page = street.get(street.asked()).text
    assert "Move &lt;b&gt;: nobody is here until Wednesday, 30 September 2026" in page
    assert "The phone &lt;works&gt;." in page
    assert "We answer by Thursday, 1 October 2026, 10:15 CEST; nobody is here just now (Move &lt;b&gt;)." in page


def test_solved_closes_and_writing_opens_it_again(street: Street) -> None:
    path = street.asked()
    for _ in range(2):
        assert street.post(f"{path}/solved", SAID).headers["location"] == path
    assert ticket(street) == ("closed", None, 0, None, "solved by the requester")
    assert [one["what"] for one in events(street)] == ["solved"]
    page = street.get(path).text
    assert "It is solved" not in page
    street.post(path, {"text": "No, it came back"})
    assert ticket(street)[:2] == ("open", "team")


def test_a_reminder_counts_once_in_some_hours_and_rings_nobody(street: Street) -> None:
    street.house.parts.settings.put("calendar.hours", "Mo-Su 00:00-24:00")
    path = street.asked()
    assert "I am still waiting" not in street.get(path).text
    street.post(f"{path}/waiting", SAID)
    assert ticket(street)[2] == 0
    for hours in (4, 0, 3, 1):
        street.clock.advance(hours * HOUR_MS)
        street.post(f"{path}/waiting", SAID)
    assert ticket(street)[:3] == ("new", "team", 2)
    assert [(one["what"], one["from"], one["to"]) for one in events(street)] == [("reminder", 0, 1), ("reminder", 1, 2)]
    assert street.count("arrival") == 1
    assert "You have reminded us 2 times." in street.get(path).text


def test_nobody_need_remind_for_a_night(street: Street) -> None:
    street.house.parts.settings.put("calendar.zone", "Europe/Berlin")
    path = street.asked()
    assert (
        "If nobody has answered by Tuesday, 22 September 2026, 12:13 CEST, you can remind us here."
        in street.get(path).text
    )
    street.clock.advance(12 * HOUR_MS)
    street.post(f"{path}/waiting", SAID)
    assert ticket(street)[2] == 0
    street.clock.advance(8 * HOUR_MS)
    street.post(f"{path}/waiting", SAID)
    assert ticket(street)[2] == 1


def test_no_reminder_where_the_requester_is_asked(street: Street) -> None:
    path = street.asked()
    street.write(street.only_ticket(), MessageKind.REPLY, "Which invoice?")
    street.clock.advance(5 * HOUR_MS)
    street.post(f"{path}/waiting", SAID)
    assert ticket(street)[2] == 0
    assert "I am still waiting" not in street.get(path).text


def test_a_rating_with_a_word_and_another_one_later(street: Street) -> None:
    path = street.asked()
    assert "Was the answer good?" not in street.get(path).text
    street.write(street.only_ticket(), MessageKind.REPLY, "Paid back")
    assert "Was the answer good?" in street.get(path).text
    for _ in range(2):
        street.post(f"{path}/rating", {"rating": "bad", "word": "Too <late>", "key": "k1"})
    street.post(f"{path}/rating", {"rating": "bad"})
    street.post(f"{path}/rating", {"rating": "perfect"})
    assert ticket(street)[3] == "bad"
    [event] = events(street)
    assert (event["what"], event["from"], event["to"], event["words"]) == ("rating", None, "bad", "Too <late>")
    street.post(f"{path}/rating", {"rating": "good"})
    assert ticket(street)[3] == "good"
    assert street.rows("SELECT what FROM feedback") == [("good",)]
    assert "Thank you: you have rated it." in street.get(path).text
    assert "Too" not in street.get(path).text


def test_a_word_that_is_too_long_is_refused(street: Street) -> None:
    path = street.asked()
    answer = street.post(f"{path}/rating", {"rating": "bad", "word": "x" * (WORD_MAX + 1)})
    assert answer.status_code == 413
    assert ticket(street)[3] is None


@pytest.mark.parametrize("button", ["solved", "waiting", "rating"])
def test_who_only_looks_at_links_does_nothing(street: Street, button: str) -> None:
    path = street.asked()
    street.clock.advance(5 * HOUR_MS)
    assert street.get(f"{path}/{button}").status_code == 405
    assert street.post(f"/t/{'A' * 43}/{button}", {"rating": "good"}).status_code == 404
    assert events(street) == []


def test_a_link_ends_some_time_after_the_matter(street: Street) -> None:
    path = street.asked()
    street.edit(street.only_ticket(), "status", "closed")
    street.clock.advance(90 * DAY_MS)
    assert street.get(path).status_code == 200
    street.clock.advance(1)
    answer = street.get(path)
    assert answer.status_code == 404
    assert answer.text == street.get("/t/" + "B" * 43).text
    assert 'href="/links"' in answer.text
    assert street.post(path, {"text": "Hello"}).status_code == 404
    street.house.parts.settings.put("page.days_after_closing", "0")
    assert street.get(path).status_code == 200


def mailing(street: Street) -> None:
    for name, value in (
        ("mail.smtp", "smtp://127.0.0.1:2525"), ("mail.from", "Help desk <help@desk.example>"),
        ("public_url", "https://desk.example"), ("mail.automatic_per_hour", "9"),
    ):  # fmt: skip
        street.house.parts.settings.put(name, value)


def letters(street: Street, count: int) -> list[str]:
    """Once there are so many: they are written after the answer has gone."""
    long_enough = time.monotonic() + 30
    while street.count("letter WHERE kind = 'link'") < count and time.monotonic() < long_enough:
        threading.Event().wait(0.01)
    return [str(one[0]) for one in street.rows("SELECT body_text FROM letter WHERE kind = 'link' ORDER BY id")]


def handed_over(street: Street) -> None:
    """The mail server has taken all that waited."""
    database = street.house.parts.database
    database.write(lambda: database.execute("UPDATE letter SET state = 'done', settled_at = next_at"))


def test_links_are_sent_again_to_the_address_on_file_once_an_hour(street: Street) -> None:
    mailing(street)
    street.asked()
    street.asked(subject="Another")
    street.asked(email="someone@else.example", subject="Not theirs")
    answers = [street.post("/links", {"email": one}) for one in ("OSKAR.N@mail.example", "nobody@mail.example")]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].text == answers[1].text
    assert street.post("/links", {"email": "oskar.n@mail.example"}).text == answers[0].text
    [letter] = letters(street, 1)
    assert "#1: Charged twice" in letter
    assert "#2: Another" in letter
    assert "Not theirs" not in letter
    links = re.findall(r"https://desk\.example(/t/\S+)", letter)
    assert [">Another<" in street.get(one).text for one in links] == [True, False]
    handed_over(street)
    street.clock.advance(HOUR_MS)
    street.post("/links", {"email": "oskar.n@mail.example"})
    assert len(letters(street, 2)) == 2


def test_links_come_with_the_hour_where_a_mail_went_out_just_before(street: Street) -> None:
    mailing(street)
    street.house.parts.settings.put("mail.automatic_per_hour", "1")
    began = street.clock.now_ms()
    street.asked()
    street.clock.advance(10 * MINUTE_MS)
    street.asked(subject="Another")
    assert street.count("letter WHERE kind = 'confirmation'") == 1
    assert "an hour after that mail" in street.post("/links", {"email": "oskar.n@mail.example"}).text
    [letter] = letters(street, 1)
    assert ["#1: Charged twice" in letter, "#2: Another" in letter] == [True, True]
    street.asked(subject="A third")
    desk = LinkDesk(street.house)  # as the form does it where the words went to a ticket that is open
    assert desk.send("Oskar.N@mail.example")
    [letter] = letters(street, 1)
    assert "#3: A third" in letter
    assert street.rows("SELECT next_at FROM letter WHERE kind = 'link'") == [(began + HOUR_MS,)]


def test_where_no_mail_is_sent_the_page_says_so_to_everybody(street: Street) -> None:
    street.asked()
    assert "sends no mail" in street.get("/links").text
    pages = {street.post("/links", {"email": one}).text for one in ("oskar.n@mail.example", "nobody@mail.example")}
    assert len(pages) == 1
    assert street.post("/links", {"email": "no address"}).status_code == 422


def test_a_page_for_people_has_no_script_and_says_the_number(street: Street) -> None:
    street.clock.advance(MINUTE_MS)
    page = unescape(street.get(street.asked()).text)
    assert "<script" not in page
    assert "Ticket #1" in page


def test_the_confirmation_says_when_to_expect_an_answer(street: Street) -> None:
    mailing(street)
    street.house.closings.add(Closing("", "Stock-taking", street.clock.now_ms(), street.clock.now_ms() + DAY_MS))
    street.asked()
    [(letter,)] = street.rows("SELECT body_text FROM letter WHERE kind = 'confirmation'")
    assert "When to expect an answer: We answer by " in letter
    assert "Stock-taking: nobody is here until " in letter
