"""A misspelt query is answered with what may have been meant."""

import pytest

from search_index import Index, Query
from tests.search_index.listings import listing


@pytest.fixture
def filled(index: Index) -> Index:
    texts = ["Confocal microscopy", "Confocal laser", "Spectrometer", "Mass spectrometry"]
    index.apply([listing(number, text) for number, text in enumerate(texts)], [])
    index.apply([listing(9, "Flödescytometri", language="sv")], [])
    return index


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("confokal", "confocal"),
        ("confocla microscopy", "confocal microscopy"),
        ("spektrometry mass", "spectrometry mass"),
        ("flodescytometeri", "flödescytometri"),
        ("Confocal", None),
        ("MASX", None),
        ("masx", "mass"),
        ("zzzzzzzz", None),
        ("confokal zzzzzzzz", None),
        ("confokal spectrometer", None),
    ],
)
def test_unknown_words_are_replaced_if_that_finds_something(filled: Index, typed: str, corrected: str | None) -> None:
    assert filled.search(Query(typed)).corrected == corrected


def test_a_correction_respects_the_filters(index: Index) -> None:
    index.apply([listing(1, "Confocal", facets={"city": ("Lund",)})], [])
    assert index.search(Query("confokal", {"city": ("Lund",)})).corrected == "confocal"
    assert index.search(Query("confokal", {"city": ("Oslo",)})).corrected is None
