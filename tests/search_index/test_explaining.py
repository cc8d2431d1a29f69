"""The parts of a score add up to it."""

from dataclasses import replace

import pytest

from search_index import Alternative, Index, Meaning, Near, Query
from tests.search_index.listings import listing

LUND = (55.7, 13.2)
IN_LUND = {"city": ("Lund",)}
QUERIES = [
    Query("confocal"),
    Query("confocal microscope"),
    Query("mikroskop confocal OR laser"),
    Query('"confocal microscope" -laser'),
    Query("CLSM", meanings=(Meaning(0, 1, "clsm", (Alternative("confocal microscope"), Alternative(tag="clsm"))),)),
    Query(
        "confocal microscope", prefer={"city": ("Lund",)}, open_to="academia", confirmed_since=10.0, near=Near(*LUND)
    ),
    Query("laser zzzzzzzz"),
    Query(""),
]


@pytest.fixture
def filled(index: Index) -> Index:
    here = {"city": ("Lund",), "access": ("academia",)}
    index.apply(
        [
            replace(listing(1, "Confocal microscope", facets=here, boost=1.3), point=LUND, confirmed_at=20.0),
            replace(listing(2, "Confocal laser", "A microscope that is confocal"), tags=("clsm",)),
            replace(listing(3, "Ljus i ljusmikroskop, confocal", language="sv"), point=(59.3, 18.0)),
        ],
        [],
    )
    return index


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.text or "everything")
def test_the_parts_of_every_score_add_up_to_it(filled: Index, query: Query) -> None:
    result = filled.search(replace(query, explain=True))
    assert result.ids
    for id_, score in zip(result.ids, result.scores, strict=True):
        assert sum(part.value for part in result.explained[id_]) == pytest.approx(score, rel=1e-4)


def test_each_part_says_what_it_is_for(filled: Index) -> None:
    parts = filled.search(replace(QUERIES[5], explain=True)).explained[1]
    named = {(part.name, part.word) for part in parts if part.value}
    assert {("word", "confocal"), ("word", "microscope"), ("neighbours", "confocal microscope")} <= named
    assert {name for name, _ in named} >= {"name", "complete", "near", "city", "open"}


def test_nothing_is_explained_unless_asked(filled: Index) -> None:
    assert filled.search(Query("confocal")).explained == {}
