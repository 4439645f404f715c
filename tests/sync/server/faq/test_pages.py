"""The public FAQ pages on both databases: found, read, counted once a day, and harmless whatever was written."""

from collections.abc import Iterator

import pytest

from sync.domain.faq import Status
from sync.domain.times import DAY_MS
from sync.server.audit import ADMINISTRATOR
from sync.server.faq.counts import week_of
from sync.server.faq.entries import Draft
from sync.server.web.languages import best, name_of, wanted
from tests.rigs.street import Street, street_at

NASTY = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> ![p](https://evil.example/p.png) [x](javascript:alert(1)) "
    "[good](https://good.example/way) [d](data:text/html,x) \"quoted\" & 'so'"
)


@pytest.fixture
def street(server_database: str) -> Iterator[Street]:
    with street_at(server_database) as opened:
        yield opened


def add(street: Street, question: str, answer: str = "This way.", *categories: str, language: str = "en") -> str:
    draft = Draft(question, answer, frozenset(categories), language, Status.PUBLISHED)
    entries = street.house.faq.entries
    return street.house.parts.journal.write(lambda: entries.add(draft, ADMINISTRATOR))


def counted(street: Street) -> tuple[int, int, int]:
    [row] = street.house.faq.everything()
    return row["shown"], row["opened"], row["answered"]


def test_the_list_is_by_category_and_in_the_readers_language(street: Street) -> None:
    assert "no answers here yet" in street.get("/faq").text
    street.clock.advance(60_000)
    add(street, "Charged twice?", "Yes.", street.category)
    add(street, "Opening hours")
    add(street, "Öffnungszeiten", language="de")
    english = street.get("/faq", headers={"accept-language": "fr, en-GB;q=0.8, de;q=0.2"}).text
    assert "Charged twice?" in english
    assert english.index("Billing") < english.index("Charged twice?") < english.index("Everything else")
    assert "Öffnungszeiten" not in english
    assert '<a href="/faq?language=de" lang="de" hreflang="de">Deutsch</a> (1)' in english
    german = street.get("/faq?language=de").text
    assert "Öffnungszeiten" in german
    assert "Opening hours" not in german


def test_a_search_finds_and_says_so(street: Street) -> None:
    add(street, "My download breaks off", "Start it again.")
    page = street.get("/faq?q=downloads+stop")
    assert page.status_code == 200
    assert "1 answer about" in page.text
    assert "/faq/my-download-breaks-off" in page.text
    assert "Nothing about" in street.get("/faq?q=printer").text
    assert "<script" not in street.get("/faq?q=%3Cscript%3Ealert(1)%3C/script%3E").text.split("<main", 1)[1]


def test_an_answer_is_read_and_counted_once_a_day(street: Street) -> None:
    add(street, "Opening hours", "From **nine** to five.")
    page = street.get("/faq/opening-hours")
    assert "<strong>nine</strong>" in page.text
    assert "set-cookie" not in page.headers
    assert "Did this answer your question?" in page.text
    street.get("/faq/opening-hours")
    assert counted(street) == (0, 1, 0)
    for _ in range(2):
        answer = street.post("/faq/opening-hours/answered", {})
        assert (answer.status_code, answer.headers["location"]) == (303, "/faq/opening-hours?thanks=1")
    assert "Good that it helped" in street.get("/faq/opening-hours?thanks=1").text
    assert counted(street) == (0, 1, 1)
    street.clock.advance(DAY_MS)
    json = street.session.post("http://testserver/faq/opening-hours/answered", headers={"accept": "application/json"})
    assert json.status_code == 204
    assert counted(street) == (0, 1, 2)
    assert street.house.faq.published("opening-hours") is not None


def test_other_sites_and_browsers_that_fetch_ahead_count_nothing(street: Street) -> None:
    add(street, "Opening hours")
    street.post("/faq/opening-hours/answered", {}, headers={"sec-fetch-site": "cross-site"})
    street.get("/faq/opening-hours", headers={"sec-purpose": "prefetch"})
    assert counted(street) == (0, 0, 0)


def test_drafts_and_what_is_not_there_look_alike(street: Street) -> None:
    entries = street.house.faq.entries
    street.house.parts.journal.write(lambda: entries.add(Draft("Secret plan", "x"), ADMINISTRATOR))
    for path in ("/faq/secret-plan", "/faq/nothing"):
        answer = street.get(path)
        assert (answer.status_code, "no such answer" in answer.text) == (404, True)
        assert street.post(f"{path}/answered", {}).status_code == 404
    assert "Secret" not in street.get("/faq").text


def test_whatever_was_written_is_shown_and_does_nothing(street: Street) -> None:
    add(street, "Nasty <b>question</b>", NASTY)
    page = street.get("/faq/nasty-b-question-b").text.split("<main", 1)[1]
    for harmful in ("<script", "<img", 'href="javascript', 'href="data', "<b>"):
        assert harmful not in page
    assert 'href="https://good.example/way" rel="noopener noreferrer nofollow">good</a> (good.example)' in page
    listed = street.get("/faq").text.split("<main", 1)[1]
    assert "Nasty &lt;b&gt;question&lt;/b&gt;" in listed


def test_offers_while_somebody_writes(street: Street) -> None:
    add(street, "My download breaks off", "Start it **again**.")
    asked = {"subject": "Download", "text": "it always stops", "category": street.category}
    answer = street.get("/faq/offers", params=asked)
    assert answer.json()["offers"] == [
        {
            "id": street.house.faq.everything()[0]["id"],
            "question": "My download breaks off",
            "excerpt": "Start it again.",
            "href": "/faq/my-download-breaks-off",
        }
    ]
    assert counted(street) == (1, 0, 0)
    assert street.get("/faq/offers", params=asked).json() == answer.json()
    assert counted(street) == (1, 0, 0)
    assert street.get("/faq/offers", params={"text": "printer"}).json() == {"offers": []}
    assert street.get("/faq/offers").json() == {"offers": []}


def test_one_address_may_not_look_without_end(street: Street) -> None:
    street.house.parts.settings.put("faq.offers_per_hour", "2")
    answers = [street.get("/faq/offers", params={"text": f"word{number}"}).status_code for number in range(3)]
    assert answers == [200, 200, 429]
    assert street.get("/faq").status_code == 200


def test_counts_reach_workstations_later_and_by_the_week(street: Street) -> None:
    entry_id = add(street, "Opening hours")
    team = street.house.parts.accounts.team
    state = "SELECT changed FROM object_state WHERE type = 'FaqEntry'"
    before = street.rows(state)
    street.house.faq.count(entry_id, "answered")
    assert street.rows(state) == before
    assert street.house.faq.tell_counts() == 1
    assert street.house.faq.tell_counts() == 0
    assert street.rows(state) > before
    street.clock.advance(8 * DAY_MS)
    street.house.faq.count(entry_id, "shown")
    weeks = street.house.parts.database.read(lambda: street.house.faq.counts.weeks(5))
    now = week_of(street.clock.now_ms())
    assert weeks == [(now - 7 * DAY_MS, 0, 0, 1), (now, 1, 0, 0)]
    assert team is not None


def test_no_address_is_kept(street: Street) -> None:
    entry_id = add(street, "Opening hours")
    street.house.faq.count(entry_id, "opened", "192.0.2.77")
    kept = [str(one) for table in ("faq_seen", "faq_day", "faq_week") for one in street.rows(f"SELECT * FROM {table}")]  # noqa: S608  # the test's own words
    assert len(kept) == 3
    assert not any("192.0.2.77" in one for one in kept)
    street.clock.advance(DAY_MS)
    street.house.faq.counts.forget_days()
    assert street.count("faq_seen") == street.count("faq_day") == 0


def test_languages_as_browsers_say_them() -> None:
    assert wanted("de-AT, en;q=0.5, fr;q=0.9, *;q=0, es;q=x") == ["de-at", "fr", "en"]
    assert best(wanted("pt-BR"), ["pt", "en"]) == "pt"
    assert best(wanted("zh"), ["pt", "en"]) is None
    assert (name_of("de"), name_of("pt-BR"), name_of("tlh")) == ("Deutsch", "Português (BR)", "tlh")
