"""Compounds of the languages that write them as one word."""

import pytest

from search_index import Index, Query
from tests.search_index.listings import listing

LONGER = [
    ("sv", "Elektron och svepelektronmikroskop", "mikroskop"),
    ("sv", "Elektron och svepelektronmikroskopet", "mikroskop"),
    ("sv", "Elektron och svepelektronmikroskop", "mikroskopet"),
    ("sv", "Ett flöde i en flödescytometer", "cytometer"),
    ("nb", "Forskning i et forskningslaboratorium", "laboratorium"),
    ("da", "Masse og massespektrometer", "spektrometer"),
    ("de", "Durchfluss und Durchflusszytometrie", "Zytometrie"),
    ("de", "Licht im Lichtmikroskop", "Mikroskope"),
]


@pytest.mark.parametrize(("language", "text", "typed"), LONGER)
def test_a_word_is_found_at_the_end_of_a_longer_one(index: Index, language: str, text: str, typed: str) -> None:
    index.apply([listing(1, "Unit", text, language=language)], [])
    assert index.search(Query(typed)).ids == [1]


def test_english_words_that_end_alike_are_not_compounds(index: Index) -> None:
    index.apply([listing(1, "Inter and trans interaction and transaction"), listing(2, "Action")], [])
    assert index.search(Query("action")).ids == [2]


def test_what_stands_in_front_has_to_be_a_word(index: Index) -> None:
    index.apply([listing(1, "Koncentration", language="sv"), listing(2, "Ration", language="sv")], [])
    assert index.search(Query("ration")).ids == [2]


def test_the_word_itself_comes_before_compounds(index: Index) -> None:
    index.apply([listing(1, "Ljusmikroskop med ljus", language="sv"), listing(2, "Ett mikroskop", language="sv")], [])
    assert index.search(Query("mikroskop")).ids == [2, 1]


def test_a_compound_finds_its_parts_in_one_field(index: Index) -> None:
    index.apply(
        [
            listing(1, "Laboratorium för massespektrometer", language="nb"),
            listing(2, "Massespektrometer", "Et laboratorium", language="nb"),
            listing(3, "Et laboratoriums massespektrometer", language="nb"),
        ],
        [],
    )
    assert set(index.search(Query("massespektrometerlaboratorium")).ids) == {1, 3}


def test_a_compound_of_three_words_is_taken_apart(index: Index) -> None:
    index.apply([listing(1, "Elektron i mikroskop, svep", language="sv"), listing(2, "Svep", language="sv")], [])
    assert index.search(Query("svepelektronmikroskop")).ids == [1]


def test_a_word_that_is_known_is_not_taken_apart(index: Index) -> None:
    index.apply([listing(1, "Framework"), listing(2, "Work in a frame")], [])
    assert index.search(Query("framework")).ids == [1]


def test_a_compound_in_a_later_commit_is_found(index: Index) -> None:
    index.apply([listing(1, "Ljus och mikroskop", language="sv")], [])
    index.apply([listing(2, "Ett ljusmikroskop", language="sv")], [])
    assert index.search(Query("mikroskop")).ids == [1, 2]


def test_a_minus_leaves_out_compounds_too(index: Index) -> None:
    index.apply([listing(1, "Ljus med ljusmikroskop", language="sv"), listing(2, "Ljus", language="sv")], [])
    assert index.search(Query("ljus -mikroskop")).ids == [2]
