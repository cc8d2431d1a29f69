"""The queries that cost an engine most: what nobody should be able to slow the catalogue down with."""

from collections.abc import Iterator
from itertools import product

from benchmarks.questions import Question
from search_index import FACETS, Box, Document, Near, Query, Sort

_BEGINNINGS = ("con", "pro", "int", "res", "cen", "uni", "ins", "mic", "100", "123")
_WORDS = (
    "research", "institute", "university", "science", "national", "centre", "laboratory", "technology",
    "department", "international", "physics", "analysis", "data", "materials", "university", "the",
)  # fmt: skip
_MISSPELT = ("reserach institue", "micrsocopy", "spektroscopi", "labratory of physiks", "xqzvbnm wrtplk")
_UPPSALA = Near(59.86, 17.64)
_EUROPE = Box(south=35, west=-12, north=72, east=40)

Kind = tuple[str, list[Query]]


def hardest(documents: list[Document], asked: list[Question]) -> Iterator[Kind]:
    """Each kind of hard query with some of its kind."""
    yield "3-letter beginnings", [Query(f"{letters}*") for letters in _BEGINNINGS]
    yield "ten words", [Query(" ".join(_WORDS[at : at + 10])) for at in range(len(_WORDS) - 9)]
    yield "any of ten words", [Query(" OR ".join(_WORDS[:10]))]
    yield "frequent words", [Query(word) for word in _WORDS[:8]]
    yield "every facet filtered", list(_all_filtered(documents))
    yield "nothing but filters", [Query(), Query(sort="name"), Query(sort="distance", near=_UPPSALA)]
    yield "near, in a box", [Query(word, near=_UPPSALA, within=_EUROPE, sort="distance") for word in _WORDS[:5]]
    yield "misspelt", [Query(text) for text in _MISSPELT]
    yield "far pages", [Query(question.text(), offset=2_000) for question in asked[:20]]


def _all_filtered(documents: list[Document]) -> Iterator[Query]:
    """A frequent word with half of the most frequent values of every facet chosen, and all conditions set."""
    chosen = {facet: _values(documents[:500], facet) for facet in FACETS}
    sorts: tuple[Sort, ...] = ("relevance", "name", "distance")
    for word, sort in product(_WORDS[:4], sorts):
        ranges = {"price_level": (1.0, 3.0)}
        yield Query(word, chosen, sort=sort, near=_UPPSALA, within=_EUROPE, ranges=ranges)


def _values(documents: list[Document], facet: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for each in documents for value in each.facets.get(facet, ())))[:20]
