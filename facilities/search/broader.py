"""Near a search that found nothing: what finds something, and how much."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from facilities.search.asking import ask
from facilities.search.query import SearchQuery
from facilities.search.telling import nearby_techniques

MOST_WORDS = 6
MOST_SHOWN = 6
MOST_FILTERS = 6
"""Filters that are tried without; each is a search."""

Filter = tuple[str, SearchQuery]
"""What a filter is called, and the search without it."""


@dataclass(frozen=True, slots=True)
class Broader:
    """Searches that find something: (words, url, number found). `unfiltered` is how many there are without filters."""

    searches: list[tuple[str, str, int]]
    unfiltered: int = 0


def broader_searches(query: SearchQuery, filters: list[Filter]) -> Broader:
    """What to offer in the place of a search that found nothing: it without its filters, else without a word of it,
    then the techniques that it named."""
    unfiltered = count(query.without_filters()) if query.is_filtered else 0
    less = list(_less_filtered(filters)) if unfiltered else list(_less_worded(query))
    counted = [(label, near.url, number) for label, near in less + _techniques(query) if (number := count(near))]
    if unfiltered:
        label = _("without any filter") if len(filters) > 1 else _("without the filter")
        counted.insert(0, (label, query.without_filters().url, unfiltered))
    return Broader(counted[:MOST_SHOWN], unfiltered)


def count(query: SearchQuery) -> int:
    """How many listings the page of a search shows."""
    return ask(query, limit=0, offset=0, facets=(), snippets=False).found.total


def _less_filtered(filters: list[Filter]) -> Iterator[Filter]:
    if len(filters) > 1:
        yield from ((_("without “%(filter)s”", filter=label), less) for label, less in filters[:MOST_FILTERS])


def _less_worded(query: SearchQuery) -> Iterator[Filter]:
    words = query.text.split()
    if 1 < len(words) <= MOST_WORDS:
        for at, word in enumerate(words):
            yield _("without “%(word)s”", word=word), query.saying(" ".join(words[:at] + words[at + 1 :]))


def _techniques(query: SearchQuery) -> list[Filter]:
    """They are searched for without the filters, and say so where there are any."""
    found = nearby_techniques(query)
    if not query.is_filtered:
        return found
    return [(_("%(technique)s, without the filters", technique=label), near) for label, near in found]
