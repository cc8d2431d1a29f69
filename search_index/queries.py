"""What is asked of the index and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from search_index.documents import FACETS

Sort = Literal["relevance", "name", "updated"]


@dataclass(frozen=True, slots=True)
class Query:
    """A search. `text` is what the visitor typed: anything is legal and nothing raises.

    `filters` maps a facet to values: any of them within a facet, all facets together. `facets` names
    the facets to count and `facet_limit` how many of the most frequent values each shows; a value
    that is selected in `filters` is always among them, with its count, even if that is 0. Documents
    confirmed before `confirmed_since` (unix seconds) sink a little.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = FACETS
    facet_limit: int = 30
    confirmed_since: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """One page of hits. `total` is exact.

    `facets` lists (value, count), most frequent first; the counts of a facet ignore its own filter.
    `snippets` gives, by id, pieces of the best passage in reading order, True where a piece is a found
    word. `corrected` is another text to search for, set only when nothing was found and it finds something.
    """

    ids: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    snippets: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)
    corrected: str | None = None
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Differences:
    """How the index differs from what is expected: ids that it lacks, has in another version, or has besides."""

    missing: list[int]
    stale: list[int]
    unexpected: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.unexpected)
