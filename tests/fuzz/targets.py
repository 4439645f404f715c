"""What reads the words of strangers: each target takes any octets, and raises only where a bug is."""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from sync.domain.addresses import normal_address
from sync.domain.errors import Rejected
from sync.domain.faq_proposal import proposal
from sync.domain.file_names import harmless_name
from sync.domain.limits import clean_line, clean_text, in_sight
from sync.domain.search import parse
from sync.domain.times import from_utc_date
from sync.jmap.blob_headers import disposition, media_type, shown_type
from sync.jmap.client import MalformedError, read_problem, read_response
from sync.jmap.errors import RequestError
from sync.jmap.event_id import KnownStates
from sync.jmap.event_parser import EventParser, EventTooLargeError
from sync.jmap.limits import CORE, Limits
from sync.jmap.request import parse_request
from sync.jmap.results import read_changes, read_get, read_set
from sync.jmap.service import read_session, read_state_change
from sync.server.faq.file import read_entries
from sync.server.faq.markdown import Markdown
from sync.server.faq.words import asked_stems, words
from sync.server.importing.csv_records import HeaderError, Skipped
from sync.server.importing.further import read_messages, read_requesters
from sync.server.importing.mapping import MESSAGE_TARGETS, PRESETS, REQUESTER_TARGETS, columns_of
from sync.server.importing.rows import ImportRow, read_rows
from sync.server.mail.composing import Draft, Enclosure, Sender, compose
from sync.server.web.languages import wanted
from sync.server.webhooks.signature import event_key_of
from sync.server.webhooks.told import read_told
from tests.fuzz import mails

Try = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """Good inputs to begin with, and what they are given to."""

    seeds: tuple[bytes, ...]
    run: Try


def request(octets: bytes) -> None:
    """A JMAP request, as the server reads it."""
    try:
        parse_request(octets, Limits(), {CORE})
    except RequestError as error:
        refused = error.status
    else:
        refused = 400
    assert 400 <= refused < 500


def answer(octets: bytes) -> None:
    """What stands at the server's address may be anybody: a workstation reads their answer."""
    try:
        response = read_response(octets)
        for invocation in response.invocations:
            for reader in (read_get, read_changes, read_set):
                try:
                    reader(invocation.arguments)
                except MalformedError:
                    continue
    except MalformedError:
        pass
    read_problem(400, "application/problem+json", octets)


def session(octets: bytes) -> None:
    """The Session of whoever answers."""
    try:
        service = read_session(octets)
        service.limit("maxObjectsInGet", 5)
    except MalformedError:
        pass


def events(octets: bytes) -> None:
    """An event stream: in whatever pieces it comes, the same events; whatever is in them, no more than refused."""
    found = []
    octets = octets[:3_000]
    for pieces in ([octets], [octets[place : place + 1] for place in range(len(octets))]):
        parser = EventParser(max_octets=5_000)
        try:
            found.append(([one for piece in pieces for one in parser.feed(piece)], parser.retry_ms))
        except EventTooLargeError:
            return
    assert found[0] == found[1]
    for event in found[0][0]:
        try:
            read_state_change(event.data)
        except MalformedError:
            continue


def event_id(octets: bytes) -> None:
    """The last event id that a client sends."""
    known = {"C1": {"Ticket": "1.5"}, "P1": {"ReadMark": "1.7"}}
    missed = KnownStates(known).missed(octets.decode("latin-1"), known)
    assert set(missed) <= set(known)


def search(octets: bytes) -> None:
    """What is typed into the search field."""
    parse(octets.decode("utf-8", "replace"))


def names(octets: bytes) -> None:
    """Names and types of files, addresses, lines for a log."""
    octets = octets[:3_000]
    text = octets.decode("utf-8", "surrogatepass") if _is_text(octets) else octets.decode("latin-1")
    name = harmless_name(text)
    assert name.isprintable()
    assert not set(name) & set("/\\\0")
    assert harmless_name(name) == name
    for header in (disposition(text), media_type(text), shown_type(text)):
        assert header.isascii()
        assert header.isprintable()
    assert "\n" not in clean_line(text)
    clean_text(text).encode()
    assert not set(in_sight(text)) & set("\x1b\x07\n\r\u202e")
    for reader in (normal_address, from_utc_date):
        try:
            reader(text)
        except ValueError:
            continue


def table(octets: bytes) -> None:
    """A CSV file, by each known preset; and as messages and requesters, whatever its columns."""
    lines = octets.decode("utf-8", "replace").splitlines(keepends=True)
    for mapping in PRESETS.values():
        try:
            for row in read_rows(lines, mapping):
                assert isinstance(row, ImportRow | Skipped)
        except HeaderError:
            continue
    for read, targets in ((read_messages, MESSAGE_TARGETS), (read_requesters, REQUESTER_TARGETS)):
        named = [",".join(targets) + "\n", *lines]
        for one in read(named, columns_of(list(targets), targets)):
            assert one.number > 0


def faq(octets: bytes) -> None:
    """A question that somebody types, an answer in Markdown, a file of both, what a browser says of languages."""
    text = octets[:3_000].decode("utf-8", "replace")
    assert all(one.isalnum() for one in words(text))
    asked_stems(text, "english")
    wanted(text)
    page = Markdown().html(text)
    assert not any(one in page for one in ("<script", "<img", "<iframe", "<svg", 'href="javascript', 'href="data'))
    assert "\n" not in Markdown().excerpt(text)
    proposal(text[:100], text, text[:40], text[:20])
    try:
        read_entries(text, str)
    except Rejected:
        return


def told(octets: bytes) -> None:
    """What a webhook says, signed or not."""
    headers = {"webhook-id": "msg_1", "webhook-timestamp": "5", "webhook-signature": octets.decode("latin-1")}
    assert event_key_of("whsec_" + "A" * 32, headers, octets, 5_000) is None
    try:
        event = read_told(octets, 5)
    except Rejected:
        return
    lines = (event.type, event.email, event.name, event.summary, *event.data, *event.data.values())
    assert all("\n" not in one and len(one) <= 320 for one in lines)
    assert len(event.data) <= 30


def letter(octets: bytes) -> None:
    """Names, subjects, texts and files of strangers in a mail of ours: no header of theirs gets in, no word is lost."""
    text = clean_text(octets[:3_000].decode("utf-8", "replace"))
    file = Enclosure(harmless_name(text), text, octets)
    sender = Sender(text, "support@helpdesk.example")
    references = [clean_line(text), "<1@mail.example>"]
    mail = compose(
        Draft("<l1@helpdesk.example>", sender, "bob@mail.example", text, text, text, 5, references=references,
              enclosures=[file])
    )  # fmt: skip
    read = message_from_bytes(mail.octets, policy=default)
    assert isinstance(read, EmailMessage)
    assert {one.lower() for one in read} <= _OUR_HEADERS
    body = read.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    [enclosed] = read.iter_attachments()
    assert enclosed.get_payload(decode=True) == octets


def _is_text(octets: bytes) -> bool:
    try:
        octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


_CALL = (
    b'{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"a":[1,{"b":null}]},"c1"]],"createdIds":{}}'
)
_ANSWER = (
    b'{"methodResponses":[["Ticket/get",{"accountId":"C1","state":"1.5","list":[{"id":"t1"}],"notFound":[]},"0"],'
    b'["Ticket/changes",{"accountId":"C1","oldState":"1.1","newState":"1.5","hasMoreChanges":false,"created":["t1"],'
    b'"updated":[],"destroyed":[]},"1"],["Ticket/set",{"accountId":"C1","oldState":null,"newState":"1.6","created":'
    b'{"k":{"id":"t2"}},"notCreated":{"l":{"type":"forbidden"}}},"2"]],"sessionState":"s"}'
)
_SESSION = (
    b'{"capabilities":{"urn:ietf:params:jmap:core":{"maxObjectsInGet":500}},"accounts":{"C1":{"name":"Billing",'
    b'"isPersonal":false,"isReadOnly":false,"accountCapabilities":{"x":{}}}},"primaryAccounts":{"x":"C1"},"username":"Ann",'
    b'"apiUrl":"https://h/jmap/api","downloadUrl":"https://h/{accountId}/{blobId}/{name}?accept={type}","uploadUrl":'
    b'"https://h/u/{accountId}/","eventSourceUrl":"https://h/e?types={types}&closeafter={closeafter}&ping={ping}",'
    b'"state":"s1"}'
)
_STREAM = (
    b'\xef\xbb\xbf:hello\r\nretry: 5000\n\nid: sAAAA\nevent: state\ndata: {"@type":"StateChange","changed":{"C1":'
    b'{"Ticket":"1.6"}}}\n\nevent: arrival\rdata: {"accountId":"C1"}\rdata: more\r\r'
)
_CSV = (
    b'title,body,category\n"Mirror, two","It\nstops",Downloads\nx,y,z\n',
    b"issue,sub_issue,subcategory,state,outcome,sent_to_company_on,category,received_on,id,disputed,timely\n"
    b"Charged,twice,card,CA,In progress,2015-02-01,Billing,2015-01-31,A7,Yes,No\n",
)

_OUR_HEADERS = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type",
}  # fmt: skip
_EVENT = (
    b'{"type":"payment","occurredAt":"2026-11-22T10:15:00Z","requester":{"email":"bob@mail.example","name":"Bob"},'
    b'"data":{"amount":"49.00","paid":true,"lines":[1,{"a":null}]}}'
)

TARGETS: dict[str, Target] = {
    "request": Target((_CALL, b"[]", b"{}"), request),
    "answer": Target((_ANSWER, b'{"type":"urn:ietf:params:jmap:error:limit","limit":"x","status":400}'), answer),
    "session": Target((_SESSION,), session),
    "events": Target((_STREAM,), events),
    "event_id": Target((b"sAAAAAAAA", b"aAAAA", b"s"), event_id),
    "search": Target((b'from:ada "no link" tag:vip before:2026-03 #4187 status:open', b"wor"), search),
    "names": Target((b"../CON.txt", "\u202egpj.exe".encode(), b"ann@mail.example", b"2026-01-02T03:04:05Z"), names),
    "table": Target(_CSV, table),
    "mail": Target(mails.SEEDS, mails.mail),
    "markup": Target(mails.MARKUP, mails.markup),
    "winmail": Target(mails.WINMAILS, mails.winmail),
    "told": Target((_EVENT, b"v1,AAAA v1a,BBBB"), told),
    "letter": Target((b"Bob \xc3\xbc <b@c>\r\nBcc: x@y\n.\n\nFrom here\n", b"text/plain", b"=?utf-8?q?x?="), letter),
    "faq": Target(
        (
            b"# Question\nlanguage: de\n\n**Words** [x](https://y.example) <img src=x>\n```\ncode\n```",
            b"Hi Bo,\n\nyes.\n\nBest,\nAnn",
        ),
        faq,
    ),
}
