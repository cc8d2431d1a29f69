"""The signs that an enquiry is spam, each with its points, and how each is seen in what was written."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from disposable_email_domains import blocklist
from flask_babel import lazy_gettext as _

from facilities.catalogue.models.terms import Word
from facilities.enquiries.spam import phrases
from facilities.enquiries.spam.links import Link, belongs_to, links_in, without_links


class Sign(Word):
    """What speaks for spam, in as few words as a list has room for; `KNOWN` speaks against it."""

    BLOCKED = "blocked", _("Blocked sender")
    FOREIGN_LINK = "foreign_link", _("Links elsewhere")
    MANY_LINKS = "many_links", _("Many links")
    SHORT_LINK = "short_link", _("Hides where it leads")
    LINK_IN_NAME = "link_in_name", _("Link in the name")
    MARKUP = "markup", _("Web page code")
    CHEAP_DOMAIN = "cheap_domain", _("Cheap domain")
    LITTLE_BESIDE = "little_beside", _("Few words beside the links")
    OFF_TOPIC = "off_topic", _("Nothing about research")
    SHOUTING = "shouting", _("All in capitals")
    SCRIPT = "script", _("Foreign script")
    SELLING = "selling", _("Sales talk")
    ELSEWHERE = "elsewhere", _("Moves to a chat")
    MONEY = "money", _("Promises money")
    REPEATED = "repeated", _("Same words from others")
    MANY_ASKED = "many_asked", _("Sent to very many")
    THROWAWAY = "throwaway", _("Throw-away address")
    QUICK = "quick", _("Too fast to be typed")
    KNOWN = "known", _("Address confirmed before")

    @property
    def points(self) -> int:
        return POINTS[self]


POINTS = {
    Sign.BLOCKED: 100,
    Sign.FOREIGN_LINK: 2,
    Sign.MANY_LINKS: 3,
    Sign.SHORT_LINK: 3,
    Sign.LINK_IN_NAME: 4,
    Sign.MARKUP: 4,
    Sign.CHEAP_DOMAIN: 1,
    Sign.LITTLE_BESIDE: 1,
    Sign.OFF_TOPIC: 3,
    Sign.SHOUTING: 2,
    Sign.SCRIPT: 3,
    Sign.SELLING: 3,
    Sign.ELSEWHERE: 2,
    Sign.MONEY: 2,
    Sign.REPEATED: 3,
    Sign.MANY_ASKED: 3,
    Sign.THROWAWAY: 3,
    Sign.QUICK: 2,
    Sign.KNOWN: -3,
}
"""The sum at which an enquiry is held is `score.HOLD_FROM`: no sign but a blocked sender is enough alone."""

MANY = 3
"""Foreign links from which there are many."""
FEW_WORDS = 12
LOUD_WORDS = 5
"""Long words in capitals from which a text shouts, if they are more than a third of its long words."""
FASTEST = 20
"""Characters in a second that nobody types."""
LONG = 200
"""Characters from which the time they took says something."""


@dataclass(frozen=True)
class Written:
    """An enquiry's words as the signs look at them.

    `known_sites` are domains that belong to whom it asks, `names` what the listings are called, `took` how long the
    form was open, `others` how many others have sent the same words, `asked` how many listings this sender has sent
    them to.
    """

    words: str
    name: str
    email: str
    known_sites: frozenset[str] = field(default=frozenset())
    names: tuple[str, ...] = ()
    took: timedelta | None = None
    others: int = 0
    asked: int = 0
    is_blocked: bool = False
    is_known: bool = False

    @cached_property
    def domain(self) -> str:
        return self.email.lower().rpartition("@")[2]

    @cached_property
    def links(self) -> list[Link]:
        return links_in(self.words)

    @cached_property
    def foreign(self) -> list[Link]:
        """Links to what is neither the sender's, nor of those asked, nor where research is published."""
        return [link for link in self.links if not self._expected(link.domain)]

    @cached_property
    def beside(self) -> str:
        """The words without the links."""
        return without_links(self.words)

    @cached_property
    def is_of_our_field(self) -> bool:
        """Whether it speaks of what people ask here about, or of the listings by their names."""
        if phrases.OUR_FIELD.search(self.beside):
            return True
        said = {word.lower() for word in re.findall(r"\w{4,}", self.beside)}
        return any(word.lower() in said for name in self.names for word in re.findall(r"\w{4,}", name))

    def _expected(self, domain: str) -> bool:
        site = ".".join(self.domain.split(".")[-2:]) if self.domain not in phrases.FREE_MAIL else ""
        owners = (self.domain if site else "", *self.known_sites, *phrases.SCHOLARLY)
        return domain.endswith(phrases.ACADEMIC) or any(belongs_to(domain, owner) for owner in owners)


@dataclass(frozen=True, slots=True)
class Found:
    """A sign with what it was seen by."""

    sign: Sign
    detail: str = ""

    def __str__(self) -> str:
        """As it is stored: `sign` or `sign:detail`."""
        return f"{self.sign.value}:{self.detail}" if self.detail else self.sign.value


def signs_in(written: Written) -> Iterator[Found]:
    """All signs, each once."""
    for look in LOOKS:
        yield from look(written)


def in_words(stored: Iterable[str]) -> list[str]:
    """Stored signs as the desk reads them, each once with all that it was seen by."""
    seen: dict[str, list[str]] = {}
    for each in stored:
        name, _colon, detail = each.partition(":")
        seen.setdefault(name, []).extend(filter(None, [detail]))
    labels = {sign.value: str(sign.label) for sign in Sign}
    return [": ".join(filter(None, (labels.get(name, name), ", ".join(said)))) for name, said in seen.items()]


def _about_sender(written: Written) -> Iterator[Found]:
    if written.is_blocked:
        yield Found(Sign.BLOCKED)
    if written.domain in blocklist:
        yield Found(Sign.THROWAWAY, written.domain)
    if links_in(written.name):
        yield Found(Sign.LINK_IN_NAME)
    if written.is_known and not written.is_blocked:
        yield Found(Sign.KNOWN)


def _about_links(written: Written) -> Iterator[Found]:
    domains = list(dict.fromkeys(link.domain for link in written.foreign))
    if domains:
        yield Found(Sign.FOREIGN_LINK, ", ".join(domains[:MANY])[:120])
    if len(written.foreign) >= MANY:
        yield Found(Sign.MANY_LINKS, str(len(written.foreign)))
    if hiding := next((each for each in domains if each in phrases.SHORTENERS), ""):
        yield Found(Sign.SHORT_LINK, hiding)
    if written.foreign and len(written.beside.split()) < FEW_WORDS:
        yield Found(Sign.LITTLE_BESIDE)
    if cheap := next((each for each in domains if each.endswith(phrases.CHEAP_DOMAINS)), ""):
        yield Found(Sign.CHEAP_DOMAIN, cheap[:120])
    if phrases.MARKUP.search(written.words):
        yield Found(Sign.MARKUP)


def _about_words(written: Written) -> Iterator[Found]:
    if not written.is_of_our_field:
        yield Found(Sign.OFF_TOPIC)
    said = list(dict.fromkeys(found.group(0).lower() for found in phrases.SELLING.finditer(written.beside)))
    for phrase in said[:2]:
        yield Found(Sign.SELLING, phrase[:60])
    if found := phrases.ELSEWHERE.search(written.words):
        yield Found(Sign.ELSEWHERE, found.group(0)[:60])
    if found := phrases.MONEY.search(written.beside):
        yield Found(Sign.MONEY, " ".join(found.group(0).split())[:60])


def _about_letters(written: Written) -> Iterator[Found]:
    long_words = re.findall(r"[^\W\d_]{4,}", written.beside)
    loud = [word for word in long_words if word.isupper()]
    if len(loud) >= LOUD_WORDS and len(loud) * 3 > len(long_words):
        yield Found(Sign.SHOUTING)
    letters = [character for character in written.beside if character.isalpha()]
    if sum(phrases.is_foreign_letter(each) for each in letters) * 2 > len(letters):
        yield Found(Sign.SCRIPT)


def _about_haste(written: Written) -> Iterator[Found]:
    if written.others:
        yield from [Found(Sign.REPEATED, str(written.others))] * min(written.others, 2)
    if written.asked:
        yield Found(Sign.MANY_ASKED, str(written.asked))
    if written.took is not None and LONG < len(written.words) > FASTEST * written.took.total_seconds():
        yield Found(Sign.QUICK)


LOOKS: tuple[Callable[[Written], Iterator[Found]], ...] = (
    _about_sender,
    _about_links,
    _about_words,
    _about_letters,
    _about_haste,
)
