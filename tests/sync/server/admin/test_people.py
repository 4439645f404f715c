"""Categories, agents, grants and sign-ins by command."""

import re

import pytest

from tests.rigs.terminal import PASSWORD, Terminal


def staffed(terminal: Terminal) -> Terminal:
    terminal.does("category", "add", "Billing")
    terminal.does("agent", "add", "Ann", "--password-stdin", stdin=PASSWORD + "\n")
    return terminal


def test_a_category_is_added_once(terminal: Terminal) -> None:
    made = terminal.does("category", "add", "Billing", "--limit-minutes", "30").line

    assert re.fullmatch("c[0-9a-f]{32}", made)
    assert terminal.does("category", "list").line == f"{made}\tBilling\t30"
    assert "already" in terminal.fails("category", "add", " billing ")
    assert "empty" in terminal.fails("category", "add", " ")
    assert "200 characters" in terminal.fails("category", "add", "x" * 201)


def test_a_limit_is_changed_by_name_or_id(terminal: Terminal) -> None:
    made = terminal.does("category", "add", "Billing").line

    terminal.does("category", "limit", "billing", "45")
    assert terminal.does("category", "list").line.endswith("\t45")
    terminal.does("category", "limit", made, "50")
    assert terminal.does("category", "list").line.endswith("\t50")
    assert "no category named Repairs" in terminal.fails("category", "limit", "Repairs", "5")


def test_a_category_is_described_in_a_sentence(terminal: Terminal) -> None:
    terminal.does("category", "add", "Billing")

    terminal.does("category", "describe", "billing", " Invoices\nand refunds. ")

    house = terminal.house()
    assert house.grants.find_category("Billing")["description"] == "Invoices and refunds."
    house.close()
    assert "300 characters" in terminal.fails("category", "describe", "Billing", "x" * 301)
    assert "no category named Repairs" in terminal.fails("category", "describe", "Repairs", "x")


def test_agents_are_added_with_a_role(terminal: Terminal) -> None:
    ann = terminal.does("agent", "add", "Ann", "--password-stdin", stdin=PASSWORD + "\n").line
    olga = terminal.does("agent", "add", "Olga", "--owner", "--password-stdin", stdin=PASSWORD).line

    assert terminal.does("agent", "list").out.splitlines() == [f"{ann}\tAnn\tagent", f"{olga}\tOlga\towner"]
    assert "already" in terminal.fails("agent", "add", "ANN", "--password-stdin", stdin=PASSWORD)


@pytest.mark.parametrize("given", ["", "short\n", "x" * 1001])
def test_a_password_that_is_none_is_refused(terminal: Terminal, given: str) -> None:
    assert "8 to 1000 characters" in terminal.fails("agent", "add", "Ann", "--password-stdin", stdin=given)
    assert terminal.does("agent", "list").out == ""


def test_a_new_password_signs_every_device_out(terminal: Terminal) -> None:
    house = staffed(terminal).house()
    try:
        house.sign_ins.issue("Ann", PASSWORD, "laptop", "127.0.0.1")
        assert "laptop" in terminal.does("token", "list").line

        terminal.does("agent", "password", "Ann", "--password-stdin", stdin="another horse\n")

        assert terminal.does("token", "list").out == ""
        house.sign_ins.issue("Ann", "another horse", "desktop", "127.0.0.1")
    finally:
        house.close()


def test_a_grant_is_given_and_taken_once(terminal: Terminal) -> None:
    staffed(terminal)

    assert terminal.does("grant", "Ann", "Billing").line == "Ann is granted Billing."
    assert terminal.does("grant", "ann", "billing").line == "ann was already granted billing."
    assert terminal.does("revoke", "Ann", "Billing").line == "Ann has no grant of Billing any more."
    assert terminal.does("revoke", "Ann", "Billing").line == "Ann had no grant of Billing."
    assert "no agent named Bob" in terminal.fails("grant", "Bob", "Billing")
    assert "no category named Repairs" in terminal.fails("revoke", "Ann", "Repairs")


def test_a_sign_in_is_listed_and_revoked(terminal: Terminal) -> None:
    house = staffed(terminal).house()
    try:
        issued = house.sign_ins.issue("Ann", PASSWORD, "laptop", "127.0.0.1")
    finally:
        house.close()

    listed = terminal.does("token", "list", "Ann").line
    assert listed.startswith(f"{issued.token_id}\tAnn\tlaptop\t")
    assert issued.token not in listed
    terminal.does("token", "revoke", issued.token_id)
    assert terminal.does("token", "list").out == ""
    assert "token list" in terminal.fails("token", "revoke", issued.token_id)
    assert "no agent named Bob" in terminal.fails("token", "list", "Bob")


def test_an_agent_who_leaves_stays_by_name(terminal: Terminal) -> None:
    staffed(terminal).does("grant", "Ann", "Billing")

    terminal.does("agent", "deactivate", "Ann")

    assert terminal.does("agent", "list").line.endswith("\tAnn\tdeactivated")
    assert terminal.does("revoke", "Ann", "Billing").line == "Ann had no grant of Billing."


def test_open_tickets_of_who_leaves_go_to_a_colleague_and_the_last_owner_stays(terminal: Terminal) -> None:
    staffed(terminal)
    for name in ("Ben", "Olga"):
        terminal.does("agent", "add", name, "--password-stdin", stdin=PASSWORD + "\n")
    terminal.does("agent", "owner", "Olga")
    assert "only owner" in terminal.fails("agent", "owner", "Olga", "--no")
    assert "only owner" in terminal.fails("agent", "deactivate", "Olga")
    assert "active colleague" in terminal.fails("agent", "deactivate", "Ann", "--reassign-to", "Ann")

    terminal.does("agent", "deactivate", "Ann", "--reassign-to", "Ben")
    assert "Ann\tdeactivated" in terminal.does("agent", "list").out
    terminal.does("agent", "reactivate", "Ann")
    assert "Ann\tagent" in terminal.does("agent", "list").out


def test_a_grant_may_be_of_the_second_line(terminal: Terminal) -> None:
    staffed(terminal)

    assert terminal.does("grant", "ann", "billing", "--second-line").line.endswith("billing, in the second line.")
    assert terminal.does("grant", "ann", "billing", "--second-line").line.endswith("was already granted billing.")
    assert terminal.does("grant", "ann", "billing").line.endswith("in the first line now.")
