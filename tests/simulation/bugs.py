"""Every bug that is planted, each with a seed that finds it, and how many schedules find it from anywhere."""

from typing import Final

from tests.simulation import bugs_cache as cache
from tests.simulation import bugs_engine as engine
from tests.simulation import bugs_server as server
from tests.simulation.planted import Planted

PLANTED: Final = (
    Planted(engine.retries_have_a_new_key, 15),
    Planted(engine.a_lost_answer_counts_as_done, 2),
    Planted(engine.further_pages_are_forgotten, 2),
    Planted(engine.the_last_writer_wins, 12),
    Planted(engine.another_server_is_believed, 5),
    Planted(engine.a_refused_sign_in_empties_the_cache, 8),
    Planted(engine.hints_are_not_heard, 1),
    Planted(engine.polls_find_nothing, 1),
    Planted(engine.a_poll_forgets_every_other_account, 1),
    Planted(engine.one_rings_for_oneself, 3),
    Planted(engine.a_changed_access_is_not_asked_for, 17),
    Planted(engine.the_digest_is_never_told, 2),
    Planted(cache.a_revoke_deletes_nothing, 1),
    Planted(cache.a_removal_ignores_where_the_ticket_stands, 2),
    Planted(cache.a_cursor_without_its_rows, 1),
    Planted(cache.nothing_is_remembered_as_rung, 1),
    Planted(cache.a_restart_forgets_what_is_owed, 5),
    Planted(cache.files_stay_behind, 13),
    Planted(cache.refused_words_are_dropped, 4),
    Planted(cache.the_outbox_is_emptied_before_the_answer, 1),
    Planted(cache.a_fresh_copy_sweeps_nothing, 1),
    Planted(cache.words_are_in_one_place_only, 11),
    Planted(cache.a_held_reply_goes_at_once, 1),
    Planted(cache.what_is_taken_back_is_sent_all_the_same, 10),
    Planted(cache.the_index_keeps_what_left, 3),
    Planted(cache.the_log_is_never_emptied, 3),
    Planted(cache.the_newest_is_sent_first, 2),
    Planted(cache.a_merge_loses_what_waits, 15),
    Planted(cache.a_restart_keeps_sending, 15),
    Planted(cache.removals_are_ignored, 1),
    Planted(cache.a_restart_forgets_what_was_rung, 6),
    Planted(server.a_move_leaves_the_ticket_behind, 1),
    Planted(server.a_move_is_only_a_change, 2),
    Planted(server.a_revoke_is_silent, 1),
    Planted(server.a_grant_is_silent, 12),
    Planted(server.a_restore_keeps_the_epoch, 27, 120),
    Planted(server.a_number_before_the_commit, 1),
    Planted(server.get_asks_nobody, 26, 120),
    Planted(server.an_overtaken_reply_is_posted, 4),
    Planted(server.a_requester_who_asks_again_goes_unheard, 2),
    Planted(server.a_closed_ticket_still_awaits, 1),
    Planted(server.a_reply_changes_no_turn, 1),
    Planted(server.a_merged_ticket_stays_open, 16, 120),
    Planted(server.who_leaves_keeps_their_sign_in, 5),
    Planted(server.a_thread_forgets_to_move, 1),
)
