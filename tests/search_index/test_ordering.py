"""A page shows what comes first, whatever many entries are equal."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_index import Index, Query
from search_index.ordering import first
from tests.search_index.listings import listing

few_values = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=40)


@given(few_values, st.integers(-2, 45))
def test_the_first_entries_are_those_of_sorting_all(rows: list[tuple[int, int, int]], count: int) -> None:
    numbered = [(*row, at) for at, row in enumerate(rows)]
    keys = [np.array(column) for column in zip(*numbered, strict=True)]
    assert [numbered[at] for at in first(keys, count)] == sorted(numbered)[: max(count, 0)]


def test_pages_of_equal_hits_follow_each_other_without_gap_or_repeat(index: Index) -> None:
    index.apply([listing(number, "Laser", updated_at=float(number % 3)) for number in range(50)], [])
    for sort in ("relevance", "name", "updated"):
        pages = [index.search(Query("laser", sort=sort, offset=at, limit=7)).ids for at in range(0, 56, 7)]
        assert sorted(id_ for page in pages for id_ in page) == list(range(50))
