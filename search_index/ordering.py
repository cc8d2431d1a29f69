"""Ordering: which of the hits a page shows."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.filtering import Hits, Numbers
from search_index.queries import Query
from search_index.snapshot import Snapshot
from search_index.weighing import Values

Key = NDArray[np.number]


def page(snapshot: Snapshot, hits: Hits, scores: Values, query: Query) -> Numbers:
    """The places among the hits of those that the page shows, in their order."""
    start = max(query.offset, 0)
    return first(list(_keys(snapshot, hits, scores, query)), start + max(query.limit, 0))[start:]


def _keys(snapshot: Snapshot, hits: Hits, scores: Values, query: Query) -> Iterator[Key]:
    """What the hits are sorted by, the smallest first. Equal ones are in the order of their names or ids."""
    if query.sort == "name":
        yield snapshot.name_ranks[hits.numbers]
    if query.sort == "updated":
        yield -snapshot.updated_at[hits.numbers]
    if query.sort == "distance" and hits.distances is not None:
        yield np.nan_to_num(hits.distances, nan=np.inf)
    yield -scores
    yield snapshot.ids[hits.numbers] if query.text.strip() else snapshot.name_ranks[hits.numbers]


def first(keys: Sequence[Key], count: int) -> Numbers:
    """The places of the `count` smallest entries in order. A later key decides between those that are equal so far.

    Only entries that may be among them are sorted.
    """
    if count <= 0:
        return np.arange(0)
    sure: list[Numbers] = []
    open_ = np.arange(len(keys[0]))
    for key in keys:
        missing = count - sum(map(len, sure))
        if not 0 < missing < len(open_):
            break
        values = key[open_]
        bound = np.partition(values, missing - 1)[missing - 1]
        sure.append(open_[values < bound])
        open_ = open_[values == bound]
    chosen = np.concatenate((*sure, open_))
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])][:count]
