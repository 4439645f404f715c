"""The requester's page: their words and the replies, files, further words, and nothing else."""

import base64
from html import unescape

import pytest

from sync.domain.records import MessageKind
from sync.domain.times import DAY_MS, HOUR_MS
from sync.server.mail.links import Links
from sync.server.merging import Merging
from sync.server.parts import Colleague
from tests.rigs.street import Street

FILE = ("files", ("notes.txt", b"line one\n", "text/html"))


def test_replies_are_shown_and_notes_and_events_never(street: Street) -> None:
    path = street.asked()
    ticket = street.only_ticket()
    street.write(ticket, MessageKind.NOTE, "He is a difficult one")
    street.edit(ticket, "priority", "urgent")
    street.write(ticket, MessageKind.REPLY, "We <paid> it back.\n\nAnn")

    page = street.get(path)

    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "We <paid> it back.\n\nAnn" in unescape(page.text)
    assert "<paid>" not in page.text
    assert "difficult" not in page.text
    assert "urgent" not in page.text
    assert "wait for you" in page.text
    assert ">Ann<" in page.text
    assert "oskar.n@mail.example" not in page.text


@pytest.mark.parametrize(
    "path",
    ["/t/x", "/t/" + "A" * 43, "/t/" + "A" * 42 + "=", "/t/%00", "/t/é", "/t/" + "A" * 43 + "/files/b1/x", "/t/A%20B"],
)
def test_an_unknown_page_gets_the_same_answer_always(street: Street, path: str) -> None:
    answer = street.get(path)

    assert answer.status_code == 404
    assert answer.text == street.get("/t/" + "B" * 43).text
    if "/files/" not in path:
        assert street.post(path, {"text": "Hello"}).status_code == 404


def test_further_words_stand_on_the_ticket_and_ring(street: Street) -> None:
    path = street.asked()
    street.write(street.only_ticket(), MessageKind.REPLY, "Which invoice?")

    answer = street.post(path, {"text": "The one of May", "key": "k1"})
    again = street.post(path, {"text": "The one of May", "key": "k1"})

    assert answer.status_code == again.status_code == 303
    assert answer.headers["location"] == again.headers["location"] == path
    assert "The one of May" in street.get(path).text
    assert street.rows("SELECT status, awaiting, last_seq FROM ticket") == [("open", "team", 3)]
    assert street.rows("SELECT kind FROM arrival ORDER BY id") == [("new",), ("inbound",)]


def test_files_alone_are_enough_and_nothing_at_all_is_not(street: Street) -> None:
    path = street.asked()

    assert street.post(path, {"text": " "}, [FILE]).status_code == 303
    empty = street.post(path, {"text": " \n"})

    assert empty.status_code == 422
    assert "Please write your question" in empty.text
    assert "Charged twice" in empty.text
    assert street.rows("SELECT body_text FROM message WHERE seq = 2")[0][0].strip() == ""


def test_a_file_is_a_download_that_no_browser_runs(street: Street) -> None:
    path = street.asked([FILE])
    [(blob_id,)] = street.rows("SELECT id FROM blob")

    answer = street.get(f"{path}/files/{blob_id}/anything%2F..%2Fat-all")

    assert answer.content == b"line one\n"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith('attachment; filename="notes.txt"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_is_only_to_be_had_on_its_own_page(street: Street) -> None:
    street.asked([FILE])
    other = street.asked()
    [(blob_id,)] = street.rows("SELECT id FROM blob")

    for name in (blob_id, "b" + "0" * 32, "%00", "x" * 5000):
        assert street.get(f"{other}/files/{name}/notes.txt").status_code == 404


def test_a_file_of_a_note_is_not_to_be_had(street: Street) -> None:
    path = street.asked([FILE])
    [(blob_id,)] = street.rows("SELECT id FROM blob")
    database = street.house.parts.database
    database.write(lambda: database.execute("UPDATE message SET kind = 'note'"))

    assert street.get(f"{path}/files/{blob_id}/notes.txt").status_code == 404


def test_words_on_a_closed_ticket_open_it_again_for_a_while(street: Street) -> None:
    path = street.asked()
    street.edit(street.only_ticket(), "status", "closed")
    assert "It is closed" in street.get(path).text
    street.clock.advance(14 * DAY_MS)

    street.post(path, {"text": "Not solved"})

    assert street.rows("SELECT status, awaiting FROM ticket") == [("open", "team")]


def test_words_long_after_closing_are_a_ticket_and_a_page_of_their_own(street: Street) -> None:
    path = street.asked()
    first = street.only_ticket()
    street.edit(first, "status", "closed")
    street.clock.advance(14 * DAY_MS + 1)

    answer = street.post(path, {"text": "It is back", "key": "once"}, [FILE])
    again = street.post(path, {"text": "It is back", "key": "once"}, [FILE])

    follow_up = answer.headers["location"]
    assert follow_up == again.headers["location"] != path
    assert street.rows("SELECT number, follow_up_of, status FROM ticket WHERE id <> ?", first) == [(2, first, "new")]
    page = street.get(follow_up).text
    assert "It is back" in page
    assert "#2" in page
    assert "It is back" not in street.get(path).text


def _merge(street: Street, source: str, target: str) -> None:
    parts, ticketing = street.house.parts, street.house.ticketing
    ann = Colleague(street.agent, "Ann", "o1", is_owner=False)

    def work() -> None:
        ticket = ticketing.held(source)
        assert ticket is not None
        Merging(parts, ticketing).merge(ticket, target, ann)

    parts.journal.write(work)


def test_the_page_of_a_merged_ticket_shows_nothing_of_the_other_to_whoever_only_knows_the_address(
    street: Street,
) -> None:
    old, new = street.asked(subject="Old"), street.asked(subject="New", text="Second words")
    [(first,), (second,)] = street.rows("SELECT id FROM ticket ORDER BY number")
    _merge(street, first, second)
    street.clock.advance(1000)

    answer = street.post(old, {"text": "More of the old"})
    street.write(second, MessageKind.REPLY, "An answer with their balance.")

    assert answer.headers["location"] == old
    assert street.rows("SELECT ticket_id FROM message WHERE body_text = 'More of the old'") == [(second,)]
    assert "An answer with their balance." in street.get(new).text
    assert "More of the old" in street.get(new).text
    for words in ("Second words", "An answer with their balance.", "New"):
        assert words not in street.get(old).text
    assert "goes on in another" in street.get(old).text


def test_the_page_of_a_merged_ticket_says_nothing_for_whoever_only_knows_the_address(street: Street) -> None:
    street.house.parts.settings.put("calendar.hours", "Mo-Su 00:00-24:00")
    old, new = street.asked(subject="Old"), street.asked(subject="New")
    [(first,), (second,)] = street.rows("SELECT id FROM ticket ORDER BY number")
    street.clock.advance(5 * HOUR_MS)
    street.post(f"{new}/waiting", {"said": "yes"})
    for one in (first, second):
        street.write(one, MessageKind.REPLY, "Which invoice?")
    street.post(f"{new}/rating", {"rating": "bad"})
    street.post(new, {"text": "That one"})
    _merge(street, first, second)
    street.clock.advance(5 * HOUR_MS)
    said = "SELECT status, awaiting, reminders, rating FROM ticket ORDER BY number"
    before, told = street.rows(said), street.count("message")

    page = street.get(old).text
    for button, fields in (
        ("solved", {}),
        ("waiting", {}),
        ("rating", {"rating": "good"}),
        ("works", {}),
        ("broken", {}),
    ):
        assert f"{old}/{button}" not in page
        assert street.post(f"{old}/{button}", {"said": "yes", **fields}).headers["location"] == old

    assert before[1] == ("open", "team", 1, "bad")
    assert (street.rows(said), street.count("message")) == (before, told)
    for words in ("reminded", "rated", 'class="expected"'):
        assert words in street.get(new).text
        assert words not in page


def _mailed(street: Street, ticket_id: str) -> str:
    """The path of the link that letters about a ticket carry."""
    street.house.parts.settings.put("public_url", "https://help.example")
    links = Links(street.house.parts, street.house.secrets)
    link = street.house.parts.journal.write(lambda: links.of(ticket_id))
    assert link is not None
    return link.removeprefix("https://help.example")


def test_the_mailed_link_of_a_merged_ticket_leads_on_until_links_are_renewed(street: Street) -> None:
    page = street.asked(subject="Old")
    street.asked(subject="New", text="Second words")
    [(first,), (second,)] = street.rows("SELECT id FROM ticket ORDER BY number")
    old, new = _mailed(street, first), _mailed(street, second)
    assert street.get(old, allow_redirects=False).status_code == 200
    _merge(street, first, second)

    answer = street.get(old, allow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, new)
    assert "Second words" in street.get(old).text
    assert "Your ticket #1 goes on here" in street.get(old).text
    assert street.get(page, allow_redirects=False).status_code == 200
    assert "have it sent again" in street.get(page).text
    links = Links(street.house.parts, street.house.secrets)
    street.house.parts.journal.write(lambda: links.renew(second))
    assert {street.get(one).status_code for one in (old, new, page)} == {404}
    assert street.get(_mailed(street, first)).url.endswith(_mailed(street, second))


def test_no_link_leads_on_to_somebody_elses_ticket(street: Street) -> None:
    street.asked(email="me@mail.example")
    street.asked(email="they@mail.example", text="Their secret")
    [(first,), (second,)] = street.rows("SELECT id FROM ticket ORDER BY number")
    mine = _mailed(street, first)
    _merge(street, first, second)

    answer = street.get(mine, allow_redirects=False)

    assert answer.status_code == 200
    assert "goes on in another" in answer.text
    assert "Their secret" not in answer.text
    assert "on here" not in street.get(_mailed(street, second)).text


def test_what_a_mail_quotes_is_folded_away(street: Street) -> None:
    path = street.asked(text="It is Linux.\n\n> You wrote:\n>> Which system?")
    street.write(street.only_ticket(), MessageKind.REPLY, "Thank you.\n\n> It is Linux.")

    page = unescape(street.get(path).text)

    assert '<div class="text" dir="auto">It is Linux.</div>' in page
    assert ">> Which system?" in page.partition("<summary>Signature and quoted words</summary>")[2]
    assert "Thank you.\n\n> It is Linux." in page


def test_a_matter_that_was_never_answered_and_is_closed_asks_nothing(street: Street) -> None:
    path = street.asked()
    assert "How does it stand?" in street.get(path).text
    street.edit(street.only_ticket(), "status", "closed")
    assert "How does it stand?" not in street.get(path).text


def test_a_merge_shows_nobody_the_words_of_another_person(street: Street) -> None:
    mine = street.asked(email="me@mail.example", name="Me", text="My secret")
    theirs = street.asked(email="they@mail.example", name="They", text="Their secret")
    [(first,), (second,)] = street.rows("SELECT id FROM ticket ORDER BY number")
    _merge(street, first, second)

    street.post(mine, {"text": "More of mine"})

    page = street.get(mine).text
    assert "My secret" in page
    assert "More of mine" in page
    assert "Their secret" not in page
    for words in ("My secret", "More of mine"):
        assert words not in street.get(theirs).text
    [(author,)] = street.rows("SELECT author_id FROM message WHERE body_text = 'More of mine'")
    assert street.rows("SELECT name FROM requester WHERE id = ?", author) == [("Me",)]


def test_the_page_of_a_merged_ticket_says_that_it_is_being_answered_and_no_more(street: Street) -> None:
    mine = street.asked(email="me@mail.example", subject="Mine")
    street.asked(email="they@mail.example", subject="Their subject")
    [(first,), (second,)] = street.rows("SELECT id FROM ticket ORDER BY number")
    _merge(street, first, second)
    page = street.get(mine).text
    assert "We are working on it." in page
    assert "Mine" in page
    assert "Their subject" not in page

    street.write(second, MessageKind.REPLY, "An answer to them.")
    assert "We are working on it." in street.get(mine).text
    assert "An answer to them." not in street.get(mine).text
    street.edit(second, "status", "closed")
    assert "It is closed." in street.get(mine).text


def test_a_long_thread_shows_its_newest_and_says_so(street: Street) -> None:
    path = street.asked()
    ticket = street.only_ticket()
    for n in range(205):
        street.write(ticket, MessageKind.REPLY, f"Reply number {n:03}.")

    page = street.get(path).text

    assert "newest 200 messages" in page
    assert "Reply number 204." in page
    assert "Reply number 004." not in page
    assert page.index("Reply number 100.") < page.index("Reply number 101.")


def test_only_hashes_of_secrets_are_kept(street: Street) -> None:
    path = street.asked(key="one")
    street.edit(street.only_ticket(), "status", "closed")
    street.clock.advance(15 * DAY_MS)
    follow_up = street.post(path, {"text": "Again", "key": "two"}).headers["location"]

    kept = str(street.rows("SELECT * FROM receipt")) + str(street.rows("SELECT * FROM page_secret"))

    for page in (path, follow_up):
        secret = page.removeprefix("/t/")
        assert secret not in kept
        assert base64.urlsafe_b64decode(secret + "=").hex() not in kept
