"""A newcomer with only a browser and a mail program, from the first look at the form to "it works again"."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stage.process import ProgramMissing
from sync.cache.rows import MessageRow, Sort, View
from sync.domain.actions import EditTicket, MergeTicket, PostMessage
from sync.domain.faq import FaqWords
from sync.domain.faq import Status as FaqStatus
from sync.domain.incidents import Incident
from sync.domain.records import MessageKind, Status
from sync.domain.times import HOUR_MS
from tests.rigs.browser import Browser
from tests.rigs.hamlet import ADDRESS, NAME, Hamlet, hamlet

pytestmark = pytest.mark.xdist_group("browser")

QUESTION = "My download stops before its end. What can I do?"
ANSWER = "Start the download **again**: it goes on where it stopped.\n\n1. Close other programs that load much."
SUBJECT = "My download stops"
TEXT = "The download stops at 512 MB, before its end. I have started it again three times now."
FAULT = "Downloads from mirror 2 fail"


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> Iterator[Hamlet]:
    database = str(request.getfixturevalue("fresh_postgres_url")) if request.param == "postgres" else None
    try:
        with hamlet(tmp_path, browser, database) as made:
            yield made
    except ProgramMissing as missing:
        pytest.skip(str(missing))


def ticket_ids(place: Hamlet) -> list[str]:
    """At Ann's workstation, by number."""
    rows = place.ann.reader.ticket_rows(list(place.ann.reader.ticket_ids(View("all"), Sort("number"))))
    return [row.id for row in sorted(rows, key=lambda row: row.number or 0)]


def thread(place: Hamlet, ticket_id: str, kind: MessageKind = MessageKind.INBOUND) -> list[MessageRow]:
    return [row for row in place.ann.reader.thread(ticket_id) if row.kind is kind]


def rung(place: Hamlet, ticket_id: str, times: int, messages: int) -> None:
    """Ann has heard of it so often, and has so many of Nina's words before her."""
    place.ann.wait(lambda: place.ann.rung[ticket_id] == times)
    place.ann.wait(lambda: len(thread(place, ticket_id)) == messages)


def reply(place: Hamlet, ticket_id: str, text: str, then: Status | None = None) -> None:
    """Ann answers at her workstation."""
    ann, key = place.ann, place.ann.ids.client_key()
    last = max(row.seq for row in ann.reader.thread(ticket_id))
    detail = ann.reader.ticket(ticket_id)
    assert detail is not None
    base = None if then is None else detail.row.status
    ann.put(PostMessage(key, ticket_id, MessageKind.REPLY, text, ann.clock.now_ms(), (), last, then, base))


def write(place: Hamlet, subject: str, text: str) -> None:
    """The form, not yet sent."""
    browser = place.browser
    browser.open(place.office.address)
    browser.one("#subject").write(subject)
    browser.one("#text").write(text)


def send(place: Hamlet) -> None:
    """The rest of the form, and off."""
    browser = place.browser
    browser.run("document.getElementById('category').value = arguments[0]", place.category)
    browser.one("#name").write(NAME)
    browser.one("#email").write(ADDRESS)
    place.look("form-written")
    browser.click("form.ask > .send button")


def add(place: Hamlet, text: str, file: Path | None = None) -> None:
    """Further words on the private page."""
    browser = place.browser
    browser.one("#text").write(text)
    if file is not None:
        browser.one("#files").write(str(file))
    browser.click("form.ask .send button")
    browser.wait_words(text)


def sees(place: Hamlet, address: str, *words: str) -> None:
    """A page that she opens says that."""
    place.browser.open(address)
    for one in words:
        place.browser.wait_words(one)


def asks(place: Hamlet) -> str:
    """The form offers an answer while she types; it is not hers, she sends; page and mail say the same. Her link."""
    write(place, SUBJECT, TEXT)
    place.browser.wait_words(QUESTION)
    place.look("form-offers")
    send(place)
    place.browser.wait_words("Your question has arrived")
    place.look("sent")
    mail = place.mail.wait_for("request #1")
    text = place.read(mail, "confirmation")
    expected = place.browser.one(".expected strong").text
    assert "We answer by" in expected
    for words in (NAME, "number #1", expected):
        assert words in text
    return place.link(mail)


def is_satisfied(place: Hamlet) -> None:
    """At a second visit the answer is hers: there is no ticket, and the owner sees that one was avoided."""
    write(place, "Download stops", "It stops before its end")
    place.browser.click("#offers button")
    place.browser.wait_words("Good that it helped")
    place.look("answered")
    assert place.count("ticket") == 1
    assert [week.answered for week in place.owner.faq().faq_weeks()][-1:] == [1]


def follows_up(place: Hamlet, link: str, file: Path) -> str:
    """Once on her page, with a file, and once by an answer to the mail; Ann has both. The ticket."""
    [ticket_id] = ticket_ids(place)
    rung(place, ticket_id, 1, 1)
    sees(place, link, TEXT)
    add(place, "It is the large file, see my log.", file)
    place.look("added-words")
    rung(place, ticket_id, 2, 2)
    place.mail.answer(place.mail.mails()[0], "And it is Linux.")
    rung(place, ticket_id, 3, 3)
    words = [row.body_text for row in thread(place, ticket_id)]
    assert words[:2] == [TEXT, "It is the large file, see my log."]
    assert words[2].startswith("And it is Linux.")
    assert thread(place, ticket_id)[1].attachments[0].name == file.name
    sees(place, link, "And it is Linux.")
    place.look("mailed-words", closely=True)
    return ticket_id


def is_merged(place: Hamlet, ticket_id: str, link: str) -> None:
    """She asks again though the form tells her of her ticket; the two become one, and her newer link leads there."""
    write(place, SUBJECT, TEXT.replace("three", "four"))
    place.browser.wait_words(QUESTION)  # what stands below it stays where it is from now on
    send(place)
    place.browser.wait_words("You asked this on")
    place.look("step")
    place.browser.click("button[value=send]")
    place.browser.wait_words("Your question has arrived")
    page, second = place.browser.address, place.link(place.mail.wait_for("request #2"))
    place.ann.wait(lambda: len(ticket_ids(place)) == 2)
    other = ticket_ids(place)[1]
    place.ann.put(MergeTicket(place.ann.ids.client_key(), other, ticket_id, place.ann.clock.now_ms()))
    place.ann.wait(lambda: not place.ann.reader.outbox())
    sees(place, second, "Your ticket #2 goes on here", "It is the large file, see my log.")
    place.look("merged", closely=True)
    assert place.browser.address == link
    sees(place, page, "goes on in another ticket", "have it sent again")
    place.look("merged-form-link", closely=True)


def is_answered(place: Hamlet, ticket_id: str, link: str) -> None:
    """By mail; she answers it, is told that it is solved, and says that it helped."""
    reply(place, ticket_id, "Please try mirror 1, which is\nnearer to you.")
    mail = place.mail.wait_for(f"Re: {SUBJECT}")
    assert "Please try mirror 1" in place.read(mail, "reply")
    assert place.link(mail) == link
    place.mail.answer(mail, "That works, thank you!")
    count = len(thread(place, ticket_id)) + 1
    place.ann.wait(lambda: len(thread(place, ticket_id)) == count)
    reply(place, ticket_id, "Good. We leave it at that.", Status.CLOSED)
    place.read(place.mail.wait_for(f"Re: {SUBJECT}"), "closed")
    sees(place, link, "Good. We leave it at that.", "It is closed")
    place.look("closed", closely=True)
    place.browser.click("input[value=good]")
    place.browser.one("#word").write("Quick and kind.")
    place.browser.click(".rating button")
    place.browser.wait_words("Thank you: you have rated it.")
    place.look("rated")
    place.ann.wait(lambda: rating(place, ticket_id) == "good")


def rating(place: Hamlet, ticket_id: str) -> str | None:
    detail = place.ann.reader.ticket(ticket_id)
    return None if detail is None else detail.rating


def test_she_asks_and_is_answered(place: Hamlet, tmp_path: Path) -> None:
    log = tmp_path / "download.log"
    log.write_text("512 MB, then nothing")
    words = FaqWords(QUESTION, ANSWER, frozenset({place.category}), status=FaqStatus.PUBLISHED)
    place.desk.faq().add_entry(place.ann.ids.client_key(), words)
    link = asks(place)
    is_satisfied(place)
    ticket_id = follows_up(place, link, log)
    is_merged(place, ticket_id, link)
    is_answered(place, ticket_id, link)


def hears_of_the_fault(place: Hamlet) -> Incident:
    """The banner tells it; she asks to be told, and confirms it by the mail's link."""
    ann = place.ann
    now = ann.clock.now_ms()
    wanted = Incident("", FAULT, now, "Large files stop half-way. Small ones work.", now + HOUR_MS, is_public=True)
    incident_id = place.desk.incidents().open_incident(ann.ids.client_key(), wanted)
    ann.wait(lambda: ann.reader.incident(incident_id) is not None)
    sees(place, place.office.address, FAULT, "We expect to repair it by")
    place.look("banner")
    place.browser.one(".follow input[type=email]").write(ADDRESS)
    place.browser.click(".follow button")
    place.browser.wait_words("Please look into your mail")
    place.look("follow-asked")
    mail = place.mail.wait_for("Tell me when")
    place.read(mail, "follow")
    sees(place, place.link(mail, "/incidents/confirm/"), FAULT)
    place.look("follow-confirm")
    place.browser.click("form.ask button")
    place.browser.wait_words("We write to you once it is repaired")
    place.look("follow-confirmed")
    ann.wait(lambda: incident(place, incident_id).followers == 1)
    return incident(place, incident_id)


def incident(place: Hamlet, incident_id: str) -> Incident:
    found = place.ann.reader.incident(incident_id)
    assert found is not None
    return found


def asks_all_the_same(place: Hamlet, fault: Incident) -> str:
    """Her ticket is gathered with the others of that fault; her page tells of it. The ticket."""
    write(place, SUBJECT, TEXT)
    send(place)
    place.browser.wait_words("Your question has arrived")
    assert FAULT in place.browser.words()
    place.look("sent-with-fault")
    place.read(place.mail.wait_for("request #1"), "confirmation-with-fault")
    place.ann.wait(lambda: len(ticket_ids(place)) == 1)
    [ticket_id] = ticket_ids(place)
    now, key = place.ann.clock.now_ms(), place.ann.ids.client_key()
    place.ann.put(EditTicket(key, ticket_id, {"incidentId": fault.id}, {"incidentId": None}, now))
    place.ann.wait(lambda: not place.ann.reader.outbox())
    return ticket_id


def test_she_is_told_of_a_fault_and_says_that_it_works_again(place: Hamlet) -> None:
    fault = hears_of_the_fault(place)
    ticket_id = asks_all_the_same(place, fault)
    later = replace(fault, eta=(fault.eta or 0) + HOUR_MS)
    place.desk.incidents().change_incident(fault, later)
    mail = place.mail.wait_for("news of the repair")
    assert "We now expect it to be repaired by" in place.read(mail, "new-eta")
    sees(place, place.link(mail), FAULT, "We tell you when it is repaired.")
    place.look("gathered")
    repaired = replace(later, fixed_at=place.ann.clock.now_ms())
    place.desk.incidents().change_incident(later, repaired)
    mail = place.mail.wait_for("#1: repaired")
    place.read(mail, "repaired")
    sees(place, place.link(mail), "Does it work again?")
    place.look("repaired")
    place.browser.click("form[action$=works] button")
    place.browser.wait_words("It is closed")
    place.look("works", closely=True)
    place.ann.wait(lambda: incident(place, fault.id).works == 1)
    detail = place.ann.reader.ticket(ticket_id)
    assert detail is not None
    assert detail.row.status is Status.CLOSED
    assert place.count("letter") == len(place.mail.mails()) == 4  # one of the repair, though her address follows it too
