"""Mails that are not to be answered: automatic replies, reports, lists, our own; and some that only look so."""

from typing import Final

from sync.server.mail.nature import Nature
from tests.rigs.mails.sample import Sample, crlf, simple

_AWAY = "I am away until Monday."


def _report(action: str, status: str, original: str = "Message-ID: <orig@deskbell.test>") -> bytes:
    return (
        crlf("""
        Return-Path: <>
        From: MAILER-DAEMON@mx.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; gone@example.org
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>:
            Recipient address rejected: User unknown

        --b
        Content-Type: message/rfc822

        {original}
        From: help@deskbell.test
        Subject: Re: No link

        Press the button.
        --b--
    """)
        .replace(b"{action}", action.encode())
        .replace(b"{status}", status.encode())
        .replace(b"{original}", original.encode())
    )


_QMAIL = crlf("""
    Return-Path: <>
    From: MAILER-DAEMON@mx.example
    To: help@deskbell.test
    Subject: failure notice

    Hi. This is the qmail-send program at mx.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.

    <gone@example.org>:
    550 5.1.1 no such user

    --- Below this line is a copy of the message.

    Message-ID: <orig@deskbell.test>
    X-Deskbell-Ticket: abcdefghijklmnopqrstuvwx

    Press the button.
""")
_EXIM = crlf("""
    Return-path: <>
    From: Mail Delivery System <Mailer-Daemon@mx.example>
    X-Failed-Recipients: gone@example.org
    Auto-Submitted: auto-replied
    Subject: Mail delivery failed: returning message to sender

    This message was created automatically by mail delivery software.
      gone@example.org
        host mx.example [192.0.2.1]: 550 Unknown user
""")
_EXCHANGE = crlf("""
    Return-Path: <>
    From: postmaster@corp.example
    Subject: Undeliverable: Re: No link
    Content-Type: text/html; charset=utf-8

    <p>Your message to <a href="mailto:gone@example.org">gone@example.org</a> couldn't be delivered.</p>
    <p>550 5.1.10 RESOLVER.ADR.RecipientNotFound</p>
""")
_WARNING = crlf("""
    Return-Path: <>
    From: Mail Delivery System <mailer-daemon@mx.example>
    Subject: Warning: could not send message for past 4 hours

    THIS IS A WARNING MESSAGE ONLY. The message has been delayed.
    gone@example.org: 451 4.4.1 try again
""")
_READ_RECEIPT = crlf("""
    From: Ada <ada@example.org>
    Subject: Read: No link
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

    --b
    Content-Type: text/plain

    Your message was read.
    --b--
""")


def _of(nature: Nature, name: str, head: str, body: str = _AWAY) -> Sample:
    return Sample(name, simple(head, body), body, nature=nature)


NATURES: Final[tuple[Sample, ...]] = (
    _of(Nature.AUTO_REPLY, "auto-submitted", "Subject: Away\nAuto-Submitted: auto-replied (vacation)"),
    _of(Nature.AUTO_REPLY, "x-autoreply", "Subject: Away\nX-Autoreply: yes"),
    _of(Nature.AUTO_REPLY, "x-autorespond", "Subject: Away\nX-Autorespond: Away"),
    _of(Nature.AUTO_REPLY, "precedence auto_reply", "Subject: Away\nPrecedence: auto_reply"),
    _of(Nature.AUTO_REPLY, "exchange away", "Subject: Automatic reply: No link\nX-Auto-Response-Suppress: All"),
    _of(Nature.AUTO_REPLY, "german away", "Subject: Automatische Antwort: Link\nReturn-Path: <>"),
    _of(Nature.AUTO_REPLY, "out of office in bulk", "Subject: Out of Office: x\nPrecedence: bulk"),
    Sample("read receipt", _READ_RECEIPT, nature=Nature.AUTO_REPLY),
    _of(Nature.ORDINARY, "a person writes of automatic replies", "Subject: Automatic reply does not work"),
    _of(Nature.ORDINARY, "a person says no automaton wrote", "Subject: x\nAuto-Submitted: no"),
    _of(Nature.ORDINARY, "a person writes of undelivered parcels", "Subject: Undelivered parcel returned to sender"),
    _of(Nature.MACHINE, "auto-generated", "Subject: Disk full\nAuto-Submitted: auto-generated", "98 %"),
    _of(Nature.MACHINE, "bulk", "Subject: News\nPrecedence: bulk", "News"),
    _of(Nature.MACHINE, "suppressed", "Subject: Notice\nX-Auto-Response-Suppress: All", "Notice"),
    _of(Nature.MACHINE, "nobody wants it back", "Subject: Notice\nReturn-Path: <>", "Notice"),
    Sample("no-reply", b"From: no-reply@shop.example\nSubject: Order\n\nSent.\n", "Sent.", nature=Nature.MACHINE),
    Sample("no-reply, but says where to answer", b"From: noreply@shop.example\nReply-To: bo@example.org\nSubject: Form\n\nHi\n", "Hi"),
    _of(Nature.LIST, "list", "Subject: [users] Hi\nList-Id: <users.lists.example>\nPrecedence: list", "Hello all"),
    _of(Nature.LIST, "newsletter", "Subject: News\nList-Unsubscribe: <https://news.example/u>", "News"),
    _of(Nature.LOOP, "ours", "Subject: Re: x\nX-Deskbell-Ticket: abc", "Words"),
    Sample("from our address", b"From: help@deskbell.test\nSubject: x\n\nWords\n", "Words", nature=Nature.LOOP),
    Sample("too many hops", b"Received: by x\n" * 50 + b"From: ada@example.org\nSubject: x\n\nWords\n", "Words", nature=Nature.LOOP),
    Sample("postfix bounce", _report("failed", "5.1.1"), nature=Nature.DELIVERY_REPORT, files=None, history=None),
    Sample("postfix delay", _report("delayed", "4.4.1"), nature=Nature.DELIVERY_REPORT, files=None, history=None),
    Sample("qmail bounce", _QMAIL, nature=Nature.DELIVERY_REPORT, history=None),
    Sample("exim bounce", _EXIM, nature=Nature.DELIVERY_REPORT),
    Sample("exchange bounce", _EXCHANGE, nature=Nature.DELIVERY_REPORT),
    Sample("sendmail warning", _WARNING, nature=Nature.DELIVERY_REPORT),
)  # fmt: skip

REPORTS: Final = {
    "postfix bounce": ("failed", "gone@example.org", "5.1.1", "orig@deskbell.test"),
    "postfix delay": ("delayed", "gone@example.org", "4.4.1", "orig@deskbell.test"),
    "qmail bounce": ("failed", "gone@example.org", "5.1.1", "orig@deskbell.test"),
    "exim bounce": ("failed", "gone@example.org", "550", None),
    "exchange bounce": ("failed", "gone@example.org", "5.1.10", None),
    "sendmail warning": ("delayed", "gone@example.org", "4.4.1", None),
}
"""What each report says: action, recipient, status, the mail that it is about."""
