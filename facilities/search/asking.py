"""Asking the index what a query means, and what to ask when that finds nothing.

In turn: the query as it is understood; without the filters it only implied, if nothing passes them; with the spelling
corrected, if that answers more than the words as they were typed; and, where few have the model or technique that was
named, with similar ones behind.
"""

from dataclasses import dataclass, replace
from typing import Any

from facilities.search.index import index
from facilities.search.query import SearchQuery
from search_index import Query, Result

FEW = 5
"""Hits below which similar ones are shown too."""
ENOUGH = 10
"""Hits from which only those are shown that answer all of the text."""
NOTHING = Query(filters={"kind": ("",)})
"""What no listing answers. A query that is reread so is not corrected."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was `found`, and by which `query`; it differs from what was asked if the spelling was corrected.

    `relaxed`: nothing passed the filters that the words implied, so they are left out and only count for more.
    `like`: how many have what was named itself; the others are only similar.
    """

    query: SearchQuery
    found: Result
    corrected: bool = False
    relaxed: bool = False
    like: int | None = None


def ask(query: SearchQuery, **changes: Any) -> Answer:
    """Run a search; `changes` are made to each question to the index (limit, facets ...)."""
    first = _ask(query, changes)
    if first.found.corrected is None:
        return first
    typed = _ask(query, changes | {"reread": lambda _text: NOTHING})
    if query.is_literal:
        return typed
    meant = _ask(replace(_corrected(query, first.found.corrected), page=query.page), changes)
    return replace(meant, corrected=True) if _answers_more(meant, typed) else typed


def _answers_more(meant: Answer, typed: Answer) -> bool:
    """Whether a correction helps: all its words are found together, or it names more, or nothing is found without."""
    named, named_as_typed = (len(each.query.understood.parts) for each in (meant, typed))
    return bool(meant.found.whole) or not typed.found.total or named > named_as_typed


def _ask(query: SearchQuery, changes: dict[str, Any]) -> Answer:
    usual: dict[str, Any] = {
        "reread": lambda text: _corrected(query, text).for_index(),
        "enough": ENOUGH if query.sort == "relevance" else 1,
    }
    asked = replace(query.for_index(), **usual | changes)
    found = index().search(asked)
    understood = query.understood
    if (understood.filters or understood.ranges) and not found.whole:
        preferred = {**understood.prefer, **understood.filters}
        ranges = query.numbers(implied={})
        less = index().search(replace(asked, filters=query.filters, ranges=ranges, prefer=preferred))
        if less.whole:
            return Answer(query, less, relaxed=True)
    if understood.similar and found.whole < FEW and not found.corrected:
        similar = index().search(replace(asked, meanings=(*asked.meanings, *understood.similar)))
        if similar.whole > found.whole or similar.total > found.total:
            return Answer(query, similar, like=found.whole)
    return Answer(query, found)


def _corrected(query: SearchQuery, text: str) -> SearchQuery:
    """The search for a corrected text, with the words that had become a place or a filter."""
    return query.saying(" ".join(filter(None, (text, query.understood.taken))))
