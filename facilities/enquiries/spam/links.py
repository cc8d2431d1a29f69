"""Web addresses in what somebody wrote: found as mail programs find them, and written so that none becomes a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from linkify_it import LinkifyIt

NEW_DOMAINS = """
    app blog bond buzz cfd click cloud club company dev digital email expert fun guru icu life link live lol men network
    news ninja one online page rest sbs services site social solutions space store stream studio systems tech today top
    video vip website win work world xyz zone
"""
"""Top-level domains beside those the library knows, under which words with a full stop become links."""


@dataclass(frozen=True, slots=True)
class Link:
    """A web or mail address as it stands in a text, from `start` to `end`, and the domain it leads to."""

    text: str
    domain: str
    start: int
    end: int
    is_mail: bool = False


_FINDER = LinkifyIt()
_FINDER.tlds(NEW_DOMAINS.split(), keep_old=True)


def addresses_in(text: str) -> Iterator[Link]:
    """All that a mail program may make a link of, mail addresses too."""
    for found in _FINDER.match(text) or ():
        is_mail = found.schema == "mailto:"
        domain = found.url.rpartition("@")[2] if is_mail else _host(found.url)
        yield Link(found.raw, domain.lower(), found.index, found.last_index, is_mail)


def links_in(text: str) -> list[Link]:
    """The web addresses in a text, written with `https://` or without."""
    return [link for link in addresses_in(text) if not link.is_mail]


def without_links(text: str) -> str:
    """The words beside the links."""
    for link in reversed(links_in(text)):
        text = f"{text[: link.start]} {text[link.end :]}"
    return text


def unlinked(text: str, *, spare: str = "") -> str:
    """The same words with `[.]` for the full stops and `[:]` for the colon of each address, which neither browsers nor
    mail programs make a link of. The mail address `spare` stays as it is."""
    text = text.replace("://", "[:]//")
    for link in reversed(list(addresses_in(text))):
        if link.text.lower() != spare.lower():
            text = f"{text[: link.start]}{link.text.replace('.', '[.]')}{text[link.end :]}"
    return text


def belongs_to(domain: str, owner: str) -> bool:
    """Whether a domain is the owner's or one below it."""
    return bool(owner) and (domain == owner or domain.endswith(f".{owner}"))


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return url
    return host.removeprefix("www.")
