"""What fits a question, on both databases: by stems, without words that say nothing, useful answers first."""

from collections.abc import Iterator
from functools import partial
from random import Random

import pytest

from sync.domain.errors import Rejected
from sync.domain.faq import Status
from sync.server.audit import ADMINISTRATOR
from sync.server.backup import back_up, restore_into
from sync.server.faq import ranking
from sync.server.faq.entries import Draft, draft_of
from sync.server.faq.ranking import Record, score, usefulness
from sync.server.house import House
from tests.rigs.bureau import QUICK_HASHER, HandClock

DOWNLOAD = "My download breaks off"
INVOICE = "How do I get an invoice?"
GERMAN = "Wie bekomme ich meine Rechnungen?"


class Shelf:
    """A house whose FAQ is filled by hand."""

    def __init__(self, house: House, clock: HandClock) -> None:
        self.house = house
        self.faq = house.faq
        self.clock = clock

    def add(self, question: str, answer: str = "Like this.", *categories: str, language: str = "en") -> str:
        draft = Draft(question, answer, frozenset(categories), language, Status.PUBLISHED)
        return self.house.parts.journal.write(lambda: self.faq.entries.add(draft, ADMINISTRATOR))

    def change(self, entry_id: str, **changed: object) -> None:
        [row] = [one for one in self.faq.everything() if one["id"] == entry_id]
        whole = draft_of({**row, **changed})
        self.house.parts.journal.write(lambda: self.faq.entries.change(row, whole, ADMINISTRATOR))

    def found(self, text: str, category: str | None = None, language: str | None = None) -> list[str]:
        return [one.question for one in self.faq.matching(text, category, language)]


@pytest.fixture
def shelf(server_database: str) -> Iterator[Shelf]:
    clock = HandClock()
    house = House.open(server_database, clock, Random(3), QUICK_HASHER)
    try:
        yield Shelf(house, clock)
    finally:
        house.close()


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.add(DOWNLOAD, "Start it again: it goes on where it was.")
    shelf.add(INVOICE, "Open your account, then *Invoices*.")
    shelf.add(GERMAN, "Im Konto unter Rechnungen.", language="de")
    return shelf


ASKED = {
    "download stops": [DOWNLOAD],
    "My downloads always stop after ten minutes!": [DOWNLOAD],
    "downl": [DOWNLOAD],
    "INVOICES": [INVOICE],
    "Ich habe die Rechnung nicht bekommen": [GERMAN],
    "the and of a": [],
    "": [],
    "'\"\\:*&|!<->()": [],
    "NEAR AND OR NOT": [],
    "printer jam": [],
}


def test_stems_agree_and_words_that_say_nothing_do_not_count(filled: Shelf) -> None:
    assert {text: filled.found(text) for text in ASKED} == ASKED


def test_only_what_is_published_is_offered(filled: Shelf) -> None:
    entry_id = filled.add("Refund of a payment")
    assert filled.found("refund payment") == ["Refund of a payment"]
    filled.change(entry_id, status="draft")
    assert filled.found("refund payment") == []
    assert filled.faq.published("refund-of-a-payment") is None
    filled.change(entry_id, status="published", question="Money back")
    assert filled.found("refund payment") == []
    assert filled.found("money back") == ["Money back"]


def test_what_is_deleted_is_not_offered(filled: Shelf) -> None:
    [row] = [one for one in filled.faq.everything() if one["question"] == DOWNLOAD]
    filled.house.parts.journal.write(lambda: filled.faq.entries.remove(row, ADMINISTRATOR))
    assert filled.found("download stops") == []


def test_an_entry_of_some_categories_is_offered_there_only(shelf: Shelf) -> None:
    billing, repairs = shelf.house.grants.add_category("Billing"), shelf.house.grants.add_category("Repairs")
    shelf.add("Late payment", "Pay.", billing)
    shelf.add("Payment by card", "Yes.")
    assert set(shelf.found("payment", billing)) == {"Late payment", "Payment by card"}
    assert shelf.found("payment", repairs) == ["Payment by card"]
    assert set(shelf.found("payment")) == {"Late payment", "Payment by card"}
    assert shelf.found("payment", 'c" OR x') == ["Payment by card"]


def test_the_useful_answer_comes_first(shelf: Shelf) -> None:
    shelf.add("Password forgotten once", "One.")
    useful = shelf.add("Password forgotten twice", "Two.")
    for number in range(30):
        shelf.faq.count(useful, "shown", f"192.0.2.{number}")
        shelf.faq.count(useful, "answered", f"192.0.2.{number}")
    assert shelf.found("I forgot... password forgotten")[0] == "Password forgotten twice"


def test_the_own_language_comes_first(shelf: Shelf) -> None:
    shelf.add("Login mit Passwort", "Ja.", language="de")
    shelf.add("Login with password", "Yes.")
    assert shelf.found("login", language="de-AT")[0] == "Login mit Passwort"
    assert shelf.found("login", language="en")[0] == "Login with password"


def test_one_word_in_passing_is_no_answer_but_is_found_by_a_search(filled: Shelf) -> None:
    text = "the printer in the office prints my account badge upside down since monday"
    assert filled.found(text) == []
    assert [one.question for one in filled.faq.search(text)] == [INVOICE]


def test_both_databases_give_the_same_relevance(filled: Shelf) -> None:
    [hit] = filled.house.parts.database.read(lambda: filled.faq._index.hits("download breaks again", None))
    assert (hit.matched, hit.in_question, hit.question_words, hit.asked) == (2, 2, 2, 2)
    rarity = ranking.rarity(1, 3)
    assert hit.relevance == pytest.approx(2 * ranking.QUESTION_WEIGHT * rarity)


def test_a_backup_comes_back_with_its_index(filled: Shelf, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("backup")
    back_up(filled.house.parts.database, folder / "copy")
    restore_into(str(folder / "new.sqlite"), folder / "copy", filled.clock)
    restored = House.open(folder / "new.sqlite", filled.clock, Random(4), QUICK_HASHER)
    try:
        assert [one.question for one in restored.faq.matching("download stops")] == [DOWNLOAD]
    finally:
        restored.close()


def test_what_the_index_lost_is_put_back(filled: Shelf) -> None:
    database = filled.house.parts.database
    lost = (
        ["UPDATE faq_entry SET words = NULL"]
        if database.is_postgres
        else ["DELETE FROM faq_words", "DELETE FROM faq_place"]
    )
    database.write(lambda: [database.execute(one) for one in lost])
    assert filled.found("download stops") == []
    filled.faq.mend()
    assert filled.found("download stops") == [DOWNLOAD]
    assert len(filled.faq.search("download invoice rechnung")) == 3


def test_the_formula_is_the_stated_one() -> None:
    assert usefulness(0, 0) == pytest.approx(0.1)
    assert score(2.0, Record("en", 0, 0), None) == pytest.approx(2.0)
    assert score(1.0, Record("en", 10_000, 10_000), None) == pytest.approx(0.5 + 1 / 1.1, abs=0.01)
    assert score(1.0, Record("en", 10_000, 0), None) == pytest.approx(0.5, abs=0.01)
    assert score(1.0, Record("de", 0, 0), "de-AT") == pytest.approx(1.25)
    assert ranking.near_best([(1.0, "a"), (0.2, "b"), (4.0, "c")]) == ["c", "a"]


REFUSED = (
    Draft("", "Words"),
    Draft("Question", "", status=Status.PUBLISHED),
    Draft("Question", "Words", language="no language!"),
    Draft("Question", "Words", frozenset({"c" + "0" * 32})),
    Draft("Question", "x" * 200_000),
)


def test_what_cannot_stand_is_refused(shelf: Shelf) -> None:
    for draft in REFUSED:
        with pytest.raises(Rejected):
            shelf.house.parts.journal.write(partial(shelf.faq.entries.add, draft, ADMINISTRATOR))
    assert shelf.faq.everything() == []


def test_slugs_are_the_questions_and_stay_once_published(shelf: Shelf) -> None:
    first = shelf.add("Über-große Frage: warum?")
    second = shelf.add("Über-große Frage: warum?")
    third = shelf.add("なぜ")
    slugs = {row["id"]: row["slug"] for row in shelf.faq.everything()}
    assert slugs == {
        first: "uber-grosse-frage-warum",
        second: f"uber-grosse-frage-warum-{second[-8:]}",
        third: "answer",
    }
    shelf.change(first, question="Other words")
    assert shelf.faq.published("uber-grosse-frage-warum") is not None
