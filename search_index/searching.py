"""One search: match, filter, count, put in order, and mark the found words of the page that is shown."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search_index.facets import most_frequent
from search_index.filtering import Hits, filtered
from search_index.labels import Labels, no_labels
from search_index.matching import Matches, answering
from search_index.ordering import page
from search_index.partial import lacking, missing_words, nearly_answering, partly_answering
from search_index.queries import Part, Query, Result
from search_index.snapshot import Snapshot
from search_index.snippets import Pieces, snippets
from search_index.spelling import corrections
from search_index.weighing import Factor, Values, as_parts, factors

Numbers = NDArray[np.int64]


def search(snapshot: Snapshot, query: Query, labels: Callable[[], Labels] = no_labels) -> Result:
    """Answer a query from a snapshot. When a word seems misspelt, those of `labels` are known too."""
    if not snapshot.segments:
        return Result(facets={facet: _selected_only(query, facet) for facet in query.facets})
    matches = answering(snapshot, query)
    hits = filtered(snapshot, matches.mask, query)
    if len(hits.numbers) >= query.enough or not matches.answers or not query.forgiving:
        return _result(snapshot, query, matches, hits)
    if len(hits.numbers):
        return _filled(snapshot, query, matches, hits)
    if corrected := _corrected(snapshot, query, labels):
        return replace(_result(snapshot, query, matches, hits), corrected=corrected)
    if matches.mask.any():
        return _result(snapshot, query, matches, hits)
    return _partial(snapshot, query, matches)


def _filled(snapshot: Snapshot, query: Query, matches: Matches, hits: Hits) -> Result:
    """The few hits, and behind them the best answers to most of the text."""
    passing = filtered(snapshot, matches.allowed, query).numbers
    more = nearly_answering(snapshot, matches, passing, query.enough)
    if not more.any():
        return _result(snapshot, query, matches, hits)
    matches.add(lacking(matches, more))
    result = _result(snapshot, query, matches, filtered(snapshot, matches.mask | more, query))
    return replace(result, whole=len(hits.numbers), missing=_missing(snapshot, query, matches, result))


def _missing(snapshot: Snapshot, query: Query, matches: Matches, result: Result) -> dict[int, list[str]]:
    """By id, the words of the query that each hit of the page lacks; none for those who only want ids."""
    if not query.snippets:
        return {}
    numbers = snapshot.numbers_of(result.ids)
    return {int(snapshot.ids[number]): missing_words(matches, number) for number in numbers}


def _partial(snapshot: Snapshot, query: Query, matches: Matches) -> Result:
    """The best answers to a part of the text, if any pass the filters."""
    passing = filtered(snapshot, matches.allowed, query).numbers
    hits = filtered(snapshot, partly_answering(snapshot, matches, passing, query.enough), query)
    result = _result(snapshot, query, matches, hits)
    return replace(result, partial=bool(result.ids), whole=0, missing=_missing(snapshot, query, matches, result))


def _result(snapshot: Snapshot, query: Query, matches: Matches, hits: Hits) -> Result:
    found = list(factors(snapshot, query, hits.numbers, hits.distances))
    scores = _weighed(matches.scores[hits.numbers], found)
    shown = page(snapshot, hits, scores, query)
    numbers = hits.numbers[shown]
    ids = snapshot.ids[numbers].tolist()
    return Result(
        ids=ids,
        scores=scores[shown].tolist(),
        total=len(hits.numbers),
        whole=len(hits.numbers),
        facets={facet: _count(snapshot, query, facet, hits) for facet in query.facets},
        snippets=_marked(snapshot, query, numbers, matches) if query.snippets else {},
        generation=snapshot.place.generation,
        distances=_distances(ids, hits, shown),
        explained=dict(zip(ids, _explained(matches, hits, found, shown), strict=False)) if query.explain else {},
    )


def _marked(snapshot: Snapshot, query: Query, numbers: Numbers, matches: Matches) -> dict[int, Pieces]:
    """The snippets of the hits that are shown. If places are not told, the words are looked up in these hits again."""
    if snapshot.tells_places() or not len(numbers):
        return snippets(snapshot, numbers, matches.found)
    shown = snapshot.excerpt(numbers)
    return snippets(shown, np.arange(shown.size), answering(shown, query).found)


def _explained(matches: Matches, hits: Hits, found: list[Factor], shown: Numbers) -> Iterator[list[Part]]:
    """The parts that add up to the score of each hit that is shown."""
    for hit in shown:
        number = int(hits.numbers[hit])
        yield matches.parts(number) + as_parts(float(matches.scores[number]), found, int(hit))


def _weighed(scores: Values, found: list[Factor]) -> Values:
    """The score of each hit, with what it is worth apart from the text."""
    for factor in found:
        scores *= factor.values
    return scores


def _count(snapshot: Snapshot, query: Query, facet: str, hits: Hits) -> list[tuple[str, int]]:
    """The counts of one facet among the hits, as if it were not filtered itself."""
    if facet not in snapshot.facets:
        return []
    values = snapshot.facet_values[facet]
    counts = snapshot.facets[facet].counts(hits.without(facet), len(values.values))
    return most_frequent(counts, values, query.facet_limit, query.filters.get(facet, ()))


def _selected_only(query: Query, facet: str) -> list[tuple[str, int]]:
    return [(value, 0) for value in query.filters.get(facet, ())]


def _distances(ids: list[int], hits: Hits, shown: Numbers) -> dict[int, float]:
    """How far each hit of the page is from the query's point, in km, where that is known."""
    if hits.distances is None:
        return {}
    found = zip(ids, hits.distances[shown].tolist(), strict=True)
    return {id_: distance for id_, distance in found if np.isfinite(distance)}


def _corrected(snapshot: Snapshot, query: Query, labels: Callable[[], Labels]) -> str | None:
    """The first correction of the text that finds something under the same filters."""
    for correction in corrections(snapshot, query.text, labels(), query.meanings):
        meant = query.reread(correction.text) if query.reread else replace(query, text=correction.text)
        if _finds(snapshot, meant, correction.complete):
            return correction.text
    return None


def _finds(snapshot: Snapshot, query: Query, complete: bool) -> bool:
    """Whether a text finds something; one with an unknown word left in it, whether a part of it does."""
    matches = answering(snapshot, query)
    if complete:
        return len(filtered(snapshot, matches.mask, query).numbers) > 0
    passing = filtered(snapshot, matches.allowed, query).numbers
    return bool(partly_answering(snapshot, matches, passing)[passing].any())
