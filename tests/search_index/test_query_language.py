"""Words are ANDed; phrases, minus, OR and star work; everything else is plain text."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index import Index, Query, normalise, words_in
from search_index.syntax import Word, parse
from tests.search_index.listings import listing

LISTINGS = [
    listing(1, "Confocal microscope", "A laser for live cells in the north"),
    listing(2, "Electron microscope", "Cells are fixed, no laser"),
    listing(3, "Laser cutter", "Workshop with a confocal sensor beside the microscope"),
]


@pytest.fixture
def filled(index: Index) -> Index:
    index.apply(LISTINGS, [])
    return index


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("laser", {1, 2, 3}),
        ("laser cells", {1, 2}),
        ("confocal microscope", {1, 3}),
        ('"confocal microscope"', {1}),
        ("\u201cconfocal microscope\u201d", {1}),
        ('"confocal microscopes"', set()),
        ("laser -cells", {3}),
        ('microscope -"electron microscope"', {1, 3}),
        ("-cells", {3}),
        ("electron OR cutter", {2, 3}),
        ("laser electron OR cutter", {2, 3}),
        ("electron OR", {2}),
        ("OR electron", {2}),
        ("work*", {3}),
        ("wor", set()),
        ("wo*", set()),
        ("work* OR elec*", {2, 3}),
        ("the laser in the cells", {1, 2}),
        ("i och på laser", {1, 2, 3}),
        ('"fixed no laser"', {2}),
        ("live-cells", {1}),
        ("confocal, microscope!", {1, 3}),
        ('"confocal microscope', {1, 3}),
        ("(laser)", {1, 2, 3}),
        ("title:laser", set()),
        ("!!! ???", set()),
        ("*", set()),
        ("-", set()),
        ('""', set()),
        ("   ", {1, 2, 3}),
        ("", {1, 2, 3}),
    ],
)
def test_the_query_language(filled: Index, typed: str, ids: set[int]) -> None:
    result = filled.search(Query(typed))
    assert set(result.ids) == ids
    assert result.total == len(ids)


def test_a_stop_word_in_capitals_is_an_abbreviation_unless_all_is_in_capitals(index: Index) -> None:
    index.apply([listing(1, "MEG laboratory in Lund"), listing(2, "Laboratory in Lund")], [])
    assert index.search(Query("MEG Lund")).ids == [1]
    assert set(index.search(Query("meg Lund")).ids) == set(index.search(Query("MEG LUND")).ids) == {1, 2}


def test_a_query_of_nothing_but_stop_words_looks_for_them(filled: Index) -> None:
    assert filled.search(Query("in the")).ids == [1]


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(['"', "-", "*", "-*", "OR", "laser", "cell", "7", "T", "å", "ß", "𝔘", "\x00", "\ud800"])
    ).map(" ".join)
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_raises(filled: Index, typed: str) -> None:
    result = filled.search(Query(typed))
    assert result.total == len(result.ids) <= 3


@pytest.mark.parametrize(
    "junk",
    [
        "a b " * 2_500,
        "x" * 10_000,
        '"' + "laser " * 1_600 + '"',
        "-a" * 5_000,
        "laser OR " * 1_000,
        "la-" * 3_000,
        "aaa* " * 2_000,
    ],
)
def test_ten_kilobytes_of_junk_are_answered(filled: Index, junk: str) -> None:
    started = time.process_time()
    result = filled.search(Query(junk))
    assert result.total <= 3
    assert time.process_time() - started < 20, "a query without limits takes minutes"


def test_a_beginning_is_completed_to_so_many_words_at_most(index: Index) -> None:
    index.apply([listing(number, f"zinc{chr(97 + number // 26)}{chr(97 + number % 26)}") for number in range(300)], [])
    assert index.search(Query("zinc*")).total == 256


@given(
    st.text(max_size=80) | st.lists(st.sampled_from(['"', "-x", "a-b", "7", "T", "OR", "LSM880", "ø*"])).map(" ".join)
)
@settings(max_examples=300, deadline=None)
def test_words_are_numbered_alike_for_meanings_and_for_matching(typed: str) -> None:
    parsed = parse(typed)
    words = words_in(typed)
    for unit in (unit for clause in parsed.clauses for unit in clause if isinstance(unit, Word)):
        assert tuple(word.folded for word in words[unit.at : unit.at + len(unit.segments)]) == unit.segments
        assert normalise(typed)[unit.start :].startswith(unit.written.split(" ")[0])
