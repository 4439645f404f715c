"""The form: one ticket for each question, or a readable page that keeps the words."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from sync.domain.times import HOUR_MS, MINUTE_MS
from tests.rigs.street import Street

PDF = ("files", ("statement.pdf", b"%PDF-1.7 here", "application/pdf"))


def test_the_form_names_the_house_and_every_category(street: Street) -> None:
    street.house.grants.add_category("R&D <lab>")
    street.house.parts.settings.put("site_name", "learn.example help")

    answer = street.get("/")

    assert answer.status_code == 200
    assert "learn.example help" in answer.text
    assert ">Billing</option>" in answer.text
    assert ">R&amp;D &lt;lab&gt;</option>" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_house_without_categories_says_that_it_is_not_open(street: Street) -> None:
    street.house.parts.database.write(lambda: street.house.parts.database.execute("DELETE FROM category"))

    answer = street.get("/")

    assert "not open yet" in answer.text
    assert "<textarea" not in answer.text


@pytest.mark.parametrize("encoding", ["url-encoded", "multipart"])
def test_a_question_becomes_one_ticket_with_one_arrival(street: Street, encoding: str) -> None:
    path = street.asked(() if encoding == "url-encoded" else [("other", ("", b"", "text/plain"))])

    [(subject, status, channel, email)] = street.rows(
        "SELECT t.subject, t.status, t.channel, r.email FROM ticket t JOIN requester r ON r.id = t.requester_id"
    )
    assert (subject, status, channel, email) == ("Charged twice", "new", "form", "oskar.n@mail.example")
    assert street.count("message") == street.count("arrival") == 1
    assert "#1" in street.get(path).text


def test_a_category_is_taken_by_its_id_too(street: Street) -> None:
    street.asked(category=street.category)

    assert street.rows("SELECT category_id FROM ticket") == [(street.category,)]


def test_only_the_named_fields_count_and_the_first_of_each(street: Street) -> None:
    body = (
        "subject=First&subject=Second&status=closed&priority=urgent&category=Billing&name=O&email=o@mail.example&text=t"
    )
    kind = {"content-type": "Application/X-WWW-Form-Urlencoded; charset=utf-8"}

    answer = street.session.post("http://testserver/tickets", data=body, headers=kind, allow_redirects=False)

    assert answer.status_code == 303
    assert street.rows("SELECT subject, status, priority FROM ticket") == [("First", "new", "normal")]


def test_files_come_with_their_names_and_content(street: Street) -> None:
    photo = ("files", ("C:\\photos\\Übersicht 🙂.png", bytes(range(256)) * 2000, "image/png; x=y"))
    ignored = ("elsewhere", ("evil.exe", b"MZ", "application/x-msdownload"))

    path = street.asked([PDF, photo, ignored, ("files", ("", b"", "application/octet-stream"))])

    page = street.get(path).text
    assert "statement.pdf" in page
    assert "Übersicht 🙂.png" in page
    assert "512 KB" in page
    assert "evil.exe" not in page
    assert street.rows("SELECT type, size FROM blob ORDER BY size") == [("application/pdf", 13), ("image/png", 512_000)]


def test_what_is_wrong_is_marked_and_nothing_is_lost(street: Street) -> None:
    answer = street.ask([PDF], email="priya.s@mail", text="Some <b>long</b>\n\nwords")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'aria-invalid="true" aria-describedby="email-problem"' in answer.text
    assert "name@mail.example" in answer.text
    assert "choose your files again" in answer.text
    assert "Some <b>long</b>\n\nwords" in unescape(answer.text)
    assert "<b>long" not in answer.text
    assert street.count("ticket") == street.count("blob") == 0


@pytest.mark.parametrize(
    ("field", "value", "status", "words"),
    [
        ("subject", "x" * 501, 422, "the limit is 500"),
        ("text", "", 422, "write your question"),
        ("text", "x" * 4_000_001, 413, "longer than 4 MB"),
        ("category", "Nothing", 422, "choose what it is about"),
        ("website", "http://spam.example", 422, "by hand"),
    ],
)
def test_each_limit_is_named(street: Street, field: str, value: str, status: int, words: str) -> None:
    answer = street.ask((), **{field: value})

    assert answer.status_code == status
    assert words in answer.text
    assert street.count("ticket") == 0


def test_a_megabyte_of_text_in_any_script_is_stored_as_written(street: Street) -> None:
    text = "\u202eשלום 🙂 é\n\t<x>" * 60_000

    street.asked([PDF], text=text)

    assert street.rows("SELECT body_text FROM message") == [(text,)]


def test_too_many_and_too_big_files_keep_the_words(street: Street) -> None:
    street.house.parts.settings.put("form.files", "2")
    street.house.parts.settings.put("form.file_bytes", "1000000")

    many = street.ask([PDF, PDF, PDF])
    big = street.ask([("files", ("big.bin", b"x" * 1_000_001, "application/octet-stream"))])

    assert (many.status_code, big.status_code) == (422, 413)
    assert "the limit is 2" in many.text
    assert "the limit is 1 MB in all" in big.text
    assert 'value="Charged twice"' in many.text
    assert 'value="Charged twice"' in big.text
    assert street.count("blob") == 0


def test_a_body_far_over_the_limit_gets_a_page_that_names_it(street: Street) -> None:
    street.house.parts.settings.put("form.file_bytes", "100000")

    answer = street.ask([("files", ("huge.bin", b"x" * 10_000_000, "application/octet-stream"))])

    assert answer.status_code == 413
    assert "0.1 MB" in answer.text
    assert street.count("blob_chunk") == 0


def test_a_double_click_is_one_ticket_and_one_page(street: Street) -> None:
    first = street.asked([PDF], key="abc123")
    again = street.asked([PDF], key="abc123")
    other = street.asked([PDF], key="abc123", text="Other words")
    keyless = {street.asked(), street.asked()}

    assert first == again != other
    assert len(keyless) == 2
    assert street.count("ticket") == 4
    assert street.get(again).status_code == 200


def test_clicks_that_arrive_together_are_one_ticket(street: Street) -> None:
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: street.asked([PDF], key="together"), range(8)))

    assert len(set(pages)) == 1
    assert street.count("ticket") == street.count("message") == street.count("arrival") == 1


def test_many_different_questions_at_once_are_all_there(street: Street) -> None:
    street.house.parts.settings.put("form.per_hour", "100")

    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda n: street.asked(subject=f"Question {n}"), range(30)))

    assert len(set(pages)) == 30
    assert sorted(street.rows("SELECT number FROM ticket")) == [(n,) for n in range(1, 31)]
    assert street.count("requester") == 1


def test_an_address_is_asked_to_wait_and_gets_its_words_back(street: Street) -> None:
    street.house.parts.settings.put("form.per_hour", "2")
    street.asked(email="a@mail.example")
    street.clock.advance(20 * MINUTE_MS)
    path = street.asked(email="b@mail.example")
    street.ask(text="")

    refused = street.ask(email="c@mail.example", text="My precious <words>")

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == str(40 * 60)
    assert "in 40 minutes" in refused.text
    assert "My precious <words>" in unescape(refused.text)
    assert street.post(path, {"text": "more"}).status_code == 429
    street.clock.advance(40 * MINUTE_MS)
    street.asked(email="c@mail.example")
    assert street.count("ticket") == 3


def test_one_mail_address_counts_across_addresses(street: Street) -> None:
    street.house.parts.settings.put("form.per_hour", "1")
    street.asked(email="Oskar@mail.example")
    street.clock.advance(HOUR_MS)

    street.asked(email="other@mail.example")

    assert street.ask(email="oskar@mail.example").status_code == 429


def test_headers_leave_nothing_to_others(street: Street) -> None:
    for answer in (street.get("/"), street.ask(), street.ask(text=""), street.get("/t/nothing")):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    policy = street.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script.*?>", street.get("/").text) == [
        f'<script src="/static/form-{part}.js" defer>' for part in ("words", "files", "offers", "category")
    ]
    assert " on" not in "".join(re.findall(r"<[^>]*>", street.get("/").text))
    assert "style=" not in street.get("/").text


def test_the_pages_fetch_only_what_is_here(street: Street) -> None:
    assert street.get("/static/deskbell.css").headers["content-type"].startswith("text/css")
    assert street.get("/static/mark.svg").headers["content-type"] == "image/svg+xml"
    for path in ("/static/form.html", "/static/..%2f__init__.py", "/static/x"):
        assert street.get(path).status_code == 404


def test_a_reload_of_the_forms_address_leads_back(street: Street) -> None:
    answer = street.get("/tickets", allow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
