"""Mails as real programs write them: new ones, answers, forwards, on desks and telephones."""

from typing import Final

from tests.rigs.mails.sample import Sample, crlf, simple

_GMAIL = crlf("""
    MIME-Version: 1.0
    Date: Mon, 14 Sep 2026 10:00:00 +0200
    Message-ID: <CAFy+abc=x@mail.gmail.com>
    Subject: Re: No link
    From: Ada Byron <ada@example.org>
    To: Help <help@deskbell.test>
    Content-Type: multipart/alternative; boundary="000000000000aa"

    --000000000000aa
    Content-Type: text/plain; charset="UTF-8"
    Content-Transfer-Encoding: quoted-printable

    That helped, thank you =E2=9C=93

    On Mon, Sep 14, 2026 at 9:58=E2=80=AFAM Help desk <help@deskbell.test> wrote=
    :

    > Press the button.
    >

    --000000000000aa
    Content-Type: text/html; charset="UTF-8"

    <div dir="ltr">That helped</div><div class="gmail_quote">x</div>
    --000000000000aa--
""")
_OUTLOOK = crlf("""
    From: "Byron, Ada" <ada@example.org>
    To: "help@deskbell.test" <help@deskbell.test>
    Subject: AW: Kein Link
    Thread-Topic: Kein Link
    Date: Mon, 14 Sep 2026 08:00:00 +0000
    Message-ID: <AM0PR01MB1@AM0PR01.eurprd01.prod.outlook.com>
    Content-Type: multipart/related; boundary="_004_"; type="multipart/alternative"
    MIME-Version: 1.0

    --_004_
    Content-Type: multipart/alternative; boundary="_000_"

    --_000_
    Content-Type: text/plain; charset="iso-8859-1"
    Content-Transfer-Encoding: quoted-printable

    Gr=FC=DFe, es geht.

    ________________________________
    Von: Help desk <help@deskbell.test>
    Gesendet: Montag, 14. September 2026 09:58
    An: Byron, Ada
    Betreff: Kein Link

    Bitte den Knopf.

    --_000_
    Content-Type: text/html; charset="iso-8859-1"

    <html><body><p class=MsoNormal>Gr&uuml;&szlig;e</p></body></html>
    --_000_--

    --_004_
    Content-Type: image/png; name="image001.png"
    Content-Description: image001.png
    Content-Disposition: inline; filename="image001.png"; size=4
    Content-ID: <image001.png@01D>
    Content-Transfer-Encoding: base64

    iVBORw==

    --_004_--
""")
_OUTLOOK_HTML = crlf("""
    From: Ada Byron <ada@example.org>
    Subject: RE: Link
    MIME-Version: 1.0
    Content-Type: text/html; charset="utf-8"

    <html><head><style>p.MsoNormal {margin:0cm}</style><!--[if gte mso 9]><xml>x</xml><![endif]--></head>
    <body lang=EN-US><div class=WordSection1><p class=MsoNormal>It works now.<o:p></o:p></p>
    <p class=MsoNormal><o:p>&nbsp;</o:p></p>
    <div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>
    <p class=MsoNormal><b>From:</b> Help &lt;help@deskbell.test&gt;<br><b>Sent:</b> Monday<br><b>Subject:</b> Link</p></div>
    <p class=MsoNormal>Press the button.</p></div></body></html>
""")
_APPLE = crlf("""
    From: Ada Byron <ada@example.org>
    Content-Type: multipart/alternative; boundary="Apple-Mail-1"
    Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))
    Subject: Pictures of the fault
    Message-Id: <1B2C@example.org>

    --Apple-Mail-1
    Content-Transfer-Encoding: 7bit
    Content-Type: text/plain; charset=us-ascii

    Here is the first:


    and this is what I see instead.
    --Apple-Mail-1
    Content-Type: multipart/mixed; boundary="Apple-Mail-2"

    --Apple-Mail-2
    Content-Type: text/html; charset=us-ascii

    <html><body>Here is the first:</body></html>
    --Apple-Mail-2
    Content-Disposition: inline; filename*=utf-8''Bildschirm%20%C3%BC.png
    Content-Type: image/png; x-unix-mode=0644; name="=?utf-8?Q?Bildschirm_=C3=BC=2Epng?="
    Content-Transfer-Encoding: base64

    iVBORw==
    --Apple-Mail-2--

    --Apple-Mail-1--
""")
_THUNDERBIRD = crlf("""
    Message-ID: <b1@example.org>
    Date: Mon, 14 Sep 2026 10:00:00 +0200
    MIME-Version: 1.0
    User-Agent: Mozilla Thunderbird
    Subject: Re: Two questions
    From: Ada Byron <ada@example.org>
    Content-Type: text/plain; charset=UTF-8; format=flowed
    Content-Transfer-Encoding: 8bit

    On 9/14/26 09:58, Help desk wrote:
    > Which browser is it?
    Firefox, in the version that came with 
    the system.
    > And since when?
    Since Monday.

    -- 
    Ada Byron
    Analytical Engines
""")
_IPHONE = simple(
    "Subject: Re: Order\nX-Mailer: iPhone Mail (20A362)\nContent-Type: text/plain; charset=utf-8",
    """\
Still nothing

Sent from my iPhone

> On 14 Sep 2026, at 09:58, Help desk <help@deskbell.test> wrote:
>\x20
> It is on its way.
""",
)
_K9 = simple(
    "Subject: Re: Rechnung\nContent-Type: text/plain; charset=utf-8",
    """\
Danke, ist da.

Am 14. September 2026 09:58:00 MESZ schrieb Help desk <help@deskbell.test>:
>Ist sie da?

-- \n\
Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.
""",
)
_NOTES = crlf("""
    From: Ada Byron <ada@example.org>
    Subject: Antwort: Zugang
    X-Mailer: Lotus Notes Release 8.5.3
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary="=_alternative 0036"

    This is a multipart message in MIME format.
    --=_alternative 0036
    Content-Type: text/plain; charset="ISO-8859-1"
    Content-Transfer-Encoding: quoted-printable

    Der Zugang geht wieder, sch=F6nen Dank.



    Von:    Help desk <help@deskbell.test>
    An:     Ada Byron
    Datum:  14.09.2026 09:58
    Betreff:        Zugang

    Bitte noch einmal versuchen.
    --=_alternative 0036
    Content-Type: text/html; charset="ISO-8859-1"

    <font size=2>Der Zugang</font>
    --=_alternative 0036--
""")
_FORWARD = crlf("""
    From: Ada Byron <ada@example.org>
    Subject: Fwd: Your parcel
    Content-Type: text/plain; charset=utf-8

    Is this from you?

    ---------- Forwarded message ---------
    From: Shop <shop@shop.example>
    Date: Mon, 14 Sep 2026
    Subject: Your parcel
    To: <ada@example.org>

    It waits at the counter.
""")
_ATTACHED = crlf("""
    From: Ada Byron <ada@example.org>
    Subject: I got this
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="b"

    --b
    Content-Type: text/plain

    See the attached mail.
    --b
    Content-Type: message/rfc822
    Content-Disposition: attachment; filename="Your parcel.eml"

    From: Shop <shop@shop.example>
    Subject: Your parcel
    Content-Type: text/plain; charset=utf-8

    It waits at the counter.
    --b--
""")
_INVITATION = crlf("""
    From: Ada Byron <ada@example.org>
    Subject: Heating
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary="b"

    --b
    Content-Type: text/plain; charset=utf-8

    Can you come?
    --b
    Content-Type: text/calendar; charset=utf-8; method=REQUEST

    BEGIN:VCALENDAR
    METHOD:REQUEST
    BEGIN:VTIMEZONE
    TZID:Europe/Berlin
    BEGIN:STANDARD
    DTSTART:16010101T030000
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VEVENT
    SUMMARY;LANGUAGE=de:Look at the
      heating\\, cellar
    DTSTART;TZID=Europe/Berlin:20261124T100000
    LOCATION:Cellar
    END:VEVENT
    END:VCALENDAR
    --b--
""")
_SIGNED = crlf("""
    From: Ada Byron <ada@example.org>
    Subject: Signed
    MIME-Version: 1.0
    Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary="b"

    --b
    Content-Type: text/plain; charset=utf-8

    My own words.
    --b
    Content-Type: application/pgp-signature; name="signature.asc"

    -----BEGIN PGP SIGNATURE-----
    --b--
""")
_OUTLOOK_OLD = simple(
    "Subject: RE: Fee\nContent-Type: text/plain; charset=windows-1252",
    """\
I paid 20 \u20ac \u2013 twice.

-----Original Message-----
From: Help desk [mailto:help@deskbell.test]
Sent: Monday, September 14, 2026 9:58 AM
To: Ada Byron
Subject: Fee

How much was it?
""",
    "windows-1252",
)
_HTML_ONLY = simple(
    "Subject: News\nContent-Type: text/html; charset=utf-8",
    """\
<table><tr><td>Order</td><td><b>1143</b></td></tr></table>
<p>Please <a href="https://evil.example/login">www.bank.example</a>.</p>
<img src="https://tracker.example/p.gif" width=1><script>alert(1)</script>
""",
)
_YAHOO = simple(
    "Subject: Re: Hi\nContent-Type: text/html; charset=utf-8",
    """\
<div>Yes, all of them.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, Help wrote:</div>
<div>All of them?</div></div>
""",
)
_FRENCH = simple(
    "Subject: Re: Colis\nContent-Type: text/plain; charset=utf-8",
    """\
Merci, c'est arrivé.

Le lun. 14 sept. 2026 à 09:58, Help desk
<help@deskbell.test> a écrit :

> Est-ce arrivé ?
""",
)
_JAPANESE = simple(
    "Subject: =?iso-2022-jp?B?GyRCTGQkJDlnJG8kOxsoQg==?=\nContent-Type: text/plain; charset=iso-2022-jp",
    """\
届きました。

2026年9月14日(月) 9:58 Help desk <help@deskbell.test>:
> 届きましたか
""",
    "iso-2022-jp",
)
_MUTT = simple(
    "Subject: Re: build\nUser-Agent: Mutt/2.2\nContent-Type: text/plain; charset=us-ascii",
    """\
On Mon, Sep 14, 2026 at 09:58:00AM +0200, Help desk wrote:
> It is fixed.

Confirmed.
""",
)
_TOP_AND_LIST = simple(
    "Subject: Wishes\nContent-Type: text/plain; charset=utf-8",
    """\
I want:
- a link
- a button

Von: nobody is no header of a mail.
--
no
""",
)

PROGRAMS: Final[tuple[Sample, ...]] = (
    Sample("gmail", _GMAIL, "That helped, thank you ✓", "Re: No link", "ada@example.org", "Ada Byron", history="Press the"),
    Sample("outlook", _OUTLOOK, "Grüße, es geht.", "AW: Kein Link", person="Byron, Ada", history="Gesendet: Montag",
           files=("image001.png",)),
    Sample("outlook html", _OUTLOOK_HTML, "It works now.", history="Press the button."),
    Sample("apple mail", _APPLE, "Here is the first:\n\n\nand this is what I see instead.", files=("Bildschirm ü.png",)),
    Sample("thunderbird", _THUNDERBIRD, history="", signature="Ada Byron\nAnalytical Engines",
           has=("Firefox, in the version that came with the system.", "> And since when?")),
    Sample("iphone", _IPHONE, "Still nothing", signature="Sent from my iPhone", history="It is on its way."),
    Sample("k-9", _K9, has=("Danke, ist da.", ">Ist sie da?")),
    Sample("notes", _NOTES, "Der Zugang geht wieder, schönen Dank.", history="Bitte noch einmal"),
    Sample("forward", _FORWARD, history="", has=("Is this from you?", "It waits at the counter.")),
    Sample("forward as a file", _ATTACHED, "See the attached mail.", history="It waits at the counter.",
           files=("Your parcel.eml",)),
    Sample("invitation", _INVITATION, "Can you come?\n\n[Invitation: Look at the heating, cellar, 2026-11-24 10:00 "
           "(Europe/Berlin), Cellar]", files=("file.ics",)),
    Sample("signed", _SIGNED, "My own words.", files=("signature.asc",)),
    Sample("outlook express", _OUTLOOK_OLD, "I paid 20 € – twice.", history="How much was it?"),
    Sample("only html", _HTML_ONLY, "Order  1143\n\nPlease www.bank.example <https://evil.example/login>.",
           lacks=("tracker", "alert")),
    Sample("yahoo", _YAHOO, "Yes, all of them.", history="All of them?"),
    Sample("french", _FRENCH, "Merci, c'est arrivé.", history="Est-ce arrivé ?"),
    Sample("japanese", _JAPANESE, "届きました。", "問い合わせ", history="届きましたか"),
    Sample("mutt", _MUTT, has=("> It is fixed.", "Confirmed."), history=""),
    Sample("lists are no signatures", _TOP_AND_LIST, has=("- a link\n- a button", "Von: nobody"), signature="no"),
)  # fmt: skip
