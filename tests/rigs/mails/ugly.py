"""Mails that bad scripts, old gateways and ill will make: each must come out as a message."""

from base64 import b64encode
from struct import pack
from typing import Final

from tests.rigs.mails.sample import Sample, crlf, simple

_PLAIN = "Content-Type: text/plain; charset=utf-8"


def _nested(depth: int) -> bytes:
    """A mail in so many multiparts."""
    head = b"From: ada@example.org\nSubject: Deep\nMIME-Version: 1.0\n"
    inner = b"Content-Type: text/plain\n\nAt the bottom.\n"
    for level in range(depth):
        name = b"b%d" % level
        inner = (
            b'Content-Type: multipart/mixed; boundary="'
            + name
            + b'"\n\n--'
            + name
            + b"\n"
            + inner
            + b"\n--"
            + name
            + b"--\n"
        )
    return head + inner


def _letters(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    raw = b"From: ada@example.org\nSubject: Innermost\n\nWords.\n"
    for _ in range(depth):
        raw = b"From: ada@example.org\nSubject: Around\nContent-Type: message/rfc822\n\n" + raw
    return raw


def _object(level: int, name: int, data: bytes) -> bytes:
    return pack("<BHHI", level, name, 6, len(data)) + data + pack("<H", sum(data) & 0xFFFF)


def _property(kind: int, key: int, value: bytes) -> bytes:
    return pack("<HHII", kind, key, 1, len(value)) + value + b"\0" * (-len(value) % 4)


_LONG_NAME = "Übersicht 2026.pdf".encode("utf-16-le") + b"\0\0"
WINMAIL = (
    pack("<IH", 0x223E9F78, 1)
    + _object(1, 0x9007, pack("<II", 1252, 0))
    + _object(1, 0x800C, "Grüße aus Outlook".encode("cp1252") + b"\0")
    + _object(2, 0x9002, b"\0" * 14)
    + _object(2, 0x8010, b"UBERSI~1.PDF\0")
    + _object(2, 0x800F, b"%PDF-1.7")
    + _object(2, 0x9005, pack("<I", 1) + _property(0x1F, 0x3707, _LONG_NAME))
)
BOMB = pack("<IH", 0x223E9F78, 1) + _object(1, 0x9003, pack("<IHHI", 0xFFFFFFFF, 0x1003, 1, 0xFFFFFFFF)) * 100


def _with_winmail(octets: bytes) -> bytes:
    return crlf("""
        From: ada@example.org
        Subject: Outlook
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="b"

        --b
        Content-Type: application/ms-tnef; name="winmail.dat"
        Content-Transfer-Encoding: base64

        {}
        --b--
    """).replace(b"{}", b64encode(octets))


_LIES = simple("Subject: x\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit", "Grüße, 20 €")
_WRONG_UTF = simple("Subject: x\n" + _PLAIN, "Grüße aus Köln, schöne Größe", "cp1252")
_CYRILLIC = simple(
    "Subject: x\nContent-Type: text/plain", "Здравствуйте, ссылка на странице не работает уже два дня. " * 4, "koi8-r"
)
_UNKNOWN = simple("Subject: x\nContent-Type: text/plain; charset=x-made-up", "Grüße")
_PUNYCODE = simple("Subject: x\nContent-Type: text/plain; charset=punycode", "Plain words-")
_MAC = b"From: ada@example.org\rSubject: Old Mac\rMIME-Version: 1.0\rContent-Type: text/plain\r\rFirst\rSecond\r"
_BARE = b"From: ada@example.org\r\nSubject: Mixed\r\n\r\nFirst\rSecond\nThird\r\nFourth"
_NUL = b"From: ada@example.org\nSubject: N\0UL\n\nbefore\0after\n"
_HEADERS_8BIT = "From: Jürgen Groß <j@example.org>\nSubject: Änderung\n\nWorte\n"
_BAD_BASE64 = simple(
    "Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", "SGVsbG8gd29ybGQ\nhm?"
)
_HALF = crlf("""
    From: ada@example.org
    Subject: Broken off
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="b"

    --b
    Content-Type: text/plain

    The first part.
    --b
    Content-Type: image/png; name="half.png"
    Content-Transfer-Encoding: base64

    iVBORw0KGg
""")
_NO_BOUNDARY = simple("Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed", "Words without any part.")
_EMPTY_PLAIN = crlf("""
    From: ada@example.org
    Subject: Shop
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary="b"

    --b
    Content-Type: text/plain

    Please use a mail program that shows HTML.
    --b
    Content-Type: text/html

    <p>I would like to return the blue one, and keep the red one, since the blue one came with a broken handle
    and the red one is just as it was shown on the page; please tell me where I shall send it, and who pays for it.
    I have kept the box and everything that was in it.</p>
    --b--
""")
_NAMES = crlf("""
    From: ada@example.org
    Subject: Names
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="b"

    --b
    Content-Type: application/pdf; name="../../etc/passwd"

    x
    --b
    Content-Disposition: attachment; filename="=?utf-8?B?UmVjaG51bmcg4oKsLnBkZg==?="
    Content-Type: application/octet-stream

    y
    --b
    Content-Disposition: attachment; filename*0*=utf-8''sehr%20; filename*1*=lang%C3%BC.txt
    Content-Type: text/plain

    z
    --b
    Content-Type: image/jpeg

    q
    --b
    Content-Disposition: attachment; filename*=x-none''%ff%fe.bin
    Content-Type: application/x-thing

    r
    --b--
""")
_STYLE = simple("Subject: x\nContent-Type: text/html", "<style>" + "p{}" * 1000 + "</style><p>Words<!-- " + "<p>" * 500)
_UU = simple("Subject: x\nContent-Type: text/plain", "See:\nbegin 644 a.txt\n#0V%T\n`\nend\n")
_MANY = b"From: ada@example.org\nSubject: Headers\n" + b"X-Spam-Word: no\n" * 5_000 + b"\nWords\n"
_LONG_HEADER = b"From: ada@example.org\nSubject: Long\nReferences: " + b"<a@b.example> " * 20_000 + b"\n\nWords\n"
_SPLIT = simple("Subject: =?utf-8?B?R3LDvMOf?=\n" + _PLAIN, "x").replace(
    b"Subject: =?utf-8?B?R3LDvMOf?=",
    b"Subject: =?utf-8?Q?Gr=C3=BC=C3?=\r\n =?utf-8?Q?=9Fe?=\r\n  aus =?utf-8?Q?K=C3=B6l\r\n n?=",
)
_GROUP = b"From: undisclosed-recipients:;\nTo: undisclosed-recipients:;\nSubject: Nobody\n\nWords\n"
_NO_COLON = b"this is no header\nSubject: After it\n\nWords\n"
_FOLDED_FROM = b'From: "Byron,\n\tAda (the first)"\n <ada@example.org>\nSubject: Folded\n\nWords\n'
_LONG_LINE = b"From: ada@example.org\nSubject: Line\n\n" + b"word " * 100_000 + b"\n"
_QP = simple("Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
             "Soft=20line=\nbreak =ZZ =C3=A9 =")  # fmt: skip
_DATES = simple("Subject: x\nDate: Yesterday, about noon\n" + _PLAIN, "Words")
_BOM = b"From: ada@example.org\nSubject: x\nContent-Type: text/plain; charset=iso-8859-1\n\n\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe\n"
_UTF16 = b"From: ada@example.org\nSubject: x\nContent-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n" + b64encode(
    "Grüße".encode("utf-16")
)  # fmt: skip
_WORDS_UNDECODABLE = simple("Subject: =?utf-8?B?!!!?= =?nonsense?Q?caf=E9?=\n" + _PLAIN, "Words")
_ENRICHED = simple("Subject: x\nContent-Type: text/enriched", "<bold>Words</bold>")

UGLY: Final[tuple[Sample, ...]] = (
    Sample("charset denied", _LIES, "Grüße, 20 €"),
    Sample("charset declared wrongly", _WRONG_UTF, "Grüße aus Köln, schöne Größe"),
    Sample("charset not declared", _CYRILLIC, has=("Здравствуйте", "не работает")),
    Sample("charset unknown", _UNKNOWN, "Grüße"),
    Sample("charset that is none", _PUNYCODE, "Plain words-"),
    Sample("charset utf-16", _UTF16, "Grüße"),
    Sample("utf-8 with a mark, said to be latin", _BOM, "Grüße"),
    Sample("only carriage returns", _MAC, "First\nSecond", "Old Mac"),
    Sample("bare carriage returns", _BARE, "First\nSecond\nThird\nFourth", "Mixed"),
    Sample("nul", _NUL, "before\ufffdafter", "N UL"),
    Sample("8-bit headers", _HEADERS_8BIT.encode(), "Worte", "Änderung", person="Jürgen Groß"),
    Sample("8-bit headers in latin", _HEADERS_8BIT.encode("latin-1"), "Worte", "Änderung", person="Jürgen Groß"),
    Sample("broken base64", _BAD_BASE64, has=("Hello world",)),
    Sample("broken quoted-printable", _QP, has=("Soft linebreak", "é")),
    Sample("broken off in a file", _HALF, "The first part.", files=("half.png",)),
    Sample("multipart without boundary", _NO_BOUNDARY, "Words without any part."),
    Sample("plain text that only points to the html", _EMPTY_PLAIN, has=("return the blue one",), lacks=("Please use",)),
    Sample("names of files", _NAMES, "", files=("passwd", "Rechnung €.pdf", "sehr langü.txt", "file.jpg", "ÿþ.bin")),
    Sample("style and an endless comment", _STYLE, has=("Words",), lacks=("p{}",)),
    Sample("uuencoded", _UU, has=("begin 644",)),
    Sample("thousands of headers", _MANY, "Words"),
    Sample("a header without end", _LONG_HEADER, "Words"),
    Sample("words split within a letter", _SPLIT, "x", "Grüße aus Köln"),
    Sample("words that cannot be decoded", _WORDS_UNDECODABLE, "Words", has=()),
    Sample("a group as sender", _GROUP, "Words"),
    Sample("no header at first", _NO_COLON, has=("Words",)),
    Sample("folded sender", _FOLDED_FROM, "Words", sender="ada@example.org"),
    Sample("one long line", _LONG_LINE, has=("word word",)),
    Sample("no date", _DATES, "Words"),
    Sample("text of another kind", _ENRICHED, "", files=("file.bin",)),
    Sample("winmail.dat", _with_winmail(WINMAIL), "Grüße aus Outlook", files=("Übersicht 2026.pdf",)),
    Sample("winmail.dat that is none", _with_winmail(b"nothing of it"), "", files=("winmail.dat",)),
    Sample("winmail.dat without end", _with_winmail(BOMB), "", files=("winmail.dat",)),
    Sample("fifty multiparts", _nested(50), "At the bottom."),
    Sample("a thousand multiparts", _nested(1_000), files=(), has=("At the bottom.",)),
    Sample("mails in mails", _letters(40), "", history=None, files=("Around.eml",)),
    Sample("empty", b"", ""),
    Sample("only a head", b"Subject: Head\n", "", "Head"),
    Sample("octets", bytes(range(256)) * 20, history=None, files=None),
)  # fmt: skip
