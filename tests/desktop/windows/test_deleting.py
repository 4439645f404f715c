"""Deleting: owners only, online only, after a question that names what goes."""

import pytest
from PySide6.QtWidgets import QMessageBox

from desktop.windows.deleting import Deleting
from sync.domain.errors import DeskbellError, Rejected
from sync.engine.status import Condition
from tests.rigs.frame import Frame, say_status


class Server:
    """Takes what it is asked to delete, or refuses."""

    def __init__(self) -> None:
        self.deleted: list[tuple[str, str]] = []
        self.refusal: DeskbellError | None = None

    def delete(self, account_id: str, ticket_id: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.deleted.append((account_id, ticket_id))


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def deleting(frame: Frame, server: Server) -> Deleting:
    frame.open(4187)
    return Deleting(frame.desk, frame.window, frame.parts.presenter, server.delete, is_owner=True)


def question(deleting: Deleting) -> QMessageBox:
    assert deleting.question is not None
    return deleting.question


def test_the_question_names_what_goes_and_keeping_is_the_default(deleting: Deleting, server: Server) -> None:
    deleting.begin()
    box = question(deleting)
    assert box.text() == "Delete #4187 Download stops at 62 % every time for good?"
    assert "messages 5, files 1" in box.informativeText()
    assert "Ines R.'s private page of it ends." in box.informativeText()
    assert box.defaultButton().text() == "Keep it"
    box.defaultButton().click()
    assert server.deleted == []


def test_it_is_deleted_at_the_server(deleting: Deleting, server: Server, frame: Frame) -> None:
    deleting.begin()
    next(one for one in question(deleting).buttons() if one.text() == "Delete for good").click()
    assert server.deleted == [(frame.world.account_ids["Downloads"], frame.tickets[4187])]
    assert frame.window.notice.words == "#4187 Download stops at 62 % every time is deleted."


def test_a_refusal_is_said(deleting: Deleting, server: Server, frame: Frame) -> None:
    server.refusal = Rejected("This ticket is not there any more.", "notFound")
    deleting.begin()
    next(one for one in question(deleting).buttons() if one.text() == "Delete for good").click()
    assert frame.window.notice.words == "This ticket is not there any more."


def test_offline_and_for_others_it_says_why_not(deleting: Deleting, server: Server, frame: Frame) -> None:
    say_status(frame.world, Condition.OFFLINE)
    deleting.begin()
    assert deleting.question is None
    assert "out of reach" in frame.window.notice.words
    other = Deleting(frame.desk, frame.window, frame.parts.presenter, server.delete, is_owner=False)
    other.begin()
    assert frame.window.notice.words.startswith("Only an owner may delete a ticket.")
