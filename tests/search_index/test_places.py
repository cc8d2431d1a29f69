"""What is near comes first; circles, boxes and ranges keep to what is in them."""

import math

import pytest

from search_index import Box, Document, Index, Near, Query
from tests.search_index.listings import listing

PLACES = {1: (59.86, 17.64), 2: (59.33, 18.07), 3: (69.65, 18.96), 4: (-17.71, 178.06), 5: None}
"""Uppsala, Stockholm, Tromsø, Fiji, and nobody knows where."""
UPPSALA = Near(59.8586, 17.6389)


def lasers(**numbers: dict[int, tuple[float, float]]) -> list[Document]:
    """A laser in each of the places."""
    return [
        listing(id_, "Laser", point=place, numbers={name: each[id_] for name, each in numbers.items() if id_ in each})
        for id_, place in PLACES.items()
    ]


def test_what_is_nearer_comes_first_and_what_has_no_known_place_still_comes(index: Index) -> None:
    index.apply(lasers(), [])
    assert index.search(Query("laser", near=UPPSALA)).ids == [1, 2, 3, 4, 5]
    assert set(index.search(Query("laser", near=Near(69.6, 19.0))).ids[:1]) == {3}


def test_a_good_answer_far_away_comes_before_a_poor_one_nearby(index: Index) -> None:
    near = listing(1, "Workshop", "Among much else there is a laser somewhere in the house", point=PLACES[1])
    far = listing(2, "Laser", point=PLACES[3])
    index.apply([near, far], [])
    assert index.search(Query("laser", near=UPPSALA)).ids == [2, 1]


def test_distances_are_told_in_kilometres(index: Index) -> None:
    index.apply(lasers(), [])
    found = index.search(Query("laser", near=UPPSALA)).distances
    assert found[1] < 1
    assert found[2] == pytest.approx(63, abs=2)
    assert found[4] == pytest.approx(15_200, abs=500)
    assert 5 not in found


def test_sorting_by_distance_looks_at_nothing_else(index: Index) -> None:
    near = listing(1, "Workshop", "Among much else there is a laser somewhere in the house", point=PLACES[1])
    index.apply([near, listing(2, "Laser", point=PLACES[3]), listing(3, "Laser"), listing(4, "Laser laser")], [])
    found = index.search(Query("laser", near=UPPSALA, sort="distance")).ids
    assert found[:2] == [1, 2]
    assert set(found[2:]) == {3, 4}


def test_a_radius_leaves_out_what_is_further_and_what_is_nowhere(index: Index) -> None:
    index.apply(lasers(), [])
    result = index.search(Query("laser", near=Near(UPPSALA.lat, UPPSALA.lng, radius_km=100)))
    assert (result.ids, result.total) == ([1, 2], 2)


def test_a_box_keeps_to_a_part_of_the_map(index: Index) -> None:
    index.apply(lasers(), [])
    assert index.search(Query(within=Box(south=59, west=17, north=60, east=19))).total == 2
    assert index.search(Query("laser", within=Box(south=-30, west=170, north=0, east=-170))).ids == [4]
    assert index.search(Query("laser", within=Box(south=-30, west=-170, north=0, east=170))).ids == []


def test_a_range_finds_whatever_overlaps_it_and_nothing_unknown(index: Index) -> None:
    index.apply(lasers(lead_time_days={1: (2, 5), 2: (10, 20), 3: (15, 15)}), [])

    def found(lowest: float | None, highest: float | None) -> set[int]:
        return set(index.search(Query("laser", ranges={"lead_time_days": (lowest, highest)})).ids)

    assert found(None, 10) == {1, 2}
    assert found(15, None) == {2, 3}
    assert found(5, 5) == {1}
    assert found(6, 9) == set()
    assert found(None, None) == set(PLACES)


def test_two_ranges_are_both_kept_to(index: Index) -> None:
    index.apply(lasers(lead_time_days={1: (2, 5), 2: (3, 3)}, price_level={1: (4, 4), 2: (1, 1)}), [])
    wanted = {"lead_time_days": (None, 5.0), "price_level": (None, 2.0)}
    assert index.search(Query("laser", ranges=wanted)).ids == [2]


def test_facets_count_only_what_is_within_the_radius(index: Index) -> None:
    documents = [
        listing(id_, "Laser", point=place, facets={"kind": ("instrument",)}) for id_, place in PLACES.items() if place
    ]
    index.apply(documents, [])
    near = Near(UPPSALA.lat, UPPSALA.lng, radius_km=100)
    assert index.search(Query("laser", near=near, filters={"kind": ("service",)})).facets["kind"] == [
        ("instrument", 2),
        ("service", 0),
    ]


def test_preferred_values_come_first_and_others_still_come(index: Index) -> None:
    norway, sweden = {"country": ("NO",)}, {"country": ("SE",)}
    index.apply([listing(1, "Laser", facets=sweden), listing(2, "Laser", facets=norway), listing(3, "Laser")], [])
    assert index.search(Query("laser", prefer={"country": ("NO",)})).ids == [2, 1, 3]
    assert index.search(Query("laser", prefer={"country": ("XX",), "no such facet": ("1",)})).ids == [1, 2, 3]


def test_what_is_open_to_the_visitor_comes_before_its_equals(index: Index) -> None:
    index.apply([listing(1, "Laser"), listing(2, "Laser", facets={"access": ("companies",)})], [])
    assert index.search(Query("laser", open_to="companies")).ids == [2, 1]


def test_columns_survive_that_small_segments_are_joined(index: Index) -> None:
    for document in lasers(price_level={id_: (id_, id_) for id_ in PLACES}):
        index.apply([document], [])
    for number in range(70):
        index.apply([listing(100 + number, "Filler")], [])
    near = Near(UPPSALA.lat, UPPSALA.lng, radius_km=100)
    assert index.search(Query("laser", near=near, ranges={"price_level": (2, 3)})).ids == [2]


@pytest.mark.parametrize("lat", [math.nan, math.inf, -1e300, 1e300])
def test_a_point_that_is_nowhere_raises_nothing(index: Index, lat: float) -> None:
    index.apply(lasers(), [])
    assert index.search(Query("laser", near=Near(lat, 0.0), sort="distance")).total == len(PLACES)
