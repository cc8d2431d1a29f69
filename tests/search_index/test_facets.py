"""Facets are counted exactly."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index import Document, Index, Query
from tests.search_index.listings import listing

CITIES, KINDS = ("Lund", "Oslo", "Åbo"), ("facility", "instrument")

filters = st.fixed_dictionaries(
    {},
    optional={
        "city": st.lists(st.sampled_from([*CITIES, "Nowhere"]), unique=True).map(tuple),
        "kind": st.lists(st.sampled_from(KINDS), unique=True).map(tuple),
    },
)
catalogues = st.lists(
    st.tuples(
        st.sampled_from(["laser", "cell", "laser cell"]),
        st.lists(st.sampled_from(CITIES), unique=True).map(tuple),
        st.lists(st.sampled_from(KINDS), max_size=1).map(tuple),
    ),
    max_size=12,
)


def having(document: Document, chosen: dict[str, tuple[str, ...]]) -> bool:
    return all(not values or set(values) & set(document.facets.get(facet, ())) for facet, values in chosen.items())


def counted(documents: list[Document], chosen: dict[str, tuple[str, ...]], facet: str) -> dict[str, int]:
    """Counting one by one, as a check."""
    others = {name: values for name, values in chosen.items() if name != facet}
    found = [each for each in documents if "laser" in each.name and having(each, others)]
    counts = Counter(value for each in found for value in each.facets.get(facet, ()))
    return dict(counts) | {value: counts[value] for value in chosen.get(facet, ())}


@given(catalogues, filters)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_and_totals_are_those_of_counting_one_by_one(
    index: Index,
    catalogue: list[tuple[str, tuple[str, ...], tuple[str, ...]]],
    chosen: dict[str, tuple[str, ...]],
) -> None:
    documents = [
        listing(number, words, facets={"city": cities, "kind": kinds})
        for number, (words, cities, kinds) in enumerate(catalogue)
    ]
    index.apply(documents, index.documents())
    result = index.search(Query("laser", filters=chosen))
    assert set(result.ids) == {each.id for each in documents if "laser" in each.name and having(each, chosen)}
    for facet in ("city", "kind"):
        assert dict(result.facets[facet]) == counted(documents, chosen, facet)


def test_the_most_frequent_values_come_first_and_a_selected_one_always(index: Index) -> None:
    cities = [("Lund", 5), ("Oslo", 3), ("Bergen", 3), ("Umeå", 1)]
    places = [name for name, count in cities for _ in range(count)]
    index.apply([listing(number, "Laser", facets={"city": (name,)}) for number, name in enumerate(places)], [])
    result = index.search(Query("laser", filters={"city": ("Umeå", "Visby")}, facet_limit=2))
    assert result.facets["city"] == [("Lund", 5), ("Bergen", 3), ("Umeå", 1), ("Visby", 0)]
    assert result.total == 1


def test_a_facet_follows_the_other_filters_but_not_its_own(index: Index) -> None:
    index.apply(
        [
            listing(1, "Laser", facets={"city": ("Lund",), "kind": ("facility",)}),
            listing(2, "Laser", facets={"city": ("Oslo",), "kind": ("facility",)}),
            listing(3, "Laser", facets={"city": ("Oslo",), "kind": ("instrument",)}),
        ],
        [],
    )
    result = index.search(Query(filters={"city": ("Oslo",), "kind": ("instrument",)}))
    assert result.ids == [3]
    assert result.facets["city"] == [("Oslo", 1)]
    assert result.facets["kind"] == [("facility", 1), ("instrument", 1)]


def test_only_the_facets_that_are_asked_for_are_counted(index: Index) -> None:
    index.apply([listing(1, "Laser", facets={"city": ("Lund",)})], [])
    assert index.search(Query(facets=("city",))).facets == {"city": [("Lund", 1)]}
    assert index.search(Query(facets=())).facets == {}
    assert index.search(Query(facets=("shoe size",), filters={"shoe size": ("44",)})).total == 1
