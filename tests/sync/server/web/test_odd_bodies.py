"""Odd and hostile senders: each gets a readable page, none an error of ours."""

import json
import random

import requests

from tests.rigs.street import Street

MULTIPART = "multipart/form-data; boundary=frontier"
FORM = "application/x-www-form-urlencoded"
FIELDS = ("category", "name", "email", "subject", "text")
VALUES = ("Billing", "Oskar", "o@mail.example", "Subject", "Words")


def part(head: bytes, content: bytes) -> bytes:
    return b"--frontier\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


def field(name: str, content: bytes) -> bytes:
    return part(b'Content-Disposition: form-data; name="%s"' % name.encode(), content)


def whole(*more: bytes) -> bytes:
    good = [field(name, value.encode()) for name, value in zip(FIELDS, VALUES, strict=True)]
    return b"".join([*good, *more, b"--frontier--\r\n"])


def send(street: Street, body: bytes, kind: str | None = MULTIPART, **headers: str) -> requests.Response:
    if kind is not None:
        headers["content-type"] = kind
    address = "http://testserver/tickets"
    return street.session.post(address, data=body, headers=headers, allow_redirects=False)


BROKEN = {
    "no form": (b"{}", "application/json"),
    "no content type": (b"category=Billing", None),
    "no boundary": (whole(), "multipart/form-data"),
    "an empty boundary": (whole(), "multipart/form-data; boundary="),
    "a boundary without end": (whole(), "multipart/form-data; boundary=" + "x" * 5000),
    "another boundary": (whole(), "multipart/form-data; boundary=other"),
    "cut off": (whole()[:-40], MULTIPART),
    "cut off in a file": (
        whole(part(b'Content-Disposition: form-data; name="files"; filename="x"', bytes(500)))[:-100],
        MULTIPART,
    ),
    "cut off in a header": (b"--frontier\r\nContent-Dispo", MULTIPART),
    "a part without name": (whole(part(b"Content-Disposition: form-data", b"x")), MULTIPART),
    "a part without headers": (whole(part(b"", b"x")), MULTIPART),
    "a thousand fields": (whole(*[field(f"f{n}", b"x") for n in range(1000)]), MULTIPART),
    "a thousand pairs": (b"&".join(b"f%d=x" % n for n in range(1000)), FORM),
    "a thousand files": (
        whole(*[part(b'Content-Disposition: form-data; name="files"; filename="x"', b"x")] * 1000),
        MULTIPART,
    ),
    "a header of a megabyte": (whole(part(b"X: " + b"y" * 1_000_000, b"x")), MULTIPART),
    "nothing": (b"", MULTIPART),
    "nothing at all": (b"", FORM),
    "bare noise": (bytes(range(256)) * 50, MULTIPART),
    "noise as pairs": (bytes(range(256)) * 50, FORM),
}


def test_a_broken_form_gets_a_page_and_leaves_nothing(street: Street) -> None:
    for name, (body, kind) in BROKEN.items():
        answer = send(street, body, kind)

        assert answer.status_code in (413, 422), name
        assert "<h1>" in answer.text, name
        assert street.count("ticket") == street.count("blob_chunk") == 0, name


def test_a_strange_charset_does_no_harm(street: Street) -> None:
    body = whole(field("key", b"\\ud800"), field("text", b"\\udfff")).replace(b"Subject\r\n", b"\\ud800x\r\n")

    for charset in ("unicode_escape", "utf-16", "utf-7", "idna", "rot13", "base64", "no-such", "\u00e9"):
        assert send(street, body, f"{MULTIPART}; charset={charset}").status_code in (303, 422), charset


def test_half_a_surrogate_is_shown_and_stored_as_a_mark(street: Street) -> None:
    escaped = f"{MULTIPART}; charset=unicode_escape"

    refused = send(street, whole().replace(b"o@mail.example", b"\\ud800@mail"), escaped)
    taken = send(street, whole().replace(b"Words", b"a\\ud800b"), escaped)

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert street.rows("SELECT body_text FROM message") == [("a?b",)]


def test_octets_that_are_no_text_are_taken_as_something_readable(street: Street) -> None:
    body = whole().replace(b"Words", b"gr\xfc\xdfe \x00\x07 end").replace(b"Subject", b"a\x00b")

    assert send(street, body).status_code == 303
    assert street.rows("SELECT t.subject, m.body_text FROM ticket t JOIN message m ON m.ticket_id = t.id") == [
        ("a b", "grüße \ufffd\ufffd end")
    ]


NAMES = {
    b"../../etc/passwd": "passwd",
    b"..": "file",
    b"a\tb\x00c.txt": "a b c.txt",
    b"C:\\\\temp\\\\x.txt": "x.txt",
    b"%0d%0aSet-Cookie: a=b": "%0d%0aSet-Cookie_ a=b",
    b"n" * 3000: "n" * 120,
    "\u202eexe.pdf".encode(): "_exe.pdf",
    b" ": "file",
}


def test_a_file_name_is_only_a_name(street: Street) -> None:
    for name, stored in NAMES.items():
        head = b'Content-Disposition: form-data; name="files"; filename="' + name + b'"\r\nContent-Type: te xt/\x01html'

        path = send(street, whole(part(head, b"x"))).headers["location"]

        [(attachments,)] = street.rows("SELECT attachments FROM message ORDER BY posted_at DESC, id DESC LIMIT 1")
        [attachment] = json.loads(attachments)
        assert (attachment["name"], attachment["type"]) == (stored, "application/octet-stream")
        answer = street.get(f"{path}/files/{attachment['blobId']}/x")
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith("attachment; ")
        assert not set("\r\n\0/\u202e") & set(disposition)
        street.clock.advance(1)


def test_a_damaged_form_is_taken_or_refused(street: Street) -> None:
    street.house.parts.settings.put("form.per_hour", "1000")
    attached = part(b'Content-Disposition: form-data; name="files"; filename="a"', bytes(200))
    for seed in range(150):
        chance = random.Random(seed)
        body = bytearray(whole(field("key", b"k"), attached))
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(body))
            body[place : place + chance.randint(0, 6)] = chance.randbytes(chance.randint(0, 6))

        assert send(street, bytes(body)).status_code in (303, 413, 422), seed


def test_a_false_length_is_not_believed(street: Street) -> None:
    request = requests.Request("POST", "http://testserver/tickets", data=whole(), headers={"content-type": MULTIPART})
    prepared = street.session.prepare_request(request)
    for length in ("abc", "-1", "9" * 30, "\u00b2"):
        prepared.headers["content-length"] = length
        assert street.session.send(prepared, allow_redirects=False).status_code in (303, 413), length


def test_other_methods_do_nothing(street: Street) -> None:
    for method in ("OPTIONS", "PUT", "DELETE", "TRACE", "PATCH"):
        for path in ("/", "/tickets", "/t/" + "A" * 43, "/static/mark.svg"):
            answer = street.session.request(method, "http://testserver" + path, allow_redirects=False)
            assert answer.status_code == 405, (method, path)
