"""What the words of a text say of its category."""

from sync.domain.word_votes import Learning, proposed, words_of


def learnt() -> Learning:
    learning = Learning()
    for number in range(20):
        learning.add("billing", f"invoice {number} was charged twice, refund the money to my card please")
        learning.add("lamps", f"the bulb of lamp {number} flickers and its light is too dim please help")
    learning.add("rare", "a unicorn flickers")
    return learning


def test_the_words_decide() -> None:
    votes = learnt().votes(1000)

    assert proposed("My card was charged again, refund it", votes) == "billing"
    assert proposed("LAMP: light flickers", votes) == "lamps"


def test_what_is_not_clear_is_not_proposed() -> None:
    votes = learnt().votes(1000)

    assert proposed("please help", votes) is None
    assert proposed("Öffnungszeiten?", votes) is None
    assert proposed("", votes) is None
    assert proposed("card light", votes) is None
    assert proposed("anything", {}) is None


def test_a_category_with_few_texts_is_not_learnt() -> None:
    assert all("rare" not in by_category for by_category in learnt().votes(1000).values())


def test_one_category_alone_teaches_nothing() -> None:
    learning = Learning()
    for _ in range(10):
        learning.add("only", "some words here")

    assert learning.votes(1000) == {}


def test_the_words_that_tell_most_are_kept() -> None:
    votes = learnt().votes(6)

    assert len(votes) == 7
    assert "please" not in votes


def test_numbers_and_marks_are_no_words() -> None:
    assert words_of("Invoice 1143/2026: über_alles, a, 12ab") == {"invoice": 1, "über": 1, "alles": 1, "12ab": 1}
