"""Whatever strangers write stands on the public pages, in headers and on a terminal as words, never as markup."""

from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
import requests

from sync.domain.limits import in_sight
from sync.domain.records import MessageKind
from sync.server.audit import ADMINISTRATOR
from tests.rigs.bureau import PASSWORD
from tests.rigs.hostile import FILE_NAMES, MARK, TEXTS
from tests.rigs.street import Street
from tests.rigs.terminal import Terminal


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, without any words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert not (value or "").lower().lstrip().startswith(("javascript:", "data:")), value

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def _skeleton(answer: requests.Response) -> list[tuple[str, tuple[str, ...]]]:
    return Skeleton(answer.text).elements


def _page(street: Street, words: str, name: str = "log.txt") -> requests.Response:
    """A private page on which everything is called so."""
    file = ("files", (name, b"<script>alert(1)</script>", "text/html"))
    path = street.asked(files=[file], name=words, subject=words, text=words, key=str(len(words)))
    ticket_id = street.rows("SELECT id FROM ticket ORDER BY number DESC LIMIT 1")[0][0]
    street.write(str(ticket_id), MessageKind.REPLY, words)
    return street.get(path)


@pytest.mark.parametrize("text", TEXTS)
def test_a_private_page_shows_words(street: Street, text: str) -> None:
    plain, hostile = _page(street, "plain words"), _page(street, text)

    assert hostile.status_code == 200
    assert _skeleton(hostile) == _skeleton(plain)
    assert Skeleton(hostile.text).words.count(MARK) >= 4


@pytest.mark.parametrize("text", TEXTS)
def test_a_form_that_comes_back_shows_words(street: Street, text: str) -> None:
    fields = dict.fromkeys(("name", "email", "subject", "text"), "")
    plain = street.ask((), **{**fields, "name": "plain", "text": "words"})
    hostile = street.ask((), **{**fields, "name": text, "text": text})

    assert (plain.status_code, hostile.status_code) == (422, 422)
    assert _skeleton(hostile) == _skeleton(plain)
    assert MARK in hostile.text


def test_words_that_travel_on_from_step_to_step_stay_words(street: Street) -> None:
    def thanked(words: str) -> requests.Response:
        fields = dict.fromkeys(("name", "email", "subject", "text", "site", "key"), words)
        return street.ask((), step="answered.none", **fields)

    plain = _skeleton(thanked("plain words"))
    for text in TEXTS:
        hostile = thanked(text)
        assert hostile.status_code == 200
        assert _skeleton(hostile) == plain
        assert hostile.text.count(MARK) >= 4


def test_a_cap_gives_its_reason_as_words(street: Street) -> None:
    caps, journal = street.house.caps, street.house.parts.journal
    street.house.parts.settings.put("form.per_hour", "1000")
    cap_id = journal.write(lambda: caps.add(None, 1, None, "", ADMINISTRATOR))
    street.asked()
    for text in TEXTS:
        journal.write(partial(caps.change, cap_id, {"reason": text[:300]}, ADMINISTRATOR))
        answer = street.ask(text="More")
        assert answer.status_code == 200
        assert MARK in Skeleton(answer.text).words


def test_a_page_that_refuses_gives_the_words_back_as_words(street: Street) -> None:
    street.house.parts.settings.put("form.per_hour", "1")
    street.ask()
    refused = [street.ask(text=text) for text in ("plain words", *TEXTS)]

    assert {one.status_code for one in refused} == {429}
    assert len({str(_skeleton(one)) for one in refused}) == 1


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_keeps_a_name_that_does_no_harm(street: Street, name: str) -> None:
    stored = "plain.txt"
    plain = _page(street, "words", stored)
    hostile = _page(street, "other words", name)

    assert _skeleton(hostile) == _skeleton(plain)
    [(attachments,)] = street.rows("SELECT attachments FROM message WHERE attachments <> '[]' ORDER BY id DESC LIMIT 1")
    assert ".." not in str(attachments).replace("...", "")
    links = [word.partition('"')[0] for word in hostile.text.split('href="') if "/files/" in word.partition('"')[0]]
    answer = street.get(links[0])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    header = answer.headers["content-disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_acts_on_a_terminal(text: str) -> None:
    assert in_sight(text).isprintable()
    assert MARK in in_sight(text)


def test_a_device_with_a_hostile_name_is_listed_as_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(capsys, monkeypatch, ["--data", str(tmp_path)])
    terminal.does("init")
    terminal.does("agent", "add", "Ann", "--password-stdin", stdin=PASSWORD)
    house = terminal.house()
    for text in TEXTS:
        house.sign_ins.issue("Ann", PASSWORD, text, "192.0.2.1")
    house.close()

    lines = terminal.does("token", "list").out.splitlines()

    assert len(lines) == len(TEXTS)
    assert all(line.replace("\t", "").isprintable() and line.count("\t") == 4 for line in lines)
