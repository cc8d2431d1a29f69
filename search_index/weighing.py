"""What a hit is worth apart from its text: how complete it is, how lately confirmed, how near, how open to the visitor.

Each is a factor: one number a hit, with which the score of its text is multiplied.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.queries import Part, Query
from search_index.snapshot import Snapshot

Numbers = NDArray[np.int64]
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason to count for more or less: `name` for people, `values` of the hits in their order."""

    name: str
    values: Values


def factors(snapshot: Snapshot, query: Query, hits: Numbers, distances: Values | None) -> Iterator[Factor]:
    """Everything that the scores of these hits are multiplied by; `distances` of each from the query's point, in km."""
    yield Factor("complete", snapshot.boost[hits])
    if query.confirmed_since:
        overdue = snapshot.confirmed_at[hits] < query.confirmed_since
        yield Factor("confirmed", np.where(overdue, weights.OVERDUE, 1).astype(np.float32))
    if distances is not None and query.near is not None:
        yield Factor("near", nearness(distances, query.near.weight))
    for facet, values in query.prefer.items():
        worth = weights.PREFERRED.get(facet, weights.PREFERRED_ELSE)
        yield Factor(facet, _having(snapshot, facet, values, hits, worth))
    if query.open_to:
        yield Factor("open", _having(snapshot, "access", (query.open_to,), hits, weights.OPEN))


def nearness(distances: Values, weight: float) -> Values:
    """What being near is worth: most at the point itself, falling off smoothly, 1 where the place is not known."""
    share = np.nan_to_num(1 / (1 + distances / np.float32(weights.HALF_AS_NEAR_KM)), nan=0.0)
    return (1 + np.float32(weights.NEARNESS * weight) * share).astype(np.float32)


def _having(snapshot: Snapshot, facet: str, values: tuple[str, ...], hits: Numbers, worth: float) -> Values:
    """`worth` for the hits that have any of a facet's values, 1 for the others."""
    return np.where(snapshot.having(facet, values)[hits], worth, 1).astype(np.float32)


def as_parts(text_score: float, found: list[Factor], hit: int) -> list[Part]:
    """What each factor adds to one hit's score when they are multiplied in turn."""
    parts = []
    score = text_score
    for factor in found:
        added = score * (float(factor.values[hit]) - 1)
        parts.append(Part(factor.name, "", added))
        score += added
    return parts
