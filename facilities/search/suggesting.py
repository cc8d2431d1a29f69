"""What a visitor may mean while typing: techniques, listings, organisations, towns, and what others found.

Names of techniques and popular searches are sorted lists in the memory of the process, listings come from the index:
nothing looks through rows. At most three SELECTs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import gettext as _

import search_index
from facilities.catalogue.gazetteer import NORDIC, Found, find_places
from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.catalogue.names import fold, slug_of
from facilities.db import db
from facilities.search.having import having
from facilities.search.index import index
from facilities.search.popular import popular_beginning
from facilities.search.understanding import lexicon, understand
from facilities.search.understanding.beginnings import Closeness, Name
from search_index.syntax import SHORTEST_PREFIX

LONGEST_TYPED = 100
SHORTEST_TYPED = 2
SHORTEST_PLACE = 3
MOST = 10
MOST_TOWNS = 200
"""Towns that begin so among which those with listings are looked for."""
MOST_LOOKED_AT = 12
"""Listings with all the words that are looked through for those with the words in their names."""

MOST_OF_A_KIND = {"technique": 4, "popular": 2, "organisation": 2, "place": 2, "listing": 4}
FEW_IDS: dict[str, Any] = {"limit": MOST_LOOKED_AT, "facets": (), "snippets": False, "forgiving": False}
Filters = dict[str, tuple[str, ...]]
LISTED = tuple(kind.value for kind in Kind if kind != Kind.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the box. `kind` is technique, popular, organisation, place, or the kind of a listing; `head` are the
    words before those that were completed, `listings` how many have the technique or are in the town."""

    kind: str
    text: str
    url: str
    found: str = ""
    note: str = ""
    head: str = ""
    listings: int = 0

    def staying_in(self, network: str) -> "Suggestion":
        """The same; if it is a listing, at its address in the network's part of the site."""
        is_page = not self.url.startswith("/search?")
        return replace(self, url=f"{self.url}?{urlencode({'network': network})}") if is_page else self

    @property
    def said(self) -> dict[str, str]:
        """As a program reads it, with the word for the kind in the visitor's language."""
        return {
            "kind": self.kind,
            "label": _kind_label(self.kind),
            "text": self.text,
            "found": self.found,
            "note": self.note,
            "url": self.url,
        }


def suggest(typed: str, language: str = "en", network: str = "") -> list[Suggestion]:
    """The best suggestions for what was typed: what is called so, then towns, then techniques less closely called so;
    if nothing begins so, techniques that nearly do. Towns without listings come behind all techniques, and behind words
    that mean something towns come first. `language` is the one in which the visitor is likely to write; with `network`,
    the slug of one, listings are those of its members."""
    typed = " ".join(typed.split())
    if len(fold(typed)) < SHORTEST_TYPED:
        return []
    close, others = _techniques(typed, language)
    popular, places, listings = list(_popular(typed)), list(_places(typed)), _listings(typed, network)
    if _is_behind(places, close):
        first = [places, close, popular]
    elif _is_likelier(typed, places, close):
        first = [places, close, popular, others]
    elif places and places[0].listings:
        first = [close, popular, places, others]
    else:
        first = [close, popular, others, places]
    found = [each for source in (*first, *listings) for each in source]
    return list(_each_text_once(found or _nearly(typed)))[:MOST]


def _is_behind(places: list[Suggestion], techniques: list[Suggestion]) -> bool:
    """Whether towns stand behind words that mean something by themselves, and no technique is called by all words."""
    head = places[0].head if places else ""
    return bool(head and all(each.head for each in techniques) and understand(head).parts)


def _is_likelier(typed: str, places: list[Suggestion], techniques: list[Suggestion]) -> bool:
    """Whether more listings are in the first town than have the first technique; not if that is called just so."""
    if not (places and techniques) or fold(typed) in (fold(techniques[0].found), fold(techniques[0].text)):
        return False
    return places[0].listings > techniques[0].listings


def _each_text_once(found: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """A popular search that is the name of a technique says nothing new."""
    seen = set()
    for each in found:
        key = (fold(each.text), each.url.startswith("/search"))
        if key not in seen:
            seen.add(key)
            yield each


def _techniques(typed: str, language: str) -> tuple[list[Suggestion], list[Suggestion]]:
    """Techniques of which all that was typed is the beginning of a name, or its last words are: those that are called
    so in the visitor's language, and others."""
    for head, tail in _tails(typed):
        most = MOST_OF_A_KIND["technique"] // (2 if head else 1)
        found = lexicon().names.beginning(fold(tail), most, language, having().techniques) if fold(tail) else []
        if found:
            close = [_technique(head, name) for name in found if name.closeness <= Closeness.LABEL]
            return close, [_technique(head, name) for name in found if name.closeness > Closeness.LABEL]
    return [], []


def _nearly(typed: str) -> list[Suggestion]:
    """Techniques that were mistyped."""
    return [_technique("", name) for name in lexicon().names.nearest(fold(typed), MOST_OF_A_KIND["technique"])]


def _technique(head: str, name: Name) -> Suggestion:
    text = f"{head} {name.label}".strip()
    listings = having().techniques.get(name.slug, 0)
    return Suggestion("technique", text, _search(q=text), found=name.found, head=head, listings=listings)


def _tails(typed: str) -> Iterator[tuple[str, str]]:
    """The text, then the text without its first word, without its first two ... as (before, rest)."""
    words = typed.split()
    for start in range(min(len(words), 4)):
        tail = " ".join(words[start:])
        if start == 0 or len(fold(tail)) >= SHORTEST_PLACE:
            yield " ".join(words[:start]), tail


def _popular(typed: str) -> Iterator[Suggestion]:
    for text in popular_beginning(typed, MOST_OF_A_KIND["popular"]):
        yield Suggestion("popular", text, _search(q=text))


def _places(typed: str) -> Iterator[Suggestion]:
    """Towns that begin with the last words: a search for what stands before them, near there."""
    for head, tail in _tails(typed):
        if len(fold(tail)) < SHORTEST_PLACE:
            continue
        found = _towns(tail)[: MOST_OF_A_KIND["place"]]
        for place in found:
            text = f"{head} {place.name}".strip()
            note = place.label.removeprefix(place.name).removeprefix(", ")
            url, listings = _search(q=head, near=place.name), having().towns.get(place, 0)
            yield Suggestion("place", text, url, note=note, head=head, listings=listings)
        if found:
            return


def _towns(begun: str) -> list[Found]:
    """Nordic towns, and others with listings, that begin so: those with most listings first."""
    listings = having().towns
    towns = [each for each in find_places(begun, limit=MOST_TOWNS) if each.country in NORDIC or each in listings]
    return sorted(towns, key=lambda each: -listings.get(each, 0))


def _listings(typed: str, network: str) -> tuple[list[Suggestion], list[Suggestion]]:
    """Organisations, and listings of other kinds, whose names have these words, the last perhaps only begun."""
    if not index().exists():
        return [], []
    only: Filters = {"network": (network,)} if network else {}
    organisations = _ids(typed, {"kind": (Kind.ORGANISATION.value,), **only})
    others = _ids(typed, {"kind": LISTED, **only})
    named = _named([*organisations, *others], fold(typed).split())
    return (
        [named[id_] for id_ in organisations if id_ in named][: MOST_OF_A_KIND["organisation"]],
        [named[id_] for id_ in others if id_ in named][: MOST_OF_A_KIND["listing"]],
    )


def _ids(typed: str, filters: Filters) -> list[int]:
    """The best listings within the filters with all the words somewhere."""
    query = search_index.Query(_unfinished(typed), filters, **FEW_IDS)
    return index().search(query).ids


def _unfinished(typed: str) -> str:
    """The text without operators, its last word as a beginning; one too short for that only counts in names."""
    words = [word for each in typed.replace('"', " ").split() if (word := each.strip("*-"))]
    if words and len(words[-1]) >= SHORTEST_PREFIX:
        return " ".join(words) + "*"
    return " ".join(words[:-1] or words)


def _named(ids: list[int], words: list[str]) -> dict[int, Suggestion]:
    """Published listings, of these ids, that are called so, with the address of their page and where they belong."""
    if not ids:
        return {}
    rows = db.session.execute(CALLED.where(_LISTING.id.in_(ids)))
    return {
        id_: Suggestion(kind.value, name, f"/{kind.path}/{id_}-{slug_of(name)}", note=owner or city)
        for id_, kind, status, name, short, others, city, owner in rows
        if status == Status.PUBLISHED and _has_words(" ".join((name, short, *others)), words)
    }


def _has_words(names: str, words: list[str]) -> bool:
    """Whether each word begins a word of the names."""
    said = f" {fold(names)}"
    return all(f" {word}" in said for word in words)


_LISTING, _OWNER = LISTINGS.c, LISTINGS.alias("owner")
CALLED = (
    sa.select(
        _LISTING.id, _LISTING.kind, _LISTING.status, _LISTING.name, _LISTING.abbreviation, _LISTING.other_names,
        _LISTING.city, _OWNER.c.name,
    ).outerjoin(_OWNER, _OWNER.c.id == _LISTING.organisation_id)
)  # fmt: skip
"""What listings are called and where they belong. The status is no condition: SQLite would go through all that are
published instead of reading the few by their ids."""


def _search(**args: str) -> str:
    return "/search?" + urlencode({name: value for name, value in args.items() if value})


def _kind_label(kind: str) -> str:
    labels = {"technique": _("Technique"), "popular": _("Often searched for"), "place": _("Place")}
    return labels.get(kind) or next(str(each.label) for each in Kind if each == kind)
