"""The step between writing and sending: answers that may help, the same question again, nothing lost either way."""

from html import unescape
from html.parser import HTMLParser

import pytest
import requests

from sync.domain.closings import Closing
from sync.domain.faq import Status
from sync.domain.times import DAY_MS
from sync.server.audit import ADMINISTRATOR
from sync.server.faq.entries import Draft
from tests.rigs.street import Files, Street

PDF: Files = [("files", ("statement.pdf", b"%PDF-1.7 bytes", "application/pdf"))]
ANSWER = "The second amount is a **reservation**. It goes back by itself; <b>wait</b> three days."


class Fields(HTMLParser):
    """What a browser would send from a page of ours, beside the button that is pressed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden":
            self.found[values["name"] or ""] = values.get("value") or ""


def press(street: Street, page: requests.Response, step: str, **changed: str) -> requests.Response:
    """A button of that page."""
    assert f'value="{step}"' in page.text, page.text
    return street.post("/tickets", {**Fields(page.text).found, "step": step, **changed})


@pytest.fixture
def slug(street: Street) -> str:
    """Of a published answer to what the street usually asks."""
    entries = street.house.faq.entries
    draft = Draft("Why was my invoice charged twice?", ANSWER, status=Status.PUBLISHED)
    street.house.parts.journal.write(lambda: entries.add(draft, ADMINISTRATOR))
    [(found,)] = street.rows("SELECT slug FROM faq_entry")
    return str(found)


def counted(street: Street) -> tuple[int, int]:
    """How often the answer was shown, and how often it was enough."""
    [(shown, answered)] = street.rows("SELECT shown, answered FROM faq_entry")
    return shown, answered


def test_what_comes_without_a_step_is_filed_at_once(street: Street, slug: str) -> None:
    street.asked()

    assert street.count("ticket") == 1


def test_with_nothing_to_show_the_question_is_sent_at_once(street: Street, slug: str) -> None:
    answer = street.ask(step="offer", subject="Opening hours", text="When does the shop open on Sundays?")

    assert answer.status_code == 303
    assert counted(street) == (0, 0)


def test_an_answer_is_offered_and_the_question_still_sent(street: Street, slug: str) -> None:
    page = street.ask(PDF, step="offer", key="k1", text="Charged twice!\n\n<b>Help</b>")

    assert page.status_code == 200
    assert "<strong>reservation</strong>" in page.text
    assert "<b>" not in page.text
    assert (street.count("ticket"), counted(street)) == (0, (1, 0))
    sent = press(street, page, "send")
    assert sent.status_code == 303
    assert street.rows("SELECT body_text FROM message") == [("Charged twice!\n\n<b>Help</b>",)]
    assert "statement.pdf" in street.get(sent.headers["location"]).text
    assert press(street, page, "send").headers["location"] == sent.headers["location"]
    assert street.count("ticket") == 1


def test_an_answer_that_helped_is_counted_once_and_avoids_the_ticket(street: Street, slug: str) -> None:
    page = street.ask(step="offer")

    thanks = press(street, page, f"answered.{slug}")
    press(street, page, f"answered.{slug}")

    assert "Good that it helped" in thanks.text
    assert (street.count("ticket"), counted(street)) == (0, (1, 1))
    back = press(street, thanks, "back")
    assert 'value="Charged twice"' in back.text
    assert "Invoice 2026-1143 was taken twice." in back.text


def test_what_was_seen_while_writing_is_not_shown_again(street: Street, slug: str) -> None:
    assert street.ask(step="offer", seen=f"other,{slug}").status_code == 303


def test_words_can_be_changed_and_files_stay(street: Street, slug: str) -> None:
    page = street.ask(PDF, step="offer", site="shop")

    form = press(street, page, "back")

    assert form.status_code == 200
    assert "statement.pdf" in form.text
    assert "Nothing was sent yet" not in form.text
    again = {**Fields(form.text).found, "category": "Billing", "name": "O", "email": "o@mail.example"}
    sent = street.post("/tickets", {**again, "subject": "Other", "text": "Other words", "step": "send"})
    assert "statement.pdf" in street.get(sent.headers["location"]).text
    assert street.rows("SELECT site FROM ticket") == [("shop",)]


def test_a_file_can_be_left_out_again(street: Street, slug: str) -> None:
    page = street.ask(PDF, step="offer")

    sent = press(street, page, "send", drop0="1")

    assert "statement.pdf" not in street.get(sent.headers["location"]).text


def test_files_of_a_form_with_a_mistake_need_not_be_chosen_again(street: Street) -> None:
    wrong = street.ask(PDF, step="offer", email="nonsense")

    assert wrong.status_code == 422
    assert "choose your files again" not in wrong.text
    again = {**Fields(wrong.text).found, "category": "Billing", "name": "O", "email": "o@mail.example"}
    sent = street.post("/tickets", {**again, "subject": "Charged", "text": "Twice"})
    assert "statement.pdf" in street.get(sent.headers["location"]).text


def test_a_list_of_files_that_somebody_else_wrote_brings_none(street: Street) -> None:
    listed = Fields(street.ask(PDF, step="offer", email="nonsense").text).found["kept"]
    text, _, mark = listed.partition(".")
    for forged in (text, f"{text}.{'0' * 64}", f"W10=.{mark}", "\n" + listed, listed + "0"):
        path = street.asked(kept=forged)
        assert "statement.pdf" not in street.get(path).text


def test_kept_files_count_with_the_others(street: Street) -> None:
    street.house.parts.settings.put("form.files", "1")
    listed = Fields(street.ask(PDF, step="offer", email="nonsense").text).found["kept"]

    answer = street.ask(PDF, kept=listed)

    assert answer.status_code == 422
    assert "the limit is 1" in answer.text


def test_files_are_kept_ahead_of_their_form(street: Street) -> None:
    first = street.post("/tickets/files", {}, PDF).json()
    both = street.post("/tickets/files", {"kept": first["kept"]}, PDF).json()

    assert first["files"] == [{"name": "statement.pdf", "size": "14 bytes", "octets": 14}]
    assert len(both["files"]) == 2
    page = street.get(street.asked(kept=both["kept"])).text
    assert page.count(">statement.pdf<") == 2
    street.house.parts.settings.put("form.file_bytes", "20")
    refused = street.post("/tickets/files", {"kept": first["kept"]}, PDF)
    assert refused.status_code == 413
    assert "the limit is 2e-05 MB in all" in refused.json()["problem"]


def test_the_same_question_again_may_go_to_the_ticket_that_is_open(street: Street) -> None:
    path = street.asked(text="Invoice 2026-1143 was taken twice from my account, please pay one back.")
    street.clock.advance(2 * DAY_MS)
    page = street.ask(
        PDF, step="offer", key="k2", text="Invoice 2026-1143 was taken twice from my account, please pay one back!"
    )

    assert "Add to #1" in page.text
    assert "You asked this on" in page.text
    assert path not in page.text
    added = press(street, page, "add")
    press(street, page, "add")
    assert "ticket #1" in added.text
    assert "/t/" not in added.text
    assert (street.count("ticket"), street.count("message")) == (1, 2)
    thread = unescape(street.get(path).text)
    assert "please pay one back!" in thread
    assert "statement.pdf" in thread


def test_other_words_tell_nothing_of_an_open_ticket(street: Street) -> None:
    street.asked()

    answer = street.ask(step="offer", subject="Password", text="I forgot how to sign in to the shop.")

    assert answer.status_code == 303
    assert street.count("ticket") == 2


def test_a_closed_ticket_is_not_offered(street: Street) -> None:
    street.asked()
    street.edit(street.only_ticket(), "status", "closed")

    assert street.ask(step="offer").status_code == 303


def test_many_steps_within_an_hour_are_asked_to_wait(street: Street, slug: str) -> None:
    street.house.parts.settings.put("form.per_hour", "1")
    answers = [street.ask(PDF, step="offer") for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert "Invoice 2026-1143" in answers[-1].text


def test_the_step_says_when_an_answer_would_come(street: Street, slug: str) -> None:
    assert "We answer by" in street.ask(step="offer").text


def test_a_closing_stands_on_the_form(street: Street) -> None:
    now = street.clock.now_ms()
    street.house.closings.add(Closing("", "Moving", now - DAY_MS, now + DAY_MS, frozenset(), "Moving <house>"))

    assert "Moving &lt;house&gt;" in street.get("/").text
