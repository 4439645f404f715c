"""How alike texts are: rare words weigh more, numbers tie, forms are told from what is filled in on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.likeness import Likeness, Rarity, Text, compare, form_of, on_form, text_of
from sync.domain.piles import Why, piles, piles_over_categories
from sync.domain.records import Status
from sync.domain.similar import Because, Kind, Known, Reason, Similar, chosen, judged, similar_of, with_answers

NONE = Rarity(0, {})
ORDER = (
    "Dear all, we have purchased {item}. Please log the allocation after you receive the item, and take the receipt."
)
ITEMS = ("a monitor", "two keyboards", "a headset", "the projector", "some cables", "one dock", "a chair", "a lamp",
         "toner", "a scanner")  # fmt: skip


def known(number: int, text: str, **more: object) -> Known:
    values = {"requester_id": None, "status": Status.OPEN, "created_at": number * 1000, **more}
    return Known(f"t{number}", "C1", number, "A matter", text=text_of("", text), **values)  # type: ignore[arg-type]  # values of a test


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Invoice 2026-1143, please", {"2026-1143"}),
        ("order #1234567 and INV-20011", {"1234567", "INV-20011"}),
        ("on 2026-11-22 at 10:30, 24/12/2026, the year 2026", set()),
        ("version 3.11.7 of 12 files, 99 %", set()),
        ("x" * 500 + "123456", set()),
    ],
)
def test_numbers_of_matters_are_found_and_dates_are_none(text: str, numbers: set[str]) -> None:
    assert set(text_of("", text).numbers.values()) == numbers


def test_the_same_number_written_otherwise_is_the_same() -> None:
    likeness = compare(text_of("", "about 2026-1143"), text_of("", "for 2026/1143"), NONE.weight)
    assert likeness.numbers == ("2026-1143",)


def test_quoted_words_do_not_count_and_order_case_and_width_neither() -> None:
    one = text_of("Printer", "It is ON fire\n> you wrote: quite something else")
    other = text_of("on FIRE", "is it, printer")
    assert one.words == other.words
    assert text_of("", "ＡＢＣ").words == text_of("", "abc").words


def test_scripts_without_spaces_are_compared_too() -> None:
    one, other = text_of("", "ダウンロードが途中で止まります"), text_of("", "ダウンロードが止まります")
    assert compare(one, other, NONE.weight).score > 0.5
    assert compare(one, text_of("", "請求書を送ってください"), NONE.weight).score < 0.2


def test_a_rare_word_in_common_says_more_than_a_common_one() -> None:
    rarity = Rarity(1000, {"please": 900, "help": 800, "thanks": 800})
    rare = compare(text_of("", "please help flywheel"), text_of("", "flywheel thanks"), rarity.weight)
    common = compare(text_of("", "please help flywheel"), text_of("", "please thanks"), rarity.weight)
    assert rare.score > 0.8 > 0.3 > common.score


def test_on_a_form_the_word_that_differs_decides() -> None:
    texts = [text_of("", ORDER.format(item=item)) for item in ITEMS]
    form = form_of(texts)
    one, other, again = texts[0], texts[1], text_of("", "Hello, " + ORDER.format(item=ITEMS[0]))
    rarity = Rarity(200, {"hello": 150, "two": 90})
    plain = [compare(one, text, rarity.weight) for text in (other, again)]
    strict = [on_form(likeness, one, text, form, rarity) for likeness, text in zip(plain, (other, again), strict=True)]
    assert strict[0].score < plain[0].score
    assert strict[1].score > strict[0].score
    assert form_of(texts[:7]) is None


def test_two_words_are_no_matter() -> None:
    likeness = compare(text_of("Printer", "broken"), text_of("Printer", "broken"), NONE.weight)
    assert likeness.score == pytest.approx(1.0)
    assert not likeness.is_near


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared_either_way(one: str, other: str) -> None:
    here, there = text_of(one, other), text_of(other, one)
    likeness = compare(here, there, NONE.weight)
    assert 0 <= likeness.score <= 1 + 1e-9
    assert likeness.score == pytest.approx(compare(there, here, NONE.weight).score)
    assert isinstance(likeness, Likeness)
    assert isinstance(here, Text)


def test_at_most_five_are_chosen_and_of_each_kind_something() -> None:
    def one(number: int, kind: Kind) -> Similar:
        return Similar(f"t{number}", "C1", kind, 0.9, (), number, "x", Status.OPEN)

    found = [*(one(number, Kind.NEAR) for number in range(9)), one(20, Kind.SENDER), one(30, Kind.ANSWERED)]
    assert [row.kind for row in chosen(found)] == [Kind.NEAR] * 3 + [Kind.SENDER, Kind.ANSWERED]


def test_a_shared_number_ties_what_is_otherwise_little_alike() -> None:
    asked = known(1, "My order 2026-1143 has not come, and I have waited for three weeks now.")
    other = known(2, "Parcel 2026-1143 was left with a neighbour who moved away, order unclear.")
    [found] = judged(asked, [asked, other], NONE)
    assert found.kind is Kind.NEAR
    assert Reason(Because.NUMBER, "2026-1143") in found.reasons


def test_what_was_closed_without_an_answer_has_nothing_to_give() -> None:
    words = "The export of last month's figures stops half way through with an error."
    found = judged(known(1, words), [known(2, words, status=Status.CLOSED)], NONE)
    assert [one.kind for one in found] == [Kind.ANSWERED]
    assert with_answers(found, {}) == []
    assert with_answers(found, {"t2": "m1"})[0].answer_message_id == "m1"


def test_what_is_shown_travels() -> None:
    reasons = (Reason(Because.WORDS, "92"), Reason(Because.SENDER, "3"))
    one = Similar("t1", "C1", Kind.NEAR, 0.925, reasons, 7, "Help", Status.OPEN, None)
    assert similar_of(one.wire()) == one
    with pytest.raises(ValueError, match="odd"):
        similar_of({**one.wire(), "kind": "odd"})


def test_no_chain_leads_from_a_pile_to_what_is_not_like_its_oldest() -> None:
    words = [f"w{number}" for number in range(80)]
    tickets = [known(at, " ".join(words[at * 6 : at * 6 + 20])) for at in range(7)]
    repeats = [known(20 + at, " ".join(words[:20])) for at in range(2)]
    found = piles([*tickets, *repeats])
    assert [(pile.why, pile.ticket_ids) for pile in found] == [(Why.WORDS, ("t0", "t20", "t21"))]


def test_piles_of_one_sender_are_of_one_account_or_over_all() -> None:
    words = "The export of last month's figures stops half way through with an error."
    bob = [known(1, words, requester_id="r1"), known(2, "Something else entirely, about lunch.", requester_id="r1")]
    other = Known("t9", "C2", 9, "A matter", Status.OPEN, "r1", 9000, text_of("", words))
    assert [(pile.why, pile.ticket_ids) for pile in piles([*bob, other])] == [(Why.SENDER, ("t1", "t2"))]
    wide = piles_over_categories([*bob, other, known(3, words, requester_id="r2")])
    assert [(pile.why, pile.ticket_ids) for pile in wide] == [(Why.EVERYWHERE, ("t1", "t2", "t9"))]
