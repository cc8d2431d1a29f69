"""A part of a query that means something is answered by other names of it."""

from dataclasses import replace

import pytest

from search_index import Alternative, Document, Index, Meaning, Query
from tests.search_index.listings import listing

CYTOMETRY = Meaning(
    0,
    2,
    "flow cytometry, first edition",
    (
        Alternative(tag="flow-cytometry"),
        Alternative(text="FACS"),
        Alternative(text="flödescytometri"),
        Alternative(text="cell sorter", weight=0.6),
    ),
)


def tagged(document: Document, *tags: str) -> Document:
    return replace(document, tags=tags)


@pytest.fixture
def filled(index: Index) -> Index:
    index.apply(
        [
            listing(1, "Flow cytometry unit"),
            tagged(listing(2, "Fortessa"), "flow-cytometry"),
            listing(3, "Enhet för flödescytometri", language="sv"),
            listing(4, "Cell sorter"),
            listing(5, "FACS in Lund"),
            listing(6, "Flow of rivers"),
            listing(7, "Sorter of cell phones"),
            tagged(listing(8, "Tagged with something else"), "cytometry"),
        ],
        [],
    )
    return index


def test_other_names_and_tags_answer_all_words_of_a_meaning(filled: Index) -> None:
    assert set(filled.search(Query("flow cytometry")).ids) == {1}
    assert set(filled.search(Query("flow cytometry", meanings=(CYTOMETRY,))).ids) == {1, 2, 3, 4, 5}


def test_the_other_words_of_the_query_are_still_wanted(filled: Index) -> None:
    assert filled.search(Query("flow cytometry Lund", meanings=(CYTOMETRY,))).ids == [5]


def test_what_is_meant_less_comes_later(filled: Index) -> None:
    ids = filled.search(Query("flow cytometry", meanings=(CYTOMETRY,))).ids
    assert ids.index(4) > max(ids.index(3), ids.index(5))


def test_what_is_tagged_and_also_says_it_comes_before_what_is_only_tagged_or_only_says_it(index: Index) -> None:
    tag = "flow-cytometry"
    index.apply([tagged(listing(1, "A"), tag), tagged(listing(2, "FACS room"), tag), listing(3, "FACS room")], [])
    assert index.search(Query("flow cytometry", meanings=(CYTOMETRY,))).ids[0] == 2


def test_two_meanings_of_the_same_word_are_alternatives(index: Index) -> None:
    index.apply([tagged(listing(1, "A"), "microscope"), tagged(listing(2, "B"), "statistics"), listing(3, "C")], [])
    meanings = tuple(Meaning(0, 1, tag, (Alternative(tag=tag),)) for tag in ("microscope", "statistics"))
    assert set(index.search(Query("SEM", meanings=meanings)).ids) == {1, 2}


def test_a_meaning_within_a_longer_one_is_enough_with_the_word_left(index: Index) -> None:
    index.apply(
        [tagged(listing(1, "Imaging"), "ms"), tagged(listing(2, "Unit"), "msi"), tagged(listing(3, "No"), "ms")], []
    )
    whole = Meaning(0, 3, "msi", (Alternative(tag="msi"),))
    within = Meaning(0, 2, "ms", (Alternative(tag="ms"),))
    assert set(index.search(Query("mass spectrometry imaging", meanings=(whole, within))).ids) == {1, 2}


def test_a_meaning_of_half_a_chunk_wants_the_other_half(index: Index) -> None:
    index.apply([tagged(listing(1, "FE gun"), "sem"), tagged(listing(2, "Tungsten gun"), "sem")], [])
    assert index.search(Query("FE-SEM", meanings=(Meaning(1, 2, "sem", (Alternative(tag="sem"),)),))).ids == [1]


def test_nothing_is_meant_by_words_in_quotes_or_after_a_minus(filled: Index) -> None:
    assert filled.search(Query('"flow cytometry"', meanings=(CYTOMETRY,))).ids == [1]
    assert set(filled.search(Query("-flow unit OR FACS", meanings=(replace(CYTOMETRY, end=1),))).ids) == {5}


def test_a_meaning_may_be_one_side_of_or(filled: Index) -> None:
    meaning = replace(CYTOMETRY, start=2, end=3)
    assert set(filled.search(Query("rivers OR cytometer", meanings=(meaning,))).ids) == {2, 3, 4, 5, 6}


def test_words_found_through_another_name_are_marked(index: Index) -> None:
    index.apply([listing(1, "Unit", "We run a cell sorter for you.")], [])
    snippet = index.search(Query("flow cytometry", meanings=(CYTOMETRY,))).snippets[1]
    assert "".join(piece for piece, found in snippet if found).replace(" ", "") == "cellsorter"


def test_an_abbreviation_has_no_inflections(index: Index) -> None:
    index.apply([listing(1, "IMS unit"), listing(2, "im Haus", language="de")], [])
    assert index.search(Query("x", meanings=(Meaning(0, 1, "ims", (Alternative("IMS"),)),))).ids == [1]


def test_an_exact_name_is_found_however_it_is_spaced_and_not_inflected(index: Index) -> None:
    documents = [
        listing(1, "Avance NEO"),
        listing(2, "AvanceNEO"),
        listing(3, "Avancer neos"),
        listing(4, "Avancé neo"),
    ]
    index.apply(documents, [])
    name = Meaning(0, 1, "avance neo", (Alternative("Avance Neo", exact=True),))
    assert set(index.search(Query("x", meanings=(name,))).ids) == {1, 2, 4}
    single = Meaning(0, 1, "avance", (Alternative("Avance", exact=True),))
    assert set(index.search(Query("x", meanings=(single,))).ids) == {1, 2, 4}


def test_a_lone_word_of_a_meaning_is_not_marked_where_the_whole_of_it_is_known(index: Index) -> None:
    text = "A bench instrument.\nFlow rate: up to 1 000 µl/min"
    index.apply([tagged(listing(1, "Fortessa", text), "flow-cytometry"), listing(2, "Pump cytometry", text)], [])
    snippets = index.search(Query("flow cytometry", meanings=(CYTOMETRY,))).snippets
    assert snippets[1][0] == ("A bench instrument. Flow rate: up to 1 000 µl/min", False)
    assert ("Flow", True) in snippets[2]


def test_a_new_key_gives_new_alternatives_and_new_listings_are_found_with_an_old_one(filled: Index) -> None:
    wide = replace(CYTOMETRY, key="second edition", alternatives=(*CYTOMETRY.alternatives, Alternative("rivers")))
    filled.search(Query("flow cytometry", meanings=(CYTOMETRY,)))
    assert 6 in filled.search(Query("flow cytometry", meanings=(wide,))).ids
    filled.apply([tagged(listing(9, "New"), "flow-cytometry")], [2])
    assert set(filled.search(Query("flow cytometry", meanings=(CYTOMETRY,))).ids) == {1, 3, 4, 5, 9}


def test_a_tag_is_no_word(index: Index) -> None:
    index.apply([tagged(listing(1, "Unit"), "confocal")], [])
    assert index.search(Query("confocal")).ids == []
    assert index.search(Query("t:confocal")).ids == []
