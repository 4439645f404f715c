"""Answers as HTML and as plain words: CommonMark without raw HTML, without pictures, with links that say where to."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sync.domain.limits import clean_line

EXCERPT_LENGTH: Final = 200
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})


class _Reader(MarkdownIt):
    """CommonMark with tables. Raw HTML is shown as it is written; pictures are not loaded from anywhere."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "linkify": False})
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:
        """Whether it becomes a link."""
        return is_allowed(url)


def is_allowed(address: str) -> bool:
    """Links lead to web pages and mail addresses, whole ones, and to other answers."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme.lower() in _SCHEMES
    return address.startswith("/faq") and not parts.netloc


class Markdown:
    """Safe to use from several threads."""

    def html(self, text: str) -> str:
        """For a public page: headings begin below the page's own, links say where they lead and tell nobody."""
        reader = _Reader()
        tokens = reader.parse(text)
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
            if token.children:
                token.children = _with_addresses(token.children)
        return str(reader.renderer.render(tokens, reader.options, {}))

    def plain(self, text: str) -> str:
        """The words on one line, without marks."""
        said: list[str] = []
        for token in _Reader().parse(text):
            if token.type in ("fence", "code_block"):
                said.append(token.content)
            for child in token.children or ():
                said.append(" " if child.type in _BREAKS else child.content)
            said.append(" ")
        return clean_line("".join(said))

    def excerpt(self, text: str) -> str:
        """The answer's beginning, cut between words."""
        plain = self.plain(text)
        if len(plain) <= EXCERPT_LENGTH:
            return plain
        cut = plain[:EXCERPT_LENGTH].rpartition(" ")[0] or plain[:EXCERPT_LENGTH]
        return f"{cut} …"


def _with_addresses(children: Sequence[Token]) -> list[Token]:
    """After each link whose words are not its address, the host that it leads to."""
    shown: list[Token] = []
    address, words = "", ""
    for one in children:
        if one.type == "link_open":
            address, words = str(one.attrs.get("href", "")), ""
            one.attrSet("rel", "noopener noreferrer nofollow")
        elif one.type == "link_close":
            shown.append(one)
            host = _leads_to(address)
            if host and host not in words:
                shown.append(_text(f" ({host})"))
            address = ""
            continue
        elif address:
            words += one.content
        shown.append(one)
    return shown


def _leads_to(address: str) -> str:
    parts = urlsplit(address)
    return parts.path if parts.scheme.lower() == "mailto" else parts.netloc


def _text(content: str) -> Token:
    given: dict[str, Any] = {"content": content}
    return Token("text", "", 0, **given)
