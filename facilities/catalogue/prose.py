"""Plain text as people type it, for a page: paragraphs from blank lines, web addresses as links, nothing else."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"']+")
BREAK = re.compile(r"\n[^\S\n]*\n\s*")
CLOSING = ".,;:!?…»”"


def prose(text: str) -> Markup:
    """HTML of a plain text. Everything is escaped; a single line break stays one."""
    paragraphs = BREAK.split(text.replace("\r\n", "\n").strip())
    return Markup("\n").join(Markup("<p>{}</p>").format(_lines(part)) for part in paragraphs if part)


def web_host(address: str) -> str:
    """The machine an address leads to, as people read it: example.org for https://www.example.org/a."""
    return urlsplit(address).netloc.removeprefix("www.")


def _lines(paragraph: str) -> Markup:
    return Markup("<br>\n").join(_linked(line) for line in paragraph.split("\n"))


def _linked(line: str) -> Markup:
    """The line with each web address made a link that passes on neither rank nor opener."""
    parts, done = [], 0
    for match in ADDRESS.finditer(line):
        address = _without_closing(match.group())
        parts += [escape(line[done : match.start()]), _link(address)]
        done = match.start() + len(address)
    return Markup("").join([*parts, escape(line[done:])])


def _link(address: str) -> Markup:
    shown = address.partition("://")[2].rstrip("/")
    return Markup('<a href="{}" rel="nofollow noopener">{}</a>').format(address, shown)


def _without_closing(address: str) -> str:
    """The address without the punctuation of the sentence around it; a bracket stays if it was opened inside."""
    while address and (address[-1] in CLOSING or (address[-1] == ")" and address.count("(") < address.count(")"))):
        address = address[:-1]
    return address
