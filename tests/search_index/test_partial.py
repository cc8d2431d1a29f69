"""When no listing answers all words, those that answer the most telling part of them are shown."""

import pytest

from search_index import Alternative, Index, Meaning, Query
from tests.search_index.listings import listing


@pytest.fixture
def filled(index: Index) -> Index:
    frequent = [listing(number, f"Laboratory {number}") for number in range(10, 30)]
    lund = {"city": ("Lund",)}
    index.apply(
        [
            listing(1, "Confocal microscope", facets=lund),
            listing(2, "Confocal laboratory in the basement"),
            listing(3, "Electron microscope"),
            *frequent,
        ],
        [],
    )
    return index


def test_the_words_that_a_hit_lacks_are_named_as_typed(filled: Index) -> None:
    result = filled.search(Query("Confocal laboratory MALDI-TOF"))
    assert result.partial
    assert result.ids == [2, 1]
    assert result.missing == {2: ["MALDI-TOF"], 1: ["laboratory", "MALDI-TOF"]}


def test_rare_words_tell_more_than_frequent_ones(filled: Index) -> None:
    result = filled.search(Query("electron laboratory"))
    assert result.ids == [3]
    assert result.missing == {3: ["laboratory"]}


def test_hits_that_answer_everything_are_not_partial(filled: Index) -> None:
    result = filled.search(Query("confocal microscope"))
    assert (result.partial, result.missing, result.ids) == (False, {}, [1])


def test_a_frequent_word_beside_unknown_ones_is_no_answer(filled: Index) -> None:
    assert filled.search(Query("laboratory QQXX ZZYY XXWW")).ids == []


def test_one_word_that_is_not_known_has_no_partial_answer(filled: Index) -> None:
    result = filled.search(Query("MALDI-TOF"))
    assert (result.partial, result.ids) == (False, [])


def test_filters_that_leave_nothing_are_not_answered_in_part(filled: Index) -> None:
    result = filled.search(Query("confocal laboratory", {"city": ("Lund",)}))
    assert (result.partial, result.ids) == (False, [])


def test_partial_answers_pass_the_filters(filled: Index) -> None:
    result = filled.search(Query("confocal MALDI-TOF", {"city": ("Lund",)}))
    assert (result.partial, result.ids) == (True, [1])
    assert result.facets["city"] == [("Lund", 1)]


def test_excluded_words_stay_excluded(filled: Index) -> None:
    assert filled.search(Query("confocal MALDI-TOF -basement")).ids == [1]


def test_a_meaning_counts_as_an_answer(filled: Index) -> None:
    meaning = Meaning(0, 1, "clsm", (Alternative("confocal microscope"),))
    result = filled.search(Query("CLSM MALDI-TOF", meanings=(meaning,)))
    assert (result.ids, result.missing) == ([1], {1: ["MALDI-TOF"]})
