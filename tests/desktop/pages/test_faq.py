"""The FAQ page over a real server: written, kept, published, deleted, and nothing lost on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as QtGuiNames
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.pages.faq import FaqPage
from sync.domain.faq import FaqWords, Status
from sync.engine.status import Condition
from tests.rigs.faq import ENTRIES, page_of, show_faq, show_faq_of_owner
from tests.rigs.frame import Frame, say_status
from tests.rigs.hostile import MARK, TEXTS
from tests.rigs.office import Office, office_in_process
from tests.rigs.seat import Seat, seat_of
from tests.rigs.world import AIKO, ME


class Table:
    """Ann's page over the server, and Bea's connector beside it."""

    def __init__(self, office: Office, ann: Seat, bea: Seat, page: FaqPage) -> None:
        self.office = office
        self.ann = ann
        self.bea = bea.connector.faq()
        self.page = page
        page.sync_wanted.connect(ann.sync)

    def at_server(self) -> list[tuple[str, str, str]]:
        rows = self.office.house.faq.everything()
        return [(row["question"], row["answer"], row["status"]) for row in rows]

    def write(self, question: str | None = None, answer: str | None = None) -> None:
        if question is not None:
            self.page.editor.question.setText(question)
        if answer is not None:
            self.page.editor.answer.setPlainText(answer)
        self.page._written()

    def listed(self) -> list[str]:
        cards = self.page.cards._cards
        found = (cards.card(row) for row in range(cards.rowCount()))
        return [card.title for card in found if card is not None]


@pytest.fixture
def table(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Table]:
    with office_in_process(tmp_path) as office:
        category = office.category("Billing")
        for name in ("Ann", "Bea"):
            office.agent(name, category, is_owner=name == "Ann")
        with seat_of(office, "Ann", tmp_path, qapp) as ann, seat_of(office, "Bea", tmp_path, qapp) as bea:
            page = FaqPage(ann.desk, ann.connector.faq)
            qtbot.addWidget(page)
            ann.desk.bridge.changed.connect(page.reload)
            page.resize(1200, 800)
            page.show()
            yield Table(office, ann, bea, page)
            page.flush()


def test_a_new_entry_is_kept_here_then_saved_then_published(table: Table) -> None:
    page = table.page
    page.new.click()
    table.write("How do I pay?", "By *card*.")
    page.flush()
    assert table.at_server() == []
    assert table.listed() == ["How do I pay?"]
    assert page.faq.is_new

    page.buttons.save.click()
    assert table.at_server() == [("How do I pay?", "By *card*.", "draft")]
    assert not page.faq.is_new
    assert page.faq.drafts() == {}
    assert page.notice.words == "Saved."

    page.buttons.publish.click()
    assert table.at_server() == [("How do I pay?", "By *card*.", "published")]
    assert page.head.chip.words == "Published"
    assert page.buttons.publish.isHidden()
    page.buttons.unpublish.click()
    assert table.at_server()[0][2] == "draft"


def test_what_is_written_offline_stays_until_it_can_be_saved(table: Table) -> None:
    page, bridge = table.page, table.ann.desk.bridge
    online, bridge.status = bridge.status, None
    page.begin(FaqWords("Question", "Answer"))
    page.buttons.publish.click()
    assert "offline" in page.notice.words
    assert table.at_server() == []
    again = FaqPage(table.ann.desk, table.ann.connector.faq)
    again.reload()
    assert again.editor.words == FaqWords("Question", "Answer")
    again.deleteLater()

    bridge.status = online
    page.buttons.publish.click()
    assert table.at_server() == [("Question", "Answer", "published")]


def test_an_answer_that_was_lost_makes_no_second_entry(table: Table) -> None:
    page = table.page
    page.begin(FaqWords("Question", "Answer"))
    key = page.faq.id.removeprefix("+")
    table.ann.connector.faq().add_entry(key, page.faq.words)
    table.write(answer="Better answer")
    page.buttons.save.click()
    assert table.at_server() == [("Question", "Answer", "draft")]
    assert page.editor.words.answer == "Better answer"
    page.buttons.save.click()
    assert table.at_server() == [("Question", "Better answer", "draft")]
    assert page.faq.drafts() == {}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unasked(table: Table) -> None:
    page = table.page
    page.begin(FaqWords("Question", "Answer"))
    page.buttons.save.click()
    entry_id = page.faq.id
    was = FaqWords("Question", "Answer")
    table.write(answer="Mine")
    table.bea.change_entry(entry_id, was, FaqWords("Question", "Bea's"))

    page.buttons.save.click()
    assert table.at_server() == [("Question", "Bea's", "draft")]
    assert "Somebody else changed this entry" in page.notice.words
    assert page.editor.answer.toPlainText() == "Mine"
    page.buttons.save.click()
    assert table.at_server() == [("Question", "Mine", "draft")]


def test_an_entry_that_others_change_is_shown_anew_while_nothing_is_written(table: Table) -> None:
    page = table.page
    entry_id = table.bea.add_entry("key-of-bea", FaqWords("Question", "Answer"))
    table.ann.sync()
    page.show_entry(entry_id)
    table.bea.change_entry(entry_id, FaqWords("Question", "Answer"), FaqWords("Question", "Bea's"))
    table.ann.sync()
    assert page.editor.answer.toPlainText() == "Bea's"
    table.bea.delete_entry(entry_id)
    table.ann.sync()
    assert table.listed() == []
    assert page.nothing.isVisible()


def test_deleting_asks_first(table: Table) -> None:
    page = table.page
    page.begin(FaqWords("Question", "Answer"))
    page.buttons.publish.click()
    page.buttons.delete.click()
    assert "Delete “Question” for everybody?" in page.notice.words
    page.notice._no.click()
    assert len(table.at_server()) == 1
    page.buttons.delete.click()
    page.notice._yes.click()
    assert table.at_server() == []
    assert table.listed() == []


def test_what_is_dropped_comes_back(table: Table) -> None:
    page = table.page
    page.begin(FaqWords("Question", "Answer"))
    page.buttons.save.click()
    table.write(answer="Changed my mind")
    page.buttons.throw.click()
    assert page.editor.answer.toPlainText() == "Answer"
    assert page.faq.drafts() == {}
    assert page.undo()
    assert page.editor.answer.toPlainText() == "Changed my mind"
    assert not page.undo()

    page.begin(FaqWords("Another", "one"))
    page.buttons.delete.click()
    assert table.listed() == ["Question"]
    assert page.undo()
    assert "Another" in table.listed()


def test_owners_see_tickets_avoided_week_by_week(table: Table) -> None:
    page, faq = table.page, table.office.house.faq
    page.begin(FaqWords("Question", "Answer"))
    page.buttons.publish.click()
    for number in range(3):
        faq.count(page.faq.id, "answered", f"192.0.2.{number}")
    faq.tell_counts()
    table.ann.sync()
    page.trend.look()
    assert page.trend.isVisible()
    assert page.trend.words == "3 tickets avoided"
    assert page.trend.small.startswith("3 this week")
    assert table.bea.faq_weeks() == ()


def test_who_may_not_publish_is_told(table: Table) -> None:
    table.office.house.parts.settings.put("faq.agents_publish", "0")
    entry_id = table.bea.add_entry("key-of-bea", FaqWords("Question", "Answer"))
    with pytest.raises(Exception, match="Only owners publish"):
        table.bea.change_entry(
            entry_id, FaqWords("Question", "Answer"), FaqWords("Question", "Answer", status=Status.PUBLISHED)
        )


def test_the_list_is_filtered_and_what_is_being_written_stays_on_it(frame: Frame) -> None:
    page = show_faq(frame)

    def shown() -> list[str]:
        cards = page.cards._cards
        return [card.title for row in range(cards.rowCount()) if (card := cards.card(row)) is not None]

    assert shown() == [one[0] for one in ENTRIES]
    page.filter.field.setText("INVOICES under")
    page.filter.changed.emit()
    assert shown() == ["Where do I find my invoices?"]
    page.editor.answer.setPlainText("Something else")
    page.filter.field.setText("refund")
    page.filter.changed.emit()
    assert shown() == ["Where do I find my invoices?", "How long does a refund take?"]
    page.faq.throw_away()
    page.filter.field.clear()
    page.filter.among_box.setCurrentIndex(3)
    assert shown()[:3] == [one[0] for one in ENTRIES[:3]]
    page.filter.among_box.setCurrentIndex(1)
    assert shown() == [ENTRIES[3][0]]


def test_offline_the_answers_can_be_read(frame: Frame) -> None:
    page = show_faq(frame)
    say_status(frame.world, Condition.OFFLINE)
    assert "another mirror" in page.editor.preview.toPlainText()
    assert "Answered 97 of 412 (24 %)" in page.head._small.text()


def test_the_preview_loads_nothing_and_shows_html_as_it_is_written(frame: Frame) -> None:
    page = show_faq(frame)
    page.editor.answer.setPlainText("<img src='file:///etc/hostname'> <b>x</b> ![p](https://evil.example/p.png) **y**")
    page.editor._show_preview()
    assert "<b>x</b>" in page.editor.preview.toPlainText()
    assert page.editor.preview.loadResource(QTextDocument.ResourceType.ImageResource.value, "https://x") is None


def test_whatever_colleagues_wrote_is_shown_as_they_wrote_it(frame: Frame) -> None:
    page = show_faq(frame)
    for number, text in enumerate(TEXTS):
        entry_id = f"f{number:032x}"
        row = {
            "id": entry_id, "question": text, "answer": text, "language": "en", "categoryIds": {}, "slug": "x",
            "status": "draft", "authorId": ME, "updatedAt": "2026-03-17T14:26:00Z", "shown": 0, "opened": 0,
            "answered": 0,
        }  # fmt: skip
        frame.world.page("T" + "0" * 32 + "-1", {"FaqEntry": [row]})
        page.show_entry(entry_id)
        assert page.faq.id == entry_id
        assert "<img" not in page.editor.preview.toHtml()
        page.buttons.delete.click()
        for label in page.findChildren(QLabel):
            rich = QtGuiNames.mightBeRichText(label.text()) and MARK in label.text()
            assert not rich or label.textFormat() == Qt.TextFormat.PlainText


def test_a_reply_becomes_an_entry_without_its_greeting(frame: Frame) -> None:
    frame.open(4187)
    frame.run("make_faq")
    page = page_of(frame)
    assert frame.window.page == "faq"
    assert page.faq.is_new
    words = page.editor.words
    assert words.question == frame.shown(4187).subject
    assert "Hello Ines" not in words.answer
    assert "start the download once more" in words.answer
    assert words.category_ids == {frame.world.category_ids["Downloads"]}


def test_a_ticket_without_a_reply_says_so(frame: Frame) -> None:
    ticket = frame.world.ticket("No answer yet", number=8200)
    frame.parts.commanding.open_ticket(ticket)
    frame.run("make_faq")
    assert frame.window.page == ""
    assert "no reply in this ticket yet" in frame.window.notice.words


def test_an_answer_or_a_link_goes_into_the_reply(frame: Frame) -> None:
    show_faq(frame)
    frame.desk.settings.put("account/server", "https://help.example/")
    frame.open(4187)
    frame.run("insert_faq")
    writing = frame.parts.faq_writing
    assert writing.palette.isVisible()
    assert writing.palette.offered()[0] == ENTRIES[0][0]
    writing.palette.typed.emit("invoices")
    assert writing.palette.offered() == ["Where do I find my invoices?"] * 2
    writing.palette._run()
    editor = frame.window.pane.composer.sheet.editor
    assert editor.text == "Under *Account*, then **Invoices**."
    frame.run("insert_faq")
    writing.palette.typed.emit("invoices")
    writing.palette._step(1)
    writing.palette._step(1)
    writing.palette._run()
    assert editor.text.endswith("https://help.example/faq/entry-1")


def test_words_begun_are_kept_when_the_program_ends(frame: Frame) -> None:
    page = show_faq_of_owner(frame)
    page.editor.answer.setPlainText("Half a sent")
    frame.window.pages["faq"].flush()
    kept = frame.desk.reader.drafts()
    assert any("Half a sent" in one.text for one in kept)
    assert {ME, AIKO}  # people of the drawing
