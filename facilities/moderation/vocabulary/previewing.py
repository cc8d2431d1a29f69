"""What a synonym would change, tried before it is added: searches of the log with its words read as the technique."""

import re
from dataclasses import dataclass

from facilities.catalogue.models import Technique
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.queries.techniques import listings_with
from facilities.catalogue.vocabulary.choosing import Suggestion, techniques_called
from facilities.search.hits import hits
from facilities.search.log.queries import Searched, of_texts, texts_like
from facilities.search.query import SearchQuery

MOST_TRIED = 8
MOST_LOOKED_AT = 40
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """A search of the log: how many listings it finds now and would find then, and the names of the first of those."""

    searched: Searched
    now: int
    then: int
    names: list[str]
    url: str


@dataclass(frozen=True, slots=True)
class Preview:
    """`listings` have the technique and would be found by the synonym; `others` are techniques called so already."""

    tried: list[Tried]
    listings: int
    others: list[Suggestion]


def preview(synonym: str, technique: Technique) -> Preview:
    """Try a synonym with at most MOST_TRIED searches of the log, those that failed most often first."""
    named = re.compile(rf"(?<!\w){re.escape(synonym)}(?!\w)", re.IGNORECASE)
    texts = [text for text in texts_like(synonym, MOST_LOOKED_AT) if named.search(text)]
    tried = [_try(each, named, technique.label) for each in of_texts(texts[:MOST_TRIED])]
    others = [each for each in techniques_called(synonym) if each.slug != technique.slug]
    return Preview(tried, len(listings_with([technique.slug])), others)


def _try(searched: Searched, named: re.Pattern[str], label: str) -> Tried:
    """The search as it is, and with the technique's label in the place of the synonym."""
    query = SearchQuery(searched.text)
    now, then = hits(query, SHOWN), hits(query.saying(named.sub(lambda _: label, searched.text)), SHOWN)
    names = [listing.name for listing in published_by_ids(then.ids)]
    return Tried(searched, 0 if now.partial else now.total, 0 if then.partial else then.total, names, query.url)
