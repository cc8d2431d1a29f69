"""How many listings have each technique and stand in each town: counted by the index, and kept while it is the same."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

from facilities.catalogue.gazetteer import Found, town
from facilities.search.index import index
from facilities.search.understanding import Lexicon, lexicon
from search_index import Index, Query

COUNT_EVERY = 10.0
"""Seconds for which counts are used although a listing has changed."""
_ALL = Query(facets=("technique", "city"), facet_limit=20_000, limit=0, snippets=False)


@dataclass(frozen=True, slots=True)
class Having:
    """Listings by the slug of a technique, those with narrower ones included, and by town."""

    techniques: Mapping[str, int] = field(default_factory=dict)
    towns: Mapping[Found, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Kept:
    having: Having
    generation: int
    counted_at: float


_KEPT: WeakKeyDictionary[Index, _Kept] = WeakKeyDictionary()


def having() -> Having:
    """The counts of the current application's index; of one that is not built yet, nothing."""
    current = index()
    kept = _KEPT.get(current)
    if kept is not None and time.monotonic() - kept.counted_at < COUNT_EVERY:
        return kept.having
    if not current.exists():
        return Having()
    generation = current.generation()
    counted = kept.having if kept and kept.generation == generation else _counted(current)
    _KEPT[current] = _Kept(counted, generation, time.monotonic())
    return counted


def _counted(current: Index) -> Having:
    facets = current.search(_ALL).facets
    return Having(_with_narrower(lexicon(), facets["technique"]), _by_town(facets["city"]))


def _with_narrower(known: Lexicon, counted: list[tuple[str, int]]) -> Mapping[str, int]:
    """Each technique's listings, with those of the techniques below it."""
    found: Counter[str] = Counter()
    for slug, number in counted:
        concept, seen = known.techniques.concepts.get(slug), set()
        while concept is not None and concept.slug not in seen:
            seen.add(concept.slug)
            found[concept.slug] += number
            concept = concept.broader
    return found


def _by_town(counted: list[tuple[str, int]]) -> Mapping[Found, int]:
    found: Counter[Found] = Counter()
    for city, number in counted:
        if (place := _town(city)) is not None:
            found[place] += number
    return found


@lru_cache(maxsize=20_000)
def _town(city: str) -> Found | None:
    return town(city)
