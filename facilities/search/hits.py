"""All that a search finds, as numbers: for files, feeds, maps and letters."""

from dataclasses import replace
from typing import Any

from facilities.search.asking import ask
from facilities.search.index import index
from facilities.search.query import SearchQuery
from search_index import Result

ALL = 10_000_000
ONLY_IDS: dict[str, Any] = {"offset": 0, "facets": (), "snippets": False}


def hits(query: SearchQuery, limit: int = ALL) -> Result:
    """The first `limit` results as the page shows them, without cards, counts and snippets."""
    return ask(query, limit=limit, **ONLY_IDS).found if index().exists() else Result()


def exact_hits(query: SearchQuery) -> list[int]:
    """The ids of all that answers the search itself: nothing nearly like it, no other spelling."""
    if not index().exists():
        return []
    return index().search(replace(query.for_index(), limit=ALL, forgiving=False, **ONLY_IDS)).ids
