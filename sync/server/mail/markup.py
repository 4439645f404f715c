"""HTML of a mail as safe text: what it says, in lines; where a link leads stands beside it; nothing is loaded."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from sync.domain.limits import clean_line

LONGEST: Final = 2_000_000
QUOTE_BEGINS: Final = "\ue000"
"""A line of its own where a mail program marks that everything below is history."""

_UNSHOWN: Final = frozenset({"script", "style", "title", "template", "noscript", "object", "svg", "math", "select"})
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "blockquote",
        "body",
        "html",
    ]
)
_SPACED: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl"})
_VOID: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr"})
_SHOWN_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:", "ftp://")
_HISTORY_IDS: Final = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container"})
_HISTORY_CLASSES: Final = frozenset({"outlookmessageheader", "yahoo_quoted", "protonmail_quote"})
_OUTLOOK_RULE: Final = re.compile(r"border-top:\s*solid\s+#(?:e1e1e1|b5c4df)", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_LONGEST_LINK: Final = 2_000
_DEEPEST_QUOTE: Final = 20


def text_of(html: str) -> str:
    """The text of HTML; takes time in proportion to its length, whatever is in it. Never raises."""
    writer = _Writer()
    try:
        writer.feed(_without_declarations(html[:LONGEST]))
        writer.close()
    except (AssertionError, ValueError, RecursionError):
        writer.words("")
    return writer.text()


def _without_declarations(html: str) -> str:
    """Comments, doctypes and Office's conditions taken out: the standard parser is slow where they have no end."""
    made: list[str] = []
    place = 0
    while (start := html.find("<!", place)) >= 0:
        made.append(html[place:start])
        is_comment = html.startswith("<!--", start)
        end = html.find("-->" if is_comment else ">", start)
        if end < 0:
            made.append(html[start:].replace("<!", ""))
            return "".join(made)
        place = end + (3 if is_comment else 1)
    made.append(html[place:])
    return "".join(made)


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._unshown: list[str] = []
        self._preformatted = 0
        self._link: tuple[str, int] | None = None
        self._wants_blank = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unshown:
            if tag in _UNSHOWN:
                self._unshown.append(tag)
            return
        if tag in _UNSHOWN:
            self._unshown.append(tag)
            return
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._end_line(blank=tag in _SPACED)
        if _begins_history(given):
            self._lines.append(QUOTE_BEGINS)
        self._begin(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and tag in _UNSHOWN:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unshown:
            if tag in self._unshown:
                while self._unshown.pop() != tag:
                    pass
            return
        if tag == "a":
            self._end_link()
        elif tag in _BLOCKS and tag not in _VOID:
            self._end_line(blank=tag in _SPACED)
            if tag == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            elif tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            self.words(data)

    def words(self, data: str) -> None:
        """Text; line breaks count in preformatted text only."""
        if not self._preformatted:
            self._line.append(_BLANKS.sub(" ", data))
            return
        first, *more = data.replace("\r\n", "\n").split("\n")
        self._line.append(first)
        for one in more:
            self._end_line(blank=False, even_empty=True)
            self._line.append(one)

    def text(self) -> str:
        """Everything that was written."""
        self._unshown.clear()
        self._end_link()
        self._end_line(blank=False)
        return "\n".join(self._lines).strip("\n")

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "br":
                self._end_line(blank=False, even_empty=True)
            case "hr":
                self._lines.append(self._prefix() + "-" * 10)
            case "li":
                self._line.append("- ")
            case "td" | "th":
                if "".join(self._line).strip():
                    self._line.append("  ")
            case "img":
                is_here = given.get("src", "").lower().startswith("cid:")
                alt = clean_line(given.get("alt", "")) or ("image" if is_here else "")
                if alt:
                    self._line.append(f"[{alt[:200]}]")
            case "a":
                self._end_link()
                self._link = (clean_line(given.get("href", "")), len(self._line))
            case "blockquote":
                self._blank()
                self._quotes = min(self._quotes + 1, _DEEPEST_QUOTE)
            case "pre":
                self._preformatted += 1

    def _end_link(self) -> None:
        """Where it leads, unless that is what it says."""
        if self._link is None:
            return
        (target, start), self._link = self._link, None
        said = clean_line("".join(self._line[start:]))
        bare = target.removeprefix("mailto:").removeprefix("tel:")
        if target.lower().startswith(_SHOWN_SCHEMES) and _plain(bare) != _plain(said):
            shown = target if len(target) <= _LONGEST_LINK else target[:_LONGEST_LINK] + "…"
            self._line.append(f" <{shown}>" if said else f"<{shown}>")

    def _end_line(self, *, blank: bool, even_empty: bool = False) -> None:
        if self._link is not None:
            target, start = self._link
            if "".join(self._line[start:]).strip():
                self._end_link()
            else:
                self._link = (target, 0)
        line = "".join(self._line)
        line = line.rstrip() if self._preformatted else line.strip(" ")
        self._line.clear()
        if line:
            if self._wants_blank:
                self._blank()
            self._lines.append(self._prefix() + line)
            self._wants_blank = blank
        elif even_empty:
            self._blank()
        self._wants_blank = self._wants_blank or blank

    def _blank(self) -> None:
        """An empty line, never two."""
        self._wants_blank = False
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._prefix().rstrip())

    def _prefix(self) -> str:
        return "> " * self._quotes


def _plain(address: str) -> str:
    return address.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def _begins_history(given: dict[str, str]) -> bool:
    classes = set(given.get("class", "").lower().split())
    return (
        given.get("id", "").lower() in _HISTORY_IDS
        or not classes.isdisjoint(_HISTORY_CLASSES)
        or bool(_OUTLOOK_RULE.search(given.get("style", "")[:1_000]))
    )
