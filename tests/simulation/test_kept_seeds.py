"""Seeds that broke an invariant once: what was wrong is mended, and they stay."""

from tests.simulation.runs import run
from tests.simulation.workshop import Workshop


def test_a_clock_set_ahead_by_years_rang_twice(made: Workshop) -> None:
    """A restart forgot what had been rung, by the workstation's own clock, before its row had come."""
    assert run(made, 203, any_database=True).broken is None


def test_a_held_reply_was_sent_where_its_ticket_turned_up(made: Workshop) -> None:
    """Its ticket had moved out of sight, and asking where it stood sent the reply before its time."""
    assert run(made, 297).broken is None


def test_a_hold_did_not_outlive_the_cache(made: Workshop) -> None:
    """The side journal knew the words, and not until when they were to wait."""
    assert run(made, 1029).broken is None


def test_words_of_a_moved_ticket_stayed_in_the_log(made: Workshop) -> None:
    """Deleted from the tables, they stood in the file behind the write-ahead log until the next checkpoint."""
    assert run(made, 11).broken is None
    assert run(made, 40).broken is None


def test_a_ticket_was_offered_again_although_it_had_been_made(made: Workshop) -> None:
    """Its answer was lost, then its category was taken away: the workstation took it for never made."""
    assert run(made, 1138).broken is None
    assert run(made, 1442).broken is None


def test_words_that_had_left_stood_where_rows_had_been_moved_from(made: Workshop) -> None:
    """SQLite wipes what it deletes, and not what it leaves behind where it moves rows from page to page."""
    assert run(made, 200435).broken is None
    assert run(made, 200494).broken is None


def test_words_out_of_sight_were_said_to_be_lost_with_the_backup(made: Workshop) -> None:
    """The server had them, on a ticket that had been moved away just after it was set back."""
    assert run(made, 200500).broken is None


def test_a_draft_was_sent_and_stayed_a_draft(made: Workshop) -> None:
    """Its ticket was gone, so it stood in Undelivered; sent from there it was in two places."""
    assert run(made, 400017).broken is None


def test_a_read_mark_that_was_refused_stayed_here(made: Workshop) -> None:
    """Something in between said that it was too large."""
    assert run(made, 400211).broken is None


def test_an_edit_that_changed_nothing_was_shown_for_ever(made: Workshop) -> None:
    """The power went off before its ticket was fetched again, and nothing was new at the server."""
    assert run(made, 400335).broken is None
    assert run(made, 300110).broken is None


def test_a_quick_note_stayed_that_had_ended_before_its_row_came(made: Workshop) -> None:
    """Made and attached between two rounds: the server never told of it, and the note here was for ever."""
    assert run(made, 200055).broken is None


def test_a_ticket_was_offered_again_although_its_row_was_there(made: Workshop) -> None:
    """The first answer was lost, something in between refused the second try; the row proves it, and was not asked."""
    assert run(made, 200121).broken is None


def test_held_words_came_back_only_with_the_next_poll(made: Workshop) -> None:
    """What had nowhere to go was held by the server, and the personal account was not asked."""
    assert run(made, 200227).broken is None


def test_a_spot_check_outlived_the_server_that_had_it(made: Workshop) -> None:
    """Sent before the first copy of its account began; then the server was set back."""
    assert run(made, 300240).broken is None


def test_a_quick_note_was_attached_and_stayed(made: Workshop) -> None:
    """Taken for refused, it was ended under the id that it had here, which the server does not know."""
    assert run(made, 300394).broken is None


def test_a_colleagues_merge_does_not_mix_up_an_order(made: Workshop) -> None:
    """A note on a ticket made offline, which a colleague had merged, came behind a later one on the other ticket."""
    assert run(made, 400596).broken is None


def test_a_fetched_file_outlived_the_cache_that_knew_whose_it_was(made: Workshop) -> None:
    """That was damaged and set aside; then the file's ticket was moved out of sight before it was copied again."""
    assert run(made, 301042).broken is None


def test_the_turn_stays_where_it_came_to_though_the_ticket_it_came_from_was_deleted(made: Workshop) -> None:
    """Merged into another, then deleted by the owner: only the other's thread still tells of it."""
    assert run(made, 700449).broken is None
    assert run(made, 700508).broken is None


def test_whoever_else_wrote_to_a_ticket_stayed_behind_when_it_moved(made: Workshop) -> None:
    """By name and address, in a category where nothing of theirs stood any more."""
    assert run(made, 1, later=True).broken is None


def test_a_fresh_copy_left_out_whoever_else_wrote(made: Workshop) -> None:
    """Filing a ticket of their own later, they came to nobody who had copied before."""
    assert run(made, 15, later=True).broken is None


def test_a_closing_was_announced_twice(made: Workshop) -> None:
    """Its answer was lost, and the button was pressed again."""
    assert run(made, 5, later=True).broken is None


def test_a_refused_page_was_not_asked_for_again(made: Workshop) -> None:
    """Something in between turned it away, the live stream had told of it once, and the next poll was minutes off."""
    assert run(made, 700).broken is None


def test_a_note_passed_what_waits_behind_a_held_reply(made: Workshop) -> None:
    """As it may: a rule of the simulation knew of the held reply alone. The other has a file."""
    assert run(made, 800197, later=True).broken is None


def test_a_file_left_with_the_server_that_lost_it(made: Workshop) -> None:
    """It was set back; the words waited for their author, and their file, still here, was dropped with the account."""
    assert run(made, 811284, later=True).broken is None


def test_a_quick_note_was_there_again_beside_the_note_that_it_had_become(made: Workshop) -> None:
    """The server was set back to before it was attached, and the note waited for its author's word."""
    assert run(made, 1274, later=True).broken is None


def test_a_reply_passed_a_held_one_to_a_ticket_that_had_moved(made: Workshop) -> None:
    """Out of sight it was asked about at once, and the server, which knew where the ticket stands, took it."""
    assert run(made, 6682, later=True).broken is None


def test_a_read_mark_outlived_the_server_that_had_it(made: Workshop) -> None:
    """Acknowledged, and the server was set back before its row came."""
    assert run(made, 8497, later=True).broken is None
    assert run(made, 11277, later=True).broken is None


def test_a_catching_up_that_had_to_begin_anew_was_taken_for_whole(made: Workshop) -> None:
    """A rule of the simulation: after an absence for longer than the server remembers, the first page of many proves
    nothing."""
    assert run(made, 11632, later=True).broken is None


def test_a_quick_note_that_could_not_be_attached_is_one_still(made: Workshop) -> None:
    """Something in between refused it at once: a rule of the simulation took the question to its author for a copy."""
    assert run(made, 14532, later=True).broken is None
