"""What strangers may write to be taken for something else: one list, for every place that shows their words."""

MARK = "Zz9"
"""Stands in each, so that it is found again."""

TEXTS = (
    f"<b>{MARK}</b>",
    f"{MARK}<script>alert(1)</script>",
    f"<img src=//host.example/share/{MARK} onerror=alert(1)>",
    f"<a href=\"javascript:alert('{MARK}')\">{MARK}</a>",
    f"\"'><svg/onload=alert(1)>{MARK}",
    f"</textarea></pre></title><style>*{{}}</style>{MARK}",
    f"{{{{ 7*7 }}}}{{% raw %}}{MARK}{{number}}%s%n",
    f"{MARK}\r\nX-Forged: yes\r\n\r\n<h1>",
    f"\x1b]0;{MARK}\x07\x1b[2J",
    f"\u202egpj.{MARK}\u202c\u200b\u2066",
    f"=cmd|'/c calc'!A1 {MARK}",
    f"&lt;b&gt;{MARK}&#x3c;i&#62;",
    f"<qt>{MARK}</qt><table><tr><td>",
    f"<!-- {MARK}",
    f"]]>{MARK}<![CDATA[",
)

FILE_NAMES = (
    f"../../{MARK}.txt",
    f"..\\..\\{MARK}.exe",
    f"C:\\Windows\\{MARK}.dll",
    f"/etc/{MARK}",
    f"{MARK}\u202etxt.exe",
    f'{MARK}"; filename="x.html',
    f"{MARK}\r\nSet-Cookie: a=b",
    f"<img src=x>{MARK}.png",
    f"CON.{MARK}",
    f"aux .{MARK}",
    f"{MARK}\x00.png",
    f".{MARK}",
    f"{MARK}. . .",
    MARK + "x" * 400 + ".pdf",
    f"{MARK}:stream.txt",
    "con",
    "..",
    "\u2066\u2069",
)
