"""The set of mails: each is read as its writer meant it, and none is refused for being ugly."""

from base64 import b64encode

import pytest

from sync.domain.quoting import folded
from sync.server.mail.nature import Nature
from sync.server.mail.reading import read_mail
from tests.rigs.mails.natures import NATURES, REPORTS
from tests.rigs.mails.programs import PROGRAMS
from tests.rigs.mails.sample import Sample
from tests.rigs.mails.ugly import BOMB, UGLY

ALL = (*PROGRAMS, *UGLY, *NATURES)


def is_ours(address: str) -> bool:
    return address.lower().endswith("@deskbell.test")


@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
def test_a_mail_is_read_as_it_was_meant(sample: Sample) -> None:
    mail = read_mail(sample.raw, is_ours)
    assert mail.nature is sample.nature, mail.judged
    for meant, read in (
        (sample.own, mail.parted.own),
        (sample.subject, mail.subject),
        (sample.sender, mail.sender.email),
        (sample.person, mail.sender.name),
        (sample.signature, mail.parted.signature),
        (sample.files, tuple(one.name for one in mail.files)),
    ):
        if meant is not None:
            assert read == meant
    if sample.history is not None:
        assert sample.history in mail.parted.history
        assert bool(sample.history) == bool(mail.parted.history)
    for one in sample.has:
        assert one in mail.text
    for one in sample.lacks:
        assert one not in mail.text


@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
def test_what_is_folded_is_what_was_history_or_signature(sample: Sample) -> None:
    mail = read_mail(sample.raw, is_ours)
    own, rest = folded(mail.text)
    if mail.parted.own.strip() and (mail.parted.signature or mail.parted.history):
        assert rest
        assert own.strip() == mail.parted.own.strip() or not sample.own
    assert "".join((own + rest).split()) == "".join(mail.text.split())


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 60
    assert len({one.name for one in ALL}) == len(ALL)


@pytest.mark.parametrize("name", REPORTS)
def test_a_delivery_report_says_of_what_to_whom_and_why(name: str) -> None:
    sample = next(one for one in NATURES if one.name == name)
    report = read_mail(sample.raw, is_ours).report
    assert report is not None
    action, recipient, status, original = REPORTS[name]
    assert (report.action, report.recipient, report.status) == (action, recipient, status)
    assert original is None or original in report.of_ids
    assert status in report.why or name == "postfix delay"


def test_only_a_persons_mail_is_answered() -> None:
    assert [one for one in Nature if one.may_be_answered] == [Nature.ORDINARY]


def test_who_sent_it_by_the_envelope_counts_where_it_is_known() -> None:
    raw = b"From: ada@example.org\nSubject: Notice\n\nx\n"
    assert [read_mail(raw, is_ours, sender).nature for sender in (None, "ada@example.org", "")] == [
        Nature.ORDINARY, Nature.ORDINARY, Nature.MACHINE,
    ]  # fmt: skip


def test_html_is_shown_as_text_with_where_its_links_lead() -> None:
    raw = (
        b"From: ada@example.org\nSubject: x\nContent-Type: text/html\n\n"
        b"<script>steal()</script><p onclick=x>Pay at <a href='https://evil.example/in'>www.bank.example</a>, "
        b"<a href='javascript:alert(1)'>here</a> or <a href='https://www.shop.example/'>www.shop.example</a></p>"
        b"<img src='https://tracker.example/1.gif'><iframe src='https://evil.example'></iframe>"
    )
    read = read_mail(raw, is_ours)
    assert read.text == "Pay at www.bank.example <https://evil.example/in>, here or www.shop.example"
    assert read.files == ()


ENDLESS = {
    "comments": b"Content-Type: text/html\n\n" + b"<!--" * 250_000,
    "tags": b"Content-Type: text/html\n\n" + b"<div><a href=x><blockquote>" * 40_000,
    "rules": b"\n" + (b"*" * 399 + b"\n") * 5_000,
    "attributions": b"\n" + (b"On " + b"wrote " * 60 + b":\n") * 5_000,
    "encoded words": b"Subject: " + b"=?utf-8?Q?a?= " * 50_000 + b"\n\nx",
    "addresses": b"From: " + b"<" * 50_000 + b"\n\nx",
    "boundaries": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n" * 300_000,
    "winmail": b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n" + b64encode(BOMB * 100),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_mails_that_are_made_to_take_long_do_not(name: str) -> None:
    """Any of these would take minutes by a parser that looks again and again; the test's own limit would end it."""
    read = read_mail(b"X-First: 1\n" + ENDLESS[name], is_ours)
    assert read.nature is Nature.ORDINARY
