"""FAQ entries from replies: what is said to one person only is taken out."""

import pytest

from sync.domain.faq import FaqHead, FaqWords, Status, is_found, totals
from sync.domain.faq_proposal import proposal

REPLY = """Hi Oskar,

thanks for writing. The download stops when the disk is full, Oskar.
Oskar, make room, then start it again: it goes on where it was.

We will write to oskar.n@mail.example about it, Oskar Nilsson has two accounts.

Kind regards,
Ann
Help desk
--
Example Ltd
"""


def test_greeting_closing_and_names_are_taken_out() -> None:
    words = proposal("Re: [#12] AW: Download  stops", REPLY, "Oskar Nilsson", "oskar.n@mail.example")
    assert words.question == "Download stops"
    assert words.answer == (
        "thanks for writing. The download stops when the disk is full.\n"
        "Make room, then start it again: it goes on where it was.\n\n"
        "We will write to … about it, … has two accounts."
    )


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("Sehr geehrter Herr Meier,\n\nso geht es.\n\nMit freundlichen Grüßen\nAnn", "so geht es."),
        ("Restart it.\n> did you restart?\n> no", "Restart it."),
        ("Best is to restart it.", "Best is to restart it."),
        ("Hello world programs are in the examples folder. Open it.", None),
        ("Thanks: we found it. Restart it now.", None),
        ("", ""),
        ("Dear all,", ""),
    ],
)
def test_what_is_no_greeting_stays(reply: str, answer: str | None) -> None:
    assert proposal("Subject", reply).answer == (reply if answer is None else answer)


def test_short_names_stay_words() -> None:
    assert proposal("S", "So is it. Go on.", "Bo So").answer == "So is it. Go on."


def test_words_are_found_in_part_and_whatever_their_case() -> None:
    assert is_found("DOWN stop", "My download", "It stops")
    assert not is_found("down printer", "My download", "It stops")
    assert is_found(" ", "")


def test_what_became_of_entries() -> None:
    head = FaqHead("f1", "Q", frozenset(), "en", Status.PUBLISHED, "q", None, 0, 10, 4, 2)
    assert head.helped == pytest.approx(0.2)
    assert FaqHead("f2", "Q", frozenset(), "en", Status.DRAFT, "q", None, 0).helped is None
    assert totals([head, head]) == (20, 8, 4)
    assert FaqWords().language == "en"
