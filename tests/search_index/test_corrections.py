"""A misspelt query is answered with what may have been meant."""

from collections.abc import Callable

import pytest

from search_index import Alternative, Index, Meaning, Query
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
        ("confokal zzzzzzzz", "confocal zzzzzzzz"),
        ("confokal spectrometer", None),
    ],
)
def test_unknown_words_are_replaced_if_that_finds_something(filled: Index, typed: str, corrected: str | None) -> None:
    assert filled.search(Query(typed)).corrected == corrected


def test_a_correction_respects_the_filters(index: Index) -> None:
    index.apply([listing(1, "Confocal", facets={"city": ("Lund",)})], [])
    assert index.search(Query("confokal", {"city": ("Lund",)})).corrected == "confocal"
    assert index.search(Query("confokal", {"city": ("Oslo",)})).corrected is None


def test_accents_and_capitals_of_the_rest_of_the_query_stay(filled: Index) -> None:
    assert filled.search(Query("Confocal lasr")).corrected == "Confocal laser"


def test_a_word_that_is_found_inflected_or_understood_is_not_misspelt(index: Index) -> None:
    index.apply([listing(1, "Spectrometers"), listing(2, "Confocal unit")], [])
    meaning = Meaning(1, 2, "known", (Alternative("unit"),))
    assert index.search(Query("confokal spectrometer")).corrected is None
    assert index.search(Query("confokal unitt", meanings=(meaning,))).corrected == "confocal unitt"


def test_a_label_is_likelier_than_a_word_that_hardly_any_listing_has(open_index: Callable[..., Index]) -> None:
    labels = ("Flödescytometri",)
    index = open_index(words=lambda: labels)
    index.apply([listing(1, "Flödescytometru"), listing(2, "Flow")], [])
    flow = Query("flödescytometri", meanings=(Meaning(0, 1, "flow", (Alternative("flow"),)),))
    query = Query("flodescytometr", reread=lambda text: flow if text == flow.text else Query(text))
    assert index.search(query).corrected == "flödescytometri"


def test_a_word_of_a_label_is_not_corrected(open_index: Callable[..., Index]) -> None:
    labels = ("confokal",)
    index = open_index(words=lambda: labels)
    index.apply([listing(1, "Confocal")], [])
    assert index.search(Query("confokal")).corrected is None


def test_a_text_of_unknown_words_is_not_a_misspelt_query(index: Index) -> None:
    index.apply([listing(number, "alpha beta gamma delta epsilon") for number in range(3)], [])
    assert index.search(Query("alpga betta gama dellta")).corrected == "alpha beta gamma delta"
    assert index.search(Query("alpga betta gama dellta epsilom")).corrected is None
