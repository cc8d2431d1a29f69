"""What a letter says and brings: its words as plain text, its attachments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser

import nh3
from charset_normalizer import from_bytes

from facilities.mail import one_line

DECORATION = 20_000
"""Bytes up to which a picture inside the text is taken for a part of a signature."""

LONGEST_TEXT = 400_000
"""Characters of a letter's text that are looked at."""

MOST_TAGS = 5_000
"""Of a page that is read as a browser would, which takes very long where thousands of elements stand in each other. Of
what follows only the words are read, in one line."""

TAG = re.compile(r"<[^<>]*>")

NOT_OF_LETTERS = ("punycode", "idna", "unicode_escape", "raw_unicode_escape")
"""Character sets that Python reads and no mail program writes; some take very long."""

NO_FILES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
"""Parts that mail programs add to every letter of some people."""

DEEPEST = 9
"""How many signs a quotation within quotations gets at most."""

LINES = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "table"}
"""Elements that begin and end a line."""

KEPT = LINES | {"br", "blockquote", "td", "th"}
"""Elements that mean something to plain text; of all others only the words stay, of scripts and styles nothing."""

UNSEEN = {"script", "style", "head", "title", "template", "noscript"}


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    data: bytes = field(repr=False)


def words_of(part: Message) -> str:
    """The text of a letter or a part of it, line ends and all; of alternatives the plain one if it says anything."""
    kind = part.get_content_type()
    if kind == "message/rfc822" or _is_file(part):
        return ""
    if part.is_multipart():
        return _words_together(kind, [(each.get_content_type(), words_of(each)) for each in _parts(part)])
    if kind == "text/html":
        return plain(_text(part))
    return _text(part) if kind == "text/plain" else ""


def _words_together(kind: str, said: list[tuple[str, str]]) -> str:
    spoken = [(each, words) for each, words in said if words.strip()]
    if kind != "multipart/alternative":
        return "\n".join(words for _each, words in spoken)
    plain_first = sorted(spoken, key=lambda alternative: alternative[0] != "text/plain")
    return plain_first[0][1] if plain_first else ""


def attachments_of(part: Message) -> Iterator[Attachment]:
    """Its files. Signatures are left out, and small pictures inside the text, which belong to some."""
    if part.get_content_type() == "message/rfc822":
        yield Attachment(one_line(part.get_filename() or "") or "letter.eml", _enclosed(part))
    elif part.is_multipart():
        for each in _parts(part):
            yield from attachments_of(each)
    elif _is_file(part):
        data = _data(part)
        decorates = _inside_text(part) and len(data) <= DECORATION
        if not decorates and part.get_content_type() not in NO_FILES:
            yield Attachment(one_line(part.get_filename() or "") or "file", data)


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _is_file(part: Message) -> bool:
    if part.is_multipart():
        return False
    named = part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return named or part.get_content_maintype() in ("image", "audio", "video")


def _inside_text(part: Message) -> bool:
    return "Content-ID" in part and part.get_content_maintype() == "image"


def _data(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _enclosed(part: Message) -> bytes:
    return b"\n\n".join(each.as_bytes() for each in _parts(part))


def _text(part: Message) -> str:
    """In the character set it names, else in the one it looks like."""
    data = _data(part)[: 4 * LONGEST_TEXT]
    charset = part.get_content_charset() or "utf-8"
    try:
        text = data.decode("utf-8" if charset in NOT_OF_LETTERS else charset)
    except (LookupError, ValueError):
        guess = from_bytes(data[:20_000]).best()
        text = data.decode(guess.encoding if guess else "utf-8", errors="replace")
    return text[:LONGEST_TEXT]


def plain(html: str) -> str:
    """The words of a page, with lines where it has them and quotations marked as in plain mail. nh3 reads it as a
    browser would, however broken it is, and leaves a few elements without attributes, which the parser then writes."""
    read, rest = _parted(html)
    cleaned = nh3.clean(read, tags=KEPT, clean_content_tags=UNSEEN, attributes={}, link_rel=None)
    folded = re.sub(r"\s+", " ", f"{cleaned} {rest}")
    writer = _Writer()
    writer.feed(folded)
    writer.close()
    return re.sub(r"\n(?:>* *\n){3,}", "\n\n\n", writer.written())


def _parted(html: str) -> tuple[str, str]:
    """The page up to MOST_TAGS, and the words of what follows."""
    end = next((tag.start() for place, tag in enumerate(re.finditer("<", html)) if place == MOST_TAGS), len(html))
    return html[:end], TAG.sub(" ", html[end:]).replace("<", " ")


class _Writer(HTMLParser):
    """Writes lines; those within a quotation begin with as many signs as it is deep."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._line = ""
        self._depth = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._end(even_empty=True)
        elif tag in ("td", "th"):
            self._line += " " * bool(self._line)
        else:
            self._around(tag, 1)
            self._line += "- " * (tag == "li")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "td", "th"):
            self._around(tag, -1)
            if tag == "p":
                self._end(even_empty=True)

    def handle_data(self, data: str) -> None:
        self._line += data if self._line else data.lstrip()

    def written(self) -> str:
        self._end()
        return "\n".join(self._lines)

    def _around(self, tag: str, deeper: int) -> None:
        self._end()
        if tag == "blockquote":
            self._depth = min(max(self._depth + deeper, 0), DEEPEST)

    def _end(self, *, even_empty: bool = False) -> None:
        if self._line.strip() or even_empty:
            self._lines.append(f"{'>' * self._depth} {self._line.rstrip()}" if self._depth else self._line.rstrip())
        self._line = ""
